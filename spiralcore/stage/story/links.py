"""Links: a few points that one can follow from the data into the layer."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.data_plane import data_plane
from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, Drawing, fill
from spiralcore.trajectory import Trajectory

Doubles = NDArray[np.float64]

FOLLOWED = 3
"""Points of each class that are followed."""

RING, LINE = 3.2, 2.0
"""Widths of a ring and of a line, in design pixels."""


def followed(trajectory: Trajectory, count: int = FOLLOWED) -> NDArray[np.int64]:
    """Points of each class that stand for all of it, shape (classes with points, count).

    From the inner end of an arm to the outer one: those whose distance from the middle of the data
    is nearest to what divides the class into equal parts. Where a class has fewer points, they
    repeat.
    """
    points = data_plane(trajectory).points
    away = np.linalg.norm(points - points.mean(axis=0), axis=1)
    chosen = []
    for label in np.unique(trajectory.labels):
        members = np.flatnonzero(trajectory.labels == label)
        ordered = members[np.argsort(away[members], kind="stable")]
        shares = (np.arange(count) + 0.5) / count
        chosen.append(ordered[np.minimum((shares * len(ordered)).astype(int), len(ordered) - 1)])
    return np.array(chosen)


class Links(Painted):
    """Rings around points in two planes, and thin lines from one plane to the other.

    Parameters
    ----------
    data, layer
        The two planes.
    starts
        Where the points are in the data, shape (M, 2).
    labels
        Their classes, shape (M,).
    theme, classes
        Colours.
    radius
        Of the rings, in design pixels.

    Attributes
    ----------
    ends
        Where the points are in the layer, shape (M, 2); set it to move them.
    strengths
        Opacity of each class, shape (K,).
    """

    def __init__(
        self,
        data: Plane,
        layer: Plane,
        starts: NDArray[np.floating],
        labels: NDArray[np.int64],
        theme: Theme,
        classes: int,
        radius: float = 13.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.data, self.layer = data, layer
        self.starts, self.labels, self.radius = starts, labels, radius
        self.ends: NDArray[np.floating] = np.zeros_like(starts)
        self.strengths: NDArray[np.floating] = np.ones(classes)
        self._colours, self._ink = theme.class_colours(classes), rgb(theme.ink)
        self._box = data.box.around(layer.box)
        self.points = self._box.corners()

    @property
    def box(self) -> Box:
        """What holds both planes, in design pixels."""
        return self._box

    def ways(self) -> list[tuple[Doubles, Doubles]]:
        """Both ends of all lines, in design pixels: centres of the rings."""
        starts, ends = self.data.to_design(self.starts), self.layer.to_design(self.ends)
        return list(zip(starts, ends, strict=True))

    def room(self) -> Box | None:
        """Both panels, and rings that reach out of them."""
        return self.data.box.around(self.layer.box).padded(2 * self.radius)

    def paint(self, canvas: Canvas) -> None:
        """Draw lines, then rings."""
        strong = [(way, int(label)) for way, label in zip(self.ways(), self.labels, strict=True)
                  if self.strengths[label] > 0]  # fmt: skip
        for (start, end), label in strong:
            opacity = 0.6 * self.opacity * float(self.strengths[label])
            fill(canvas, *self._thread(start, end), self._colours[label], opacity, rim=4.0)
        for way, label in strong:
            opacity = self.opacity * float(self.strengths[label])
            for place in way:
                fill(canvas, *_ring(place, self.radius), self._ink, opacity, rim=4.0)

    def _thread(self, start: Doubles, end: Doubles) -> tuple[Box, Drawing]:
        """From rim to rim."""
        low, high = np.minimum(start, end), np.maximum(start, end)
        box = Box(*low.tolist(), *np.maximum(high - low, 1.0).tolist())
        length = float(np.hypot(*(end - start)))

        def draw(context: Context) -> None:
            if length > 2 * self.radius:
                part = (end - start) * self.radius / length
                context.set_line_width(LINE)
                context.move_to(*(start + part))
                context.line_to(*(end - part))
                context.stroke()

        return box, draw


def _ring(place: Doubles, radius: float) -> tuple[Box, Drawing]:
    x, y = place.tolist()

    def draw(context: Context) -> None:
        context.arc(x, y, radius, 0.0, 2 * math.pi)
        context.set_line_width(RING)
        context.stroke()

    return Box(x - radius, y - radius, 2 * radius, 2 * radius), draw
