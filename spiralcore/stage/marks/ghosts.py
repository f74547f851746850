"""The best possible arrangement as a ghost: hollow marks, rays, and threads to the class means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.arrangement import Quantity
from spiralcore.analysis.optima.closest_fit import align
from spiralcore.analysis.optima.containers import container_of
from spiralcore.analysis.optima.table import optimum
from spiralcore.registry.spaces import Space
from spiralcore.registry.themes import Colours, rgb
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, Drawing, fill

Kind = Literal["ring", "diamond"]
Doubles = NDArray[np.float64]

LINE = 4.0
"""Width of a mark's line in design pixels."""


APART = 0.25
"""Distance from which on two optima have other places for a class, where the space is 2 wide."""

GHOSTS: tuple[tuple[Quantity, Kind, float, str], ...] = (
    (Quantity.DISTANCE, "ring", 27.0, "farthest apart"),
    (Quantity.MARGIN, "diamond", 17.0, "largest softmax margin"),
)
"""Optima that are shown as ghosts, their marks with the radius in design pixels, and names."""


class Target(NamedTuple):
    """An optimum, turned as it fits the trained network best.

    Attributes
    ----------
    points
        Shape (K, 2), in the order of the classes that have points.
    kind, radius, name
        Of its marks, see `GHOSTS`.
    """

    points: Doubles
    kind: Kind
    radius: float
    name: str


def targets_of(space: Space, final: Doubles) -> list[Target]:
    """The optima of a space for the class means of a trained network, shape (K, 2); or none."""
    container, found = container_of(space), list[Target]()
    for quantity, kind, radius, name in GHOSTS if container else ():
        assert container is not None
        best = optimum(quantity, container, 2, len(final)).points
        if best is not None:
            found.append(Target(align(best, final, container), kind, radius, name))
    return found


def contradict(targets: Sequence[Target]) -> bool:
    """Whether optima have other places for the classes."""
    if len(targets) < 2:
        return False
    one, other = targets[:2]
    return bool(np.linalg.norm(one.points - other.points, axis=1).max() > APART)


class Ghosts(Painted):
    """Hollow marks at places of a plane, each with a thread to the point that should be there.

    Parameters
    ----------
    plane
        Where the places are.
    places
        Shape (K, 2).
    colours
        Of the marks, 0 to 255, shape (K, 3).
    kind
        Their form.
    radius
        In design pixels.
    threads
        Whether threads are drawn.

    Attributes
    ----------
    points_of
        The other ends of the threads, shape (K, 2), in the coordinates of the plane.
    """

    def __init__(
        self,
        plane: Plane,
        places: Doubles,
        colours: Colours,
        kind: Kind,
        radius: float,
        *,
        threads: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.plane = plane
        self.places = places
        self.colours = colours
        self.kind = kind
        self.radius = radius
        self.threads = threads
        self.points_of = places
        self.points = plane.box.corners()

    def paint(self, canvas: Canvas) -> None:
        """Draw threads and marks."""
        places = self.plane.to_design(self.places)
        ends = self.plane.to_design(self.points_of)
        for place, end, colour in zip(places, ends, self.colours, strict=True):
            if self.threads:
                box, draw = _thread(place, end, self.radius, self.plane.box)
                fill(canvas, box, draw, colour, 0.6 * self.opacity, rim=4.0)
            reach = self.radius + LINE
            box = Box(place[0] - reach, place[1] - reach, 2 * reach, 2 * reach)
            fill(canvas, box, _mark(place, self.radius, self.kind), colour, self.opacity, rim=2.0)


class Rays(Painted):
    """Lines from the origin of a plane to the edge of its box.

    Parameters
    ----------
    plane
        Where they are.
    directions
        Shape (K, 2).
    colours
        0 to 255, shape (K, 3).
    """

    def __init__(self, plane: Plane, directions: Doubles, colours: Colours, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plane = plane
        self.directions = directions
        self.colours = colours
        self.points = plane.box.corners()

    def paint(self, canvas: Canvas) -> None:
        """Draw dashed lines."""
        box = self.plane.box
        start = self.plane.to_design(np.zeros((1, 2)))[0]
        for (x, y), colour in zip(self.directions, self.colours, strict=True):
            end = start + 2 * (box.width + box.height) * np.array([x, -y])

            def draw(context: Context, end: Doubles = end) -> None:
                context.rectangle(*box)
                context.clip()
                context.set_dash([14.0, 10.0])
                context.set_line_width(LINE)
                context.move_to(*start)
                context.line_to(*end)
                context.stroke()

            fill(canvas, box, draw, colour, 0.8 * self.opacity)


def _mark(place: Doubles, radius: float, kind: Kind) -> Drawing:
    def draw(context: Context) -> None:
        x, y = place
        if kind == "ring":
            context.arc(x, y, radius, 0.0, 2 * math.pi)
        else:
            for i, (dx, dy) in enumerate(((0, -1), (1, 0), (0, 1), (-1, 0))):
                step = context.line_to if i else context.move_to
                step(x + 1.2 * radius * dx, y + 1.2 * radius * dy)
            context.close_path()
        context.set_line_width(LINE)
        context.stroke()

    return draw


def _thread(place: Doubles, end: Doubles, radius: float, panel: Box) -> tuple[Box, Drawing]:
    """A thin line from a mark's rim to a point, as far as the panel."""
    low, high = np.minimum(place, end), np.maximum(place, end)
    box = Box(*low.tolist(), *(np.maximum(high - low, 1.0)).tolist())
    length = float(np.hypot(*(end - place)))

    def draw(context: Context) -> None:
        if length > radius:
            context.rectangle(*panel)
            context.clip()
            context.set_line_width(2.2)
            context.move_to(*(place + (end - place) * radius / length))
            context.line_to(*end)
            context.stroke()

    return box, draw


class SampleMark(Painted):
    """One mark for a legend, at a place of the frame.

    Parameters
    ----------
    x, y
        Its centre in design pixels.
    kind, radius
        See `Ghosts`.
    colour
        As ``#rrggbb``.
    """

    def __init__(
        self, x: float, y: float, kind: Kind, radius: float, colour: str, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.place = np.array([x, y])
        self.kind = kind
        self.radius = radius
        self.colour = rgb(colour)
        self.box = Box(x - radius, y - radius, 2 * radius, 2 * radius)
        self.points = self.box.corners()

    def paint(self, canvas: Canvas) -> None:
        """Draw it."""
        draw = _mark(self.place, self.radius, self.kind)
        fill(canvas, self.box, draw, self.colour, self.opacity, rim=6.0)
