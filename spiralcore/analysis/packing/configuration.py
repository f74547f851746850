"""How well one configuration is packed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from spiralcore.analysis.packing.class_angles import Angles, measure_angles
from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.separation import (
    Separation,
    best_separation,
    measure_evenness,
    measure_means,
    measure_points,
)
from spiralcore.registry.spaces import Space


class Packing(NamedTuple):
    """How well one configuration is packed.

    Attributes
    ----------
    means, points
        Of the class means and of the points, in the units of the space.
    best
        The optimum for as many points as classes; nan in an unbounded space.
    angles
        Directions of the class means in an unbounded space.
    evenness
        Smallest over largest distance between class means, in any space: 1 if all are equally
        far from each other, which needs K - 1 dimensions.
    """

    means: Separation
    points: Separation
    best: Separation
    angles: Angles
    evenness: float

    @property
    def parts(self) -> Separation:
        """Numbers of the class means as parts of the optimum; 1 is optimal."""
        return self.means.part_of(self.best)

    @property
    def point_parts(self) -> Separation:
        """Numbers of the points as parts of the optimum.

        1 is optimal, with all points of a class at one place.
        """
        return self.points.part_of(self.best)

    def row(self) -> dict[str, float]:
        """All numbers by name, for tables."""
        named = {
            "": self.means,
            "best_": self.best,
            "points_": self.points,
        }
        row = {prefix + key: v for prefix, s in named.items() for key, v in s._asdict().items()}
        row |= {f"{key}_part": value for key, value in self.parts._asdict().items()}
        row |= {f"points_{key}_part": value for key, value in self.point_parts._asdict().items()}
        row |= {
            "angle": self.angles.smallest,
            "best_angle": self.angles.best,
            "angle_part": self.angles.part,
            "parked": float(np.sum(self.angles.parked)),
            "evenness": self.evenness,
        }
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
    means = measure_means(layer, space)
    angles = measure_angles(layer.means, space)
    return Packing(
        Separation(*(float(value[0]) for value in means)),
        Separation(*(float(value[0]) for value in measure_points(layer))),
        best_separation(space, layer.dimension, layer.classes),
        angles.at(0),
        float(measure_evenness(layer)[0]),
    )
