"""The pixels of a frame, and where scene coordinates fall on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


class Edges(NamedTuple):
    """The edges of a rectangle in pixels, from the upper left corner of the frame."""

    left: float
    top: float
    right: float
    bottom: float

    def rounded(self) -> Edges:
        """The same at whole pixels."""
        left, top, right, bottom = self
        return Edges(
            float(round(left)), float(round(top)), float(round(right)), float(round(bottom))
        )


@dataclass(frozen=True)
class Canvas:
    """What mobjects paint on.

    Attributes
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4).
    scale
        Pixels a scene unit.
    left, top
        Scene coordinates of the upper left corner of the frame.
    upright
        Pixels a scene unit upwards, as a part of ``scale``: 1 but where a camera's frame was
        stretched.
    """

    pixels: Pixels
    scale: float
    left: float
    top: float
    upright: float = 1.0

    def place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixel coordinates of scene points.

        Parameters
        ----------
        points
            Shape (N, 3).

        Returns
        -------
        NDArray
            Shape (N, 2): x to the right and y downwards from the upper left corner of the
            frame; the centre of the first pixel is at (0.5, 0.5).
        """
        return np.column_stack(
            (
                (points[:, 0] - self.left) * self.scale,
                (self.top - points[:, 1]) * self.scale * self.upright,
            )
        )

    def column(self, x: float) -> float:
        """Pixels from the left edge of the frame to a scene coordinate."""
        return (x - self.left) * self.scale

    def row(self, y: float) -> float:
        """Pixels from the top edge of the frame to a scene coordinate."""
        return (self.top - y) * self.scale * self.upright

    def pixel_box(self, edges: Edges) -> NDArray[np.int64]:
        """First row, end row, first column, end column of a rectangle, inside the frame."""
        height, width = self.pixels.shape[:2]
        left, top, right, bottom = edges.rounded()
        return np.array(
            [max(top, 0), min(bottom, height), max(left, 0), min(right, width)], dtype=np.int64
        )

    def discs_within(
        self,
        corners: Sequence[Sequence[float]],
        centres: NDArray[Any],
        radii: NDArray[np.float32] | float,
    ) -> NDArray[np.bool_]:
        """Which discs lie within a rectangle, and not only with a part.

        Parameters
        ----------
        corners
            Scene coordinates, see `edges`.
        centres, radii
            In pixels, shapes (N, 2) and (N,).
        """
        left, top, right, bottom = self.edges(corners)
        x, y = centres[:, 0], centres[:, 1]
        return np.asarray(
            (x - radii >= left) & (x + radii <= right) & (y - radii >= top) & (y + radii <= bottom)
        )

    def edges(self, corners: Sequence[Sequence[float]]) -> Edges:
        """Place a rectangle.

        Parameters
        ----------
        corners
            Scene coordinates of the upper left and the lower right corner: plain numbers, as
            NumPy's arithmetic on two points takes longer than to draw them.
        """
        (left, top, *_), (right, bottom, *_) = corners
        return Edges(
            (left - self.left) * self.scale,
            (self.top - top) * self.scale * self.upright,
            (right - self.left) * self.scale,
            (self.top - bottom) * self.scale * self.upright,
        )
