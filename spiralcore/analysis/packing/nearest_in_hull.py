"""The point of a convex hull that is closest to the origin.

First as a problem of non-negative least squares: for the points p_i as columns of P, the weights
that minimise ``|P v|^2 + (sum(v) - 1)^2`` over ``v >= 0`` are, divided by their sum, those of the
closest point. (With v = s w, sum(w) = 1, the minimum over s is ``|P w|^2 / (1 + |P w|^2)``, which
grows with ``|P w|``. Lawson and Hanson 1974, Solving Least Squares Problems, chapter 23, use the
same step for least distances.) SciPy solves it in some ten microseconds.

Where many points depend on each other, such as corners of a cube, SciPy's solver can stop too
early. So every answer is checked: it is the closest point x if no p_i lies farther against it,
``p_i . x >= |x|^2``. Where the check fails, the algorithm of Wolfe 1976, Mathematical Programming
11:128, follows, which is slower and always ends there.
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

TOLERANCE = 1e-12
"""Distances are known up to this part of the size of the set; smaller ones count as 0."""

CHECKED = 1e-10
"""The same for the first answer, before the second algorithm is asked."""

ROUNDS = 1000
"""Rounds after which Wolfe's algorithm stops, far more than it needs. Each makes the distance
smaller, so that only rounding could ever use them all."""


def nearest_weights(points: Doubles) -> Doubles:
    """Weights of the point in the hull of ``points`` that is closest to the origin.

    Parameters
    ----------
    points
        Shape (M, D); equal ones and such on a line or plane do no harm.

    Returns
    -------
    NDArray
        Shape (M,); not negative, their sum is 1, and ``weights @ points`` is the point.
    """
    count, dimension = points.shape
    size = float(np.abs(points).max())
    if size == 0.0:
        return np.full(count, 1.0 / count)
    system = np.empty((dimension + 1, count))
    system[:dimension] = points.T / size
    system[dimension] = 1.0
    target = np.zeros(dimension + 1)
    target[dimension] = 1.0
    try:
        weights = scipy.optimize.nnls(system, target, maxiter=max(100, 30 * count))[0]
    except RuntimeError:  # it did not end
        return wolfe_weights(points)
    total = float(weights.sum())
    if total > 0.0:
        weights /= total
        if is_nearest(weights @ points, points, size, CHECKED):
            return np.asarray(weights)
    return wolfe_weights(points)


def is_nearest(point: Doubles, points: Doubles, size: float, tolerance: float) -> bool:
    """Whether no point of a hull is closer to the origin.

    Parameters
    ----------
    point
        A point of the hull, shape (D,).
    points
        Shape (M, D).
    size
        The largest coordinate.
    tolerance
        What may be missing in the distance, as a part of the size.
    """
    length = float(np.sqrt(point @ point))
    if length <= TOLERANCE * size:
        return True
    return length - float((points @ point).min()) / length <= tolerance * size


def wolfe_weights(points: Doubles) -> Doubles:
    """The same as `nearest_weights`, by Wolfe's algorithm alone.

    A few points are kept whose hull holds the closest point so far in its interior. The point
    that lies farthest against it is added; then, as long as the closest point of the *plane*
    through the kept ones is outside of their hull, one walks towards it until a weight is 0,
    and drops that point.
    """
    size = float(np.abs(points).max())
    kept = [int(np.argmin((points * points).sum(axis=1)))]
    weights = np.ones(1)
    for _ in range(ROUNDS):
        nearest = weights @ points[kept]
        if is_nearest(nearest, points, size, TOLERANCE):
            break
        added = int(np.argmin(points @ nearest))
        if added in kept:
            break  # what is missing is rounding
        kept.append(added)
        weights = np.append(weights, 0.0)
        while True:
            wanted = _plane_weights(points[kept])
            falling = wanted <= TOLERANCE
            if not falling.any():
                weights = wanted
                break
            steps = np.full(len(kept), np.inf)
            steps[falling] = weights[falling] / np.maximum(weights - wanted, TOLERANCE)[falling]
            first = int(np.argmin(steps))
            weights = weights + min(float(steps[first]), 1.0) * (wanted - weights)
            weights = np.delete(np.maximum(weights, 0.0), first)
            del kept[first]
            weights /= weights.sum()
    found = np.zeros(len(points))
    found[kept] = weights
    return found


def _plane_weights(points: Doubles) -> Doubles:
    """Weights, of any sign, of the point closest to the origin in the plane through points."""
    ways = points[1:] - points[0]
    shares = np.linalg.lstsq(ways.T, -points[0], rcond=None)[0]
    return np.concatenate([[1.0 - shares.sum()], shares])
