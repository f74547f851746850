"""The pixels of a frame, and where scene coordinates fall on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


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
    """

    pixels: Pixels
    scale: float
    left: float
    top: float

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
            ((points[:, 0] - self.left) * self.scale, (self.top - points[:, 1]) * self.scale)
        )
