"""A plane with coordinates, laid into a box of the frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spiralcore.spaces import Space
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
        corners: list[list[float]] = box.corners().tolist()
        (self._left, self._top, _), (self._right, self._bottom, _) = corners

    @property
    def inside(self) -> tuple[float, float]:
        """The limits, cut to what the space allows."""
        lower, upper = self.limits
        if self.space is not None:
            lower = lower if self.space.lower is None else max(lower, self.space.lower)
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
        scale_x = (self._right - self._left) / (upper - lower)
        scale_y = (self._top - self._bottom) / (upper - lower)
        scene = np.empty((len(values), 3))
        scene[:, 0] = values[:, 0] * scale_x + (self._left - lower * scale_x)
        scene[:, 1] = values[:, 1] * scale_y + (self._bottom - lower * scale_y)
        scene[:, 2] = 0
        return scene

    def corners(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Scene coordinates of the upper left and the lower right corner of `inside`."""
        lower, upper = self.inside
        return (self.x(lower), self.y(upper)), (self.x(upper), self.y(lower))

    def circle(self) -> tuple[tuple[float, float], float]:
        """Centre and radius of the unit circle, in scene coordinates."""
        return (self.x(0.0), self.y(0.0)), self.x(1.0) - self.x(0.0)

    def x(self, value: float) -> float:
        """Scene coordinate of a value on the horizontal axis."""
        lower, upper = self.limits
        return self._left + (value - lower) / (upper - lower) * (self._right - self._left)

    def y(self, value: float) -> float:
        """Scene coordinate of a value on the vertical axis."""
        lower, upper = self.limits
        return self._bottom + (value - lower) / (upper - lower) * (self._top - self._bottom)
