"""A page of slides with reveal.js: one file, without a request to anywhere.

Films, posters, styles and scripts are inside, so that the file can be opened from a disk, sent, or
put on any web server. Its Content-Security-Policy lets run only the two scripts that it comes with.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources
from pathlib import Path

from spiralcore.errors import harmless
from spiralcore.system.files import whole_file
from spiralcore.talk.deck import Slide, checked, heading

KINDS = ("mp4", "webm")
"""What browsers play."""

POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src data:; "
    "media-src blob:; base-uri 'none'; form-action 'none'"
)


def write_page(slides: Sequence[Slide], path: Path, title: str) -> None:
    """Make a page.

    Parameters
    ----------
    slides
        Their films are MP4s or WebMs; each is as large as the window allows.
    path
        The file to make.
    title
        Of the page.

    Raises
    ------
    UsageError
        If there is no film, or one of another kind.
    """
    checked(slides, KINDS, path.name)
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_page(slides, heading(title)))


def _page(slides: Sequence[Slide], title: str) -> Iterator[str]:
    """The page, piece by piece: films are large."""
    own, theirs = resources.files("spiralcore.talk"), resources.files("spiralcore.talk") / "reveal"
    styles = [
        (theirs / "reveal.css").read_text("utf-8"),
        (own / "page.css").read_text("utf-8"),
        f".reveal-viewport {{ background: {slides[0].background}; }}",
    ]
    scripts = [(theirs / "reveal.js").read_text("utf-8"), (own / "page.js").read_text("utf-8")]
    policy = POLICY.format(scripts=_hashes(scripts), styles=_hashes(styles))
    licence = (theirs / "LICENSE").read_text("utf-8")
    yield (
        "<!doctype html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f"<!-- reveal.js\n{licence}-->\n"
    )
    for style in styles:
        yield f"<style>{style}</style>\n"
    yield '</head>\n<body>\n<div class="reveal">\n<div class="slides">\n'
    for number, slide in enumerate(slides, 1):
        yield _section(number, slide)
    yield "</div>\n</div>\n<noscript>The films play with JavaScript.</noscript>\n"
    for number, slide in enumerate(slides, 1):
        yield (
            f'<script type="text/plain" id="film-{number}" data-type="video/{slide.kind}">'
            f"{_base64(slide.film)}</script>\n"
        )
    for script in scripts:
        yield f"<script>{script}</script>\n"
    yield "</body>\n</html>\n"


def _section(number: int, slide: Slide) -> str:
    title, loop = escape(heading(slide.title)), " loop" if slide.loop else ""
    return (
        f'<section data-background-color="{escape(slide.background)}">\n<h2>{title}</h2>\n'
        f'<video data-film="film-{number}" poster="data:image/png;base64,{_base64(slide.poster)}" '
        f'aria-label="{title}" aria-describedby="notes-{number}" muted playsinline{loop}></video>\n'
        f'<aside class="notes" id="notes-{number}">{escape(harmless(slide.notes))}</aside>\n'
        "</section>\n"
    )


def _hashes(texts: Sequence[str]) -> str:
    """How a policy names what may run."""
    return " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in texts
    )


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode("ascii")
