"""Packing and neural collapse along a whole trajectory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.configuration import Measured, Packing
from spiralcore.analysis.packing.metric import Metric
from spiralcore.analysis.packing.readings import (
    COLLAPSE,
    PACKING,
    SEPARATIONS,
    SHAPES,
    Readings,
    best_of,
    classes_of,
    of_means,
    of_points,
)
from spiralcore.trajectory import Trajectory

__all__ = ["Measurements", "measure"]

Doubles = NDArray[np.float64]

SAMPLED = 400
"""Kept epochs at which points are measured. Distances between the hulls of 1,400 points take
milliseconds, those between class means microseconds."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Measurements(Measured):
    """Packing and collapse along a trajectory. T kept epochs, S of them sampled, K classes.

    Its numbers are arrays of the shape (T,), those of points (S,), and those of classes (T, K).
    What the space allows is the same for all epochs, or an array, too.

    Attributes
    ----------
    epochs
        Shape (T,).
    sampled
        Indices of the kept epochs at which the points are measured, shape (S,), increasing; the
        first and the last epoch are among them.
    """

    epochs: NDArray[np.int64]
    sampled: NDArray[np.int64]

    @property
    def collapse(self) -> Readings:
        """How far the layer is from neural collapse, shape (T,); 0 is collapsed."""
        return self.own.of(COLLAPSE)

    def part(self, metric: Metric) -> Doubles:
        """A metric as a part of the best possible, shape (T,)."""
        return np.asarray(self.own.of([metric]).parts_of(self.best)[metric.name])

    def packing(self) -> Packing:
        """The packing at the last epoch."""
        return Packing(
            own=self.own.of(PACKING).at(-1),
            points=self.points.at(-1),
            best=self.best.at(-1),
            classes={name: which[-1] for name, which in self.classes.items()},
        )

    def columns(self) -> dict[str, Doubles]:
        """All numbers by name, shape (T,); those of points are nan where they are not measured."""
        parts, point_parts = self.own.parts_of(self.best), self.point_parts
        with_best = [entry for entry in SEPARATIONS if entry.has_part]
        table: dict[str, Doubles] = {"epoch": self.epochs.astype(np.float64)}
        table |= {entry.name: self.own[entry.name] for entry in SEPARATIONS}
        table |= {entry.part_name: parts[entry.name] for entry in with_best}
        of_points = {entry.points_name: self.points[entry.name] for entry in SEPARATIONS}
        of_points |= {entry.points_part_name: point_parts[entry.name] for entry in with_best}
        for name, values in of_points.items():
            table[name] = np.full(len(self.epochs), np.nan)
            table[name][self.sampled] = values
        for entry in SHAPES:
            table[entry.name] = self.own[entry.name]
            if entry.has_part:
                table[entry.part_name] = parts[entry.name]
        return table | self.collapse._asdict()


def measure(
    trajectory: Trajectory, sampled: int = SAMPLED, kept: slice = slice(None)
) -> Measurements:
    """Measure a trajectory at every kept epoch.

    Parameters
    ----------
    trajectory
        Its recipe names the activation, and with that the space.
    sampled
        At how many kept epochs, evenly spread over them, the points are measured. Nothing is
        interpolated, and no point is left out.
    kept
        Which of the kept epochs to measure; ``slice(-1, None)`` for the last one.

    Raises
    ------
    UsageError
        If fewer than two classes have points.
    """
    layer, space = Layer.of_trajectory(trajectory, kept), trajectory.space
    count = len(layer.points)
    chosen = np.unique(np.linspace(0, count - 1, min(sampled, count)).round().astype(np.int64))
    return Measurements(
        epochs=trajectory.epochs[kept],
        own=of_means(layer, space),
        best=best_of(layer, space),
        classes=classes_of(layer, space),
        sampled=chosen,
        points=of_points(layer.at(chosen)),
    )
