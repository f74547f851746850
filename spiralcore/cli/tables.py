"""Tables for people, as wide as their terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

PLAIN_WIDTH = 110
"""Columns where the output is not a terminal."""


def console() -> Console:
    """Where tables are printed."""
    found = Console(highlight=False, soft_wrap=True)
    if not found.is_terminal:
        found.width = PLAIN_WIDTH
    return found


def table(texts: Sequence[str], numbers: Sequence[str] = ()) -> Table:
    """An empty table: headings of columns of texts, and after them of numbers."""
    made = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in texts:
        made.add_column(name)
    for name in numbers:
        made.add_column(name, justify="right")
    return made
