"""How far apart the classes of a layer are.

Of the class means: the smallest distance, the smallest distance of one to the hull of the others,
the softmax margins of the network's own head (scaled to norm 1). Of the points, the same for
whole classes: the smallest distance between points of different classes, the smallest distance
of the hull of a class from the hull of all others, the margin of the worst point. None of them
can exceed the optimum for n = K points.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import scipy
from numpy.typing import NDArray

from spiralcore.analysis.optima.arrangement import one_vs_rest
from spiralcore.analysis.optima.containers import container_of
from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.convex_hulls import hull_to_hull
from spiralcore.analysis.packing.margins import Bias, ScaledHead, scaled_head, smallest_margin
from spiralcore.registry.spaces import Space

Doubles = NDArray[np.float64]


def _means(layer: Layer, space: Space) -> Doubles:
    """Class means; in the space ``sphere`` mean directions, as means would lie inside."""
    container = container_of(space)
    if container is not None and container.shape == "sphere":
        return container.project(layer.means)
    return layer.means


def smallest_distance(layer: Layer, space: Space) -> Doubles:
    """The smallest distance between two class means, shape (T,)."""
    return np.array([scipy.spatial.distance.pdist(each).min() for each in _means(layer, space)])


def hull_distance(layer: Layer, space: Space) -> Doubles:
    """The smallest distance of a class mean from the hull of all others, shape (T,).

    0 if it is inside.
    """
    return np.array([one_vs_rest(each) for each in _means(layer, space)])


def margin_of(kind: Bias) -> Callable[[Layer, Space], Doubles]:
    """What measures the softmax margin at the class means, shape (T,).

    That is the smallest gap between the right logit and another one, for the network's head,
    centred and scaled to norm 1, see `spiralcore.analysis.packing.margins.scaled_head`. Negative
    where a class is not recognised.
    """

    def margin(layer: Layer, space: Space) -> Doubles:
        return smallest_margin(scaled_head(*layer.head, kind), _means(layer, space))

    return margin


def evenness(layer: Layer, space: Space) -> Doubles:
    """Smallest over largest distance between class means, shape (T,); nan where all are equal."""
    distances = np.array([scipy.spatial.distance.pdist(each) for each in layer.means])
    largest = distances.max(axis=1)
    found = np.full(len(largest), np.nan)
    np.divide(distances.min(axis=1), largest, out=found, where=largest > 0.0)
    return found


def closest_points(layer: Layer) -> Doubles:
    """The smallest distance between points of different classes, shape (T,)."""
    return np.array(
        [_closest(points, layer.starts) for _, part in layer.parts() for points in part]
    )


def closest_hulls(layer: Layer) -> Doubles:
    """The smallest distance of the hull of a class from the hull of all others, shape (T,)."""
    return np.array(
        [_hull_gap(points, layer.starts) for _, part in layer.parts() for points in part]
    )


def points_margin_of(kind: Bias) -> Callable[[Layer], Doubles]:
    """What measures the softmax margin of the worst point, shape (T,), see `margin_of`."""

    def margin(layer: Layer) -> Doubles:
        return _worst_point(layer, scaled_head(*layer.head, kind))

    return margin


def _closest(points: Doubles, starts: NDArray[np.int64]) -> float:
    """The smallest distance between points of different classes."""
    best = np.inf
    for start, stop in pairwise(starts):
        others = points[stop:]
        tree = scipy.spatial.cKDTree(points[start:stop])
        # What is farther than the best so far is not looked at, and comes back as infinite.
        best = min(best, tree.query(others, distance_upper_bound=best)[0].min())
    return float(best)


def _hull_gap(points: Doubles, starts: NDArray[np.int64]) -> float:
    """The smallest distance of the hull of a class from the hull of all others."""
    best = np.inf
    for start, stop in zip(starts, [*starts[1:], len(points)], strict=True):
        others = np.vstack([points[:start], points[stop:]])
        best = min(best, hull_to_hull(points[start:stop], others).distance)
        if best == 0.0:
            break
    return float(best)


def _worst_point(layer: Layer, head: ScaledHead) -> Doubles:
    found = np.empty(len(head.bias))
    each = np.arange(len(layer.labels))
    for epochs, points in layer.parts():
        logits = points @ np.swapaxes(head.weight[epochs], 1, 2) + head.bias[epochs, None, :]
        own = logits[:, each, layer.labels].copy()
        logits[:, each, layer.labels] = -np.inf
        found[epochs] = (own - logits.max(axis=2)).min(axis=1)
    return found
