"""Distances to and between convex hulls, in any dimension."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spiralcore.analysis.packing.nearest_in_hull import TOLERANCE, nearest_weights

Doubles = NDArray[np.float64]

ROUNDS = 1000
"""Rounds after which the search between two hulls stops; some ten are usual. Every round brings
them closer, so that only rounding could ever use all."""


class Gap(NamedTuple):
    """The shortest way between two convex sets.

    Attributes
    ----------
    distance
        Its length; 0 where the sets meet, or are closer than 1e-12 of their size.
    first, second
        Where it begins and ends, shape (D,). Where the sets meet, points of each that are
        equal up to rounding.
    """

    distance: float
    first: Doubles
    second: Doubles


def point_to_hull(point: ArrayLike, points: ArrayLike) -> Gap:
    """The shortest way from a point to the convex hull of others.

    Parameters
    ----------
    point
        Shape (D,).
    points
        Shape (M, D), M at least 1.

    Returns
    -------
    Gap
        ``first`` is the point.
    """
    start = np.asarray(point, dtype=np.float64)
    ways = np.asarray(points, dtype=np.float64) - start
    way = nearest_weights(ways) @ ways
    return Gap(_length(way, float(np.abs(ways).max())), start, start + way)


def hull_to_hull(first: ArrayLike, second: ArrayLike) -> Gap:
    """The shortest way between the convex hulls of two sets of points.

    The differences of their points have the closest point to the origin; of these, only
    corners that the search meets are ever formed (the outer half of Wolfe 1976, Mathematical
    Programming 11:128): solve for the corners that are known, add the difference that lies
    farthest against the way found, until none lies farther. A round costs two products of the
    sets with a vector, so that hulls of thousands of points are quick.

    Parameters
    ----------
    first, second
        Shapes (M, D) and (L, D).
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    size = float(np.ptp(np.vstack([a, b]), axis=0).max())
    pairs = [_farthest(a, b, a.mean(axis=0) - b.mean(axis=0))]
    for _ in range(ROUNDS):
        starts, ends = a[[i for i, _ in pairs]], b[[j for _, j in pairs]]
        ways = starts - ends
        weights = nearest_weights(ways)
        way = weights @ ways
        length = _length(way, size)
        pair = _farthest(a, b, way)
        missing = length * length - way @ (a[pair[0]] - b[pair[1]])
        if length == 0.0 or pair in pairs or missing <= TOLERANCE * size * length:
            break
        # Corners without weight are not needed for the point that is closest now.
        pairs = [old for old, weight in zip(pairs, weights, strict=True) if weight > 0.0]
        pairs.append(pair)
    return Gap(length, weights @ starts, weights @ ends)


def _farthest(a: Doubles, b: Doubles, way: Doubles) -> tuple[int, int]:
    return int(np.argmin(a @ way)), int(np.argmax(b @ way))


def _length(way: Doubles, size: float) -> float:
    length = float(np.sqrt(way @ way))
    return length if length > TOLERANCE * size else 0.0
