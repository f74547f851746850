"""Packing and neural collapse along a whole trajectory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.packing.class_angles import Angles, measure_angles
from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.collapse import Collapse, measure_collapse
from spiralcore.analysis.packing.configuration import Packing
from spiralcore.analysis.packing.separation import (
    Separation,
    best_separation,
    measure_evenness,
    measure_means,
    measure_points,
)
from spiralcore.trajectory import Trajectory

Doubles = NDArray[np.float64]

SAMPLED = 400
"""Kept epochs at which points are measured. Distances between the hulls of 1,400 points take
milliseconds, those between class means microseconds."""


@dataclass(frozen=True, eq=False)
class Measurements:
    """What is measured at each kept epoch. T kept epochs, S of them with points measured.

    Attributes
    ----------
    epochs
        Shape (T,).
    means
        Of the class means, arrays of the shape (T,).
    best
        What the space allows, one number each.
    angles
        Arrays of the shape (T,), ``parked`` (T, K).
    evenness
        Shape (T,).
    collapse
        Arrays of the shape (T,).
    sampled
        Indices of the kept epochs at which the points are measured, shape (S,), increasing; the
        first and the last epoch are among them.
    points
        Of the points, arrays of the shape (S,).
    """

    epochs: NDArray[np.int64]
    means: Separation
    best: Separation
    angles: Angles
    evenness: Doubles
    collapse: Collapse
    sampled: NDArray[np.int64]
    points: Separation

    @property
    def parts(self) -> Separation:
        """Numbers of the class means as parts of the optimum, shape (T,); 1 is optimal."""
        return self.means.part_of(self.best)

    @property
    def point_parts(self) -> Separation:
        """Numbers of the points as parts of the optimum, shape (S,)."""
        return self.points.part_of(self.best)

    def packing(self) -> Packing:
        """The packing at the last epoch."""
        means = Separation(*(float(values[-1]) for values in self.means))
        points = Separation(*(float(values[-1]) for values in self.points))
        return Packing(means, points, self.best, self.angles.at(-1), float(self.evenness[-1]))

    def columns(self) -> dict[str, Doubles]:
        """All numbers by name, shape (T,); those of points are nan where they are not measured."""
        table: dict[str, Doubles] = {"epoch": self.epochs.astype(np.float64)}
        table |= self.means._asdict()
        table |= {f"{key}_part": values for key, values in self.parts._asdict().items()}
        for suffix, source in (("", self.points), ("_part", self.point_parts)):
            for key, values in source._asdict().items():
                column = np.full(len(self.epochs), np.nan)
                column[self.sampled] = values
                table[f"points_{key}{suffix}"] = column
        table |= {
            "angle": self.angles.smallest,
            "angle_part": self.angles.part,
            "parked": self.angles.parked.sum(axis=1).astype(np.float64),
            "evenness": self.evenness,
        }
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
        means=measure_means(layer, space),
        best=best_separation(space, layer.dimension, layer.classes),
        angles=measure_angles(layer.means, space),
        evenness=measure_evenness(layer),
        collapse=measure_collapse(layer),
        sampled=chosen,
        points=measure_points(layer.at(chosen)),
    )
