"""The cells of a study: networks that differ in their seeds only, and how they spread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


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


def cells(table: pa.Table, values: Sequence[float] | NDArray[np.float64]) -> dict[Cell, Spread]:
    """Spread of a measure in each cell, in the order of the table.

    Parameters
    ----------
    table
        A study.
    values
        The measure, one for each row; NaN where there is none.
    """
    names = zip(
        *(table.column(name).to_pylist() for name in ("activation", "units", "classes")),
        strict=True,
    )
    gathered: dict[Cell, list[float]] = {}
    for name, value in zip(names, values, strict=True):
        kept = gathered.setdefault(Cell(*name), [])
        if not np.isnan(value):
            kept.append(float(value))
    return {cell: spread(kept) for cell, kept in gathered.items()}


def spread(values: Sequence[float]) -> Spread:
    """Quartiles of numbers."""
    if not values:
        return Spread(np.nan, np.nan, np.nan, 0)
    lower, median, upper = np.quantile(values, [0.25, 0.5, 0.75])
    return Spread(float(lower), float(median), float(upper), len(values))


def column(table: pa.Table, name: str) -> NDArray[np.float64]:
    """A column of numbers; NaN where it is null."""
    values = table.column(name).to_pylist()
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


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
