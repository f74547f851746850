"""Where films stand on a slide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any, NamedTuple

GAP, LABEL = 0.25, 0.45
"""Between films, and the height of the line under one of several, in inches."""


INCH = 914_400
"""In the units of PowerPoint files, EMU (ECMA-376, part 1, 20.1.2.1)."""


class Place(NamedTuple):
    """A rectangle on a slide, in inches from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of(cls, shape: Any) -> Place:
        """Where a shape of python-pptx is."""
        return cls(*(size / INCH for size in (shape.left, shape.top, shape.width, shape.height)))

    @property
    def units(self) -> list[int]:
        """As PowerPoint files say it."""
        return [round(INCH * size) for size in self]

    def fitted(self, shape: float) -> Place:
        """The largest rectangle of a shape (width over height) in the middle of this one."""
        width = min(self.width, self.height * shape)
        height = width / shape
        return Place(
            self.left + (self.width - width) / 2, self.top + (self.height - height) / 2,
            width, height,
        )  # fmt: skip


def grid(area: Place, shapes: Sequence[float]) -> list[Place]:
    """Places for some films, with room for a line under each: as many in a row as is best.

    Parameters
    ----------
    area
        What there is.
    shapes
        Width over height of each film.
    """
    if len(shapes) == 1:
        return [area]
    columns = max(range(1, len(shapes) + 1), key=lambda count: _smallest(area, shapes, count))
    return list(_cells(area, len(shapes), columns))


def _smallest(area: Place, shapes: Sequence[float], columns: int) -> float:
    """The area of the smallest film with so many in a row."""
    cells = _cells(area, len(shapes), columns)
    films = (
        cell._replace(height=cell.height - LABEL).fitted(shape)
        for cell, shape in zip(cells, shapes, strict=True)
    )
    return min(film.width * film.height for film in films)


def _cells(area: Place, number: int, columns: int) -> Iterator[Place]:
    """Equal cells, row by row; the last row is centred."""
    rows = ceil(number / columns)
    width = (area.width - (columns - 1) * GAP) / columns
    height = (area.height - (rows - 1) * GAP) / rows
    for row, members in enumerate(_in_rows(number, columns)):
        free = (columns - members) * (width + GAP)
        for column in range(members):
            yield Place(
                area.left + free / 2 + column * (width + GAP), area.top + row * (height + GAP),
                width, height,
            )  # fmt: skip


def _in_rows(number: int, columns: int) -> list[int]:
    """How many there are in each row."""
    return [min(columns, number - start) for start in range(0, number, columns)]
