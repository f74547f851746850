"""A short piece of a line, for those who look up whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spiralcore.registry.themes import rgb
from spiralcore.stage.layout.box import Box
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, fill

WIDTH = 3.0
"""Of the line, in design pixels."""


class LineSample(Painted):
    """A level line of dashes.

    Parameters
    ----------
    x, y, length
        Its left end and its length, in design pixels.
    dashes
        Lengths of dashes and gaps in design pixels; none for a solid line.
    colour
        As ``#rrggbb``.
    """

    def __init__(
        self, x: float, y: float, length: float, dashes: Sequence[float], colour: str, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.box = Box(x, y - WIDTH, length, 2 * WIDTH)
        self.dashes, self.colour = list(dashes), rgb(colour)
        self.points = self.box.corners()

    def paint(self, canvas: Canvas) -> None:
        """Draw it."""
        fill(canvas, self.box, self._draw, self.colour, self.opacity, rim=2.0)

    def _draw(self, context: Context) -> None:
        y = self.box.top + WIDTH
        context.set_dash(self.dashes)
        context.set_line_width(WIDTH)
        context.move_to(self.box.left, y)
        context.line_to(self.box.right, y)
        context.stroke()
