"""Which mix of the networks of a file stands for the network of an epoch in between."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.trajectory.trajectory import Trajectory

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

PAIRS = 4
"""Known networks before an epoch, and as many after it, that may be mixed for it. With one pair
0.3 to 0.5 % of the plane is in another class than in the run (median) and up to 28 % (4 and 6
classes), with two up to 11 %."""

NARROW = 8
"""Units of the drawn layer up to which there are so many: the layers of a mix are in memory, all
over a plane. Of a wider one a single pair is mixed."""

VALUES = 2048
"""Coordinates of points, about, that a mix is fitted to."""

FEWEST = 20
"""Coordinates that it is fitted to at least; otherwise it goes by the epochs."""

RIDGE = 0.01
"""How much a mix is held to that by the epochs, as a part of the mean square movement."""

DIGITS = 3
"""Of a weight after the point: the last bits of a solver, which machines differ in, are no part."""


class Mix(NamedTuple):
    """Weights that sum to one.

    Attributes
    ----------
    indices
        Of the known networks, shape (M,).
    weights
        What they count, shape (M,); a little less than 0 and more than 1 may be among them.
    """

    indices: list[int]
    weights: Floats

    def of(self, values: list[Floats]) -> Floats:
        """The sum of M arrays of one shape by the weights."""
        total: Floats = values[0] * self.weights[0]
        for weight, value in zip(self.weights[1:], values[1:], strict=True):
            total += weight * value
        return total


class _Near(NamedTuple):
    """The known networks around an epoch, M of them.

    Attributes
    ----------
    place
        Which of them is the first after it.
    free
        Which values of the points count.
    before, after
        Those of the two next to it.
    fit
        What the others get, and these lose, by the distance of the points from the straight line
        between these two: shape (M, values).
    """

    place: int
    free: NDArray[np.bool_]
    before: Doubles
    after: Doubles
    fit: Doubles


class NetworkMix:
    """Mixes of known networks for the epochs between them.

    The points of a trajectory are known at every epoch, within its fidelity. So the weights are
    those with which the points of the known networks come nearest to the points of the epoch:
    least squares, with a ridge that pulls to the straight line between the two next to it (A. E.
    Hoerl and R. W. Kennard, Ridge Regression, Technometrics 12, 1970). A loss spike that is over
    before the next known network is followed by that, as its points are.

    Parameters
    ----------
    trajectory
        With the paths of the points.
    epochs
        At which networks are known, shape (S,), increasing, one at least.
    units
        Of the drawn layer.
    clipped
        Whether the layer is mixed before an activation that has kinks: then coordinates count
        that lie within the limits of its space only, where it leaves them as they are.
    """

    def __init__(
        self, trajectory: Trajectory, epochs: NDArray[np.integer], units: int, clipped: bool
    ) -> None:
        self._trajectory = trajectory
        self._epochs = np.asarray(epochs)
        self._pairs = PAIRS if units <= NARROW else 1
        self._clipped = clipped
        values = trajectory.points * trajectory.units
        stride = max(values // VALUES, 1)
        while math.gcd(stride, trajectory.units) > 1:  # or some unit would be left out
            stride += 1
        flat = trajectory.hidden.reshape(len(trajectory.epochs), -1)
        self._hidden = flat[:, ::stride]
        self._near: tuple[int, _Near] | None = None

    def at(self, epoch: float) -> Mix:
        """The mix for an epoch: of one network where it is known, or outside of what is."""
        after = int(np.searchsorted(self._epochs, epoch))
        if after == 0 or after == len(self._epochs):
            return _one(min(after, len(self._epochs) - 1))
        if self._epochs[after] == epoch:
            return _one(after)
        first, weights = self.between(after, np.array([epoch]))
        counting = np.flatnonzero(weights[0])
        return Mix((first + counting).tolist(), weights[0, counting])

    def between(self, after: int, epochs: NDArray[Any]) -> tuple[int, Floats]:
        """The mixes for epochs between two known networks that are next to each other.

        Parameters
        ----------
        after
            Index of the second one.
        epochs
            Shape (E,).

        Returns
        -------
        tuple
            Index of the first of M networks, and what each of them counts, shape (E, M).
        """
        start, end = self._epochs[after - 1], self._epochs[after]
        share = (np.asarray(epochs, dtype=np.float64) - start) / (end - start)
        near = self._around(after)
        sides = np.stack([1 - share, share], axis=1)
        even = sides @ np.stack([near.before, near.after])
        weights = (self._values(epochs)[:, near.free] - even) @ near.fit.T
        weights[:, near.place - 1 : near.place + 1] += sides
        return after - near.place, _rounded(weights)

    def _around(self, after: int) -> _Near:
        """The known networks around an epoch, by the index of the one after it."""
        if self._near is None or self._near[0] != after:
            first, last = max(after - self._pairs, 0), min(after + self._pairs, len(self._epochs))
            known = self._values(self._epochs[first:last]).T
            free = self._free(known)
            known, place = known[free], after - first
            fit = _fit(known)
            self._near = after, _Near(place, free, known[:, place - 1], known[:, place], fit)
        return self._near[1]

    def _free(self, known: Doubles) -> NDArray[np.bool_]:
        """Which values (V, M) lie within the limits of the space in all M networks, shape (V,)."""
        free = np.ones(len(known), dtype=np.bool_)
        space = self._trajectory.space
        if self._clipped and space.lower is not None:
            free &= known.min(axis=1) > space.lower
        if self._clipped and space.upper is not None:
            free &= known.max(axis=1) < space.upper
        return free

    def _values(self, epochs: NDArray[Any]) -> Doubles:
        """Those of the points at E epochs, shape (E, V)."""
        kept, last = self._trajectory.epochs, len(self._trajectory.epochs) - 1
        after = np.minimum(np.searchsorted(kept, epochs), last)
        before = np.maximum(after - 1, 0)
        span = kept[after] - kept[before]
        passed = np.where(span == 0, 1.0, (epochs - kept[before]) / np.maximum(span, 1))
        share = np.clip(passed, 0.0, 1.0).astype(np.float32)[:, None]
        values = self._hidden[before] * (1 - share) + self._hidden[after] * share
        return np.asarray(values, dtype=np.float64)


def _fit(known: Doubles) -> Doubles:
    """The matrix of the least squares, shape (M, V), for values (V, M) of M networks."""
    motion = known - known.mean(axis=1, keepdims=True)
    products = motion.T @ motion
    ridge = RIDGE * np.trace(products) / len(products)
    if len(known) < FEWEST or not ridge > 0:
        return np.zeros(motion.T.shape)
    products[np.diag_indices(len(products))] += ridge
    fit = np.linalg.solve(products, motion.T)
    return np.asarray(fit - fit.mean(axis=0))


def _one(index: int) -> Mix:
    return Mix([index], np.ones(1, dtype=np.float32))


def _rounded(weights: Doubles) -> Floats:
    """Weights (E, M) with few digits, and a sum of exactly one."""
    weights = weights.round(DIGITS)
    rows = np.arange(len(weights))
    weights[rows, weights.argmax(axis=1)] += 1 - weights.sum(axis=1)
    return np.where(np.abs(weights) > 0.1**DIGITS / 2, weights, 0).astype(np.float32)
