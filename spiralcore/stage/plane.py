"""A plane with coordinates, laid into a box of the frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spiralcore.activations import Space
from spiralcore.stage.layout import Box


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
        values = np.asarray(points, dtype=np.float64)
        lower, upper = self.limits
        (left, top), (right, bottom) = self.box.corners()[:, :2]
        scene = np.zeros((len(values), 3))
        np.multiply(values[:, 0] - lower, (right - left) / (upper - lower), out=scene[:, 0])
        np.multiply(values[:, 1] - lower, (top - bottom) / (upper - lower), out=scene[:, 1])
        scene[:, 0] += left
        scene[:, 1] += bottom
        return scene
