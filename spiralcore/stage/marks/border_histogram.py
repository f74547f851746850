"""How many points lie on the border of a bounded space, where they would hide each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.themes import Theme, shares_of
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas

BINS = 72
"""Bars along each side."""

NEAR = 0.01
"""Distance from the border, as a part of the space's width, up to which a point lies on it."""

SPACING = 0.12
"""Room on each side of a bar, as a part of its place."""

STACKED = 8
"""Colours of measured values in a bar."""

FULL = 12
"""A bar of full length stands for this part of all points: one in so many."""


class BorderHistogram(Painted):
    """Bars that grow outwards from the four sides of a square, stacked by colour.

    A bar's length goes with the square root of the number of points, so that single points
    can be seen beside piles.

    Parameters
    ----------
    plane
        Where the square is; the bars fill the margin around it.
    theme
        Colours.
    labels
        Classes of the points, shape (N,).
    classes
        Number of classes.
    targets
        Measured values in their place, shape (N,), by which bars are stacked then.
    """

    def __init__(
        self,
        plane: Plane,
        theme: Theme,
        labels: NDArray[np.int64],
        classes: int,
        targets: NDArray[np.float32] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.plane = plane
        self.points = plane.box.corners()
        self._labels, self._colours = labels, theme.class_colours(classes).astype(np.float32)
        if targets is not None:
            self._labels = np.rint(shares_of(targets) * (STACKED - 1)).astype(np.int64)
            self._colours = theme.value_colours(np.linspace(0, 1, STACKED))
        self.counts = np.zeros((4, BINS, len(self._colours)))

    def set_values(self, hidden: NDArray[np.float32]) -> None:
        """Count the points on each side: left, right, lower, upper. Shape (N, 2)."""
        lower, upper = self.plane.inside
        width = upper - lower
        bins = np.clip(((hidden - lower) / width * BINS).astype(int), 0, BINS - 1)
        self.counts[:] = 0
        for side, (axis, border) in enumerate(((0, lower), (0, upper), (1, lower), (1, upper))):
            on = np.abs(hidden[:, axis] - border) < NEAR * width
            np.add.at(self.counts[side], (bins[on, 1 - axis], self._labels[on]), 1)

    def paint(self, canvas: Canvas) -> None:
        """Draw the bars."""
        left, top, right, bottom = canvas.edges(self.plane.corners()).rounded()
        margin = left - canvas.column(float(self.points[0, 0]))
        gap = 0.12 * margin
        longest = 0.8 * margin
        full = len(self._labels) / FULL
        step_x, step_y = (right - left) / BINS, (bottom - top) / BINS
        for side, index in np.argwhere(self.counts.sum(axis=2)):
            counts = self.counts[side, index]
            total = counts.sum()
            length = longest * min((total / full) ** 0.5, 1.0)
            start = gap
            for label in np.flatnonzero(counts):
                end = start + length * counts[label] / total
                if side < 2:
                    low = bottom - (index + 1) * step_y
                    x = (left - end, left - start) if side == 0 else (right + start, right + end)
                    box = (x[0], low + SPACING * step_y, x[1], low + (1 - SPACING) * step_y)
                else:
                    low = left + index * step_x
                    y = (bottom + start, bottom + end) if side == 2 else (top - end, top - start)
                    box = (low + SPACING * step_x, y[0], low + (1 - SPACING) * step_x, y[1])
                kernels.bar(canvas.pixels, *box, self._colours[label], self.opacity)
                start = end
