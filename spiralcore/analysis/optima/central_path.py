"""Another way up for distances in a box: along the middle of what is feasible.

Some hills are crowned by a ridge along which the smallest distance hardly rises. Twelve points in
the cube, for example, have room to move where their distance is 0.70710678 of its side, and only
far along that room it becomes 0.70710681 (Gensane 2004). Sequential quadratic programming meets
the ridge at its edge, where no direction leads up. An interior-point method (Fiacco and McCormick
1968) keeps away from all borders for as long as it can, and so meets it in its middle.

For squared distances d and points x it looks for the top of
``t + mu * (sum(log(d - t)) + sum(log(upper - x)) + sum(log(x - lower)))`` by Newton's method, for
one mu after the other down to almost nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.containers import Container

Doubles = NDArray[np.float64]

FIRST_WEIGHT, LAST_WEIGHT, FACTOR = 1e-2, 1e-13, 0.8
"""Of the logarithms, mu: first, last, and from one to the next. With 0.2 or 0.5 some machines
leave the path before the end of the ridge."""

INSIDE = 0.999
"""Part of the box in which the points begin."""

BELOW = 0.1
"""How far t begins below the smallest squared distance, in units of half the side, squared."""

STEPS = 30
"""Of Newton's method for one weight at most."""

CLOSE = 1e-9
"""Gain of a step, in units of the weight, at which the top is reached."""

FLATTEST = 1e-14
"""Least curvature; what is flatter or bends upwards is taken as that of a hill."""

SUFFICIENT, SHORTEST = 1e-4, 1e-10
"""The part of the gain promised by the slope that a step has to bring (Armijo 1966), and the part
of a step below which none is tried."""


def follow(container: Container, points: Doubles) -> Doubles:
    """Follow the path to its end.

    Parameters
    ----------
    container
        A box.
    points
        Where it begins, shape (n, D).

    Returns
    -------
    Doubles
        Points inside the box, shape (n, D), close to a local optimum of the smallest distance.
    """
    middle, half = (
        0.5 * (container.lower + container.upper),
        0.5 * (container.upper - container.lower),
    )
    path = _Path(*points.shape)
    x = np.clip((points - middle) / half, -INSIDE, INSIDE).ravel()
    found = np.append(x, path.squares(x).min() - BELOW)
    weight = FIRST_WEIGHT
    while weight > LAST_WEIGHT:
        found = path.top(found, weight)
        weight *= FACTOR
    return np.asarray(middle + half * found[:-1].reshape(points.shape))


class _Slopes(NamedTuple):
    """First and second derivatives, shapes (V,) and (V, V)."""

    first: Doubles
    second: Doubles


class _Path:
    """The function whose tops the path joins, of n points in [-1, 1]^D and t in one vector."""

    def __init__(self, count: int, dimension: int) -> None:
        self.shape = count, dimension
        self.one, self.other = np.triu_indices(count, 1)

    def squares(self, x: Doubles) -> Doubles:
        """Squared distances of all pairs."""
        points = x.reshape(self.shape)
        return np.asarray(((points[self.one] - points[self.other]) ** 2).sum(axis=1))

    def value(self, found: Doubles, weight: float) -> float:
        """The function; minus infinity where something is not feasible."""
        x, t = found[:-1], found[-1]
        room = np.concatenate([self.squares(x) - t, 1 - x, 1 + x])
        return float(t + weight * np.log(room).sum()) if room.min() > 0 else -np.inf

    def slopes(self, found: Doubles, weight: float) -> _Slopes:
        """Its derivatives."""
        x, t = found[:-1], found[-1]
        (count, dimension), size = self.shape, len(found)
        points = x.reshape(self.shape)
        between, rows = points[self.one] - points[self.other], np.arange(len(self.one))
        jacobian = np.zeros((len(rows), count, dimension))
        jacobian[rows, self.one], jacobian[rows, self.other] = 2 * between, -2 * between
        by_all = np.column_stack([jacobian.reshape(len(rows), -1), -np.ones(len(rows))])
        room = (between * between).sum(axis=1) - t
        pull = weight / room
        first = pull @ by_all
        first[-1] += 1
        first[:-1] += weight / (1 + x) - weight / (1 - x)
        second = -(by_all.T * (weight / room**2)) @ by_all
        own = np.arange(size - 1)
        second[own, own] -= weight / (1 - x) ** 2 + weight / (1 + x) ** 2
        pulls = np.zeros((count, count))
        pulls[self.one, self.other] = pulls[self.other, self.one] = pull
        laplacian = np.diag(pulls.sum(axis=1)) - pulls
        second[:-1, :-1] += 2 * np.kron(laplacian, np.eye(dimension))
        return _Slopes(first, second)

    def top(self, found: Doubles, weight: float) -> Doubles:
        """Its top for a weight, from close by."""
        for _ in range(STEPS):
            first, second = self.slopes(found, weight)
            bends, ways = np.linalg.eigh(second)
            step = ways @ ((ways.T @ first) / np.maximum(np.abs(bends), FLATTEST))
            promised, before = float(first @ step), self.value(found, weight)
            if promised < CLOSE * weight:
                break
            part = 1.0
            while self.value(found + part * step, weight) < before + SUFFICIENT * part * promised:
                part /= 2
                if part < SHORTEST:
                    return found
            found = found + part * step
        return found
