"""A small map of a network: a column for each layer, and where we are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import UNIT, Box, scene_point
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas

LEAST_HEIGHT = 0.16
"""Height of a layer of one unit, as a part of the box; the others grow with the logarithm."""

ARRIVAL = 0.2
"""Part of the way to a column over which it lights up."""


class NetworkMap(Painted):
    """Columns, as high as the layers are wide; those that are passed are bright.

    Parameters
    ----------
    box
        Where, in design pixels.
    widths
        Of all layers, from the input to the read-out.
    theme
        Colours.

    Attributes
    ----------
    position
        0 at the input, 1 at the first hidden layer and so on; set it to move the mark.
    """

    def __init__(self, box: Box, widths: Sequence[int], theme: Theme, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.box = box
        self.position = 0.0
        self.points = box.corners()
        self._colours = rgb(theme.ink), rgb(theme.faint), rgb(theme.background)
        largest = math.log2(max(widths) + 1)
        self._heights = [
            box.height * (LEAST_HEIGHT + (1 - LEAST_HEIGHT) * math.log2(width) / largest)
            for width in widths
        ]
        self._column = min(26.0, 0.5 * box.width / len(widths))

    def middle(self, layer: float) -> float:
        """X of a column, or of a place between two of them, in design pixels."""
        margin = self._column / 2
        way = self.box.width - 2 * margin
        return self.box.left + margin + way * layer / max(len(self._heights) - 1, 1)

    def room(self) -> Box | None:
        """The columns, and the mark on them."""
        return self.box.padded(30)

    def paint(self, canvas: Canvas) -> None:
        """Draw the way, the columns and the mark."""
        ink, faint, background = self._colours
        y = self.box.top + self.box.height / 2
        ends = (self.middle(0), self.middle(self.position), self.middle(len(self._heights) - 1))
        self._bar(canvas, Box(ends[0], y - 1.5, ends[2] - ends[0], 3), faint, 0.5)
        self._bar(canvas, Box(ends[0], y - 1.5, ends[1] - ends[0], 3), ink, 1.0)
        for layer, height in enumerate(self._heights):
            column = Box(
                self.middle(layer) - self._column / 2, y - height / 2, self._column, height
            )
            reached = min(max((self.position - layer) / ARRIVAL + 1, 0.0), 1.0)
            self._bar(canvas, column, background, 1.0)
            self._bar(canvas, column, faint, 0.45)
            self._bar(canvas, column, ink, reached)
        mark = canvas.place(scene_point(ends[1], y)[None])
        pixel = canvas.scale * UNIT
        kernels.discs(
            canvas.pixels,
            mark.astype(np.float32),
            ink[None].astype(np.float32),
            13 * pixel,
            4 * pixel,
            background,
            self.opacity,
            kernels.NO_MARK,
        )

    def _bar(self, canvas: Canvas, box: Box, colour: Any, alpha: float) -> None:
        left, top, right, bottom = canvas.edges(box.corners().tolist())
        kernels.bar(canvas.pixels, left, top, right, bottom, colour, alpha * self.opacity)
