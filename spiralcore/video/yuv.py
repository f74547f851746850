"""RGB to the planes that video encoders take, as BT.709 says."""

# mypy: disable-error-code="untyped-decorator, assignment, operator"

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

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
        Where to convert, see `spiralcore.stage.changes.PixelBoxes`; everywhere if None.
    """
    height, width = pixels.shape[:2]
    boxes = np.array([[0, height, 0, width]]) if changed is None else changed
    _convert(pixels, planes, boxes)


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
        for row in range(first_row, end_row):
            source, target = words[row, first:end], luma[row, first:end]
            for column in range(end - first):
                word = source[column]
                red, green, blue = word & _BYTE, (word >> 8) & _BYTE, (word >> 16) & _BYTE
                level = (_Y_R * red + _Y_G * green + _Y_B * blue + _HALF) >> 16
                target[column] = np.uint8(level + _BLACK)
        for row in range(first_row // 2, end_row // 2):
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
