"""How far apart the classes of a layer are, and how far apart they could be.

Of the class means: the smallest distance, the smallest distance of one to the hull of the others,
the softmax margins of the network's own head (scaled to norm 1). Of the points, the same for
whole classes: the smallest distance between points of different classes, the smallest distance
of the hull of a class from the hull of all others, the margin of the worst point. None of them
can exceed the optimum for n = K points.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from spiralcore.analysis.optima.arrangement import Quantity, one_vs_rest
from spiralcore.analysis.optima.containers import Container, container_of
from spiralcore.analysis.optima.table import optimum
from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.convex_hulls import hull_to_hull
from spiralcore.analysis.packing.margins import ScaledHead, scaled_head, smallest_margin
from spiralcore.registry.spaces import Space

Doubles = NDArray[np.float64]

MARGINS = [quantity.kind for quantity in Quantity if quantity.kind is not None]


class Separation(NamedTuple):
    """How far apart classes are; one number each, or one for each epoch.

    Attributes
    ----------
    distance
        The smallest distance between two classes.
    one_vs_rest
        The smallest distance of a class from the hull of all others; 0 if it is inside.
    margin
        The smallest gap between the right logit and another one, for the network's head centred
        and scaled to ``|W|^2 + |b|^2 = 1``. Negative where a class is not recognised.
    margin_without_bias
        The same with the biases left out, ``|W|^2 = 1``.
    margin_free_bias
        The same with the biases used and not counted, ``|W|^2 = 1``.
    """

    distance: Any
    one_vs_rest: Any
    margin: Any
    margin_without_bias: Any
    margin_free_bias: Any

    def part_of(self, best: Separation) -> Separation:
        """Each number as a part of another, nan where that is 0 or unknown."""
        return Separation(
            *(
                own / most if most > 0.0 else own * np.nan
                for own, most in zip(self, best, strict=True)
            )
        )


def measure_means(layer: Layer, space: Space) -> Separation:
    """Separation of the class means at each epoch, arrays of the shape (T,).

    In the space ``sphere``, the mean direction of a class stands for its mean, which would lie
    inside.
    """
    container, means = container_of(space), layer.means
    if container is not None and container.shape == "sphere":
        means = container.project(means)
    return Separation(
        np.array([pdist(each).min() for each in means]),
        np.array([one_vs_rest(each) for each in means]),
        *(smallest_margin(scaled_head(*layer.head, kind), means) for kind in MARGINS),
    )


def measure_points(layer: Layer) -> Separation:
    """Separation of the points at each epoch, arrays of the shape (T,)."""
    found = [
        (_closest(points, layer.starts), _hull_gap(points, layer.starts))
        for _, part in layer.parts()
        for points in part
    ]
    distances, gaps = np.array(found).T
    margins = (_worst_point(layer, scaled_head(*layer.head, kind)) for kind in MARGINS)
    return Separation(distances, gaps, *margins)


def measure_evenness(layer: Layer) -> Doubles:
    """Smallest over largest distance between class means, shape (T,); nan where all are equal."""
    distances = np.array([pdist(each) for each in layer.means])
    largest = distances.max(axis=1)
    found = np.full(len(largest), np.nan)
    np.divide(distances.min(axis=1), largest, out=found, where=largest > 0.0)
    return found


@cache
def best_separation(space: Space, dimension: int, classes: int) -> Separation:
    """What a space allows for so many classes; nan where it is unbounded."""
    container = container_of(space)
    return Separation(*(_best(quantity, container, dimension, classes) for quantity in Quantity))


def _best(quantity: Quantity, container: Container | None, dimension: int, count: int) -> float:
    if container is None:
        return float("nan")
    return optimum(quantity, container, dimension, count).value


def _closest(points: Doubles, starts: NDArray[np.int64]) -> float:
    """The smallest distance between points of different classes."""
    best = np.inf
    for start, stop in pairwise(starts):
        others = points[stop:]
        tree = cKDTree(points[start:stop])
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
