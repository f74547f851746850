from __future__ import annotations

import numpy as np
import pytest

from spiralcore.video.yuv import to_yuv420


def converted(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    pixels = np.zeros((4, 6, 4), np.uint8)
    pixels[..., :3] = colour
    planes = np.empty(36, np.uint8)
    to_yuv420(pixels, planes)
    y, u, v = planes[:24], planes[24:30], planes[30:]
    assert len(set(y)) == len(set(u)) == len(set(v)) == 1
    return int(y[0]), int(u[0]), int(v[0])


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((0, 0, 0), (16, 128, 128)),
        ((255, 255, 255), (235, 128, 128)),
        ((128, 128, 128), (126, 128, 128)),
        # 100 % colour bars of BT.709, 8 bits.
        ((255, 0, 0), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
        ((255, 255, 0), (219, 16, 138)),
    ],
)
def test_known_colours(colour: tuple[int, int, int], expected: tuple[int, int, int]) -> None:
    assert converted(colour) == pytest.approx(expected, abs=1)


def test_chroma_is_the_mean_of_four_pixels() -> None:
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0, 0, :3] = 255
    planes = np.empty(6, np.uint8)
    to_yuv420(pixels, planes)
    assert planes.tolist() == [235, 16, 16, 16, 128, 128]
