"""Builds the site of the documentation, and looks at every page of it: what `make docs` does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scripts.installing import ROOT, say
from scripts.on_demand import provide

SOURCES = ROOT / "docs"
SITE = ROOT / "renders" / "docs"
WORK = ROOT / "build" / "docs"

LOADED = {"src", "poster", "srcset", "data"}
"""Attributes that a browser fetches by itself, whatever the element."""


@dataclass
class Page(HTMLParser):
    """What a page names, and what one may name in it.

    Attributes
    ----------
    links
        Where one can go.
    loads
        What a browser fetches by itself.
    anchors
        Names of places in it.
    """

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what an element names."""
        said = {name: value or "" for name, value in attrs}
        self.anchors |= {said[name] for name in ("id", "name") if name in said}
        self.loads += [said[name] for name in LOADED & said.keys() if tag != "meta"]
        if "href" in said:
            (self.links if tag == "a" else self.loads).append(said["href"])


def read(path: Path) -> Page:
    """Read a page."""
    page = Page()
    page.feed(path.read_text("utf-8"))
    return page


def faults(site: Path) -> Iterator[str]:
    """What is wrong with a site: links that lead nowhere, and what is fetched from elsewhere."""
    pages = {path: read(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site)
        for target in page.loads:
            if urlsplit(target).netloc or urlsplit(target).scheme not in ("", "data"):
                yield f"{name}: fetches {target} from elsewhere"
        for target in page.links + page.loads:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc or not target:
                continue
            place = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not place.exists():
                yield f"{name}: {target} is not there"
            elif parts.fragment and place in pages:
                anchor = unquote(parts.fragment)
                if anchor not in pages[place].anchors:
                    yield f"{name}: {target}: there is no such place on that page"


def build() -> int:
    """Run Sphinx, which takes every warning for an error."""
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet"]
    command += ["-b", "html", "-d", str(WORK), str(SOURCES), str(SITE)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def main() -> int:
    """Make the site."""
    try:
        provide("docs")
    except subprocess.CalledProcessError:
        return 1
    if build():
        return 1
    wrong = list(faults(SITE))
    say(*wrong) if wrong else print(f"{(SITE / 'index.html').relative_to(ROOT)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
