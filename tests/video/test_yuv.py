from __future__ import annotations

import numpy as np
import pytest

from spiralcore.video.yuv import to_straight, to_yuv420, to_yuv444p10, to_yuva420


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


def frame_of(straight: tuple[int, int, int], alpha: int, height: int = 4) -> np.ndarray:
    """A picture of one colour, premultiplied."""
    pixels = np.zeros((height, 6, 4), np.uint8)
    pixels[..., :3] = np.round(np.array(straight) * alpha / 255)
    pixels[..., 3] = alpha
    return pixels


@pytest.mark.parametrize("alpha", [0, 1, 60, 128, 204, 254, 255])
@pytest.mark.parametrize("colour", [(255, 0, 0), (0, 255, 255), (16, 19, 23), (236, 239, 243)])
def test_colours_are_divided_by_their_opacity(colour: tuple[int, int, int], alpha: int) -> None:
    pixels = frame_of(colour, alpha)
    straight = np.empty_like(pixels)
    to_straight(pixels, straight)
    assert (straight[..., 3] == alpha).all()
    rounding = 0.5 * 255 / max(alpha, 1) + 0.5
    expected = np.array(colour) if alpha else np.zeros(3)
    assert np.abs(straight[..., :3] - expected).max() <= rounding

    planes = np.empty(24 * 5 // 2, np.uint8)
    to_yuva420(pixels, planes)
    assert (planes[36:] == alpha).all()
    wanted = np.repeat(converted(tuple(straight[0, 0, :3])), [24, 6, 6])
    assert np.abs(planes[:36] - wanted).max() <= 1


def test_what_is_not_seen_does_not_colour_its_neighbours() -> None:
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0, 0] = (255, 0, 0, 255)
    planes = np.empty(10, np.uint8)
    to_yuva420(pixels, planes)
    assert planes.tolist() == [63, 16, 16, 16, 102, 240, 255, 0, 0, 0]


def test_opaque_pictures_are_the_same_with_and_without_alpha() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (8, 10, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    plain, with_alpha = np.empty(120, np.uint8), np.empty(200, np.uint8)
    to_yuv420(pixels, plain)
    to_yuva420(pixels, with_alpha)
    np.testing.assert_array_equal(with_alpha[:120], plain)


@pytest.mark.parametrize("alpha", [255, 204, 100])
@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((0, 0, 0), (64, 512, 512)),
        ((255, 255, 255), (940, 512, 512)),
        # 100 % colour bars of BT.709, 10 bits.
        ((255, 0, 0), (250, 409, 960)),
        ((0, 255, 0), (691, 167, 105)),
        ((0, 0, 255), (127, 960, 471)),
    ],
)
def test_known_colours_of_ten_bits(
    colour: tuple[int, int, int], expected: tuple[int, int, int], alpha: int
) -> None:
    planes = np.empty(24 * 4, np.uint16)
    to_yuv444p10(frame_of(colour, alpha), planes)
    for part, value in zip(planes.reshape(4, 24), (*expected, alpha * 1023 / 255), strict=True):
        assert np.abs(part - value).max() <= 1
    opaque = np.empty(24 * 3, np.uint16)
    to_yuv444p10(frame_of(colour, alpha), opaque)
    np.testing.assert_array_equal(opaque, planes[:72])
