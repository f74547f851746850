"""Thin lines through many points, such as a grid that is bent."""

# mypy: disable-error-code="untyped-decorator, no-untyped-def"

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.errors import UsageError
from spiralcore.registry.themes import rgb
from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas, Pixels
from spiralcore.stage.pixels.kernel_checks import checked

LEAST_STEP = 0.25
"""Pixels; points of a line that are nearer to the last drawn one are passed over."""


class Polylines(Painted):
    """Lines of one colour; where they cross or lie on each other they are as dense as one.

    Parameters
    ----------
    lines
        Scene coordinates, shape (M, S, 3): M lines through S points each.
    box
        What lies outside of it is cut off, in design pixels.
    colour
        As ``#rrggbb``.
    opacity
        0 to 1.
    thickness
        In design pixels.
    """

    def __init__(
        self,
        lines: NDArray[np.float64],
        box: Box,
        colour: str,
        opacity: float = 1.0,
        thickness: float = 1.6,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.box = box
        self.colour = rgb(colour)
        self.opacity = opacity
        self.thickness = thickness
        self.set_lines(lines)

    def set_lines(self, lines: NDArray[np.float64]) -> None:
        """Move all lines at once; scene coordinates, shape (M, S, 3)."""
        self._length = lines.shape[1]
        self.points = lines.reshape(-1, 3)

    def paint(self, canvas: Canvas) -> None:
        """Stamp them through a mask of the box."""
        edges = canvas.edges(self.box.corners().tolist()).rounded()
        width, height = int(edges.right - edges.left), int(edges.bottom - edges.top)
        mask = np.zeros((height, width), np.uint8)
        places = canvas.place(self.points) - (edges.left, edges.top)
        half = 0.5 * self.thickness * canvas.scale * UNIT
        cover_lines(mask, places.astype(np.float32), self._length, half)
        left, top = int(edges.left), int(edges.top)
        kernels.stamp(canvas.pixels, mask, left, top, self.colour, self.opacity)


def cover_lines(mask: Pixels, places: NDArray[np.float32], length: int, half_width: float) -> None:
    """Coverage of lines through points: the largest that any piece of a line has.

    Parameters
    ----------
    mask
        0 to 255, shape (rows, columns); changed in place.
    places
        Pixel coordinates of all points, one line after the other, shape (M * length, 2).
    length
        Number of points of a line.
    half_width
        Half the width of the lines in pixels; lines thinner than a pixel are drawn fainter.

    Raises
    ------
    UsageError
        If the points are no whole number of lines.
    """
    if length < 1 or len(places) % length:
        raise UsageError(
            f"cover_lines: {len(places)} points are no whole number of lines of {length} points.",
            "all points of each line, one line after the other.",
            "polylines.set_lines(lines) with lines of shape (M, S, 3).",
        )
    _cover_lines(mask, places, length, half_width)


@checked(mask="rows columns", places="P 2")
@njit(cache=True, nogil=True, error_model="numpy")
def _cover_lines(mask, places, length, half_width):
    rows, columns = mask.shape
    reach = np.float32(max(half_width, 0.5) + 0.5)
    strength = np.float32(255.0 * min(2.0 * half_width, 1.0))
    zero, one = np.float32(0.0), np.float32(1.0)
    for start in range(0, places.shape[0], length):
        x0, y0 = places[start, 0], places[start, 1]
        for i in range(start + 1, start + length):
            x1, y1 = places[i, 0], places[i, 1]
            dx, dy = x1 - x0, y1 - y0
            squared = dx * dx + dy * dy
            if squared < LEAST_STEP * LEAST_STEP and i + 1 < start + length:
                continue
            first_row = max(math.floor(max(min(y0, y1) - reach, zero)), 0)
            last_row = math.ceil(min(max(y0, y1) + reach, np.float32(rows)))
            first_column = max(math.floor(max(min(x0, x1) - reach, zero)), 0)
            last_column = math.ceil(min(max(x0, x1) + reach, np.float32(columns)))
            for row in range(first_row, last_row):
                py = np.float32(row) + np.float32(0.5) - y0
                for column in range(first_column, last_column):
                    px = np.float32(column) + np.float32(0.5) - x0
                    along = zero
                    if squared > zero:
                        along = min(max((px * dx + py * dy) / squared, zero), one)
                    away = np.hypot(px - along * dx, py - along * dy)
                    cover = min(max(reach - away, zero), one) * strength
                    if cover > mask[row, column]:
                        mask[row, column] = np.uint8(cover + np.float32(0.5))
            x0, y0 = x1, y1
