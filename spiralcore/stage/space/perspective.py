"""A pinhole camera that looks at the origin: where points of space fall on a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Doubles = NDArray[np.float64]


class Sight(NamedTuple):
    """How points of space are seen.

    Attributes
    ----------
    places
        Places in the picture, to the right and upwards of the origin's, shape (N, 2). At the
        depth of the origin a unit is a unit.
    nearness
        How much larger things are there than at the origin, shape (N,): more than 1 before it,
        less behind it.
    """

    places: Doubles
    nearness: Doubles


@dataclass(frozen=True)
class Perspective:
    """A camera around the origin; the third axis of space points up in its picture.

    Attributes
    ----------
    azimuth
        Direction of the eye around the third axis in radians: 0 is on the side of the first
        axis, a quarter turn on that of the second.
    elevation
        Height of the eye above the plane of the first two axes, in radians.
    distance
        Of the eye from the origin.
    """

    azimuth: float
    elevation: float = math.radians(20)
    distance: float = 5.0

    @cached_property
    def axes(self) -> Doubles:
        """Unit vectors to the right, upwards and towards the eye, shape (3, 3), one a row."""
        cos, sin = math.cos(self.azimuth), math.sin(self.azimuth)
        level, rise = math.cos(self.elevation), math.sin(self.elevation)
        return np.array(
            [[-sin, cos, 0.0], [-rise * cos, -rise * sin, level], [level * cos, level * sin, rise]]
        )

    @property
    def eye(self) -> Doubles:
        """Where the eye is, shape (3,)."""
        return np.asarray(self.distance * self.axes[2])

    def project(self, points: ArrayLike) -> Sight:
        """See points of space, shape (N, 3); all of them have to be before the eye."""
        right, up, towards = (np.asarray(points, np.float64) @ self.axes.T).T
        nearness = self.distance / (self.distance - towards)
        return Sight(np.column_stack((right * nearness, up * nearness)), nearness)

    @property
    def horizon(self) -> float:
        """Radius of the picture of the unit sphere: a circle around the picture of the origin."""
        return self.distance / math.sqrt(self.distance**2 - 1)

    @property
    def nearness_of_outline(self) -> float:
        """How much larger than at the origin things are on the outline of the unit sphere."""
        return self.distance / (self.distance - 1 / self.distance)

    def towards_eye(self, nearness: Doubles) -> Doubles:
        """How far towards the eye from the origin things are that are so much larger."""
        return np.asarray(self.distance - self.distance / nearness)
