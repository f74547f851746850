"""A plane with coordinates, laid into a box of the frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spiralcore.activations import Space
from spiralcore.stage.layout import Box, scene_point


class Plane:
    """Maps the coordinates of a plane to the scene.

    Parameters
    ----------
    box
        Where it is in the frame.
    limits
        Lower and upper limit of both axes; may be set anew at any time.
    space
        The part that can be reached; everything where it is None.
    """

    def __init__(self, box: Box, limits: tuple[float, float], space: Space | None = None) -> None:
        self.box = box
        self.limits = limits
        self.space = space

    @property
    def inside(self) -> tuple[float, float]:
        """The limits, cut to what the space allows."""
        lower, upper = self.limits
        if self.space is not None:
            lower = max(lower, self.space.lower)
            upper = upper if self.space.upper is None else min(upper, self.space.upper)
        return lower, upper

    def to_design(self, points: ArrayLike) -> NDArray[np.float64]:
        """Design pixels of points of the plane, shape (N, 2)."""
        lower, upper = self.limits
        share = (np.asarray(points, dtype=np.float64) - lower) / (upper - lower)
        return np.column_stack(
            (
                self.box.left + share[:, 0] * self.box.width,
                self.box.bottom - share[:, 1] * self.box.height,
            )
        )

    def to_scene(self, points: ArrayLike) -> NDArray[np.float64]:
        """Scene coordinates of points of the plane: shape (N, 2) gives (N, 3)."""
        design = self.to_design(points)
        origin, corner = scene_point(0, 0), scene_point(1, 1)
        scene = origin + np.column_stack((design, np.zeros(len(design)))) * (corner - origin)
        return np.asarray(scene)
