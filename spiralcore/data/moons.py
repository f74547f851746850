"""A chain of half moons that reach into each other, one a class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spiralcore.data.generated import EXTENT, GeneratedData, Points, class_by_class, sizes_of
from spiralcore.settings import NotNegative, Positive

SHIFT = 0.5
"""How far the middle of a moon that opens upwards lies above that of its neighbours, in radii. With
one radius from moon to moon they are the "two moons" of Zhou et al. 2004, Learning with Local and
Global Consistency."""

STEP = 1.3
"""Radii from moon to moon where there are more than two: with one radius, the first would end where
the third begins."""


def moons(
    classes: int,
    points_per_class: int | Sequence[int] = 200,
    *,
    rng: np.random.Generator,
    extent: float = EXTENT,
    noise: float = 0.08,
) -> Points:
    """Draw a chain of half moons.

    Half circles that open downwards and upwards by turns, each a radius to the right of the one
    before (`STEP` radii where there are more than two), so that the end of one lies within the
    next. The points of a moon are evenly spaced along it; normal noise is added to both
    coordinates.

    Parameters
    ----------
    classes
        Number of moons.
    points_per_class
        Points on each moon, or a number for each of them.
    rng
        The source of the noise.
    extent
        Half the length of the chain.
    noise
        Standard deviation of a coordinate, in radii of a moon.

    Returns
    -------
    Points
        The points, class by class, from left to right; the middle of the chain is the origin.
    """
    step = 1.0 if classes == 2 else STEP
    radius = 2 * extent / (2 + step * (classes - 1))

    def moon(label: int, points: int) -> NDArray[np.float64]:
        angle = np.linspace(np.pi, 0.0, points)
        side = 1 if label % 2 == 0 else -1
        x = np.cos(angle) + step * (label - (classes - 1) / 2)
        y = side * (np.sin(angle) - SHIFT / 2)
        return radius * (np.stack([x, y], axis=-1) + noise * rng.normal(size=(points, 2)))

    return class_by_class(sizes_of(points_per_class, classes), moon)


class Moons(GeneratedData):
    """Half moons, see `moons`."""

    noun = "moons"
    always = ("kind", "points_per_class", "extent", "noise")
    generator = staticmethod(moons)

    kind: Literal["moons"] = "moons"
    extent: Positive = EXTENT
    noise: NotNegative = 0.08
