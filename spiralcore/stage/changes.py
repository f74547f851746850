"""Which pixels of a film change from frame to frame: the others need no work."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.stage.canvas import Pixels
from spiralcore.stage.layout import Box

PixelBoxes = NDArray[np.int64]
"""First row, end row, first column, end column of some rectangles, shape (M, 4), all even."""


class Picture(NamedTuple):
    """A frame.

    Attributes
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4).
    changed
        Where it may differ from the frame that was drawn before.
    """

    pixels: Pixels
    changed: PixelBoxes


def pixel_boxes(boxes: Iterable[Box], height: int, width: int, scale: float) -> PixelBoxes:
    """Pixels that design boxes touch.

    Parameters
    ----------
    boxes
        In design pixels.
    height, width
        Of the frame in pixels, even.
    scale
        Pixels a design pixel.

    Returns
    -------
    NDArray
        Boxes with even edges, as chroma is shared by two by two pixels. Those that lie within
        others are left out.
    """
    found = {
        (
            max(_even_below(box.top * scale), 0),
            min(-_even_below(-box.bottom * scale), height),
            max(_even_below(box.left * scale), 0),
            min(-_even_below(-box.right * scale), width),
        )
        for box in boxes
    }
    kept = [box for box in sorted(found) if not any(_covers(other, box) for other in found)]
    return np.array(kept, dtype=np.int64).reshape(-1, 4)


def whole_frame(height: int, width: int) -> PixelBoxes:
    """A single box around everything."""
    return np.array([[0, height, 0, width]], dtype=np.int64)


def _even_below(value: float) -> int:
    return 2 * math.floor((value - 1) / 2)


def _covers(outer: tuple[int, ...], inner: tuple[int, ...]) -> bool:
    return outer != inner and (
        outer[0] <= inner[0]
        and outer[1] >= inner[1]
        and outer[2] <= inner[2]
        and outer[3] >= inner[3]
    )
