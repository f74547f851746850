"""The loops that paint the decision regions of linear functions on a sphere, compiled by numba.

Coordinates are those of `spiralcore.stage.pixels.globe_look`.
"""

# mypy: disable-error-code="untyped-decorator, assignment, operator, no-untyped-def"

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.stage.pixels.blend_kernels import Floats, Pixels, blended, in_words, packed
from spiralcore.stage.pixels.globe_look import SIXTEEN, Look, Shade, hit, radius, ray
from spiralcore.stage.pixels.kernel_checks import checked
from spiralcore.stage.pixels.region_kernels import FAR, FLAT, border_colour, largest

TILE = 8
"""Pixels along each side of the tiles that are looked at as wholes first."""

_LOW, _EIGHT, _HALVES = np.uint32(0x00FF00FF), np.uint32(8), np.uint32(0x00800080)
_ALPHA, _GREEN = np.uint32(0xFF000000), np.uint32(0x0000FF00)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _under_light(colour, bright):
    """An opaque colour as one number, its channels times ``bright`` parts of 256."""
    even = ((colour & _LOW) * bright + _HALVES) >> _EIGHT
    green = ((colour & _GREEN) >> _EIGHT) * bright & _GREEN
    return (even & _LOW) | green | _ALPHA


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _blend(words, row, column, colour, shade):
    """Paint a pixel with a colour under its light."""
    lit = _under_light(colour, shade & np.uint32(0xFFFF))
    words[row, column] = blended(words[row, column], lit, shade >> SIXTEEN, lit, np.uint32(0))


@njit(cache=True, nogil=True, error_model="numpy")
def _rivals(weight, bias, top, bottom, left, right, look, found):
    """The functions that may be the largest in a tile; their numbers are in ``found``.

    Returns how many there are: all of them at the outline.
    """
    count = bias.shape[0]
    x, y = ray((top + bottom - 1) / 2, (left + right - 1) / 2, look)
    a, b, c, _ = hit(x, y, look)
    reach = np.float32(0.0)
    for corner in range(4):
        row, column = (top - 1 if corner & 1 else bottom), (left - 1 if corner & 2 else right)
        away = np.hypot(np.float32(column) - look.column, np.float32(row) - look.row)
        if away > radius(look) - 2:
            for k in range(count):
                found[k] = k
            return count
        x, y = ray(row, column, look)
        p, q, r, _ = hit(x, y, look)
        reach = max(reach, (p - a) ** 2 + (q - b) ** 2 + (r - c) ** 2)
    # The line along a border reaches over into the neighbouring tiles.
    reach = np.sqrt(reach) * np.float32(1.2)
    values = np.empty(count, np.float32)
    for k in range(count):
        values[k] = weight[k, 0] * a + weight[k, 1] * b + weight[k, 2] * c + bias[k]
    best, some = largest(values), 0
    for k in range(count):
        length = np.float32(0.0)
        for i in range(3):
            length += (weight[best, i] - weight[k, i]) ** 2
        if values[best] - values[k] <= reach * np.sqrt(length):
            found[some] = k
            some += 1
    if some == 0:  # they are not numbers
        found[0] = best
        some = 1
    return some


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _nearest_border(weight, values, found, rivals, best, x, y, a, b, c, depth, look):
    """The region that begins nearest by in the picture, and the distance in pixels."""
    # How the point of the sphere moves when the ray does: along the ray by so much, too.
    facing = a * x + b * y - c
    turn_x, turn_y = -a * depth / facing, -b * depth / facing
    second, nearest = best, FAR
    for i in range(rivals):
        k = found[i]
        d0 = weight[best, 0] - weight[k, 0]
        d1 = weight[best, 1] - weight[k, 1]
        d2 = weight[best, 2] - weight[k, 2]
        along = d0 * x + d1 * y - d2
        slope_x, slope_y = d0 * depth + along * turn_x, d1 * depth + along * turn_y
        slope = np.sqrt(slope_x * slope_x + slope_y * slope_y) / look.focal
        ahead = values[best] - values[k]
        if k != best and slope > FLAT and ahead < nearest * slope:
            second, nearest = k, ahead / slope
    return second, nearest


@njit(cache=True, nogil=True, error_model="numpy")
def _paint_mixed(
    words, top, bottom, left, right, weight, bias, fills, found, rivals, look, shade, line, line_ink
):
    """Paint a tile with several regions."""
    half = np.float32(0.5)
    values = np.empty(bias.shape[0], np.float32)
    for row in range(top, bottom):
        for column in range(left, right):
            if shade[row, column] >> SIXTEEN == 0:
                continue
            x, y = ray(row, column, look)
            a, b, c, depth = hit(x, y, look)
            best = found[0]
            for i in range(rivals):
                k = found[i]
                values[k] = weight[k, 0] * a + weight[k, 1] * b + weight[k, 2] * c + bias[k]
                if values[k] > values[best]:
                    best = k
            red, green, blue = fills[best, 0], fills[best, 1], fills[best, 2]
            second, nearest = _nearest_border(
                weight, values, found, rivals, best, x, y, a, b, c, depth, look
            )
            if nearest < line + half:
                red, green, blue = border_colour(fills, best, second, nearest, line, line_ink)
            _blend(words, row, column, packed((red, green, blue)), shade[row, column])


@checked(
    pixels="H W 4",
    box="4",
    weight="K>=1 3",
    bias="K",
    fills="K 3",
    shade="H W",
    line_ink="4",
)
@njit(cache=True, nogil=True, error_model="numpy")
def sphere_regions(
    pixels: Pixels,
    box: NDArray[np.int64],
    weight: Floats,
    bias: Floats,
    fills: Floats,
    look: Look,
    shade: Shade,
    line: float,
    line_ink: Floats,
) -> None:
    """Paint where each of several linear functions is the largest on one half of the unit sphere.

    Parameters
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4); changed in place.
    box
        First row, end row, first column, end column; inside the frame.
    weight, bias
        The functions, shapes (K, 3) and (K,).
    fills
        Colours of the regions, 0 to 255, shape (K, 3).
    look
        How the sphere is seen.
    shade
        See `sphere_shade`.
    line, line_ink
        A line along the borders: half its width in pixels; red, green, blue from 0 to 255 and
        opacity from 0 to 1, shape (4,).
    """
    words, found = in_words(pixels), np.empty(bias.shape[0], np.int64)
    reach, width = radius(look) + 1, np.float32(line)
    first_row, end_row = math.floor(look.row - reach), math.ceil(look.row + reach)
    first_column = math.floor(look.column - reach)
    end_column = math.ceil(look.column + reach)
    for top in range(max(first_row, box[0]), min(end_row, box[1]), TILE):
        bottom = min(top + TILE, end_row, box[1])
        for left in range(max(first_column, box[2]), min(end_column, box[3]), TILE):
            right = min(left + TILE, end_column, box[3])
            rivals = _rivals(weight, bias, top, bottom, left, right, look, found)
            if rivals == 1:
                fill = packed(fills[found[0]])
                for row in range(top, bottom):
                    for column in range(left, right):
                        _blend(words, row, column, fill, shade[row, column])
            else:
                _paint_mixed(
                    words, top, bottom, left, right, weight, bias, fills, found, rivals, look,
                    shade, width, line_ink,
                )  # fmt: skip
