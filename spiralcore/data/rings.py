"""Concentric rings around the origin, one a class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spiralcore.data.generated import EXTENT, BetweenRadii, Points, class_by_class, sizes_of
from spiralcore.settings import NotNegative


def rings(
    classes: int,
    points_per_class: int | Sequence[int] = 200,
    *,
    rng: np.random.Generator,
    inner_radius: float = 4.0,
    outer_radius: float = EXTENT,
    noise: float = 0.5,
) -> Points:
    """Draw concentric rings.

    Their radii are evenly spaced. The points of a ring are evenly spaced along it, from an angle
    that is drawn for each ring; normal noise is added to their radius.

    Parameters
    ----------
    classes
        Number of rings.
    points_per_class
        Points on each ring, or a number for each of them.
    rng
        The source of the noise.
    inner_radius, outer_radius
        Radius of the first and of the last ring.
    noise
        Standard deviation of a point's radius.

    Returns
    -------
    Points
        The points, class by class, the innermost ring first.
    """
    radii = np.linspace(inner_radius, outer_radius, classes)

    def ring(label: int, points: int) -> NDArray[np.float64]:
        angle = 2 * np.pi * (rng.uniform() + np.arange(points) / points)
        radius = radii[label] + noise * rng.normal(size=points)
        return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)

    return class_by_class(sizes_of(points_per_class, classes), ring)


class Rings(BetweenRadii):
    """Concentric rings, see `rings`."""

    noun = "rings"
    always = ("kind", "points_per_class", "inner_radius", "outer_radius", "noise")
    generator = staticmethod(rings)

    kind: Literal["rings"] = "rings"
    inner_radius: NotNegative = 4.0
    noise: NotNegative = 0.5
