"""Containers: the bounded sets in which points are packed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import lookup
from spiralcore.registry.spaces import Space

Doubles = NDArray[np.float64]

Shape = Literal["box", "ball", "sphere", "orthant"]

LEAST = 1e-300
"""Added where a vector without a direction is divided by its length."""


@dataclass(frozen=True)
class Container:
    """A bounded set of points of R^D, for any D.

    Attributes
    ----------
    name
        What the table of optima calls it.
    shape
        ``box``: each coordinate lies between the bounds. ``ball``: at most 1 from the origin.
        ``sphere``: exactly 1 from it. ``orthant``: the part of the sphere where no coordinate is
        negative, that is the directions in an orthant.
    lower, upper
        Bounds of each coordinate.
    """

    name: str
    shape: Shape
    lower: float = -1.0
    upper: float = 1.0

    def radius(self, dimension: int) -> float:
        """Radius of the smallest ball that is sure to hold it."""
        if self.shape == "box":
            return 0.5 * (self.upper - self.lower) * float(np.sqrt(dimension))
        return 1.0

    def project(self, points: Doubles) -> Doubles:
        """The points of the container that are closest to ``points``, shape (..., D)."""
        if self.shape == "box":
            return np.clip(points, self.lower, self.upper)
        if self.shape == "orthant":
            points = np.maximum(points, 0.0)
        norm = np.sqrt((points * points).sum(axis=-1, keepdims=True))
        if self.shape == "ball":
            return np.asarray(points / np.maximum(norm, 1.0))
        return np.asarray(points / np.maximum(norm, LEAST))

    def scatter(self, rng: np.random.Generator, shape: tuple[int, int, int]) -> Doubles:
        """Random points, shape (S, n, D).

        In a box and a ball the even ones of the S sets fill it evenly, the odd ones lie on its
        border, where most points of good packings are.
        """
        odd = np.arange(shape[0])[:, None, None] % 2 == 1
        if self.shape == "box":
            inner = rng.uniform(-1.0, 1.0, size=shape)
            border = inner / np.abs(inner).max(axis=-1, keepdims=True)
            middle, half = 0.5 * (self.lower + self.upper), 0.5 * (self.upper - self.lower)
            return np.asarray(middle + half * np.where(odd, border, inner))
        points = rng.normal(size=shape)
        if self.shape == "orthant":
            points = np.abs(points)
        points /= np.sqrt((points * points).sum(axis=-1, keepdims=True))
        if self.shape == "ball":
            depth = rng.uniform(size=(*shape[:2], 1)) ** (1 / shape[2])
            points *= np.where(odd, 1.0, depth)
        return np.asarray(points)


CONTAINERS = {
    entry.name: entry
    for entry in (
        Container("cube", "box"),
        Container("unit_cube", "box", 0.0, 1.0),
        Container("ball", "ball"),
        Container("sphere", "sphere"),
        Container("orthant", "orthant", 0.0, 1.0),
    )
}
"""The containers of the shipped table. ``cube`` is [-1, 1]^D, that of tanh; ``unit_cube`` is
[0, 1]^D, that of the sigmoid; ``ball`` and ``sphere`` have the radius 1."""


def container(name: str) -> Container:
    """Look a container up by its name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    return lookup(CONTAINERS, name, "container")


def container_of(space: Space) -> Container | None:
    """The container that a bounded space is; None for an unbounded one."""
    if space.shape != "box":
        return CONTAINERS[space.shape]
    if space.lower is None or space.upper is None:
        return None
    for entry in CONTAINERS.values():
        if (entry.shape, entry.lower, entry.upper) == ("box", space.lower, space.upper):
            return entry
    return Container(f"[{space.lower:g}, {space.upper:g}]", "box", space.lower, space.upper)


def directions_of(space: Space) -> Container:
    """The container of the directions in which points of an unbounded space can lie."""
    whole = space.lower is None and space.upper is None
    return CONTAINERS["sphere" if whole else "orthant"]
