"""Directions in the plane of a layer: the vector field of a network, and where each class points.

A point of a two-dimensional layer is a vector from the origin; its direction is the angle from the
first axis, anticlockwise. At the origin there is none: such points are counted and not hidden.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

LEAST_LENGTH = 1e-6
"""Vectors shorter than this have no direction."""


class ClassDirections(NamedTuple):
    """The directions of the points of each class, K classes.

    Attributes
    ----------
    mean
        Circular mean in degrees, 0 to 360, shape (K,): the direction of the sum of the unit
        vectors (Mardia and Jupp 2000, Directional Statistics, 2.2.2). NaN where no point of a
        class has a direction, or they cancel out.
    deviation
        Circular standard deviation in degrees, shape (K,): sqrt(-2 ln R), R the length of the mean
        of the unit vectors (Mardia and Jupp 2000, 2.3.11).
    resultant
        R, shape (K,): 1 where all point one way, 0 where they cancel out.
    points
        Points of each class that have a direction, shape (K,).
    undirected
        Points of each class that lie at the origin, shape (K,).
    """

    mean: Doubles
    deviation: Doubles
    resultant: Doubles
    points: NDArray[np.int64]
    undirected: NDArray[np.int64]

    def by_mean(self) -> list[int]:
        """The classes in the order of their means; those without a mean come last."""
        return [int(k) for k in np.argsort(self.mean, kind="stable")]


def unit_vectors(vectors: NDArray[np.floating]) -> Doubles:
    """Vectors of length 1 in the same directions, shape (..., 2); NaN where there is none."""
    values = np.asarray(vectors, dtype=np.float64)
    length = np.hypot(values[..., 0], values[..., 1])[..., None]
    return np.where(length > LEAST_LENGTH, values / np.maximum(length, LEAST_LENGTH), np.nan)


def angles(vectors: NDArray[np.floating]) -> Doubles:
    """Directions in degrees, 0 to 360; NaN where there is none. Shape (..., 2) gives (...)."""
    units = unit_vectors(vectors)
    return np.asarray(np.degrees(np.arctan2(units[..., 1], units[..., 0])) % 360.0)


def class_directions(
    hidden: NDArray[np.floating], labels: NDArray[np.int64], classes: int
) -> ClassDirections:
    """Where each class points.

    Parameters
    ----------
    hidden
        Shape (N, 2).
    labels
        Classes 0 to K-1, shape (N,).
    classes
        Their number K.
    """
    units = unit_vectors(hidden)
    known = np.isfinite(units[:, 0])
    points = np.bincount(labels[known], minlength=classes)
    sums = np.zeros((classes, 2))
    np.add.at(sums, labels[known], units[known])
    means = sums / np.maximum(points, 1)[:, None]
    resultant = np.where(points > 0, np.hypot(*means.T), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.degrees(np.sqrt(np.maximum(-2 * np.log(np.minimum(resultant, 1)), 0)))
    undirected = np.bincount(labels, minlength=classes) - points
    return ClassDirections(angles(means), deviation, resultant, points, undirected)


def rose(values: Doubles, bins: int) -> NDArray[np.int64]:
    """Count directions in equal sectors of the circle, the first beginning at 0 degrees.

    Parameters
    ----------
    values
        Degrees, 0 to 360, any shape; NaN is left out.
    bins
        Number of sectors.

    Returns
    -------
    NDArray
        Shape (bins,).
    """
    known = values[np.isfinite(values)]
    sector = np.floor(known / 360.0 * bins).astype(np.int64) % bins
    return np.bincount(sector, minlength=bins)
