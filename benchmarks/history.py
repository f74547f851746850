"""The ratios of each release beside each other, in docs/performance.md: `make bench HISTORY=1`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.table import quantity
from spiralcore.system.files import whole_file

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"

BLOCK = re.compile(r"(<!-- history -->\n).*?(<!-- /history -->)", re.DOTALL)


def keep(figures: Sequence[Figure], release: str, page: Path = PAGE) -> None:
    """Add the ratios of a release to the page, or renew those that it has there.

    Parameters
    ----------
    figures
        What was measured; of what was not, the page keeps what it says.
    release
        The head of the column.
    page
        The page, with a table between two marks.

    Raises
    ------
    ValueError
        If the page has no place for the table, or several.
    """
    text = page.read_text("utf-8")
    places = list(BLOCK.finditer(text))
    if len(places) != 1:
        raise ValueError(f"{page.name} has {len(places)} places for the history, and not one")
    (found,) = places
    table = with_release(found[0].splitlines()[1:-1], figures, release)
    block = "\n".join([*table, ""])
    with whole_file(page) as part:
        whole = f"{text[: found.start()]}{found[1]}{block}{found[2]}{text[found.end() :]}"
        part.write_text(whole, "utf-8")


def with_release(lines: Sequence[str], figures: Sequence[Figure], release: str) -> list[str]:
    """The lines of a table with a column for a release; see `keep`."""
    rows = [_cells(line) for line in lines]
    heads = rows[0] if rows else ["#", "ratio"]
    known = {row[0]: row for row in rows[2:]}
    if release not in heads:
        heads = [*heads, release]
    column = heads.index(release)
    for figure in figures:
        if figure.ratio is not None:
            row = known.setdefault(figure.number, [figure.number, figure.title])
            row += [""] * (len(heads) - len(row))
            row[1], row[column] = figure.title, quantity(figure.ratio)
    body = [row + [""] * (len(heads) - len(row)) for row in known.values()]
    lined = [heads, ["---"] * len(heads), *sorted(body, key=lambda row: order(row[0]))]
    return [f"| {' | '.join(row)} |" for row in lined]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def order(number: str) -> tuple[int, str]:
    """Where the figure of a number stands in a table: 2 before 10a, what has none at the end."""
    digits = "".join(letter for letter in number if letter.isdigit())
    return int(digits or 99), number
