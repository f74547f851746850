"""What a network lies on: a square with a thin border, as panels of other films have it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas

BORDER = 1.5
"""Width of the border, in design pixels."""


class Ground(Painted):
    """A filled square with a border, that may move.

    Parameters
    ----------
    box
        Where, in design pixels.
    theme
        Colours.
    """

    def __init__(self, box: Box, theme: Theme, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._fill, self._border = rgb(theme.panel), rgb(theme.frame)
        self.set_box(box)

    def set_box(self, box: Box) -> None:
        """Move it."""
        self.box, self.points = box, box.corners()

    def room(self) -> Box | None:
        """The square and its border."""
        return self.box.padded(BORDER + 2)

    def paint(self, canvas: Canvas) -> None:
        """Fill it, then draw the border just outside of it."""
        left, top, right, bottom = canvas.edges(self.points.tolist())
        self._inside(canvas, left, top, right, bottom)
        w = max(BORDER * canvas.scale * UNIT, 1.0)
        for bar in (
            (left - w, top - w, right + w, top),
            (left - w, bottom, right + w, bottom + w),
            (left - w, top, left, bottom),
            (right, top, right + w, bottom),
        ):
            kernels.bar(canvas.pixels, *bar, self._border, self.opacity)

    def _inside(self, canvas: Canvas, left: float, top: float, right: float, bottom: float) -> None:
        """Fill it: whole pixels at once where nothing shines through."""
        first, last = math.ceil(left), math.floor(right)
        upper, lower = math.ceil(top), math.floor(bottom)
        if self.opacity < 1 or last <= first or lower <= upper:
            kernels.bar(canvas.pixels, left, top, right, bottom, self._fill, self.opacity)
            return
        for bar in (
            (left, top, right, float(upper)),
            (left, float(lower), right, bottom),
            (left, float(upper), float(first), float(lower)),
            (float(last), float(upper), right, float(lower)),
        ):
            kernels.bar(canvas.pixels, *bar, self._fill, 1.0)
        # As whole words, which takes a tenth of the time that four bytes each do.
        opaque = np.append(self._fill, 255).astype(np.uint8).view(np.uint32)[0]
        words = canvas.pixels.view(np.uint32)[:, :, 0]
        words[max(upper, 0) : max(lower, 0), max(first, 0) : max(last, 0)] = opaque
