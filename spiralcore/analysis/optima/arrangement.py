"""Arrangements of n points, and what can be as large as possible about them."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from spiralcore.analysis.optima.containers import LEAST, Container
from spiralcore.analysis.packing.convex_hulls import point_to_hull
from spiralcore.analysis.packing.margins import (
    Bias,
    ScaledHead,
    best_head,
    scaled_head,
    smallest_margin,
)

Doubles = NDArray[np.float64]


class Quantity(Enum):
    """What an arrangement is measured by; more is better.

    DISTANCE: the smallest distance between two points. ONE_VS_REST: the smallest distance of a
    point from the convex hull of all others (Jiang et al. 2023, arXiv 2310.05351). The three
    margins: the softmax margin of the best head (see `spiralcore.analysis.packing.margins`) whose
    biases count in its norm, are absent, or are free.
    """

    DISTANCE = "distance"
    ONE_VS_REST = "one_vs_rest"
    MARGIN = "margin"
    MARGIN_WITHOUT_BIAS = "margin_without_bias"
    MARGIN_FREE_BIAS = "margin_free_bias"

    @property
    def kind(self) -> Bias | None:
        """What becomes of the biases, where this is a margin."""
        return _KINDS.get(self)


CHEAP_BIAS = 1000.0
"""Unit of the biases (see `best_head`) at which they are as good as free: the margin is then
too small by some millionth."""

_KINDS = {
    Quantity.MARGIN: Bias.COUNTED,
    Quantity.MARGIN_WITHOUT_BIAS: Bias.ABSENT,
    Quantity.MARGIN_FREE_BIAS: Bias.FREE,
}


class Arrangement(NamedTuple):
    """Points with the linear functions that prove how good they are.

    Attributes
    ----------
    points
        Shape (n, D).
    weight, bias
        Shapes (n, D) and (n,). For a margin the head; for one-vs-rest the unit vector along which
        each point is far from the others, and no bias; for the distance neither.
    value
        The quantity, reached by these points.
    """

    points: Doubles
    weight: Doubles | None
    bias: Doubles | None
    value: float

    @property
    def head(self) -> ScaledHead:
        """Weight and bias; zeros where there are none."""
        weight = np.zeros_like(self.points) if self.weight is None else self.weight
        return ScaledHead(weight, np.zeros(len(weight)) if self.bias is None else self.bias)


def smallest_distance(points: Doubles) -> float:
    """The smallest distance between two of the points, shape (n, D)."""
    return float(scipy.spatial.distance.pdist(points).min())


def one_vs_rest(points: Doubles) -> float:
    """The smallest distance of one of the points from the hull of the others, shape (n, D)."""
    return min(
        point_to_hull(points[k], np.delete(points, k, axis=0)).distance for k in range(len(points))
    )


def assess(quantity: Quantity, points: Doubles, head: ScaledHead | None = None) -> Arrangement:
    """Measure points, with the best head where that can be computed directly.

    Parameters
    ----------
    quantity
        What to measure.
    points
        Shape (n, D).
    head
        A head that is known; it is used where it is better than the computed one.
    """
    if quantity is Quantity.DISTANCE:
        return Arrangement(points, None, None, smallest_distance(points))
    if quantity is Quantity.ONE_VS_REST:
        ways = np.array([_way_out(points, k) for k in range(len(points))])
        length = np.sqrt((ways * ways).sum(axis=1))
        units = ways / np.maximum(length, LEAST)[:, None]
        return Arrangement(points, units, None, float(length.min()))
    kind = quantity.kind
    assert kind is not None
    unit = CHEAP_BIAS if kind is Bias.FREE else 1.0
    heads = [best_head(points, kind is not Bias.ABSENT, unit), *([] if head is None else [head])]
    heads = [scaled_head(*each, kind) for each in heads]
    margins = [float(smallest_margin(each, points)) for each in heads]
    best = int(np.argmax(margins))
    # A head of zeros has the margin 0.
    return Arrangement(points, *heads[best], max(margins[best], 0.0))


def _way_out(points: Doubles, k: int) -> Doubles:
    gap = point_to_hull(points[k], np.delete(points, k, axis=0))
    return gap.first - gap.second if gap.distance > 0.0 else np.zeros(points.shape[1])


def upper_bound(quantity: Quantity, container: Container, dimension: int, count: int) -> float:
    """A value that no arrangement in a container exceeds.

    With S the largest possible sum of the squared distances of n points from their mean. The mean
    squared distance of two points is ``2 S / (n - 1)``, the smallest one at most that (Rankin
    1955, Proc. Glasgow Math. Assoc. 2:139; in a box Plotkin 1960, IRE Trans. Inform. Theory
    6:445). The distance of a point from the hull of the others is at most that from their mean, so
    the smallest of them at most ``sqrt(S n) / (n - 1)``. A margin is at most ``sqrt(S) / (n - 1)``:
    the mean of all n (n - 1) margins is ``sum_k (w_k - w) . (h_k - h) / (n - 1)`` with the means w
    and h, then Cauchy and Schwarz.

    From D + 2 points on, with R the radius of a ball around the container, the distance is at most
    ``R sqrt(2)`` (Rankin), and the one-vs-rest distance at most R: by Radon's theorem some x is in
    the hulls of two disjoint parts, and the mean square distance of the points of one part from x,
    weighted as they make up x, is at most ``R^2 - |x|^2``.
    """
    spread = largest_spread(container, dimension, count)
    if quantity.kind is not None:
        return float(np.sqrt(spread)) / (count - 1)
    radius = container.radius(dimension)
    crowded = count > dimension + 1
    if quantity is Quantity.DISTANCE:
        bound = float(np.sqrt(2 * spread / (count - 1)))
        # In an orthant no two directions are more than a right angle apart.
        right_angle = crowded or container.shape == "orthant"
        return min(bound, radius * float(np.sqrt(2))) if right_angle else bound
    bound = float(np.sqrt(spread * count)) / (count - 1)
    return min(bound, radius) if crowded else bound


def largest_spread(container: Container, dimension: int, count: int) -> float:
    """The largest possible sum of the squared distances of n points from their mean.

    In a box each coordinate is at one end for half of the points, and for odd n one point too many
    is at one of them; elsewhere the points are around the origin, at distance 1.
    """
    if container.shape != "box":
        return float(count)
    width = container.upper - container.lower
    return width**2 * dimension * (count // 2) * ((count + 1) // 2) / count
