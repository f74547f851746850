"""The cells of a study: networks that differ in their seeds only, and how they spread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa


class Cell(NamedTuple):
    """Where a network stands in the grid, but for its seed."""

    activation: str
    units: int
    classes: int


class Spread(NamedTuple):
    """Quartiles of a measure over the seeds of a cell.

    Attributes
    ----------
    lower, median, upper
        The quartiles, interpolated linearly; NaN where no network has the measure.
    networks
        How many have it.
    """

    lower: float
    median: float
    upper: float
    networks: int


def members(table: pa.Table) -> dict[Cell, list[int]]:
    """The rows of each cell, in the order of the table."""
    names = zip(
        *(table.column(name).to_pylist() for name in ("activation", "units", "classes")),
        strict=True,
    )
    found: dict[Cell, list[int]] = {}
    for row, name in enumerate(names):
        found.setdefault(Cell(*name), []).append(row)
    return found


def cells(table: pa.Table, values: Sequence[float] | NDArray[np.float64]) -> dict[Cell, Spread]:
    """Spread of a measure in each cell, in the order of the table.

    Parameters
    ----------
    table
        A study.
    values
        The measure, one for each row; NaN where there is none.
    """
    measured = np.asarray(values, dtype=np.float64)
    return {
        cell: spread([float(v) for v in measured[rows] if not np.isnan(v)])
        for cell, rows in members(table).items()
    }


def typical(table: pa.Table) -> NDArray[np.bool_]:
    """Which networks are the typical ones of their cells: those whose loss is the median.

    Of an even number it is the lower one of the two in the middle; a cell in which no network
    came to its end has none. Shape (rows,).
    """
    loss = column(table, "loss")
    found = np.zeros(table.num_rows, dtype=bool)
    for rows in members(table).values():
        done = sorted((row for row in rows if not np.isnan(loss[row])), key=lambda row: loss[row])
        if done:
            found[done[(len(done) - 1) // 2]] = True
    return found


def spread(values: Sequence[float]) -> Spread:
    """Quartiles of numbers."""
    if not values:
        return Spread(np.nan, np.nan, np.nan, 0)
    lower, median, upper = np.quantile(values, [0.25, 0.5, 0.75])
    return Spread(float(lower), float(median), float(upper), len(values))


def column(table: pa.Table, name: str) -> NDArray[np.float64]:
    """A column of numbers; NaN where it is null."""
    found = table.column(name).cast("double", safe=False)
    return np.array(found.to_numpy(), dtype=np.float64)


def text_table(found: dict[Cell, Spread], activation: str, title: str) -> str:
    """Medians for people: a line for each class count, a column for each width."""
    own = {cell: spread for cell, spread in found.items() if cell.activation == activation}
    units = sorted({cell.units for cell in own})
    lines = [f"{title:14}" + "".join(f"{f'D={count}':>8}" for count in units)]
    for classes in sorted({cell.classes for cell in own}):
        row = [own.get(Cell(activation, count, classes)) for count in units]
        texts = ["" if s is None else "-" if not s.networks else f"{s.median:.3f}" for s in row]
        lines.append(f"{f'  K={classes}':14}" + "".join(f"{text:>8}" for text in texts))
    return "\n".join(lines)
