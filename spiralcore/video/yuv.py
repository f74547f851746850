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
_Y_R, _Y_G, _Y_B = round(_Y * _KR), round(_Y * _KG), round(_Y * _KB)
_U_R, _U_G = round(-_C * _KR / (2 * (1 - _KB))), round(-_C * _KG / (2 * (1 - _KB)))
_U_B = -_U_R - _U_G
_V_G, _V_B = round(-_C * _KG / (2 * (1 - _KR))), round(-_C * _KB / (2 * (1 - _KR)))
_V_R = -_V_G - _V_B


@njit(cache=True, nogil=True)
def to_yuv420(pixels: NDArray[np.uint8], planes: NDArray[np.uint8]) -> None:
    """Convert a picture to planar YUV 4:2:0, narrow range, BT.709.

    Parameters
    ----------
    pixels
        RGB or RGBA, shape (height, width, 3 or 4), both even.
    planes
        Y, then U, then V, one after the other: shape (height * width * 3 / 2,); written.
    """
    height, width = pixels.shape[0], pixels.shape[1]
    u_start = height * width
    v_start = u_start + height * width // 4
    half = 1 << 15
    for row in range(0, height, 2):
        for column in range(0, width, 2):
            red, green, blue = 0, 0, 0
            for i in range(row, row + 2):
                for j in range(column, column + 2):
                    r = np.int32(pixels[i, j, 0])
                    g = np.int32(pixels[i, j, 1])
                    b = np.int32(pixels[i, j, 2])
                    planes[i * width + j] = ((_Y_R * r + _Y_G * g + _Y_B * b + half) >> 16) + 16
                    red += r
                    green += g
                    blue += b
            at = (row >> 1) * (width >> 1) + (column >> 1)
            planes[u_start + at] = (
                (_U_R * red + _U_G * green + _U_B * blue + 4 * half) >> 18
            ) + 128
            planes[v_start + at] = (
                (_V_R * red + _V_G * green + _V_B * blue + 4 * half) >> 18
            ) + 128
