"""The search for the best arrangement of n points in a container.

Many random starts are moved uphill together (`spiralcore.analysis.ascent`), the best different
ones are brought to the top of their hills (`spiralcore.analysis.polishing`). What comes out is
an arrangement that really has its value, so the value is a **lower bound** of the optimum, and
the best of so many starts; it is the optimum itself where it reaches `upper_bound`. The same
seed gives the same arrangement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.arrangement import Arrangement, Doubles, Quantity, assess, upper_bound
from spiralcore.analysis.ascent import Candidates, climb
from spiralcore.analysis.containers import Container
from spiralcore.analysis.margins import Head
from spiralcore.analysis.polishing import polish

CERTAIN = 1e-9
"""A value this close to its upper bound, as a part of it, is the optimum."""

MOST_CODE_DIMENSIONS = 10
"""A box has 2^D corners."""

NEAR = 0.95
"""Known arrangements are polished where they reach this part of the best value so far."""

SAME = 1e-4
"""Starts whose values differ by less than this part of the best one count as the same hill at
first; more of them are polished where there are not enough hills."""


class Effort(NamedTuple):
    """How hard to search.

    Attributes
    ----------
    starts, steps
        Random starts, and steps uphill of each.
    polished
        Starts that are polished.
    """

    starts: int
    steps: int
    polished: int


QUICK = Effort(24, 500, 4)
"""For what the shipped table does not hold."""


def search(
    quantity: Quantity,
    container: Container,
    dimension: int,
    count: int,
    effort: Effort,
    seed: Sequence[int],
    known: Iterable[Doubles] = (),
) -> Arrangement:
    """Look for the best arrangement.

    Parameters
    ----------
    quantity
        What is to be as large as possible.
    container
        Where the points may be.
    dimension, count
        D and n; n at least 2.
    effort
        How hard to search.
    seed
        For `numpy.random.default_rng`.
    known
        Arrangements that are looked at besides, shape (n, D) each, for example the optima of
        related problems.

    Returns
    -------
    Arrangement
        The best one that was found.
    """
    bound = upper_bound(quantity, container, dimension, count)
    best = assess(quantity, np.zeros((count, dimension)) + container.project(np.ones(dimension)))
    for points in _perfect(container, dimension, count):
        best = _better(best, polish(quantity, container, assess(quantity, points)))
    if is_certain(best.value, bound):
        return best
    rng = np.random.default_rng(seed)
    candidates = climb(quantity, container, (effort.starts, count, dimension), effort.steps, rng)
    for start in _different(candidates, effort.polished):
        weight = None if candidates.weight is None else candidates.weight[start]
        bias = np.zeros(count) if candidates.bias is None else candidates.bias[start]
        head = None if weight is None or quantity.kind is None else Head(weight, bias)
        climbed = assess(quantity, candidates.points[start], head)
        best = _better(best, polish(quantity, container, climbed))
        if is_certain(best.value, bound):
            return best
    for points in known:
        related = assess(quantity, container.project(points))
        if related.value > NEAR * best.value:
            best = _better(best, polish(quantity, container, related))
    return best


def is_certain(value: float, bound: float) -> bool:
    """Whether a value is as large as it can be."""
    return value >= bound * (1 - CERTAIN)


def _better(first: Arrangement, second: Arrangement) -> Arrangement:
    return second if second.value > first.value else first


def _different(candidates: Candidates, most: int) -> list[int]:
    """Indices of the best starts, such of different values first."""
    order = np.argsort(-candidates.smallest, kind="stable")
    values = candidates.smallest[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = values[:-1] - values[1:] > SAME * abs(values[0])
    chosen = [*order[fresh], *order[~fresh]][:most]
    return [int(index) for index in chosen]


def _perfect(container: Container, dimension: int, count: int) -> list[Doubles]:
    """Arrangements of great symmetry, where the container holds them.

    In a ball the regular simplex, or else the cross-polytope; in an orthant the axes; in a box
    corners that make a good binary code, which random starts hardly ever find.
    """
    if container.shape == "box":
        return _code(container, dimension, count)
    if container.shape == "orthant":
        return [np.eye(dimension)[:count]] if count <= dimension else []
    if count <= dimension + 1:
        centred = np.eye(count) - 1 / count
        axes = np.linalg.svd(centred)[2][: count - 1]
        corners = np.zeros((count, dimension))
        corners[:, : count - 1] = centred @ axes.T
        return [corners / np.sqrt((corners**2).sum(axis=1, keepdims=True))]
    crossed = np.vstack([np.eye(dimension), -np.eye(dimension)])
    return [crossed[:count]] if count <= 2 * dimension else []


def _code(container: Container, dimension: int, count: int) -> list[Doubles]:
    """Corners of a box whose smallest distance is large: a lexicographic code.

    Words are taken in order, each that is far enough from all before (Conway and Sloane 1986,
    IEEE Trans. Inform. Theory 32:337), for the largest distance that gives enough of them.
    """
    if dimension > MOST_CODE_DIMENSIONS:
        return []
    words = (np.arange(2**dimension)[:, None] >> np.arange(dimension)) & 1
    for distance in range(dimension, 0, -1):
        left, chosen = words, list[NDArray[np.int64]]()
        while len(left) and len(chosen) < count:
            chosen.append(left[0])
            left = left[(left != left[0]).sum(axis=1) >= distance]
        if len(chosen) == count:
            corners = np.array(chosen, dtype=np.float64)
            return [container.lower + (container.upper - container.lower) * corners]
    return []
