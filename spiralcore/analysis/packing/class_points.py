"""The points of a layer class by class, at one epoch or at many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spiralcore.analysis.packing.margins import ScaledHead
from spiralcore.errors import UsageError
from spiralcore.trajectory import Trajectory

Doubles = NDArray[np.float64]

AT_A_TIME = 2_000_000
"""Numbers that are worked on together; more would not fit into the processor's caches anyway."""


@dataclass(frozen=True, eq=False)
class Layer:
    """Points with classes, and the read-out above them. T epochs, N points, K classes.

    Classes that no point belongs to are left out, of the read-out too.

    Attributes
    ----------
    points
        Sorted by class, shape (T, N, D).
    starts
        Index of the first point of each class, shape (K,).
    head
        Shapes (T, K, D) and (T, K); nan where it was not recorded.
    """

    points: NDArray[Any]
    starts: NDArray[np.int64]
    head: ScaledHead

    @classmethod
    def of_arrays(
        cls, points: ArrayLike, labels: ArrayLike, weight: ArrayLike, bias: ArrayLike
    ) -> Layer:
        """Sort points by class.

        Parameters
        ----------
        points
            Shape (T, N, D).
        labels
            Shape (N,), classes 0 to K - 1.
        weight, bias
            The read-out, shapes (T, K, D) and (T, K).

        Raises
        ------
        UsageError
            If the shapes do not fit, or fewer than two classes have points.
        """
        hidden, kinds = np.asarray(points), np.asarray(labels)
        weights, biases = np.asarray(weight, np.float64), np.asarray(bias, np.float64)
        count, classes = hidden.shape[0], weights.shape[1:2]
        wanted = (kinds.shape, weights.shape, biases.shape)
        fitting = (hidden.shape[1:2], (count, *classes, *hidden.shape[2:]), (count, *classes))
        if hidden.ndim != 3 or wanted != fitting or not _are_classes(kinds, classes[0]):
            raise UsageError(
                f"Points of the shape {hidden.shape} do not fit labels, weight and bias of the "
                f"shapes {kinds.shape}, {weights.shape} and {biases.shape}.",
                "the shapes (T, N, D), (N,), (T, K, D) and (T, K), and labels from 0 to K - 1.",
            )
        present, sizes = np.unique(kinds, return_counts=True)
        if len(present) < 2:
            raise UsageError("All points are of one class.", "points of two classes or more.")
        order = np.argsort(kinds, kind="stable")
        if (kinds[1:] < kinds[:-1]).any():
            hidden = hidden[:, order]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        return cls(hidden, starts, ScaledHead(weights[:, present], biases[:, present]))

    @classmethod
    def of_trajectory(cls, trajectory: Trajectory, kept: slice = slice(None)) -> Layer:
        """The drawn layer at some of the kept epochs.

        Raises
        ------
        UsageError
            If fewer than two classes have points.
        """
        return cls.of_arrays(
            trajectory.hidden[kept],
            trajectory.labels,
            trajectory.readout_weight[kept],
            trajectory.readout_bias[kept],
        )

    def at(self, epochs: NDArray[np.int64] | slice) -> Layer:
        """The same at some of its epochs."""
        head = ScaledHead(self.head.weight[epochs], self.head.bias[epochs])
        return Layer(self.points[epochs], self.starts, head)

    @property
    def classes(self) -> int:
        """Number of classes K that have points."""
        return len(self.starts)

    @property
    def dimension(self) -> int:
        """Number of units D."""
        return int(self.points.shape[2])

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Number of points of each class, shape (K,)."""
        return np.diff(np.append(self.starts, self.points.shape[1]))

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """Class of each point among those that have points, shape (N,)."""
        return np.repeat(np.arange(self.classes), self.sizes)

    @cached_property
    def means(self) -> Doubles:
        """Mean of the points of each class, shape (T, K, D)."""
        sums = [np.add.reduceat(part, self.starts, axis=1) for _, part in self.parts()]
        return np.concatenate(sums) / self.sizes[:, None]

    def parts(self) -> Iterator[tuple[slice, Doubles]]:
        """Some epochs after the other: which, and their points in double precision."""
        count, points, dimension = self.points.shape
        step = max(1, AT_A_TIME // (points * max(dimension, self.classes)))
        for begin in range(0, count, step):
            epochs = slice(begin, begin + step)
            yield epochs, self.points[epochs].astype(np.float64)


def _are_classes(labels: NDArray[Any], classes: int) -> bool:
    if labels.dtype.kind not in "iu" or labels.size == 0:
        return False
    return bool(labels.min() >= 0 and labels.max() < classes)
