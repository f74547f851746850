"""Texts of the page: none is missing in a language, none is left over, all have the same fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import resources
from string import Formatter

import pytest

from spiralcore.gallery.training import training_facts
from spiralcore.registry.languages.catalogue import LANGUAGES

SITE = resources.files("spiralcore.gallery") / "site"

SPOKEN = ("aria-label", "title", "data-drop", "data-drop-table", "data-missing")
"""Attributes that are texts, see `words.js`."""

FROM_FILES = {
    "trajectory", "name", "class names", "points", "activation", "widths", "epochs", "size", "note",
    "final", "evolving", "step", "steps", "batch", "batches", "sample", "samples",
}  # fmt: skip
"""What the page reads as a fact, and says in the language of the reader."""


class Texts(HTMLParser):
    """Texts of a page, attributes included."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name in SPOKEN and value}

    def handle_data(self, data: str) -> None:
        self.found.add(" ".join(data.split()))


def of_scripts() -> Iterator[str]:
    """What scripts say through `spiral.words.text`, and what they keep for it."""
    for script in (SITE / "script").iterdir():
        source = script.read_text("utf-8")
        for call in re.findall(r"\btext\(((?:[^()]|\([^()]*\))*)", source):
            yield from re.findall(r'"((?:[^"\\]|\\.)*)"', call)
        if script.name == "terms.js":
            yield from re.findall(r'"([A-Z][^"]+\.)"', source)
        if script.name == "choices.js":
            yield from re.findall(r'label: "([^"]+)"', source)


def texts() -> set[str]:
    """All texts of the page in English."""
    facts = training_facts()
    found = Texts((SITE / "index.html").read_text("utf-8")).found | set(of_scripts()) | FROM_FILES
    for kind in facts["sets"].values():
        found |= {kind["noun"], *(bounds["label"] for bounds in kind["settings"].values())}
    found |= {
        f"{rule['about']}, as a part of the largest possible"
        for rule in facts["packing"].values()
        if rule["about"]
    }
    spoken = {text for text in found if re.search("[A-Za-z]{2}", text)}
    # Names of arrays in what is asked of a file, see `opened.js`.
    return spoken - {"schema", "recipe"}


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_every_text_is_there_in_every_language(code: str) -> None:
    page = LANGUAGES[code].page
    wanted = texts()
    assert len(wanted) > 150
    assert sorted(wanted - set(page)) == []
    assert sorted(set(page) - wanted - {"L2"}) == []
    for key, said in page.items():
        assert said.strip()
        assert fields(said) == fields(key), key


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
