"""The scale of colours of measured values, from the least to the largest."""

from __future__ import annotations

from typing import Any

import numpy as np

from spiralcore.registry.themes import Theme
from spiralcore.stage.layout.box import Box
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas


class ValueScale(Painted):
    """A bar whose colour goes from that of the least to that of the largest value.

    Parameters
    ----------
    box
        Where, in design pixels.
    theme
        Whose colours.
    """

    def __init__(self, box: Box, theme: Theme, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.points, self.theme = box.corners(), theme

    def paint(self, canvas: Canvas) -> None:
        """Paint it, a column of pixels each."""
        left, top, right, bottom = canvas.edges(self.points.tolist()).rounded()
        columns = max(int(right - left), 1)
        for i, colour in enumerate(self.theme.value_colours(np.linspace(0, 1, columns))):
            x = left + i
            kernels.bar(canvas.pixels, x, top, x + 1, bottom, colour, self.opacity)
