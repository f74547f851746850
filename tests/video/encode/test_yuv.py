from __future__ import annotations

import ffmpeg
import numpy as np
import pytest

from spiralcore.errors import UsageError
from spiralcore.video.encode.ffmpeg_pipe import ffmpeg_program
from spiralcore.video.encode.film_format import PLANES
from spiralcore.video.encode.yuv import to_straight, to_yuv420, to_yuv444p10, to_yuva420


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


TO = {1.5: to_yuv420, 2.5: to_yuva420, 3: to_yuv444p10, 4: to_yuv444p10}


@pytest.mark.parametrize("part", TO)
def test_planes_of_another_size_are_refused(part: float) -> None:
    kind = np.uint16 if part >= 3 else np.uint8
    frame, right = np.zeros((6, 8, 4), np.uint8), int(48 * part)
    TO[part](frame, np.zeros(right, kind))
    sizes = {1.5: "72", 2.5: "120"}.get(part, "144 or 192")
    for size in (0, right - 1, right + 1, right // 2):
        with pytest.raises(UsageError) as caught:
            TO[part](frame, np.zeros(size, kind))
        assert str(caught.value) == (
            f"The planes have the shape ({size},).\n"
            f"expected: ({sizes},) for a frame of 8 x 6 pixels.\n"
            "next: planes that are made for each size of frames."
        )
    for box in ([0, 8, 0, 8], [0, 6, 0, 10], [-2, 6, 0, 8], [0, 6, 0, 10**9]):
        with pytest.raises(UsageError) as caught:
            TO[part](frame, np.zeros(right, kind), np.array([[0, 2, 0, 2], box]))
        assert str(caught.value).endswith(
            "is not inside of it.\nexpected: rows from 0 to 6, columns from 0 to 8.\n"
            "next: None, for the whole frame."
        )
    with pytest.raises(UsageError) as caught:
        TO[part](frame[..., :3], np.zeros(right, kind))
    assert str(caught.value) == (
        "The frame has the shape (6, 8, 3).\nexpected: RGBA, shape (height, width, 4).\n"
        "next: film.show(frame)"
    )


@pytest.mark.parametrize("part", [1.5, 2.5])
def test_odd_frames_share_no_chroma(part: float) -> None:
    with pytest.raises(UsageError) as caught:
        TO[part](np.zeros((5, 8, 4), np.uint8), np.zeros(int(40 * part), np.uint8))
    assert str(caught.value) == (
        "A frame of 8 x 5 pixels, or a part of it, has an odd edge.\n"
        "expected: even ones, as chroma is shared by two by two pixels.\n"
        "next: a resolution of even numbers."
    )


def test_a_straight_frame_is_as_large_as_the_other() -> None:
    with pytest.raises(UsageError, match=r"^to_straight: straight has the shape \(5, 8, 4\)\."):
        to_straight(np.zeros((6, 8, 4), np.uint8), np.zeros((5, 8, 4), np.uint8))


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv444p10le"])
def test_opaque_frames_are_those_of_another_converter_within_a_step(pixel_format: str) -> None:
    rng = np.random.default_rng(3)
    pixels = rng.integers(0, 256, (36, 64, 4), dtype=np.uint8)
    pixels[12:24, :, :3] = 16  # an edge, and an area of one colour
    pixels[..., 3] = 255
    samples, depth, convert = PLANES[pixel_format]
    planes = np.empty(round(36 * 64 * samples), depth)
    convert(pixels, planes, None)
    stream = (
        ffmpeg.input("pipe:", format="rawvideo", pix_fmt="rgba", s="64x36")
        .filter("scale", flags="accurate_rnd+full_chroma_int+area", out_color_matrix="bt709",
                out_range="tv")
        .output("pipe:", format="rawvideo", pix_fmt=pixel_format)
    )  # fmt: skip
    out, _ = ffmpeg.run(
        stream, cmd=ffmpeg_program(), input=pixels.tobytes(), capture_stdout=True, quiet=True
    )
    theirs = np.frombuffer(out, depth).astype(int)
    assert np.abs(theirs - planes).max() <= 1
    assert np.abs(theirs - planes).mean() < 0.02
