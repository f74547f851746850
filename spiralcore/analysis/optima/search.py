"""The search for the best arrangement of n points in a container.

It goes in rounds. In each of them random starts are moved uphill together
(`spiralcore.analysis.optima.ascent`), and the best different ones are brought to the top of
their hills (`spiralcore.analysis.optima.polishing`). Rounds differ in how far the starts are
moved before: far up the smooth version, good hills are found often, but some of the best ones
never. In one round of three, starts for distances in a box also go up in the middle of their hills
(`spiralcore.analysis.optima.central_path`), as some tops lie at the end of a ridge. The search ends
when several random starts have reached the best value independently of each other, or when all
rounds are over.

What comes out is an arrangement that really has its value, so the value is a **lower bound** of
the optimum; it is the optimum itself where it reaches `upper_bound`. The same seed gives the same
arrangement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.arrangement import (
    Arrangement,
    Doubles,
    Quantity,
    assess,
    upper_bound,
)
from spiralcore.analysis.optima.ascent import Candidates, climb
from spiralcore.analysis.optima.central_path import follow
from spiralcore.analysis.optima.containers import Container
from spiralcore.analysis.optima.polishing import polish
from spiralcore.analysis.packing.margins import ScaledHead

CERTAIN = 1e-9
"""A value this close to its upper bound, as a part of it, is the optimum."""

MOST_CODE_DIMENSIONS = 10
"""A box has 2^D corners."""

NEAR = 0.95
"""Known arrangements are polished where they reach this part of the best value so far."""

SAME = 1e-4
"""Starts whose values differ by less than this part of the best one count as the same hill at
first; more of them are polished where there are not enough hills."""

REACHED = 1e-9
"""A polished start whose value is this close to the best one, as a part of it, has reached it."""

SHARES = (1.0, 0.3, 0.1)
"""Parts of the steps that the starts of one round after the other are moved by."""

MIDDLE = 1
"""Which of the rounds of different `SHARES` also goes up in the middle: not the first one, which is
all that a quick search has."""

JOLTS = (0.03, 0.3)
"""How far the points of a variation are moved, in radii of the container: least and most."""


class Effort(NamedTuple):
    """How hard to search.

    Attributes
    ----------
    starts, steps
        Random starts of a round, and steps uphill of each.
    polished
        Starts of a round that are polished.
    rounds
        Rounds at most. From the second one on, as many variations of the best arrangement are
        polished besides.
    enough
        So many random starts have to reach the best value before the search ends early. Rounds
        differ, so that more than a round polishes means that others are tried, too.
    """

    starts: int
    steps: int
    polished: int
    rounds: int = 1
    enough: int = 5


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
    rng = np.random.default_rng(seed)
    values: list[float] = []
    for number in range(effort.rounds):
        if is_certain(best.value, bound) or _reached(best, values) >= effort.enough:
            break
        for start in _starts(quantity, container, (count, dimension), effort, number, rng):
            polished = polish(quantity, container, start)
            if number % len(SHARES) == MIDDLE and _has_path(quantity, container):
                inner = assess(quantity, container.project(follow(container, start.points)))
                polished = _better(polished, polish(quantity, container, inner))
            values.append(polished.value)
            best = _better(best, polished)
            if is_certain(best.value, bound):
                break
        others = known if number == 0 else _variations(container, best.points, effort, rng)
        for points in others:
            other = assess(quantity, container.project(points))
            if number > 0 or NEAR * best.value < other.value < best.value * (1 - REACHED):
                other = polish(quantity, container, other)
            best = _better(best, other)
    return best


def is_certain(value: float, bound: float) -> bool:
    """Whether a value is as large as it can be."""
    return value >= bound * (1 - CERTAIN)


def _reached(best: Arrangement, values: Sequence[float]) -> int:
    """How many of the values are the best one."""
    return sum(value >= best.value * (1 - REACHED) for value in values)


def _has_path(quantity: Quantity, container: Container) -> bool:
    """Whether there is a way up in the middle."""
    return quantity is Quantity.DISTANCE and container.shape == "box"


def _better(first: Arrangement, second: Arrangement) -> Arrangement:
    return second if second.value > first.value else first


def _starts(
    quantity: Quantity,
    container: Container,
    shape: tuple[int, int],
    effort: Effort,
    number: int,
    rng: np.random.Generator,
) -> Iterator[Arrangement]:
    """Random starts of a round, those that are to be polished, the best ones first."""
    steps = round(effort.steps * SHARES[number % len(SHARES)])
    candidates = climb(quantity, container, (effort.starts, *shape), steps, rng)
    for start in _different(candidates, effort.polished):
        weight = None if candidates.weight is None else candidates.weight[start]
        bias = np.zeros(shape[0]) if candidates.bias is None else candidates.bias[start]
        head = None if weight is None or quantity.kind is None else ScaledHead(weight, bias)
        yield assess(quantity, candidates.points[start], head)


def _variations(
    container: Container, points: Doubles, effort: Effort, rng: np.random.Generator
) -> Iterator[Doubles]:
    """The best arrangement with one point elsewhere, or with all points moved a little."""
    least, most = np.log(JOLTS)
    for number in range(effort.polished):
        varied = points.copy()
        if number % 2:
            anywhere = container.scatter(rng, (2, 1, points.shape[1]))
            varied[rng.integers(len(points))] = anywhere[rng.integers(2), 0]
        else:
            length = np.exp(rng.uniform(least, most)) * container.radius(points.shape[1])
            varied += length * rng.normal(size=points.shape) / np.sqrt(points.shape[1])
        yield varied


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
