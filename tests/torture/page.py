"""The tables of docs/reliability.md. What is between two marks is replaced; words are by hand."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from spiralcore.system.files import whole_file
from tests.torture.parts import Row

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"

VERDICTS = {True: "yes", False: "**no**", None: ""}


def markdown(rows: Sequence[Row], seconds: float) -> str:
    """A table, and what it was measured with."""
    lines = ["| what | found | holds |", "|---|---|---|"]
    lines += [f"| {row.what} | {row.found} | {VERDICTS[row.held]} |" for row in rows]
    return "\n".join([*lines, "", f"Measured in {seconds / 60:.0f} min with {_machine()}."])


def renewed(page: str, name: str, table: str) -> str:
    """The page with one of its tables made anew.

    Raises
    ------
    ValueError
        If the page has no place for it, or more than one.
    """
    pattern = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    text, count = pattern.subn(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", page)
    if count != 1:
        raise ValueError(f"{PAGE.name} has {count} places for '{name}', and not one")
    return text


def renew(name: str, rows: Sequence[Row], seconds: float) -> None:
    """Write the table of a part into the page."""
    text = renewed(PAGE.read_text("utf-8"), name, markdown(rows, seconds))
    with whole_file(PAGE) as part:
        part.write_text(text, "utf-8")


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "torch", "manim"))
    return (
        f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, "
        f"Python {platform.python_version()}, {packages}"
    )
