"""What one is to look at: rings around places, a line between the closest two of them."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, fill
from spiralcore.trajectory.play.easing import eased

Doubles = NDArray[np.float64]

LINE, THICK, RIM = 4.0, 6.0, 2.5
"""Widths of a ring, of a line, and of what is dark on both sides of them, in design pixels."""

CLOSE = 0.06
"""Pairs farther apart than the closest by so much, as a part of the largest distance that there can
be, have no line; nearer ones fade in, so that the line does not jump from pair to pair."""


class Rings(Painted):
    """Rings at places of a plane.

    Parameters
    ----------
    plane
        Its limits may move.
    radius
        In design pixels.
    theme
        Colours.

    Attributes
    ----------
    places
        Shape (M, 2), in the coordinates of the plane.
    """

    def __init__(self, plane: Plane, radius: float, theme: Theme, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plane, self.radius = plane, radius
        self.places: NDArray[np.floating] = np.zeros((0, 2))
        self._ink, self._rim = rgb(theme.ink), rgb(theme.background)
        self.points = plane.box.corners()

    def room(self) -> Box | None:
        """The panel: there they end."""
        return self.plane.box

    def paint(self, canvas: Canvas) -> None:
        """Draw each with a line around it, within the panel."""
        for x, y in self.plane.to_design(self.places).tolist():
            for width, colour in ((LINE + 2 * RIM, self._rim), (LINE, self._ink)):
                self._ring(canvas, x, y, width, colour)

    def _ring(self, canvas: Canvas, x: float, y: float, width: float, colour: Any) -> None:
        def draw(context: Context) -> None:
            context.rectangle(*self.plane.box)
            context.clip()
            context.arc(x, y, self.radius, 0.0, 2 * math.pi)
            context.set_line_width(width)
            context.stroke()

        reach = self.radius + width
        box = Box(x - reach, y - reach, 2 * reach, 2 * reach)
        fill(canvas, box, draw, colour, self.opacity)


class ClosestPairs(Painted):
    """Lines between the places that are closest.

    Parameters
    ----------
    plane
        Its limits may move.
    theme
        Colours.
    angles
        Whether it is the angle at the origin that counts, and not the distance.

    Attributes
    ----------
    places
        Shape (K, 2), in the coordinates of the plane; NaN for one that does not count.
    """

    def __init__(self, plane: Plane, theme: Theme, *, angles: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plane, self.angles = plane, angles
        self.places: NDArray[np.float64] = np.zeros((0, 2))
        self._ink, self._rim = rgb(theme.ink), rgb(theme.background)
        self.points = plane.box.corners()

    def pairs(self) -> list[tuple[int, int, float]]:
        """The pairs that have a line, each with its opacity."""
        places, largest = self.places, self.plane.limits[1] - self.plane.limits[0]
        if self.angles:
            lengths = np.linalg.norm(places, axis=1, keepdims=True)
            places, largest = places / np.maximum(lengths, 1e-12), 2.0
        known = [i for i, place in enumerate(places) if np.isfinite(place).all()]
        apart = [
            (float(np.linalg.norm(places[i] - places[j])), i, j) for i, j in combinations(known, 2)
        ]
        least = min(apart, default=(0.0, 0, 0))[0]
        found = [(i, j, eased(1 - (d - least) / (CLOSE * largest))) for d, i, j in apart]
        return [pair for pair in found if pair[2] > 0]

    def room(self) -> Box | None:
        """The panel: there they end."""
        return self.plane.box.padded(2 * (THICK + RIM))

    def paint(self, canvas: Canvas) -> None:
        """Draw all lines dark and wide, then bright."""
        design = self.plane.to_design(np.nan_to_num(self.places))
        origin = self.plane.to_design(np.zeros((1, 2)))[0]
        for i, j, opacity in self.pairs():
            way = [design[i], origin, design[j]] if self.angles else [design[i], design[j]]
            for width, colour in ((THICK + 2 * RIM, self._rim), (THICK, self._ink)):
                self._line(canvas, way, width, colour, opacity)

    def _line(
        self,
        canvas: Canvas,
        way: list[NDArray[np.float64]],
        width: float,
        colour: Any,
        alpha: float,
    ) -> None:
        def draw(context: Context) -> None:
            context.rectangle(*self.plane.box)
            context.clip()
            context.move_to(*way[0])
            for place in way[1:]:
                context.line_to(*place)
            context.set_line_width(width)
            context.stroke()

        fill(canvas, self.plane.box, draw, colour, alpha * self.opacity)
