"""The loops that touch pixels, compiled by numba.

All of them paint on premultiplied RGBA with the operator "over" (Porter and Duff 1984).
"""

# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

FAR = np.float32(1e9)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _over(pixels, row, column, red, green, blue, alpha):  # type: ignore[no-untyped-def]
    keep = np.float32(1.0) - alpha
    half = np.float32(0.5)
    pixels[row, column, 0] = np.uint8(red * alpha + pixels[row, column, 0] * keep + half)
    pixels[row, column, 1] = np.uint8(green * alpha + pixels[row, column, 1] * keep + half)
    pixels[row, column, 2] = np.uint8(blue * alpha + pixels[row, column, 2] * keep + half)
    pixels[row, column, 3] = np.uint8(
        np.float32(255.0) * alpha + pixels[row, column, 3] * keep + half
    )


@njit(cache=True, nogil=True, error_model="numpy")
def discs(
    pixels: Pixels,
    centres: Floats,
    fills: Floats,
    radius: float,
    rim: float,
    rim_colour: Floats,
    alpha: float,
) -> None:
    """Paint anti-aliased discs with a rim, one over the other.

    Parameters
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4); changed in place.
    centres
        Pixel coordinates, shape (N, 2).
    fills
        Colours 0 to 255, shape (N, 3).
    radius
        In pixels, the rim included.
    rim
        Width of the rim in pixels; 0 for none.
    rim_colour
        Colour of the rim, 0 to 255, shape (3,).
    alpha
        Opacity, 0 to 1.
    """
    height, width = pixels.shape[0], pixels.shape[1]
    half = np.float32(0.5)
    outer = np.float32(radius) + half
    inner = np.float32(radius - rim) + half
    outer_squared = outer * outer
    opacity = np.float32(alpha)
    for i in range(centres.shape[0]):
        x, y = centres[i, 0], centres[i, 1]
        if not (-outer < x < width + outer and -outer < y < height + outer):
            continue
        first_row = max(int(math.floor(y - outer)), 0)
        last_row = min(int(math.ceil(y + outer)), height)
        first_column = max(int(math.floor(x - outer)), 0)
        last_column = min(int(math.ceil(x + outer)), width)
        for row in range(first_row, last_row):
            dy = np.float32(row) + half - y
            for column in range(first_column, last_column):
                dx = np.float32(column) + half - x
                squared = dx * dx + dy * dy
                if squared >= outer_squared:
                    continue
                distance = np.sqrt(squared)
                cover = min(outer - distance, np.float32(1.0))
                if cover <= 0:
                    continue
                core = min(max(inner - distance, np.float32(0.0)), cover)
                share = core / cover
                rest = np.float32(1.0) - share
                _over(
                    pixels,
                    row,
                    column,
                    fills[i, 0] * share + rim_colour[0] * rest,
                    fills[i, 1] * share + rim_colour[1] * rest,
                    fills[i, 2] * share + rim_colour[2] * rest,
                    cover * opacity,
                )


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _blend(pixels, row, column, fills, best, second, distance, line, line_colour, line_alpha, alpha):  # type: ignore[no-untyped-def]
    """Colour of a pixel whose centre is ``distance`` inside the border to another region."""
    one, half = np.float32(1.0), np.float32(0.5)
    share = min(half + distance, one)
    red = fills[best, 0] * share + fills[second, 0] * (one - share)
    green = fills[best, 1] * share + fills[second, 1] * (one - share)
    blue = fills[best, 2] * share + fills[second, 2] * (one - share)
    ink = min(max(line + half - distance, np.float32(0.0)), one) * line_alpha
    red += (line_colour[0] - red) * ink
    green += (line_colour[1] - green) * ink
    blue += (line_colour[2] - blue) * ink
    _over(pixels, row, column, red, green, blue, alpha)


@njit(cache=True, nogil=True, error_model="numpy")
def linear_regions(
    pixels: Pixels,
    box: NDArray[np.int64],
    slopes: Floats,
    offsets: Floats,
    fills: Floats,
    line: float,
    line_colour: Floats,
    line_alpha: float,
    alpha: float,
) -> None:
    """Paint where each of several linear functions is the largest.

    Each row is walked in steps as long as the distance to the nearest border, so that the
    inside of a region costs one evaluation and its border is anti-aliased exactly.

    Parameters
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4); changed in place.
    box
        First row, end row, first column, end column; inside the frame.
    slopes, offsets
        The functions in pixel coordinates: ``slopes @ (x, y) + offsets``, shapes (K, 2), (K,).
    fills
        Colours of the regions, 0 to 255, shape (K, 3).
    line, line_colour, line_alpha
        Half width in pixels, colour and opacity of a line along the borders.
    alpha
        Opacity of the whole.
    """
    count = slopes.shape[0]
    lengths = np.empty((count, count), np.float32)
    for a in range(count):
        for b in range(count):
            lengths[a, b] = np.hypot(slopes[a, 0] - slopes[b, 0], slopes[a, 1] - slopes[b, 1])
    half = np.float32(0.5)
    edge = np.float32(line) + half
    ink = np.float32(line_alpha)
    opacity = np.float32(alpha)
    values = np.empty(count, np.float32)
    for row in range(box[0], box[1]):
        y = np.float32(row) + half
        column = box[2]
        while column < box[3]:
            x = np.float32(column) + half
            best = 0
            for k in range(count):
                values[k] = slopes[k, 0] * x + slopes[k, 1] * y + offsets[k]
                if values[k] > values[best]:
                    best = k
            second, distance = best, FAR
            for k in range(count):
                if k != best and lengths[best, k] > np.float32(1e-12):
                    apart = (values[best] - values[k]) / lengths[best, k]
                    if apart < distance:
                        second, distance = k, apart
            if distance < edge:
                _blend(
                    pixels, row, column, fills, best, second, distance,
                    np.float32(line), line_colour, ink, opacity,
                )  # fmt: skip
                column += 1
            else:
                run = min(int(min(distance - edge, FAR)) + 1, box[3] - column)
                for filled in range(column, column + run):
                    _over(
                        pixels, row, filled,
                        fills[best, 0], fills[best, 1], fills[best, 2], opacity,
                    )  # fmt: skip
                column += run


@njit(cache=True, nogil=True, error_model="numpy")
def grid_regions(
    pixels: Pixels,
    box: NDArray[np.int64],
    origin: Floats,
    values: Floats,
    fills: Floats,
    line: float,
    line_colour: Floats,
    line_alpha: float,
    alpha: float,
) -> None:
    """Paint where each of several functions, given on a grid, is the largest.

    Between the nodes the functions are interpolated bilinearly. A cell whose nodes and
    neighbours agree is filled at once.

    Parameters
    ----------
    pixels, box, fills, line, line_colour, line_alpha, alpha
        See `linear_regions`.
    origin
        Pixel coordinates of the first node and pixels between nodes: x, y, step x, step y.
    values
        Shape (rows, columns, K); rows go downwards.
    """
    rows, columns, count = values.shape
    half, one = np.float32(0.5), np.float32(1.0)
    edge = np.float32(line) + half
    ink = np.float32(line_alpha)
    opacity = np.float32(alpha)
    winner = np.empty((rows, columns), np.int16)
    for i in range(rows):
        for j in range(columns):
            best = 0
            for k in range(count):
                if values[i, j, k] > values[i, j, best]:
                    best = k
            winner[i, j] = best
    plain = np.empty((rows - 1, columns - 1), np.int16)
    for i in range(rows - 1):
        for j in range(columns - 1):
            same = winner[i, j]
            for a in range(max(i - 1, 0), min(i + 3, rows)):
                for b in range(max(j - 1, 0), min(j + 3, columns)):
                    if winner[a, b] != winner[i, j]:
                        same = -1
            plain[i, j] = same
    for row in range(box[0], box[1]):
        v = (np.float32(row) + half - origin[1]) / origin[3]
        i = min(max(int(math.floor(v)), 0), rows - 2)
        fv = v - np.float32(i)
        for column in range(box[2], box[3]):
            u = (np.float32(column) + half - origin[0]) / origin[2]
            j = min(max(int(math.floor(u)), 0), columns - 2)
            same = plain[i, j]
            if same >= 0:
                _over(
                    pixels, row, column, fills[same, 0], fills[same, 1], fills[same, 2], opacity
                )
                continue
            fu = u - np.float32(j)
            best, top = 0, -FAR
            for k in range(count):
                upper = values[i, j, k] * (one - fu) + values[i, j + 1, k] * fu
                lower = values[i + 1, j, k] * (one - fu) + values[i + 1, j + 1, k] * fu
                value = upper * (one - fv) + lower * fv
                if value > top:
                    best, top = k, value
            second, distance = best, FAR
            for k in range(count):
                if k == best:
                    continue
                d00 = values[i, j, best] - values[i, j, k]
                d01 = values[i, j + 1, best] - values[i, j + 1, k]
                d10 = values[i + 1, j, best] - values[i + 1, j, k]
                d11 = values[i + 1, j + 1, best] - values[i + 1, j + 1, k]
                gu = ((d01 - d00) * (one - fv) + (d11 - d10) * fv) / origin[2]
                gv = ((d10 - d00) * (one - fu) + (d11 - d01) * fu) / origin[3]
                length = np.sqrt(gu * gu + gv * gv)
                if length > np.float32(1e-12):
                    upper = d00 * (one - fu) + d01 * fu
                    lower = d10 * (one - fu) + d11 * fu
                    apart = (upper * (one - fv) + lower * fv) / length
                    if apart < distance:
                        second, distance = k, apart
            if distance < edge:
                _blend(
                    pixels, row, column, fills, best, second, distance,
                    np.float32(line), line_colour, ink, opacity,
                )  # fmt: skip
            else:
                _over(
                    pixels, row, column, fills[best, 0], fills[best, 1], fills[best, 2], opacity
                )


@njit(cache=True, nogil=True, error_model="numpy")
def stamp(
    pixels: Pixels, mask: Pixels, left: int, top: int, colour: Floats, alpha: float
) -> None:
    """Paint a colour through a mask.

    Parameters
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4); changed in place.
    mask
        Coverage 0 to 255, shape (rows, columns).
    left, top
        Where the mask's upper left corner goes, in pixels; may be outside.
    colour
        0 to 255, shape (3,).
    alpha
        Opacity, 0 to 1.
    """
    height, width = pixels.shape[0], pixels.shape[1]
    factor = np.float32(alpha / 255.0)
    for i in range(max(0, -top), min(mask.shape[0], height - top)):
        for j in range(max(0, -left), min(mask.shape[1], width - left)):
            if mask[i, j]:
                cover = np.float32(mask[i, j]) * factor
                _over(pixels, top + i, left + j, colour[0], colour[1], colour[2], cover)


@njit(cache=True, nogil=True, error_model="numpy")
def mix(pixels: Pixels, other: Pixels, share: float) -> None:
    """Dissolve towards another picture of the same shape, in place.

    Parameters
    ----------
    pixels, other
        Shape (height, width, 4).
    share
        0 leaves ``pixels``, 1 gives ``other``.
    """
    weight = np.int32(round(share * 256))
    mine = np.int32(256) - weight
    flat, target = pixels.reshape(-1), other.reshape(-1)
    for i in range(flat.size):
        flat[i] = np.uint8((flat[i] * mine + target[i] * weight + 128) >> 8)


@njit(cache=True, nogil=True, error_model="numpy")
def bar(
    pixels: Pixels,
    left: float,
    top: float,
    right: float,
    bottom: float,
    colour: Floats,
    alpha: float,
) -> None:
    """Paint a rectangle with edges at any place, anti-aliased.

    Parameters
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4); changed in place.
    left, top, right, bottom
        Pixel coordinates.
    colour
        0 to 255, shape (3,).
    alpha
        Opacity, 0 to 1.
    """
    height, width = pixels.shape[0], pixels.shape[1]
    for row in range(max(int(math.floor(top)), 0), min(int(math.ceil(bottom)), height)):
        tall = min(np.float32(row + 1), bottom) - max(np.float32(row), top)
        for column in range(max(int(math.floor(left)), 0), min(int(math.ceil(right)), width)):
            wide = min(np.float32(column + 1), right) - max(np.float32(column), left)
            cover = np.float32(tall * wide * alpha)
            _over(pixels, row, column, colour[0], colour[1], colour[2], cover)
