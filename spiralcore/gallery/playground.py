"""The page joined: its scripts as one, its styles as one; one view with everything in one file."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from spiralcore.gallery.colours import style_sheet
from spiralcore.gallery.manifest import common
from spiralcore.gallery.parts import packed_facts
from spiralcore.gallery.training import shared_scripts, worker
from spiralcore.registry.themes import Theme

VIEW = "train"

SECONDS, TIMELINE = 20.0, "motion"
"""Length and kind of the film time in which one looks back."""

MANIFEST, PALETTE = "data/manifest.js", "style/palette.css"
STYLE, PARTS, SITE = "style/site.css", "script/parts.js", "script/site.js"
"""What pages in folders load."""

POLICY = re.compile(r'(?<=Content-Security-Policy" content=")[^"]*')
TEXT = re.compile(r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)""")
"""A text in a script."""

STYLES = re.compile(r'(?:<link rel="stylesheet" href="([^"]+)">\n)+')
SCRIPTS = re.compile(r'(?:<script src="[^"]+" defer></script>\n)+')


def playground() -> str:
    """The page that trains, HTML: nothing in it asks for another file."""
    program = worker()
    return single_page({"only": VIEW}, {"worker": {**program, "source": bare(program["source"])}})


def single_page(
    facts: Mapping[str, Any],
    parts: Mapping[str, Any] | None = None,
    scripts: Sequence[str] = (),
    connects: str = "",
) -> str:
    """A page without networks of its own, HTML.

    Parameters
    ----------
    facts
        What its manifest says beside what all pages say; ``only``: the view that it has.
    parts
        Further parts that it comes with.
    scripts
        What it runs beside the scripts of all pages.
    connects
        Where it may ask for more, as a Content-Security-Policy has it; nowhere if empty.
    """
    manifest = {
        **common(SECONDS, TIMELINE),
        "last_epoch": 1,
        "data": "spirals",
        "parts": {},
        "rows": [],
        "networks": {},
        "links": {"": []},
        **facts,
    }
    handed = {"manifest": manifest, **(parts or {})}
    page, style, own = joined(
        {"data/manifest.js": "".join(packed_facts(name, part) for name, part in handed.items())}
    )
    script = "\n".join(['"use strict";', *own.values(), *(tight(bare(text)) for text in scripts)])
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}' 'wasm-unsafe-eval'; worker-src blob:; "
        f"style-src '{_digest(style)}'; img-src data:; font-src data:; "
        + (f"connect-src {connects}; " if connects else "")
        + "base-uri 'none'; form-action 'none'"
    )
    page = POLICY.sub(policy, re.sub(r"(?m)^ +", "", page), count=1)
    page = STYLES.sub("", page, count=1)
    page = SCRIPTS.sub(lambda _: f"<style>{style}</style>\n", page, count=1)
    # Inline scripts are not deferred: this one comes when all it looks for is there.
    return page.replace("</body>", f"<script>{script}</script>\n</body>")


def joined(given: Mapping[str, str]) -> tuple[str, str, dict[str, str]]:
    """The page, all of its styles as one, and its scripts by their places in their order, all bare.

    Parameters
    ----------
    given
        Scripts by their places that are none of the package.
    """
    site = resources.files("spiralcore.gallery") / "site"
    page = (site / "index.html").read_text("utf-8")
    shared = {place: bare(text) for place, text in shared_scripts().items()}
    known = {PALETTE: style_sheet(), **shared, **given}

    def text(place: str) -> str:
        return known[place] if place in known else bare((site / place).read_text("utf-8"))

    sheets = map(text, re.findall(r'<link rel="stylesheet" href="([^"]+)"', page))
    style = re.sub(r"(?<=[{};])\s|(?<=,)\n|\s(?=[{}])", "", "\n".join(sheets))
    scripts = {place: tight(text(place)) for place in re.findall(r'<script src="([^"]+)"', page)}
    return page, style, scripts


def site_files(first: Mapping[str, Sequence[str]], own: Theme | None) -> dict[str, str]:
    """The files of a page in a folder, beside its data, by their places: few, as each costs time.

    Parameters
    ----------
    first
        Places of the parts that are asked for while the page itself still comes, by its view.
    own
        The theme of a page that has one of its own.
    """
    page, style, scripts = joined({MANIFEST: "", PALETTE: style_sheet(own)})
    head, *rest = (text for place, text in scripts.items() if place != MANIFEST)
    early = "".join(f' data-{view}="{" ".join(places)}"' for view, places in first.items())
    loaded = (
        f'<script src="{PARTS}"{early}></script>\n'
        f'<script src="{SITE}" defer></script>\n<script src="{MANIFEST}" defer></script>\n'
    )
    page = STYLES.sub(f'<link rel="stylesheet" href="{STYLE}">\n', page, count=1)
    return {
        "index.html": SCRIPTS.sub(lambda _: loaded, page, count=1),
        STYLE: style,
        PARTS: f'"use strict";\n{head}\n',
        SITE: "\n".join(['"use strict";', *rest, ""]),
    }


def bare(text: str) -> str:
    """A script or style without indentation and remarks; all scripts become one, a strict one."""
    text = re.sub(r"(?ms)^\s*/\*.*?\*/\s*?$", "", text)
    text = re.sub(r"(?m)(?<=[;{,]) // .*$", "", text)
    lines = (line.strip() for line in text.splitlines())
    left_out = ("//", '"use strict";')
    return "\n".join(line for line in lines if line and not line.startswith(left_out))


def tight(script: str) -> str:
    """A bare script without the space that it can do without; texts in it stay as they are."""
    parts = TEXT.split(script)
    return "".join(part if i % 2 else _tight(part) for i, part in enumerate(parts))


def _tight(code: str) -> str:
    code = re.sub(r" (=>|[=!]==|&&|\|\||\?\?=?|[<>]=?|[*+-]?=|[*%?]|[+-](?! ?[+-])) ", r"\1", code)
    return re.sub(r"(?<=[,;{])[ \n]| (?=[{}])", "", code)


def _digest(text: str) -> str:
    """What a Content-Security-Policy calls a script or style that is in the page."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
