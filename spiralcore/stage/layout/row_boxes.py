"""Where the parts of a row go: the data, squares of one size, and a strip below them."""

from __future__ import annotations

from typing import NamedTuple

from spiralcore.stage.layout.box import Box

DATA, GAP = 0.236, 0.028
"""Side of the data, and gap between it and the squares, as parts of the width where the data lie at
the left."""

HEAD, SPACE, BETWEEN = 56.0, 20.0, 24.0
"""Height of what is above a panel, space around the strip, and between squares, at the usual size
of texts."""

STRIP, HIGHEST = 126.0, 300.0
"""Height of the strip at least and at most, at the usual size of texts."""

EPOCH = 118.0
"""Height of the epoch at least."""

LARGEST_DATA = 0.56
"""Side of the data at most, as a part of the width, where they lie above the squares."""


WORTH = 0.8
"""Part of the side of squares that may be lost where the data lie above them, as that fills the
frame."""


class RowBoxes(NamedTuple):
    """Where the parts go, in design pixels.

    Attributes
    ----------
    data
        A square.
    epoch
        What is free for the epoch.
    squares
        One for each network, row by row.
    strip
        Of the losses.
    legend
        What is free for words about the strip, beside it or above it.
    """

    data: Box
    epoch: Box
    squares: list[Box]
    strip: Box
    legend: Box

    @classmethod
    def within(cls, area: Box, count: int, text: float) -> RowBoxes:
        """Lay out so many networks; texts are so many times larger than in 16:9.

        The data lie at the left of the squares or, where that costs these little, above them.
        """
        beside, above = _beside(area, count, text), _above(area, count, text)
        fills = above.squares[0].width >= WORTH * beside.squares[0].width
        return above if fills else beside


def _beside(area: Box, count: int, text: float) -> RowBoxes:
    """The data at the left, below them the epoch and the words about the strip."""
    gap, most = GAP * area.width, area.height - (STRIP + SPACE) * text
    side = min(DATA * area.width, most - (HEAD + EPOCH + 2 * SPACE) * text)
    left = area.left + side + gap
    right = Box(left, area.top, area.right - left, most)
    squares = _grid(right, count, text)
    end = squares[-1].bottom
    top = area.top + HEAD * text
    data = Box(area.left, top, side, side)
    below = data.bottom + (EPOCH + 2 * SPACE) * text
    height = min(area.bottom - max(end + SPACE * text, below), HIGHEST * text)
    strip = Box(left, area.bottom - height, right.width, height)
    legend = Box(area.left, strip.top, side, height)
    free = Box(area.left, data.bottom + SPACE * text, side,
               strip.top - data.bottom - 2 * SPACE * text)  # fmt: skip
    return RowBoxes(data, free, _lowered(squares, strip.top - SPACE * text - end), strip, legend)


def _above(area: Box, count: int, text: float) -> RowBoxes:
    """The data above the squares, beside them the epoch and the words about the strip."""
    head = HEAD * text
    least = max(2 * EPOCH * text, 0.2 * area.width)
    room = area.height - head - SPACE * text - (STRIP + SPACE) * text - least
    squares = _grid(Box(area.left, area.top, area.width, room), count, text)
    free = room - (squares[-1].bottom - area.top)
    side = min(least + free, LARGEST_DATA * area.width)
    height = min(STRIP * text + free - (side - least), HIGHEST * text)
    data = Box(area.left, area.top + head, side, side)
    x = data.right + 2 * SPACE * text
    epoch = Box(x, data.top, area.right - x, side / 2)
    legend = epoch._replace(top=data.top + side / 2)
    drop = head + side + SPACE * text
    moved = [box._replace(top=box.top + drop) for box in squares]
    strip = Box(area.left, moved[-1].bottom + SPACE * text, area.width, height)
    return RowBoxes(data, epoch, moved, strip, legend)


def _grid(area: Box, count: int, text: float) -> list[Box]:
    """Squares with their heads in the grid in which they are largest, in the middle of an area."""
    head, between = HEAD * text, BETWEEN

    def side(columns: int) -> float:
        rows = -(-count // columns)
        wide = (area.width - between * (columns - 1)) / columns
        return min(wide, area.height / rows - head)

    columns = max(range(1, count + 1), key=side)
    square = max(side(columns), 1.0)
    rows = -(-count // columns)
    pitch = square + between
    if columns > 1:
        # What is left over goes between them.
        pitch = min((area.width - square) / (columns - 1), square + 4 * between)
    left = area.left + (area.width - square - pitch * (columns - 1)) / 2
    return [
        Box(
            left + pitch * (i % columns),
            area.top + head + (square + head) * (i // columns),
            square,
            square,
        )
        for i in range(rows * columns)
        if i < count
    ]


def _lowered(squares: list[Box], free: float) -> list[Box]:
    """Squares in the middle of what is free below them."""
    return [box._replace(top=box.top + max(free, 0.0) / 2) for box in squares]
