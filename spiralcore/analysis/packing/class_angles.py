"""Directions of class means in a space without a border."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.containers import directions_of
from spiralcore.analysis.optima.table import largest_angle
from spiralcore.registry.spaces import Space

Doubles = NDArray[np.float64]

PARKED = 0.05
"""A class is parked at the corner if its mean is closer to it than this part of the farthest
mean's distance."""


class Angles(NamedTuple):
    """Directions of class means, seen from the corner of an unbounded space.

    One number each, or one for each epoch; nan in a bounded space.

    Attributes
    ----------
    smallest
        The smallest angle between the directions of two classes, in degrees. Classes that are
        parked have none; nan if fewer than two are left.
    best
        The largest that this could be for as many directions.
    parked
        Whether each class that has points is parked at the corner, shape (..., K). The place is
        as good as a direction, but for one class only.
    """

    smallest: Any
    best: Any
    parked: NDArray[np.bool_]

    @property
    def part(self) -> Any:
        """The smallest angle as a part of the best; nan where that is 0 or unknown."""
        best = np.where(np.greater(self.best, 0.0), self.best, np.nan)
        return (self.smallest / best)[()]

    def at(self, epoch: int) -> Angles:
        """Those of one epoch."""
        return Angles(float(self.smallest[epoch]), float(self.best[epoch]), self.parked[epoch])


def measure_angles(means: Doubles, space: Space) -> Angles:
    """Directions at each epoch.

    Parameters
    ----------
    means
        Class means, shape (T, K, D).
    space
        Its corner, from which the classes are seen, is where all coordinates are at their bound;
        the origin where there is no bound.
    """
    count, classes, dimension = means.shape
    if space.bounded:
        unknown = np.full(count, np.nan)
        return Angles(unknown, unknown, np.zeros((count, classes), dtype=bool))
    bounds = [bound for bound in (space.lower, space.upper) if bound is not None]
    ways = means - (bounds[0] if bounds else 0.0)
    lengths = np.sqrt((ways * ways).sum(axis=2))
    parked = lengths <= PARKED * lengths.max(axis=1, keepdims=True)
    units = np.divide(ways, lengths[..., None], out=np.zeros_like(ways), where=~parked[..., None])
    between = units[:, :, None] - units[:, None]
    # From the chord, as the cosine says nothing about angles below a millionth.
    chords = np.sqrt((between * between).sum(axis=3))
    left_out = parked[:, :, None] | parked[:, None] | np.eye(classes, dtype=bool)
    chords[left_out] = np.inf
    shortest = chords.min(axis=(1, 2))
    directions = classes - parked.sum(axis=1)
    shortest[directions < 2] = np.nan
    smallest = np.degrees(2 * np.arcsin(np.minimum(shortest / 2, 1.0)))
    container = directions_of(space)
    known = {int(n): largest_angle(container, dimension, int(n)) for n in np.unique(directions)}
    return Angles(smallest, np.array([known[int(n)] for n in directions]), parked)
