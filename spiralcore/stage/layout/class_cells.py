"""Where the networks of a row for each class count go: blocks of cells, as large as there is room.

The networks of one class count lie below each other, or beside each other, whichever lets cells
be larger.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spiralcore.stage.layout.box import Box

GAP, APART = 12.0, 22.0
"""Between cells beside each other, and between rows of them, in design pixels."""

LARGEST = 620.0
"""Side of a cell at most."""


class Shape(NamedTuple):
    """How blocks are laid.

    Attributes
    ----------
    wide, high
        Cells of a block beside and below each other.
    columns
        Blocks beside each other.
    """

    wide: int
    high: int
    columns: int

    def cells(self, blocks: int) -> tuple[int, int]:
        """Cells beside and below each other in all."""
        return self.columns * self.wide, -(-blocks // self.columns) * self.high


def cells_of(rows: Sequence[int], area: Box, head: float) -> list[list[Box]]:
    """A square for each network of each class count.

    Parameters
    ----------
    rows
        How many networks each class count has.
    area
        Where, in design pixels.
    head
        Height of what is above a cell.
    """
    blocks, most = len(rows), max(rows)
    shapes = [
        Shape(wide, high, columns)
        for wide, high in ((1, most), (most, 1))
        for columns in range(1, blocks + 1)
    ]

    def side(shape: Shape) -> float:
        wide, high = shape.cells(blocks)
        return min(
            (area.width + GAP) / wide - GAP, (area.height + APART) / high - APART - head, LARGEST
        )

    shape = max(shapes, key=side)
    square = max(side(shape), 1.0)
    wide, high = shape.cells(blocks)
    across = (area.width - wide * square) / max(wide - 1, 1)
    pitch = square + min(max(across, GAP), 5 * GAP)
    left = area.left + (area.width - square - pitch * (wide - 1)) / 2
    step = square + head + APART
    top = area.top + max(area.height - step * high + APART, 0.0) / 2
    found = []
    for block, count in enumerate(rows):
        column, row = block % shape.columns * shape.wide, block // shape.columns * shape.high
        found.append(
            [
                Box(
                    left + pitch * (column + (i if shape.wide > 1 else 0)),
                    top + head + step * (row + (0 if shape.wide > 1 else i)),
                    square,
                    square,
                )
                for i in range(count)
            ]
        )
    return found


def large_boxes(count: int, area: Box, head: float) -> list[Box]:
    """A square for each of the networks that enter, as large as there is room for them."""

    def side(columns: int) -> float:
        rows = -(-count // columns)
        wide = (area.width - 4 * GAP * (columns - 1)) / columns
        return min(wide, (area.height - head) / rows - APART, LARGEST)

    columns = max(range(1, count + 1), key=side)
    square, rows = max(side(columns), 1.0), -(-count // columns)
    pitch = square + 4 * GAP
    left = area.left + (area.width - pitch * columns + 4 * GAP) / 2
    top = area.top + head + (area.height - head - rows * (square + APART) + APART) / 2
    return [
        Box(left + pitch * (i % columns), top + (square + APART) * (i // columns), square, square)
        for i in range(count)
    ]
