"""The blocks of code of a page in Markdown: what a reader would type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

LISTS = {"licences", "mutation"}
"""Pages that are made of tables, without a command."""

PAGES = [
    ROOT / "README.md",
    *sorted(path for path in (ROOT / "docs").glob("*.md") if path.stem not in LISTS),
]


@dataclass(frozen=True)
class Block:
    """A block of a page.

    Attributes
    ----------
    page
        Its name.
    line
        Where it begins, counted from 1.
    language
        What the page says it is; commands where it says nothing.
    text
        What is in it.
    environment
        That in which it runs, where a comment above it names another one than that of
        `make setup`: ``<!-- environment: integrations -->``.
    """

    page: str
    line: int
    language: str
    text: str
    environment: str = ""

    @property
    def name(self) -> str:
        """For people, and for names of tests."""
        return f"{self.page}:{self.line}"


INDENT = "    "

ENVIRONMENT = r"<!-- environment: (\w+) -->"
"""Two lines above a block that needs more than `make setup` installs."""


def blocks(path: Path) -> list[Block]:
    """Fenced and indented blocks of a page; those in which Sphinx has the word are left out."""
    lines = path.read_text("utf-8").splitlines()
    found, number = [], 0
    while number < len(lines):
        start, line = number, lines[number]
        if opened := re.match(r"(`{3,})(\S*)", line):
            start, language = number + 1, opened[2]
            number = lines.index(opened[1], start)
            text = "\n".join(lines[start:number])
            said = re.fullmatch(ENVIRONMENT, lines[start - 3]) if start > 2 else None
            where = said[1] if said and not lines[start - 2] else ""
            found.append(Block(path.stem, start + 1, language, text, where))
        elif line.startswith(INDENT) and not (number and lines[number - 1].strip()):
            while number < len(lines) and (lines[number].startswith(INDENT) or not lines[number]):
                number += 1
            text = "\n".join(line.removeprefix(INDENT) for line in lines[start:number])
            found.append(Block(path.stem, start + 1, "", text))
            continue
        number += 1
    return [block for block in found if "{" not in block.language]
