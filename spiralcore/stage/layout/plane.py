"""A plane with coordinates, laid into a box of the frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spiralcore.registry.spaces import Space
from spiralcore.stage.layout.box import Box
from spiralcore.trajectory.play.view import Frame


class Plane:
    """Maps the coordinates of a plane to the scene.

    Parameters
    ----------
    box
        Where it is in the frame.
    limits
        Lower and upper limit of the horizontal axis; may be set anew at any time.
    space
        The part that can be reached; everything where it is None.
    rise
        How much higher the limits of the vertical axis are; may be set anew at any time.
    """

    def __init__(
        self,
        box: Box,
        limits: tuple[float, float],
        space: Space | None = None,
        rise: float = 0.0,
    ) -> None:
        self.box = box
        self.limits = limits
        self.space = space
        self.rise = rise
        corners: list[list[float]] = box.corners().tolist()
        (self._left, self._top, _), (self._right, self._bottom, _) = corners

    def show(self, frame: Frame) -> None:
        """Set the limits of both axes."""
        self.limits, self.rise = frame

    @property
    def inside(self) -> tuple[float, float]:
        """The limits of the horizontal axis, cut to what the space allows."""
        return self._cut(*self.limits)

    @property
    def inside_upright(self) -> tuple[float, float]:
        """The limits of the vertical axis, cut to what the space allows."""
        lower, upper = self.limits
        return self._cut(lower + self.rise, upper + self.rise)

    def _cut(self, lower: float, upper: float) -> tuple[float, float]:
        if self.space is not None:
            lower = lower if self.space.lower is None else max(lower, self.space.lower)
            upper = upper if self.space.upper is None else min(upper, self.space.upper)
        return lower, upper

    def to_design(self, points: ArrayLike) -> NDArray[np.float64]:
        """Design pixels of points of the plane, shape (N, 2)."""
        lower, upper = self.limits
        places = np.asarray(points, dtype=np.float64) - (lower, lower + self.rise)
        share = places / (upper - lower)
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
        scene[:, 1] = values[:, 1] * scale_y + (self._bottom - (lower + self.rise) * scale_y)
        scene[:, 2] = 0
        return scene

    def corners(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Scene coordinates of the upper left and the lower right corner of `inside`."""
        (left, right), (lower, upper) = self.inside, self.inside_upright
        return (self.x(left), self.y(upper)), (self.x(right), self.y(lower))

    def circle(self) -> tuple[tuple[float, float], float]:
        """Centre and radius of the unit circle, in scene coordinates."""
        return (self.x(0.0), self.y(0.0)), self.x(1.0) - self.x(0.0)

    def x(self, value: float) -> float:
        """Scene coordinate of a value on the horizontal axis."""
        lower, upper = self.limits
        return self._left + (value - lower) / (upper - lower) * (self._right - self._left)

    def y(self, value: float) -> float:
        """Scene coordinate of a value on the vertical axis."""
        lower, upper = (limit + self.rise for limit in self.limits)
        return self._bottom + (value - lower) / (upper - lower) * (self._top - self._bottom)
