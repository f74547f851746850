"""Rings around places of a plane, in the colour of words: what one is to look at."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, fill

LINE, RIM = 4.0, 2.5
"""Widths of a ring and of the dark line on both sides of it, in design pixels."""


class Rings(Painted):
    """Rings at places of a plane.

    Parameters
    ----------
    plane
        Its limits may move.
    radius
        In design pixels.
    theme
        Colours.

    Attributes
    ----------
    places
        Shape (M, 2), in the coordinates of the plane.
    """

    def __init__(self, plane: Plane, radius: float, theme: Theme, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plane, self.radius = plane, radius
        self.places: NDArray[np.floating] = np.zeros((0, 2))
        self._ink, self._rim = rgb(theme.ink), rgb(theme.background)
        self.points = plane.box.corners()

    def paint(self, canvas: Canvas) -> None:
        """Draw each with a line around it, within the panel."""
        for x, y in self.plane.to_design(self.places).tolist():
            for width, colour in ((LINE + 2 * RIM, self._rim), (LINE, self._ink)):
                self._ring(canvas, x, y, width, colour)

    def _ring(self, canvas: Canvas, x: float, y: float, width: float, colour: Any) -> None:
        def draw(context: Context) -> None:
            context.rectangle(*self.plane.box)
            context.clip()
            context.arc(x, y, self.radius, 0.0, 2 * math.pi)
            context.set_line_width(width)
            context.stroke()

        reach = self.radius + width
        box = Box(x - reach, y - reach, 2 * reach, 2 * reach)
        fill(canvas, box, draw, colour, self.opacity)
