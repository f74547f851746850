"""The site is whole and asks nobody: what `make docs` looks at after Sphinx."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.docs import faults

WHOLE = """<html><head><link rel="stylesheet" href="_static/a.css"></head><body>
<h1 id="top">A</h1><a href="b.html#below">b</a> <a href="#top">up</a> <a href="_static/">static</a>
<a href="https://example.org/">elsewhere, if one goes there</a> <a href="mailto:a@example.org">m</a>
<img src="data:image/png;base64,AA"><video src="_static/film%20one.mp4"></video></body></html>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "_static").mkdir()
    for name in ("a.css", "film one.mp4"):
        (tmp_path / "_static" / name).touch()
    (tmp_path / "a.html").write_text(WHOLE)
    (tmp_path / "b.html").write_text("<p id='below'>b</p><a name='old'></a><a href='a.html'>a</a>")
    return tmp_path


def test_a_whole_site_has_no_faults(site: Path) -> None:
    assert list(faults(site)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<a href='c.html'>c</a>", "c.html is not there"),
        ("<a href='../b.html'>c</a>", "../b.html is not there"),
        ("<a href='b.html#above'>c</a>", "b.html#above: there is no such place on that page"),
        ("<a href='#nowhere'>c</a>", "#nowhere: there is no such place on that page"),
        ("<video poster='p.png'></video>", "p.png is not there"),
        ("<img src='http://example.org/a'>", "fetches http://example.org/a from elsewhere"),
        ("<script src='//example.org/a.js'></script>", "fetches //example.org/a.js from elsewhere"),
        (
            "<link rel='stylesheet' href='https://example.org/f.css'>",
            "fetches https://example.org/f.css from elsewhere",
        ),
        ("<object data='//example.org'></object>", "fetches //example.org from elsewhere"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_page(site: Path, text: str, fault: str) -> None:
    (site / "c").mkdir()
    (site / "d.html").write_text(text)
    assert list(faults(site)) == [f"d.html: {fault}"]


def test_old_names_of_places_count(site: Path) -> None:
    (site / "d.html").write_text("<a href='b.html#old'>old</a>")
    assert list(faults(site)) == []
