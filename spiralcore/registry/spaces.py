"""The parts of the plane, or of R^D, that a layer can reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Shape = Literal["box", "ball", "sphere"]

SHORTEST = 1e-6
"""Vectors shorter than this have no direction in which they would be nearest to a sphere."""


@dataclass(frozen=True)
class Space:
    """Where the values of a layer lie.

    Attributes
    ----------
    names
        What to call it in two dimensions, in three, and in any other number.
    lower, upper
        Bounds of each coordinate; None where there is none.
    shape
        ``box``: all that is within the bounds. ``ball``: what is closer to the origin than 1.
        ``sphere``: what is at a distance of 1 from it.
    """

    names: tuple[str, str, str]
    lower: float | None = None
    upper: float | None = None
    shape: Shape = "box"

    @property
    def bounded(self) -> bool:
        """Whether the space has a border on all sides."""
        return self.lower is not None and self.upper is not None

    @property
    def is_round(self) -> bool:
        """Whether its border is a circle or a sphere."""
        return self.shape != "box"

    @property
    def has_walls(self) -> bool:
        """Whether it has straight walls on which points can lie."""
        return self.bounded and not self.is_round

    def name(self, units: int) -> str:
        """What to call it in so many dimensions."""
        return self.names[units - 2] if units in (2, 3) else self.names[2]

    def goal(self, units: int) -> str:
        """Where a layer of so many units puts its inputs: ``into the square``, for example."""
        way = "onto" if self.shape == "sphere" else "into" if self.lower is not None else "in"
        article = "a" if self.lower is not None and not self.bounded else "the"
        name = self.name(units)
        if article == "a" and name[0] in "aeiou":
            article = "an"
        return f"{way} {name}" if name == "space" else f"{way} {article} {name}"

    def nearest(self, points: NDArray[Any]) -> NDArray[Any]:
        """The places of the space that are nearest to some points, shape (..., D).

        Of the middle of a sphere all places are as near; it goes to the end of the first axis.
        """
        if self.shape == "box":
            free = self.lower is None and self.upper is None
            return points if free else np.clip(points, self.lower, self.upper)
        length = np.linalg.norm(points, axis=-1, keepdims=True)
        if self.shape == "ball":
            return np.asarray(points / np.maximum(length, 1))
        first = np.zeros(points.shape[-1], points.dtype)
        first[0] = 1
        return np.where(length > SHORTEST, points / np.maximum(length, SHORTEST), first)

    def distance(self, points: NDArray[Any]) -> NDArray[Any]:
        """How far points are from the space: shape (..., D) gives (...)."""
        return np.asarray(np.linalg.norm(points - self.nearest(points), axis=-1))


SQUARE = Space(("square", "cube", "hypercube"), -1.0, 1.0)
UNIT_SQUARE = Space(("unit square", "unit cube", "unit hypercube"), 0.0, 1.0)
QUADRANT = Space(("quadrant", "octant", "orthant"), 0.0)
DISK = Space(("disk", "ball", "ball"), -1.0, 1.0, "ball")
SPHERE = Space(("circle", "sphere", "sphere"), -1.0, 1.0, "sphere")
PLANE = Space(("plane", "space", "space"))
