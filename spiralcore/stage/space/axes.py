"""The axes of a room without an end, with round numbers that come and go as it zooms."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import UNIT
from spiralcore.stage.marks.borders import SpaceFrame, axis_numbers
from spiralcore.stage.marks.words import rasterised
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.pen import Pen
from spiralcore.stage.space.space_box import SpaceBox

Doubles = NDArray[np.float64]

RULERS = (
    (np.array([0.0, 1, -1]), np.array([0.0, 1, 0])),
    (np.array([1.0, 0, -1]), np.array([1.0, 0, 0])),
    (np.array([1.0, -1, 0]), np.array([0.7, -0.7, 0])),
)
"""For each axis an edge of the cube that bears its numbers, and the direction away from it."""

TICK, NUMBER = 0.03, 0.105
"""How far ticks reach from an edge, and how far the numbers are from it, in units of the cube."""

LAST, GONE = 0.84, 0.94
"""Places along an edge from which on a number fades, as it would meet those of the next edge."""


class Axes(Painted):
    """Three axes, and numbers on outer edges of the walls that they run along.

    Parameters
    ----------
    space_box
        Whose axes.
    theme
        Colours.
    size
        Font size of the numbers in design pixels; 0 for none.
    """

    def __init__(self, space_box: SpaceBox, theme: Theme, size: float = 36, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.space_box = space_box
        self.size = size
        self.points = space_box.box.corners()
        self._ink = rgb(theme.ink)
        self._faint = rgb(theme.faint)

    def paint(self, canvas: Canvas) -> None:
        """Draw axes, ticks and numbers."""
        pen = Pen(canvas, self.space_box.box, self.opacity)
        origin = -1.0 if self.space_box.space.lower is not None else self._along(0.0)
        for axis in range(3):
            ends = np.full((2, 3), origin)
            ends[:, axis] = (-1, 1)
            pen.stroke([self.space_box.see(ends).places], self._ink, 2.2, 0.75)
        if self.size > 0:
            self._numbers(canvas, pen)

    def _numbers(self, canvas: Canvas, pen: Pen) -> None:
        lower, upper = self.space_box.limits
        edge = 2 * self.space_box.scale
        wanted = (upper - lower) * SpaceFrame.TICK_SPACING * self.size / edge
        for value, alpha in axis_numbers(wanted, upper).items():
            along = self._along(value)
            shown = alpha * min(max((GONE - along) / (GONE - LAST), 0.0), 1.0)
            if shown > 0:
                self._number(canvas, pen, along, f"{value:g}", shown)

    def _along(self, value: float) -> float:
        """Coordinate in the cube of a value on an axis."""
        return float(self.space_box.to_cube(np.array([value]))[0])

    def _number(self, canvas: Canvas, pen: Pen, along: float, text: str, shown: float) -> None:
        size = round(self.size * canvas.scale * UNIT, 2)
        mask, ascent = rasterised(text, "regular", size)
        for axis, (edge, outwards) in enumerate(RULERS):
            start = edge.copy()
            start[axis] = along
            tick = np.stack([start, start + TICK * outwards, start + NUMBER * outwards])
            places = self.space_box.see(tick).places
            pen.stroke([places[:2]], self._ink, 2.0, shown)
            x, y = canvas.place(self.space_box.to_scene(places[2:]))[0]
            left, top = x - mask.shape[1] / 2, y - ascent + 0.33 * size
            column, row = int(np.floor(left)), int(np.floor(top))
            moved = _moved(mask, left - column, top - row)
            opacity = shown * self.opacity
            kernels.stamp(canvas.pixels, moved, column, row, self._faint, opacity)


def _moved(mask: NDArray[np.uint8], right: float, down: float) -> NDArray[np.uint8]:
    """A mask moved by parts of a pixel, so that it can glide; one row and one column larger."""
    wide = np.pad(mask.astype(np.float32), 1)
    across = wide[:, 1:] * (1 - right) + wide[:, :-1] * right
    both = across[1:] * (1 - down) + across[:-1] * down
    return np.rint(both).astype(np.uint8)
