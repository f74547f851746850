"""Design pixels: layouts are written for a frame of 1920 x 1080, whatever its real size."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 1920, 1080

FRAME_HEIGHT = 8.0
"""Height of the frame in scene units, Manim's own."""

UNIT = FRAME_HEIGHT / HEIGHT
"""Scene units of a design pixel."""


def scene_point(x: float, y: float) -> NDArray[np.float64]:
    """Scene coordinates of a place given in design pixels from the upper left corner."""
    return np.array([(x - WIDTH / 2) * UNIT, (HEIGHT / 2 - y) * UNIT, 0.0])


def to_design(point: NDArray[np.float64]) -> tuple[float, float]:
    """Design pixels of a scene point, shape (3,)."""
    return float(point[0] / UNIT + WIDTH / 2), float(HEIGHT / 2 - point[1] / UNIT)


class Box(NamedTuple):
    """A rectangle in design pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """X of the right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Y of the lower edge."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """X of the centre."""
        return self.left + self.width / 2

    def corners(self) -> NDArray[np.float64]:
        """Scene coordinates of the upper left and the lower right corner, shape (2, 3)."""
        return np.stack([scene_point(self.left, self.top), scene_point(self.right, self.bottom)])
