"""Texts of the page: none is missing in a language, none is left over, all have the same fields."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from string import Formatter

import pytest

from spiralcore.gallery.training import training_facts
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.registry.themes import MARKS

SITE = resources.files("spiralcore.gallery") / "site"

SPOKEN = ("aria-label", "title", "data-drop", "data-drop-table", "data-missing")
"""Attributes that are texts, see `words.js`."""

FROM_FILES = {
    "trajectory", "name", "class names", "points", "activation", "widths", "epochs", "size", "note",
    "final", "evolving", "step", "steps", "batch", "batches", "sample", "samples",
    "seed", "accuracy", "cross-entropy", "dead units", "fidelity", "regions", "limited", "labels",
    "layer", "outputs", "read-out", "kept", "unknown", "none", "not measured",
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


def of_python() -> Iterator[str]:
    """Phrases that Python says of a network, and what is filled into them."""
    for source in Path(str(SITE)).parents[1].rglob("*.py"):
        for call in ast.walk(ast.parse(source.read_text("utf-8"))):
            named = isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
            if named and call.func.id == "Phrase" and isinstance(call.args[0], ast.Constant):
                yield call.args[0].value
    yield from (name for name in MARKS if name)
    for entry in ACTIVATIONS.values():
        yield from entry.space.names[:2]


def texts() -> set[str]:
    """All texts of the page in English."""
    facts = training_facts()
    found = (
        Texts((SITE / "index.html").read_text("utf-8")).found
        | {*of_scripts(), *of_python()}
        | FROM_FILES
    )
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
