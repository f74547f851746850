"""Where things are in a frame of the explaining film, whatever its shape."""

from __future__ import annotations

from collections.abc import Sequence

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.panels.board import SHAPES

HEAD = 110.0
"""Height above the squares for words where there is no room beside them, in 16:9."""

BESIDE = 330.0
"""Width beside a square from which on words have room there, in design pixels."""

TALL = 0.42
"""The same of an upright frame, as a part of the width of the square, where there is as much."""

SMALL, LEAST_SMALL = 410.0, 220.0
"""Side of the small square at most and at least, in design pixels."""

GAP, LABEL = 40.0, 48.0
"""Between two squares; above a cell."""


class Places:
    """Boxes of a frame, in design pixels.

    Parameters
    ----------
    film
        Its aspect.
    below
        Height that captions need.

    Attributes
    ----------
    large
        A square in the middle, as large as there is room.
    pair
        Two squares beside each other, or one above the other.
    small
        A square beside the large one at its left, or above it; None where there is no room.
    side
        Room for words: beside the large square at its right, or above it.
    numbers
        What the small square leaves of that.
    area
        Everything but captions.
    foot
        Room below captions.
    """

    def __init__(self, film: Film, below: float) -> None:
        shape, aspect = SHAPES[film.aspect.name], film.aspect
        self.foot = shape.bottom
        top, last = 0.04 * aspect.height, aspect.height - shape.bottom - below - 18
        self.area = Box(shape.margin, top, aspect.width - 2 * shape.margin, last - top)
        side = min(self.area.width, self.area.height)
        self.text = film.text_scale
        head = 0.0
        if (self.area.width - side) / 2 < BESIDE:
            tall = min(self.area.height - self.area.width, TALL * self.area.width)
            head = max(HEAD * self.text, tall)
            side = min(self.area.width, self.area.height - head)
        free = self.area.height - head - side
        self.large = Box(
            self.area.left + (self.area.width - side) / 2, top + head + free / 2, side, side
        )
        self.has_side, self.is_tall = head == 0.0, head > HEAD * self.text
        x = self.large.right + GAP
        self.side = Box(x, self.large.top, self.area.right - x, self.large.height)
        if head:
            self.side = Box(self.large.left, self.large.top - head, self.large.width, head)
        self.small = self._small()
        self.numbers = self.side
        if self.is_tall and self.small:
            x = self.small.right + GAP
            self.numbers = Box(x, self.small.top, self.side.right - x, self.small.height)
        self.pair = self._pair()

    def _small(self) -> Box | None:
        """Level with the top of the large square, or above it at the left."""
        if self.is_tall:
            side = min(self.side.height - GAP, SMALL)
            return Box(self.side.left, self.side.bottom - GAP - side, side, side)
        side = min(self.large.left - GAP - self.area.left, SMALL)
        if side < LEAST_SMALL:
            return None
        return Box(self.large.left - GAP - side, self.large.top, side, side)

    def _pair(self) -> tuple[Box, Box]:
        area = self.area
        wide = min((area.width - GAP) / 2, area.height)
        high = min(area.width, (area.height - GAP) / 2)
        if wide >= high:
            top, left = area.top + (area.height - wide) / 2, area.middle - wide - GAP / 2
            return Box(left, top, wide, wide), Box(left + wide + GAP, top, wide, wide)
        left, top = area.middle - high / 2, area.top + (area.height - 2 * high - GAP) / 2
        return Box(left, top, high, high), Box(left, top + high + GAP, high, high)

    def cells(self, count: int) -> Sequence[Box]:
        """A square for each of several networks, in rows, with room for a line above each."""
        area, label = self.area, LABEL * self.text

        def side(columns: int) -> float:
            rows = -(-count // columns)
            wide = (area.width - GAP * (columns - 1)) / columns
            return min(wide, (area.height - GAP * (rows - 1)) / rows - label)

        columns = max(range(1, count + 1), key=side)
        rows, square = -(-count // columns), side(columns)
        top = area.top + (area.height - rows * (square + label) - (rows - 1) * GAP) / 2
        found = []
        for row in range(rows):
            inside = min(columns, count - row * columns)
            left = area.middle - (inside * square + (inside - 1) * GAP) / 2
            y = top + label + row * (square + label + GAP)
            found += [Box(left + i * (square + GAP), y, square, square) for i in range(inside)]
        return found
