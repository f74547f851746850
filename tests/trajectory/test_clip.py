"""A film in a notebook: a page that a browser can read without the file."""

from __future__ import annotations

import base64
from html.parser import HTMLParser
from pathlib import Path

import pytest

from spiralcore.trajectory.clip import Clip


class Tags(HTMLParser):
    """All tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def shown(path: Path) -> tuple[str, dict[str, str | None]]:
    path.write_bytes(b"\x00film")
    tags = Tags(Clip(path)._repr_html_()).found
    assert len(tags) == 1
    return tags[0]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.mp4", "video/mp4"), ("a.webm", "video/webm"), ("a.MOV", "video/quicktime")],
)
def test_a_film_plays_in_the_page(tmp_path: Path, name: str, kind: str) -> None:
    tag, attributes = shown(tmp_path / name)
    assert tag == "video"
    assert attributes == {
        "src": f"data:{kind};base64,{base64.b64encode(bytes([0]) + b'film').decode()}",
        "width": "854",
        "style": "max-width: 100%",
        "controls": None,
        "loop": None,
        "muted": None,
        "playsinline": None,
    }


@pytest.mark.parametrize(("name", "kind"), [("a b.gif", "image/gif"), ("a b.png", "image/png")])
def test_a_picture_is_one(tmp_path: Path, name: str, kind: str) -> None:
    data = base64.b64encode(b"\x00film").decode()
    assert shown(tmp_path / name) == ("img", {"src": f"data:{kind};base64,{data}", "alt": "a b"})


def test_the_name_of_a_file_is_no_markup(tmp_path: Path) -> None:
    name = '"><script>alert(1)<'
    tag, attributes = shown(tmp_path / f"{name}.png")
    assert (tag, attributes["alt"]) == ("img", name)
