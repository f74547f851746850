"""A curve over epochs with a mark that moves along it."""

from __future__ import annotations

from typing import Any

import cairo
import numpy as np
from numpy.typing import NDArray

from spiralcore.stage import kernels
from spiralcore.stage.canvas import Canvas, Pixels
from spiralcore.stage.layout import UNIT, Box, scene_point
from spiralcore.stage.painted import Painted
from spiralcore.stage.palette import Theme, rgb


class EpochCurve(Painted):
    """A quantity over the epochs, on a logarithmic axis of the epochs.

    The part that is over is bright, the rest faint.

    Parameters
    ----------
    box
        Where the axes are, in design pixels.
    values
        One value for each epoch, shape (E + 1,).
    top
        Value at the upper edge; 0 is at the lower one. Larger values are cut.
    theme
        Colours.
    """

    def __init__(
        self, box: Box, values: NDArray[np.float32], top: float, theme: Theme, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.box = box
        self.top = top
        self.values = values
        self.epoch = 0.0
        self._epochs = np.arange(len(values))
        self.colour = rgb(theme.ink)
        self.faint = rgb(theme.faint)
        self.background = rgb(theme.background)
        self.points = box.corners()
        self._masks: dict[tuple[float, float, float], Pixels] = {}

    def place(self, epoch: float, value: float) -> tuple[float, float]:
        """Design pixels of a point of the curve."""
        share = np.log1p(epoch) / np.log1p(max(len(self.values) - 1, 1))
        height = min(max(value / self.top, 0.0), 1.0)
        return self.box.left + share * self.box.width, self.box.bottom - height * self.box.height

    def paint(self, canvas: Canvas) -> None:
        """Stamp both parts of the curve and the mark."""
        pixel = canvas.scale * UNIT
        left, top = canvas.place(self.points)[0]
        pad = round(4 * pixel)
        key = (left, top, pixel)
        if key not in self._masks:
            self._masks[key] = self._mask(left, top, pixel, pad)
        mask = self._masks[key]
        value = float(np.interp(self.epoch, self._epochs, self.values))
        x, y = self.place(self.epoch, value)
        mark = canvas.place(scene_point(x, y)[None])
        first = int(left) - pad
        split = min(max(round(mark[0, 0]) - first, 0), mask.shape[1])
        row = int(top) - pad
        kernels.stamp(canvas.pixels, mask[:, :split], first, row, self.colour, self.opacity)
        kernels.stamp(
            canvas.pixels, mask[:, split:], first + split, row, self.faint, 0.45 * self.opacity
        )
        kernels.discs(
            canvas.pixels,
            mark.astype(np.float32),
            self.colour[None].astype(np.float32),
            9 * pixel,
            2.5 * pixel,
            self.background,
            self.opacity,
        )

    def _mask(self, left: float, top: float, pixel: float, pad: int) -> Pixels:
        """Coverage of the whole curve in pixels, with a rim of ``pad`` around the box."""
        width = round(self.box.width * pixel) + 2 * pad
        height = round(self.box.height * pixel) + 2 * pad
        surface = cairo.ImageSurface(cairo.FORMAT_A8, width, height)
        context = cairo.Context(surface)
        context.translate(left - int(left) + pad, top - int(top) + pad)
        context.scale(pixel, pixel)
        context.translate(-self.box.left, -self.box.top)
        for epoch, value in enumerate(self.values):
            context.line_to(*self.place(epoch, float(value)))
        context.set_line_width(3.0)
        context.set_line_join(cairo.LINE_JOIN_ROUND)
        context.set_source_rgba(1, 1, 1, 1)
        context.stroke()
        surface.flush()
        rows = np.frombuffer(surface.get_data(), np.uint8).reshape(height, -1)
        return np.ascontiguousarray(rows[:, :width])
