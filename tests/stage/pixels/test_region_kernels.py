"""Regions as they are seen through: known mixes of two colours."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore.stage.pixels.grid_kernels import grid_regions
from spiralcore.stage.pixels.region_kernels import linear_regions

BOX = np.array([2, 18, 3, 27])
FILLS = np.array([[200, 40, 10], [20, 90, 250]], np.float32)
BELOW = np.array([30, 60, 120, 255])
INK = np.array([0, 0, 0, 0], np.float32)


@pytest.mark.parametrize("alpha", [0.0, 0.003, 0.25, 0.5, 0.77, 0.999, 1.0])
@pytest.mark.parametrize("kind", ["linear", "grid"])
def test_a_region_is_mixed_with_what_is_below(alpha: float, kind: str) -> None:
    pixels = np.empty((20, 30, 4), np.uint8)
    pixels[:] = BELOW
    ahead = 15 - np.array([0.0, 30.0])  # of the first class at both edges
    if kind == "linear":
        slopes = np.array([[-1, 0], [0, 0]], np.float32)
        linear_regions(
            pixels, BOX, slopes, np.array([15, 0], np.float32), FILLS, 0.0, INK, alpha
        )  # fmt: skip
    else:
        values = np.stack([np.tile(ahead, (2, 1)), np.zeros((2, 2))], axis=2).astype(np.float32)
        origin = np.array([0, 0, 30, 20], np.float32)
        grid_regions(pixels, BOX, origin, values, FILLS, 0.0, INK, alpha)
    for label, columns in ((0, slice(3, 14)), (1, slice(16, 27))):
        wanted = alpha * np.append(FILLS[label], 255) + (1 - alpha) * BELOW
        seen = pixels[2:18, columns].astype(float)
        assert np.abs(seen - wanted).max() <= 1
        assert (seen == seen[0, 0]).all()
    outside = pixels.copy()
    outside[2:18, 3:27] = BELOW
    assert (outside == BELOW).all()
