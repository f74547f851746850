"""Medians with their quartiles over a row of places, revealed from the left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cairo

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, Mask, mask
from spiralcore.study.seed_spread import Spread

RIM = 4.0
LINE = 3.0
BAND = 0.1
"""Opacity of the band between the quartiles."""


class SpreadCurve(Painted):
    """A line through medians, in a band between quartiles.

    Parameters
    ----------
    box
        Where the axes are, in design pixels: 0 at the lower edge, 1 at the upper one.
    columns
        Design pixels of the places on the horizontal axis.
    values
        What is there; places without a median are left out.
    theme
        Colours.
    dashes
        Lengths of dashes and gaps in design pixels; none for a solid line.

    Attributes
    ----------
    revealed
        Design pixels up to which the curve is seen.
    """

    def __init__(
        self,
        box: Box,
        columns: Sequence[float],
        values: Sequence[Spread],
        theme: Theme,
        dashes: Sequence[float] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.box = box
        self.colour = rgb(theme.ink)
        self.dashes = list(dashes)
        self.revealed = box.left
        self.points = box.corners()
        self._known = [
            (column, spread)
            for column, spread in zip(columns, values, strict=True)
            if spread.networks
        ]
        self._masks: dict[tuple[float, float, float], tuple[Mask, Mask]] = {}

    def level(self, value: float) -> float:
        """Design pixels of a value, 0 to 1, on the vertical axis."""
        return self.box.bottom - min(max(value, 0.0), 1.0) * self.box.height

    def tip(self) -> tuple[float, float] | None:
        """Design pixels of the end of what is seen; None before the curve is more than a place."""
        if not self._known or self.revealed < self._known[0][0]:
            return None
        if self.revealed == self._known[0][0] and len(self._known) > 1:
            return None
        before = [entry for entry in self._known if entry[0] <= self.revealed][-1]
        after = next((entry for entry in self._known if entry[0] > self.revealed), before)
        x = min(self.revealed, self._known[-1][0])
        width = after[0] - before[0]
        part = (x - before[0]) / width if width else 0.0
        value = before[1].median * (1 - part) + after[1].median * part
        return x, self.level(value)

    def paint(self, canvas: Canvas) -> None:
        """Stamp the band and the line up to where they are seen."""
        if self.tip() is None:
            return
        pixel = canvas.scale * UNIT
        left, top = canvas.place(self.points)[0]
        key = (left, top, pixel)
        if key not in self._masks:
            self._masks[key] = (
                mask(canvas, self.box, self._band, RIM),
                mask(canvas, self.box, self._line, RIM),
            )
        end = round(left + (self.revealed - self.box.left) * pixel)
        for (coverage, first, row), alpha in zip(self._masks[key], (BAND, 1.0), strict=True):
            shown = min(max(end - first, 0), coverage.shape[1])
            kernels.stamp(
                canvas.pixels, coverage[:, :shown], first, row, self.colour, alpha * self.opacity
            )

    def _line(self, context: Context) -> None:
        for x, spread in self._known:
            context.line_to(x, self.level(spread.median))
        context.set_line_width(LINE)
        context.set_line_join(cairo.LINE_JOIN_ROUND)
        context.set_dash(self.dashes)
        context.stroke()

    def _band(self, context: Context) -> None:
        for x, spread in self._known:
            context.line_to(x, self.level(spread.upper))
        for x, spread in reversed(self._known):
            context.line_to(x, self.level(spread.lower))
        context.close_path()
        context.fill()
