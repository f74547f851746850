"""Directions of the classes of a trajectory, in a form that can be compared with another's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore import Trajectory
from spiralcore.analysis.network.class_directions import ClassDirections, class_directions
from spiralcore.analysis.network.vector_field import field_directions
from spiralcore.trajectory.trouble import earlier_attempts, trouble

Doubles = NDArray[np.float64]


class Measured(NamedTuple):
    """What one trajectory says.

    Attributes
    ----------
    plane, points
        The directions of the classes over the input plane and over the points.
    cross_entropy, accuracy
        At the end.
    attempts
        How many it took.
    trouble
        What is wrong with it; empty where nothing is.
    """

    plane: Sorted
    points: Sorted
    cross_entropy: float
    accuracy: float
    attempts: int
    trouble: str

    @classmethod
    def of(cls, run: Trajectory) -> Measured:
        """Measure the end of a run."""
        points = class_directions(run.hidden[-1], run.labels, run.classes)
        return cls(
            Sorted.of(field_directions(run).directions), Sorted.of(points),
            float(run.cross_entropy[-1]), float(run.accuracy[-1]), len(earlier_attempts(run)) + 1,
            trouble(run),
        )  # fmt: skip


class Sorted(NamedTuple):
    """Directions ordered by mean; classes without any are left out.

    Attributes
    ----------
    means, deviations
        In degrees.
    undirected
        The share of vectors that are zero.
    """

    means: Doubles
    deviations: Doubles
    undirected: float

    @classmethod
    def of(cls, found: ClassDirections) -> Sorted:
        """Sort what was found."""
        known = [k for k in found.by_mean() if np.isfinite(found.mean[k])]
        lost, rest = int(found.undirected.sum()), int(found.points.sum())
        return cls(found.mean[known], found.deviation[known], lost / (lost + rest))

    def beside(self, published: Doubles | None) -> Sorted:
        """In the quadrant: the one of the two mirror images that is closer to other means.

        Parameters
        ----------
        published
            Shape (K,), ordered; where None, the image that begins closer to its axis is taken.
        """
        other = self._replace(means=90 - self.means[::-1], deviations=self.deviations[::-1])
        if published is None or len(published) != len(self.means):
            return min(self, other, key=lambda image: image.means[0] if len(image.means) else 0.0)
        return min(self, other, key=lambda image: float(np.abs(image.means - published).sum()))


def gaps_around(means: Sequence[float] | Doubles) -> Doubles:
    """Gaps between neighbours on the whole circle, sorted by size; they add up to 360."""
    values = np.sort(np.asarray(means, dtype=np.float64) % 360)
    if len(values) == 0:
        return values
    return np.sort(np.diff(np.append(values, values[0] + 360)))
