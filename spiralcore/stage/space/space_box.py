"""A space of three coordinates, laid into a box of the frame."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spiralcore.registry.spaces import Space
from spiralcore.stage.layout.box import UNIT, Box, scene_point
from spiralcore.stage.space.perspective import Perspective, Sight

Doubles = NDArray[np.float64]

CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float64)
"""Corners of the cube that every room fills, shape (8, 3)."""

FLOOR_OF_ROUND = -1.15
"""Height of the floor below a ball of radius 1."""


class SpaceBox:
    """Maps the coordinates of a space to the frame, by way of a cube that is seen in perspective.

    Parameters
    ----------
    box
        Where it is in the frame.
    limits
        Lower and upper limit of all axes: the faces of the cube. May be set anew at any time.
    space
        The part that can be reached.
    azimuths
        All directions from which it will be looked at, in radians: it is made as large as the
        box allows for any of them. The first one is taken.
    margin
        Free design pixels on each side.
    """

    def __init__(
        self,
        box: Box,
        limits: tuple[float, float],
        space: Space,
        azimuths: Sequence[float],
        margin: float = 30.0,
    ) -> None:
        self.box = box
        self.limits = limits
        self.space = space
        self.perspective = Perspective(azimuths[0])
        lowest, highest = self._extent(azimuths)
        width, height = highest - lowest
        self.scale = min((box.width - 2 * margin) / width, (box.height - 2 * margin) / height)
        middle = (lowest + highest) / 2
        self.centre = (
            box.left + box.width / 2 - self.scale * float(middle[0]),
            box.top + box.height / 2 + self.scale * float(middle[1]),
        )

    def _extent(self, azimuths: Sequence[float]) -> tuple[Doubles, Doubles]:
        """Lower left and upper right corner of what is ever seen of it, in units of the cube."""
        seen = []
        for azimuth in azimuths:
            perspective = dataclasses.replace(self.perspective, azimuth=azimuth)
            if self.space.is_round:
                radius = perspective.horizon
                seen.append(np.array([[-radius, -radius], [radius, radius]]))
                seen.append(perspective.project(self.floor_outline()).places)
            else:
                seen.append(perspective.project(CORNERS).places)
        places = np.concatenate(seen)
        return places.min(axis=0), places.max(axis=0)

    @property
    def floor(self) -> float:
        """Height of the floor, in units of the cube."""
        return FLOOR_OF_ROUND if self.space.is_round else -1.0

    @property
    def reach(self) -> float:
        """Largest distance of a point from the centre, in units of the cube."""
        return 1.0 if self.space.is_round else math.sqrt(3)

    @property
    def nearness_ends(self) -> tuple[float, float]:
        """How much smaller and larger than at the centre things can be."""
        distance = self.perspective.distance
        return distance / (distance + self.reach), distance / (distance - self.reach)

    def floor_outline(self) -> Doubles:
        """The border of the floor in units of the cube, shape (M, 3), anticlockwise from above."""
        if not self.space.is_round:
            return np.array([[-1, -1, -1], [1, -1, -1], [1, 1, -1], [-1, 1, -1]], np.float64)
        angle = np.linspace(0, 2 * math.pi, 96, endpoint=False)
        return np.column_stack((np.cos(angle), np.sin(angle), np.full(96, self.floor)))

    def look_from(self, azimuth: float) -> None:
        """Turn the eye around the third axis."""
        self.perspective = dataclasses.replace(self.perspective, azimuth=azimuth)

    def to_cube(self, points: ArrayLike) -> Doubles:
        """Coordinates between -1 and 1 of points of the space, shape (N, 3)."""
        lower, upper = self.limits
        middle, half = (lower + upper) / 2, (upper - lower) / 2
        return (np.asarray(points, np.float64) - middle) / half

    def readout_in_cube(
        self, weight: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> tuple[Doubles, Doubles]:
        """A linear read-out as a function of the coordinates of the cube: weight (K, 3), bias."""
        lower, upper = self.limits
        slopes = np.asarray(weight, np.float64)
        return slopes * (upper - lower) / 2, slopes.sum(axis=1) * (lower + upper) / 2 + bias

    def see(self, points: ArrayLike) -> Sight:
        """Design pixels of points of the cube, shape (N, 3)."""
        sight = self.perspective.project(points)
        x, y = self.centre
        places = sight.places * (self.scale, -self.scale) + (x, y)
        return Sight(places, sight.nearness)

    def to_scene(self, places: Doubles) -> Doubles:
        """Scene coordinates of design pixels: shape (N, 2) gives (N, 3)."""
        scene = np.zeros((len(places), 3))
        scene[:, :2] = scene_point(0, 0)[:2] + places * (UNIT, -UNIT)
        return scene

    def faces_seen_from_within(self) -> list[tuple[int, int]]:
        """Faces of the cube that are behind all that is in it.

        Returns
        -------
        list
            The axis that is normal to the face, and the side on which it lies: -1 or 1.
        """
        eye = self.perspective.eye
        return [(a, s) for a in range(3) for s in (-1, 1) if s * eye[a] < 1]
