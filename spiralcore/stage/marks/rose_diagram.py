"""Directions on a circle: a histogram for all classes, and where each of them points on average."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.class_directions import angles, class_directions, rose
from spiralcore.registry.themes import Colours, Theme, rgb
from spiralcore.stage.layout.box import Box
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, fill
from spiralcore.trajectory.play.easing import eased

BINS = 120
"""Sectors of a full circle, 3 degrees each."""

INNER = 0.62
"""Radius of the circle that the bars stand on, as a part of the room."""

FULL = 10
"""A bar of full length stands for this part of all points: one in so many."""

FIRST_ARC, LAST_ARC = 0.30, 0.92
"""Radii of the arcs of the first and the last class, as parts of the inner circle."""


class Dial(NamedTuple):
    """The part of the circle that is shown, and where.

    Attributes
    ----------
    x, y
        The origin in design pixels.
    extent
        Largest radius in design pixels.
    quarter
        Whether only the first quadrant is shown.
    """

    x: float
    y: float
    extent: float
    quarter: bool

    @classmethod
    def within(cls, box: Box, quarter: bool, rim: float) -> Dial:
        """As large as a box and a rim for numbers allow."""
        if quarter:
            return cls(box.left + rim, box.bottom - rim, min(box.width, box.height) - 2 * rim, True)
        middle = box.top + box.height / 2
        return cls(box.middle, middle, min(box.width, box.height) / 2 - rim, False)

    def place(self, degrees: float, radius: float) -> tuple[float, float]:
        """Design pixels of a direction at a part of the room."""
        turn = math.radians(degrees)
        length = radius * self.extent
        return self.x + length * math.cos(turn), self.y - length * math.sin(turn)


WIDE, WIDEST = 60.0, 120.0
"""Deviations in degrees between which an arc fades out."""


class Rose(Painted):
    """Bars outwards from a circle, stacked by class; arcs and hands inside it.

    A bar's length goes with the square root of the number of points in its sector, so that its
    area goes with the number. Inside, each class has a hand at its circular mean and an arc of one
    circular standard deviation to both sides.

    Parameters
    ----------
    dial
        Where it is.
    box
        What it stays in, in design pixels.
    theme
        Colours.
    labels
        Classes of the points, shape (N,).
    classes
        Number of classes.

    Attributes
    ----------
    hidden
        Shape (N, 2); set it to move the directions.
    """

    def __init__(
        self,
        dial: Dial,
        box: Box,
        theme: Theme,
        labels: NDArray[np.int64],
        classes: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.dial = dial
        self.box = box
        self.points = box.corners()
        self.hidden = np.zeros((len(labels), 2), dtype=np.float32)
        self._labels = labels
        self._classes = classes
        self._colours = theme.class_colours(classes)
        self._ink = rgb(theme.ink)
        self._faint = rgb(theme.frame)

    def lengths(self) -> NDArray[np.float64]:
        """Outer radii of the bars, stacked: shape (K + 1, BINS), the first row is the circle."""
        values = angles(self.hidden)
        if self.dial.quarter:
            # What lies on the second axis belongs to the last sector that is shown.
            values = np.where(np.abs(values - 90) < 1e-9, 90 - 1e-6, values)
        counts = np.array(
            [rose(values[self._labels == k], BINS) for k in range(self._classes)], dtype=np.float64
        )
        total = counts.sum(axis=0)
        length = np.minimum(np.sqrt(total / len(self._labels) * FULL), 1.0) * (1 - INNER)
        stacked = np.vstack([np.zeros(BINS), counts.cumsum(axis=0)]) / np.maximum(total, 1)
        return np.asarray(INNER + length * stacked)

    def paint(self, canvas: Canvas) -> None:
        """Draw circle, bars, arcs and hands."""
        fill(canvas, self.box, self._circle, self._faint, self.opacity)
        lengths = self.lengths()
        directions = class_directions(self.hidden, self._labels, self._classes)
        for k in range(self._classes):
            colour: Colours = self._colours[k]
            if directions.points[k]:
                fill(canvas, self.box, self._bars(lengths[k], lengths[k + 1]), colour, self.opacity)
            if np.isfinite(directions.mean[k]):
                mean, spread = float(directions.mean[k]), float(directions.deviation[k])
                radius = self._arc_radius(k)
                # An arc that goes most of the way around says nothing, and covers the others.
                seen = eased((WIDEST - spread) / (WIDEST - WIDE))
                fill(canvas, self.box, self._arc(radius, mean, spread), colour, seen * self.opacity)
                fill(canvas, self.box, self._hand(radius, mean), colour, self.opacity)

    def _arc_radius(self, k: int) -> float:
        share = k / max(self._classes - 1, 1)
        return INNER * (FIRST_ARC + share * (LAST_ARC - FIRST_ARC))

    def _sweep(self) -> tuple[float, float]:
        """Angles of cairo, which go clockwise as rows go downwards."""
        return (-math.pi / 2, 0.0) if self.dial.quarter else (0.0, 2 * math.pi)

    def _circle(self, context: Context) -> None:
        dial = self.dial
        context.set_line_width(2.0)
        context.new_sub_path()
        context.arc(dial.x, dial.y, INNER * dial.extent, *self._sweep())
        context.stroke()
        for degrees in (0, 90) if dial.quarter else (0, 90, 180, 270):
            context.move_to(dial.x, dial.y)
            context.line_to(*dial.place(degrees, INNER))
        context.set_line_width(1.2)
        context.stroke()

    def _bars(self, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> Any:
        sector, gap = 2 * math.pi / BINS, 0.1 * 2 * math.pi / BINS
        dial = self.dial

        def draw(context: Context) -> None:
            for i in np.flatnonzero(upper > lower):
                end, start = -(i * sector + gap), -((i + 1) * sector - gap)
                context.new_sub_path()
                context.arc(dial.x, dial.y, lower[i] * dial.extent, start, end)
                context.arc_negative(dial.x, dial.y, upper[i] * dial.extent, end, start)
                context.close_path()
            context.fill()

        return draw

    def _arc(self, radius: float, mean: float, spread: float) -> Any:
        dial = self.dial
        middle, half = -math.radians(mean), math.radians(min(spread, 180.0))

        def draw(context: Context) -> None:
            context.set_line_width(5.0)
            context.new_sub_path()
            context.arc(dial.x, dial.y, radius * dial.extent, middle - half, middle + half)
            context.stroke()

        return draw

    def _hand(self, radius: float, mean: float) -> Any:
        dial = self.dial

        def draw(context: Context) -> None:
            context.set_line_width(3.5)
            context.move_to(dial.x, dial.y)
            context.line_to(*dial.place(mean, INNER))
            context.stroke()
            context.arc(*dial.place(mean, radius), 8.0, 0.0, 2 * math.pi)
            context.fill()

        return draw
