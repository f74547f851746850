"""RGB to the planes that video encoders take, as BT.709 says.

Frames hold premultiplied alpha, video files straight alpha; where a frame is transparent its
colours are divided by their opacity here.

ffmpeg's own converter, swscale, does not replace this (`python -m benchmarks.swscale k4.npz`,
twelve frames of 1080p). Opaque frames come out as the same picture: in 4:2:0 and in 4:4:4 both are
at most 0.53 steps from the exact value, edges included, and one step from each other, in 0.0001 to
0.0065 steps on average. In 4:2:0, where nearly all films go, swscale takes 9.8 to 11 ms of the
processor for each frame and this 2.5, or less where only a part of the frame has changed; and
encoders of H.264 need the planes of neighbouring frames (`spiralcore.video.encode.keyframes`). In
4:4:4, for MOV alone, it is quicker, with 4 to 7 ms for 9 to 10. With transparency it is another
picture: colours divided by its ``unpremultiply`` are off by up to 17 of 219 steps of luma in 4:2:0,
by 1.1 on average where here it is 0.24, and in 4:4:4 by up to 70 of 876, in 28 and 18 ms for 7 and
10.
"""

# mypy: disable-error-code="untyped-decorator, assignment, operator"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.errors import UsageError
from spiralcore.stage.pixels.changes import whole_frame
from spiralcore.stage.pixels.kernel_checks import checked

# ITU-R BT.709-6, items 3.2 to 3.5, for 8 bits and narrow range, times 2^16.
_KR, _KB = 0.2126, 0.0722
_KG = 1 - _KR - _KB
_Y = 219 / 255 * 65536
_C = 224 / 255 * 65536
_Y_R, _Y_G, _Y_B = (np.int32(round(_Y * part)) for part in (_KR, _KG, _KB))
_U_R, _U_G = (np.int32(round(-_C * part / (2 * (1 - _KB)))) for part in (_KR, _KG))
_U_B = -_U_R - _U_G
_V_G, _V_B = (np.int32(round(-_C * part / (2 * (1 - _KR)))) for part in (_KG, _KB))
_V_R = -_V_G - _V_B

_BYTE = np.int32(255)
_HALF = np.int32(1 << 15)
_BLACK, _GREY = np.int32(16), np.int32(128)

# The same standard for 10 bits: 876 steps of luma, 896 of chroma.
_LUMA_10 = np.array([_KR, _KG, _KB], np.float32) * np.float32(876 / 255)
_BLUE_10 = np.array([-_KR, -_KG, 1 - _KB], np.float32) * np.float32(448 / 255 / (1 - _KB))
_RED_10 = np.array([1 - _KR, -_KG, -_KB], np.float32) * np.float32(448 / 255 / (1 - _KR))


def to_yuv420(
    pixels: NDArray[np.uint8],
    planes: NDArray[np.uint8],
    changed: NDArray[np.int64] | None = None,
) -> None:
    """Convert a picture to planar YUV 4:2:0, narrow range, BT.709.

    Parameters
    ----------
    pixels
        RGBA, shape (height, width, 4), height and width even.
    planes
        Y, then U, then V, one after the other: shape (height * width * 3 / 2,); written.
    changed
        Where to convert, see `spiralcore.stage.pixels.changes.PixelBoxes`; everywhere if None.
    """
    _convert(pixels, planes, _boxes(pixels, changed, planes, {1.5}))


def _boxes(
    pixels: NDArray[np.uint8],
    changed: NDArray[np.int64] | None,
    planes: NDArray[Any],
    planes_of: set[float],
) -> NDArray[np.int64]:
    """Where to convert, if all of it is in the frame and in as many planes as one of some."""
    if pixels.ndim != 3 or pixels.shape[2] != 4:
        raise UsageError(
            f"The frame has the shape {pixels.shape}.",
            "RGBA, shape (height, width, 4).",
            "film.show(frame)",
        )
    height, width = pixels.shape[:2]
    boxes = whole_frame(height, width) if changed is None else changed
    shares_chroma = bool({1.5, 2.5} & planes_of)
    if shares_chroma and (height % 2 or width % 2 or (boxes % 2).any()):
        raise UsageError(
            f"A frame of {width} x {height} pixels, or a part of it, has an odd edge.",
            "even ones, as chroma is shared by two by two pixels.",
            "a resolution of even numbers.",
        )
    if planes.ndim != 1 or planes.size / (height * width) not in planes_of:
        sizes = " or ".join(f"{height * width * part:.0f}" for part in sorted(planes_of))
        raise UsageError(
            f"The planes have the shape {planes.shape}.",
            f"({sizes},) for a frame of {width} x {height} pixels.",
            "planes that are made for each size of frames.",
        )
    if len(boxes) and (boxes.min() < 0 or boxes[:, 1].max() > height or boxes[:, 3].max() > width):
        raise UsageError(
            f"A part of the frame, {boxes.max(axis=0).tolist()} at most, is not inside of it.",
            f"rows from 0 to {height}, columns from 0 to {width}.",
            "None, for the whole frame.",
        )
    return boxes


@njit(cache=True, nogil=True)
def _convert(
    pixels: NDArray[np.uint8], planes: NDArray[np.uint8], boxes: NDArray[np.int64]
) -> None:
    height, width = pixels.shape[0], pixels.shape[1]
    words = pixels.view(np.int32).reshape(height, width)
    luma = planes[: height * width].reshape(height, width)
    chroma = planes[height * width :].reshape(2, height // 2, width // 2)
    for first_row, end_row, first, end in boxes:
        # Loops over whole numbers in contiguous memory are what the compiler can vectorise.
        # Two rows at a time: what is read for luma is still near when it is read for chroma.
        for row in range(first_row // 2, end_row // 2):
            for both in range(2 * row, 2 * row + 2):
                source, target = words[both, first:end], luma[both, first:end]
                for column in range(end - first):
                    word = source[column]
                    red, green, blue = word & _BYTE, (word >> 8) & _BYTE, (word >> 16) & _BYTE
                    level = (_Y_R * red + _Y_G * green + _Y_B * blue + _HALF) >> 16
                    target[column] = np.uint8(level + _BLACK)
            upper, lower = words[2 * row, first:end], words[2 * row + 1, first:end]
            blues = chroma[0, row, first // 2 : end // 2]
            reds = chroma[1, row, first // 2 : end // 2]
            for column in range((end - first) // 2):
                a, b = upper[2 * column], upper[2 * column + 1]
                c, d = lower[2 * column], lower[2 * column + 1]
                red = (a & _BYTE) + (b & _BYTE) + (c & _BYTE) + (d & _BYTE)
                green = ((a >> 8) & _BYTE) + ((b >> 8) & _BYTE)
                green += ((c >> 8) & _BYTE) + ((d >> 8) & _BYTE)
                blue = ((a >> 16) & _BYTE) + ((b >> 16) & _BYTE)
                blue += ((c >> 16) & _BYTE) + ((d >> 16) & _BYTE)
                cb = (_U_R * red + _U_G * green + _U_B * blue + 4 * _HALF) >> 18
                cr = (_V_R * red + _V_G * green + _V_B * blue + 4 * _HALF) >> 18
                blues[column] = np.uint8(cb + _GREY)
                reds[column] = np.uint8(cr + _GREY)


@njit(cache=True, nogil=True, inline="always")
def _straight(value: Any, alpha: Any) -> Any:
    """A colour without its opacity, rounded; premultiplied it is at most as large as that."""
    return (value * 255 + (alpha >> 1)) // alpha


@checked(pixels="H W 4", straight="H W 4")
@njit(cache=True, nogil=True)
def to_straight(pixels: NDArray[np.uint8], straight: NDArray[np.uint8]) -> None:
    """Divide colours by their opacity; a pixel of which nothing is seen becomes black.

    Parameters
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4).
    straight
        RGBA of the same shape; written.
    """
    for row in range(pixels.shape[0]):
        for column in range(pixels.shape[1]):
            alpha = np.int32(pixels[row, column, 3])
            straight[row, column, 3] = alpha
            for i in range(3):
                value = np.int32(pixels[row, column, i])
                if 0 < alpha < 255:
                    value = _straight(value, alpha)
                straight[row, column, i] = value


def to_yuva420(
    pixels: NDArray[np.uint8],
    planes: NDArray[np.uint8],
    changed: NDArray[np.int64] | None = None,
) -> None:
    """Convert a picture to planar YUV 4:2:0 with straight alpha, narrow range, BT.709.

    The chroma of four pixels is their mean by opacity, so that what is not seen does not
    colour what is.

    Parameters
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4), height and width even.
    planes
        Y, U, V, then alpha: shape (height * width * 5 / 2,); written.
    changed
        See `to_yuv420`.
    """
    _convert_with_alpha(pixels, planes, _boxes(pixels, changed, planes, {2.5}))


@njit(cache=True, nogil=True)
def _convert_with_alpha(
    pixels: NDArray[np.uint8], planes: NDArray[np.uint8], boxes: NDArray[np.int64]
) -> None:
    height, width = pixels.shape[0], pixels.shape[1]
    size = height * width
    luma = planes[:size].reshape(height, width)
    chroma = planes[size : size + size // 2].reshape(2, height // 2, width // 2)
    opacities = planes[size + size // 2 :].reshape(height, width)
    for first_row, end_row, first, end in boxes:
        for row in range(first_row, end_row, 2):
            for column in range(first, end, 2):
                red, green, blue, opacity = np.int32(0), np.int32(0), np.int32(0), np.int32(0)
                for i in range(row, row + 2):
                    for j in range(column, column + 2):
                        r = np.int32(pixels[i, j, 0])
                        g = np.int32(pixels[i, j, 1])
                        b = np.int32(pixels[i, j, 2])
                        a = np.int32(pixels[i, j, 3])
                        red += r
                        green += g
                        blue += b
                        opacity += a
                        if 0 < a < 255:
                            r, g, b = _straight(r, a), _straight(g, a), _straight(b, a)
                        level = (_Y_R * r + _Y_G * g + _Y_B * b + _HALF) >> 16
                        luma[i, j] = level + _BLACK
                        opacities[i, j] = a
                if 0 < opacity < 1020:
                    red, green = red * 1020 // opacity, green * 1020 // opacity
                    blue = blue * 1020 // opacity
                cb = (_U_R * red + _U_G * green + _U_B * blue + 4 * _HALF) >> 18
                cr = (_V_R * red + _V_G * green + _V_B * blue + 4 * _HALF) >> 18
                chroma[0, row >> 1, column >> 1] = cb + _GREY
                chroma[1, row >> 1, column >> 1] = cr + _GREY


def to_yuv444p10(
    pixels: NDArray[np.uint8],
    planes: NDArray[np.uint16],
    changed: NDArray[np.int64] | None = None,
) -> None:
    """Convert a picture to planar YUV 4:4:4 of 10 bits, BT.709, with straight alpha or none.

    Parameters
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4).
    planes
        Y, U and V in narrow range, then alpha from 0 to 1023 where there is room for it:
        shape (height * width * 3,) or (height * width * 4,); written.
    changed
        See `to_yuv420`.
    """
    boxes = _boxes(pixels, changed, planes, {3.0, 4.0})
    _convert_finely(pixels, planes.reshape(-1, *pixels.shape[:2]), boxes)


@njit(cache=True, nogil=True)
def _convert_finely(
    pixels: NDArray[np.uint8], planes: NDArray[np.uint16], boxes: NDArray[np.int64]
) -> None:
    with_alpha = planes.shape[0] == 4
    for first_row, end_row, first, end in boxes:
        for row in range(first_row, end_row):
            for column in range(first, end):
                r = np.float32(pixels[row, column, 0])
                g = np.float32(pixels[row, column, 1])
                b = np.float32(pixels[row, column, 2])
                a = np.int32(pixels[row, column, 3])
                if 0 < a < 255:
                    factor = np.float32(255) / np.float32(a)
                    r, g, b = r * factor, g * factor, b * factor
                luma = _LUMA_10[0] * r + _LUMA_10[1] * g + _LUMA_10[2] * b + np.float32(64.5)
                blue = _BLUE_10[0] * r + _BLUE_10[1] * g + _BLUE_10[2] * b + np.float32(512.5)
                red = _RED_10[0] * r + _RED_10[1] * g + _RED_10[2] * b + np.float32(512.5)
                planes[0, row, column] = np.int32(luma)
                planes[1, row, column] = np.int32(blue)
                planes[2, row, column] = np.int32(red)
                if with_alpha:
                    planes[3, row, column] = (a << 2) | (a >> 6)
