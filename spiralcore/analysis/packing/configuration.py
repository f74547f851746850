"""How well one configuration is packed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spiralcore.analysis.packing.class_angles import Angles
from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.readings import (
    PACKING,
    SEPARATIONS,
    SHAPES,
    Readings,
    best_of,
    classes_of,
    of_means,
    of_points,
)
from spiralcore.registry.spaces import Space

__all__ = ["Measured", "Packing", "measure_packing"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Measured:
    """What was measured: numbers of one configuration, or arrays with one for each of T epochs.

    Attributes
    ----------
    own
        All metrics, of the class means, in the units of the space.
    points
        Those that points have, too.
    best
        The optimum for as many points as classes; nan where it is unknown.
    classes
        Which classes count, by the names of the metrics that are numbers of classes, shape
        (..., K).
    """

    own: Readings
    points: Readings
    best: Readings
    classes: Mapping[str, NDArray[np.bool_]]

    @property
    def means(self) -> Readings:
        """Those numbers of the class means that points have, too."""
        return self.own.of(SEPARATIONS)

    @property
    def parts(self) -> Readings:
        """The same as parts of the optimum; 1 is optimal."""
        return self.means.parts_of(self.best)

    @property
    def point_parts(self) -> Readings:
        """Numbers of the points as parts of the optimum.

        1 is optimal, with all points of a class at one place.
        """
        return self.points.parts_of(self.best)

    @property
    def angles(self) -> Angles:
        """Directions of the class means in an unbounded space."""
        return Angles(self.own.angle, self.best.angle, self.classes["parked"])

    @property
    def evenness(self) -> Any:
        """Smallest over largest distance between class means."""
        return self.own.evenness


@dataclass(frozen=True, eq=False, kw_only=True)
class Packing(Measured):
    """How well one configuration is packed: numbers, and classes of the shape (K,)."""

    def row(self) -> dict[str, float]:
        """All numbers by name, for tables."""
        parts, point_parts = self.own.parts_of(self.best), self.point_parts
        with_best = [entry for entry in SEPARATIONS if entry.has_part]
        row = {entry.name: self.own[entry.name] for entry in SEPARATIONS}
        row |= {entry.best_name: self.best[entry.name] for entry in with_best}
        row |= {entry.points_name: self.points[entry.name] for entry in SEPARATIONS}
        row |= {entry.part_name: parts[entry.name] for entry in with_best}
        row |= {entry.points_part_name: point_parts[entry.name] for entry in with_best}
        for entry in SHAPES:
            row[entry.name] = self.own[entry.name]
            if entry.has_part:
                row[entry.best_name] = self.best[entry.name]
                row[entry.part_name] = parts[entry.name]
        return {key: float(value) for key, value in row.items()}


def measure_packing(
    points: ArrayLike, labels: ArrayLike, weight: ArrayLike, bias: ArrayLike, space: Space
) -> Packing:
    """Measure one configuration.

    Parameters
    ----------
    points
        Shape (N, D). To measure class means alone, give them as points.
    labels
        Shape (N,).
    weight, bias
        The read-out, shapes (K, D) and (K,).
    space
        Where the points may be.

    Raises
    ------
    UsageError
        If shapes do not fit, or fewer than two classes have points.
    """
    layer = Layer.of_arrays(
        np.asarray(points)[None], labels, np.asarray(weight)[None], np.asarray(bias)[None]
    )
    return Packing(
        own=of_means(layer, space, PACKING).at(0),
        points=of_points(layer).at(0),
        best=best_of(layer, space).at(0),
        classes={name: which[0] for name, which in classes_of(layer, space).items()},
    )
