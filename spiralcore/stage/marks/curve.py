"""A curve over epochs with a mark that moves along it, and a piece of one for a legend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cairo
import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import UNIT, Box, scene_point
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, Mask, fill, mask

SAMPLE_WIDTH = 3.0
"""Of a line in a legend, in design pixels."""

RIM = 4.0
"""Room around the axes for half the line, in design pixels."""


class EpochCurve(Painted):
    """A quantity over the epochs, on a logarithmic axis of the epochs.

    The part that is over is bright, the rest faint.

    Parameters
    ----------
    box
        Where the axes are, in design pixels.
    values
        One value for each epoch, shape (E + 1,); NaN where it is unknown.
    top
        Value at the upper edge; 0 is at the lower one. Larger values are cut.
    theme
        Colours.
    dashes
        Lengths of dashes and gaps in design pixels; none for a solid line.
    """

    def __init__(
        self,
        box: Box,
        values: NDArray[np.float32],
        top: float,
        theme: Theme,
        dashes: Sequence[float] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.box = box
        self.top = top
        self.values = values
        self.epoch = 0.0
        self.dashes = list(dashes)
        known = np.flatnonzero(~np.isnan(values))
        self._known = (known, values[known]) if len(known) else (np.zeros(1), np.zeros(1))
        self.colour = rgb(theme.ink)
        self.faint = rgb(theme.faint)
        self.background = rgb(theme.background)
        self.points = box.corners()
        self._masks: dict[tuple[float, float, float], Mask] = {}

    def place(self, epoch: float, value: float) -> tuple[float, float]:
        """Design pixels of a point of the curve."""
        share = np.log1p(epoch) / np.log1p(max(len(self.values) - 1, 1))
        height = min(max(value / self.top, 0.0), 1.0)
        return self.box.left + share * self.box.width, self.box.bottom - height * self.box.height

    def crosses(self, box: Box) -> bool:
        """Whether the curve runs through a box, in design pixels."""
        epochs, values = self._known
        last = max(len(self.values) - 1, 1)
        x = self.box.left + np.log1p(epochs) / np.log1p(last) * self.box.width
        y = self.box.bottom - np.clip(values / self.top, 0, 1) * self.box.height
        along = np.linspace(box.left, box.right, 33)
        there = np.interp(along, x, y)
        return bool(((there > box.top) & (there < box.bottom)).any())

    def highest(self, left: float, right: float) -> float:
        """Design pixels of the highest point of the curve between two places from left to right."""
        last = max(len(self.values) - 1, 1)
        shares = np.clip((np.array([left, right]) - self.box.left) / self.box.width, 0, 1)
        first, end = np.expm1(shares * np.log1p(last))
        there = self.values[int(first) : int(np.ceil(end)) + 1]
        return self.place(0, float(np.max(there, where=~np.isnan(there), initial=0)))[1]

    def paint(self, canvas: Canvas) -> None:
        """Stamp both parts of the curve and the mark."""
        pixel = canvas.scale * UNIT
        left, top = canvas.place(self.points)[0]
        key = (left, top, pixel)
        if key not in self._masks:
            self._masks[key] = mask(canvas, self.box, self._outline, RIM)
        coverage, first, row = self._masks[key]
        value = float(np.interp(self.epoch, *self._known))
        x, y = self.place(self.epoch, value)
        mark = canvas.place(scene_point(x, y)[None])
        split = min(max(round(mark[0, 0]) - first, 0), coverage.shape[1])
        kernels.stamp(canvas.pixels, coverage[:, :split], first, row, self.colour, self.opacity)
        kernels.stamp(
            canvas.pixels, coverage[:, split:], first + split, row, self.faint, 0.45 * self.opacity
        )
        kernels.discs(
            canvas.pixels,
            mark.astype(np.float32),
            self.colour[None].astype(np.float32),
            9 * pixel,
            2.5 * pixel,
            self.background,
            self.opacity,
            kernels.NO_MARK,
        )

    def _outline(self, context: Context) -> None:
        """Draw the whole curve."""
        for epoch, value in enumerate(self.values):
            if math.isnan(value):
                context.new_sub_path()
                continue
            context.line_to(*self.place(epoch, float(value)))
        context.set_dash(self.dashes)
        context.set_line_width(3.0)
        context.set_line_join(cairo.LINE_JOIN_ROUND)
        context.stroke()


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
        self.box = Box(x, y - SAMPLE_WIDTH, length, 2 * SAMPLE_WIDTH)
        self.dashes, self.colour = list(dashes), rgb(colour)
        self.points = self.box.corners()

    def paint(self, canvas: Canvas) -> None:
        """Draw it."""
        fill(canvas, self.box, self._draw, self.colour, self.opacity, rim=2.0)

    def _draw(self, context: Context) -> None:
        y = self.box.top + SAMPLE_WIDTH
        context.set_dash(self.dashes)
        context.set_line_width(SAMPLE_WIDTH)
        context.move_to(self.box.left, y)
        context.line_to(self.box.right, y)
        context.stroke()
