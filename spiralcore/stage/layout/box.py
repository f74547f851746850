"""Design pixels: layouts are written in them, whatever the real size of the frame.

Their origin is the upper left corner of the frame, and that is the same place of the scene in
all aspects: what a frame of another shape moves is the camera, see
`spiralcore.stage.painted.StageCamera.look_at`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.aspects import SHORTER

ORIGIN = (960, 540)
"""Design pixels of the origin of the scene: the middle of a frame of 16:9."""

FRAME_HEIGHT = 8.0
"""Height of a frame of 16:9 in scene units, Manim's own."""

UNIT = FRAME_HEIGHT / SHORTER
"""Scene units of a design pixel."""

TEXT = {"1:1": 1.1, "9:16": 1.35}
"""How much larger than in a frame of 16:9 texts are: those aspects are watched on phones, where the
shorter side is a few centimetres."""


LEAST_TEXT = 36.0
"""Font size of the smallest text, whatever the aspect: less is not read from the back of a room."""


def scene_point(x: float, y: float) -> NDArray[np.float64]:
    """Scene coordinates of a place given in design pixels from the upper left corner."""
    return np.array([(x - ORIGIN[0]) * UNIT, (ORIGIN[1] - y) * UNIT, 0.0])


def to_design(point: NDArray[np.float64]) -> tuple[float, float]:
    """Design pixels of a scene point, shape (3,)."""
    return float(point[0] / UNIT + ORIGIN[0]), float(ORIGIN[1] - point[1] / UNIT)


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

    def holds(self, other: Box, rim: float = 0.01) -> bool:
        """Whether another one lies in it, or sticks out by less than a rim."""
        return (
            self.left <= other.left + rim
            and self.top <= other.top + rim
            and self.right >= other.right - rim
            and self.bottom >= other.bottom - rim
        )

    def padded(self, rim: float) -> Box:
        """One that is larger by a rim at each side."""
        return Box(self.left - rim, self.top - rim, self.width + 2 * rim, self.height + 2 * rim)

    def around(self, other: Box) -> Box:
        """The smallest one that holds both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Box(left, top, right - left, bottom - top)
