"""Polygons and lines at any angle, anti-aliased by cairo on the pixels of a frame."""

from __future__ import annotations

from collections.abc import Iterable

import cairo
import numpy as np
from numpy.typing import NDArray

from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.pixels.canvas import Canvas

Places = NDArray[np.float64]
"""Design pixels, shape (M, 2)."""


class Pen:
    """Draws on a canvas, in design pixels.

    Parameters
    ----------
    canvas
        Where to.
    within
        Nothing is drawn outside of it.
    opacity
        Of everything.
    """

    def __init__(self, canvas: Canvas, within: Box, opacity: float = 1.0) -> None:
        height, width = canvas.pixels.shape[:2]
        surface = cairo.ImageSurface.create_for_data(
            canvas.pixels.data.cast("B"), cairo.FORMAT_ARGB32, width, height, 4 * width
        )
        self._context = cairo.Context(surface)
        left, top = canvas.place(Box(0, 0, 1, 1).corners())[0]
        self._context.translate(left, top)
        pixel = canvas.scale * UNIT
        self._context.scale(pixel, pixel)
        self._context.rectangle(*within)
        self._context.clip()
        self._context.set_line_join(cairo.LINE_JOIN_ROUND)
        self._context.set_line_cap(cairo.LINE_CAP_ROUND)
        self._opacity = opacity

    def fill(self, outline: Places, colour: NDArray[np.float32], opacity: float = 1.0) -> None:
        """Fill a polygon; colours are 0 to 255."""
        self._trace(outline, closed=True)
        self._take(colour, opacity)
        self._context.fill()

    def stroke(
        self,
        lines: Iterable[Places],
        colour: NDArray[np.float32],
        width: float,
        opacity: float = 1.0,
        *,
        closed: bool = False,
    ) -> None:
        """Draw lines as if they were one: where they cross nothing is painted twice."""
        for line in lines:
            self._trace(line, closed=closed)
        self._take(colour, opacity)
        self._context.set_line_width(width)
        self._context.stroke()

    def _trace(self, line: Places, *, closed: bool) -> None:
        if len(line):
            self._context.move_to(*line[0])
            for place in line[1:]:
                self._context.line_to(*place)
            if closed:
                self._context.close_path()

    def _take(self, colour: NDArray[np.float32], opacity: float) -> None:
        red, green, blue = (float(part) / 255 for part in colour)
        # The pixels are red first, where cairo expects blue first.
        self._context.set_source_rgba(blue, green, red, opacity * self._opacity)
