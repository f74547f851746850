"""The loops that paint decision regions, compiled by numba."""

# mypy: disable-error-code="untyped-decorator, assignment, operator, no-untyped-def"

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.stage.kernels import Floats, Pixels, in_words, over, packed

FAR = np.float32(1e9)
FLAT = np.float32(1e-12)
"""Slope below which two functions count as parallel."""


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _paint(pixels, row, column, fills, best, second, distance, line, line_ink, alpha):
    """Paint a pixel whose centre is ``distance`` inside the border of ``best`` to ``second``."""
    one, half = np.float32(1.0), np.float32(0.5)
    share = min(half + distance, one)
    red = fills[best, 0] * share + fills[second, 0] * (one - share)
    green = fills[best, 1] * share + fills[second, 1] * (one - share)
    blue = fills[best, 2] * share + fills[second, 2] * (one - share)
    ink = min(max(line + half - distance, np.float32(0.0)), one) * line_ink[3]
    red += (line_ink[0] - red) * ink
    green += (line_ink[1] - green) * ink
    blue += (line_ink[2] - blue) * ink
    over(pixels, row, column, red, green, blue, alpha)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _fill(pixels, row, first, end, colour, alpha):
    """Paint a run of pixels that lie inside a region."""
    if alpha >= 1:
        words, word = in_words(pixels), packed(colour)
        for column in range(first, end):
            words[row, column] = word
    else:
        for column in range(first, end):
            over(pixels, row, column, colour[0], colour[1], colour[2], alpha)


@njit(cache=True, nogil=True, error_model="numpy")
def _nearest_line(values, lengths, best):
    """The function that takes over nearest by, and the distance to where it does."""
    second, distance = best, FAR
    for k in range(values.shape[0]):
        if k != best and lengths[best, k] > FLAT:
            apart = (values[best] - values[k]) / lengths[best, k]
            if apart < distance:
                second, distance = k, apart
    return second, distance


@njit(cache=True, nogil=True, error_model="numpy")
def _pixels_inside(values, slopes, lengths, best, edge):
    """How many pixels of a row, this one included, are farther inside a region than ``edge``."""
    count = FAR
    for k in range(values.shape[0]):
        room = values[best] - values[k] - edge * lengths[best, k]
        if k != best and lengths[best, k] > FLAT:
            if room <= 0:
                return 0
            closing = slopes[k, 0] - slopes[best, 0]
            if closing * count > room:
                count = room / closing
    return int(min(count, FAR)) + 1


@njit(cache=True, nogil=True, error_model="numpy")
def linear_regions(
    pixels: Pixels,
    box: NDArray[np.int64],
    slopes: Floats,
    offsets: Floats,
    fills: Floats,
    line: float,
    line_ink: Floats,
    alpha: float,
) -> None:
    """Paint where each of several linear functions is the largest.

    Each row is walked from border to border, so that the inside of a region costs one
    evaluation and its border is anti-aliased exactly.

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
    line, line_ink
        A line along the borders: half its width in pixels; red, green, blue from 0 to 255 and
        opacity from 0 to 1, shape (4,).
    alpha
        Opacity of the whole.
    """
    count = slopes.shape[0]
    lengths = np.empty((count, count), np.float32)
    for a in range(count):
        for b in range(count):
            lengths[a, b] = np.hypot(slopes[a, 0] - slopes[b, 0], slopes[a, 1] - slopes[b, 1])
    half, width, opacity = np.float32(0.5), np.float32(line), np.float32(alpha)
    edge = width + half
    values = np.empty(count, np.float32)
    for row in range(box[0], box[1]):
        y = np.float32(row) + half
        column = box[2]
        while column < box[3]:
            x = np.float32(column) + half
            for k in range(count):
                values[k] = slopes[k, 0] * x + slopes[k, 1] * y + offsets[k]
            best = np.argmax(values)
            run = _pixels_inside(values, slopes, lengths, best, edge)
            if run > 0:
                end = min(column + run, box[3])
                _fill(pixels, row, column, end, fills[best], opacity)
                column = end
            else:
                second, distance = _nearest_line(values, lengths, best)
                _paint(pixels, row, column, fills, best, second, distance, width, line_ink, opacity)
                column += 1


@njit(cache=True, nogil=True, error_model="numpy")
def _candidates(values):
    """For each cell of a grid the functions that may be the largest in it, one bit each.

    They are the largest ones at the nodes of the cell and of its neighbours. Functions whose
    numbers are 64 apart share a bit, which costs time and nothing else.
    """
    rows, columns = values.shape[0], values.shape[1]
    winner = np.empty((rows, columns), np.uint64)
    for i in range(rows):
        for j in range(columns):
            winner[i, j] = np.uint64(1) << np.uint64(np.argmax(values[i, j]) & 63)
    across = np.empty((rows, columns - 1), np.uint64)
    for i in range(rows):
        for j in range(columns - 1):
            bits = winner[i, j] | winner[i, j + 1]
            bits |= winner[i, max(j - 1, 0)] | winner[i, min(j + 2, columns - 1)]
            across[i, j] = bits
    both = np.empty((rows - 1, columns - 1), np.uint64)
    for i in range(rows - 1):
        for j in range(columns - 1):
            bits = across[i, j] | across[i + 1, j]
            both[i, j] = bits | across[max(i - 1, 0), j] | across[min(i + 2, rows - 1), j]
    return both


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _is_in(bits, k):
    return (bits >> np.uint64(k & 63)) & np.uint64(1)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _bilinear(values, i, j, k, fu, fv):
    one = np.float32(1.0)
    upper = values[i, j, k] * (one - fu) + values[i, j + 1, k] * fu
    lower = values[i + 1, j, k] * (one - fu) + values[i + 1, j + 1, k] * fu
    return upper * (one - fv) + lower * fv


@njit(cache=True, nogil=True, error_model="numpy")
def _nearest_in_cell(values, candidates, i, j, fu, fv, step_x, step_y):
    """The largest function at a place in a cell, its nearest rival and the distance to it."""
    count = values.shape[2]
    one = np.float32(1.0)
    best, top = 0, -FAR
    for k in range(count):
        if _is_in(candidates, k):
            value = _bilinear(values, i, j, k, fu, fv)
            if value > top:
                best, top = k, value
    second, distance = best, FAR
    for k in range(count):
        if k == best or not _is_in(candidates, k):
            continue
        d00 = values[i, j, best] - values[i, j, k]
        d01 = values[i, j + 1, best] - values[i, j + 1, k]
        d10 = values[i + 1, j, best] - values[i + 1, j, k]
        d11 = values[i + 1, j + 1, best] - values[i + 1, j + 1, k]
        gu = ((d01 - d00) * (one - fv) + (d11 - d10) * fv) / step_x
        gv = ((d10 - d00) * (one - fu) + (d11 - d01) * fu) / step_y
        length = np.sqrt(gu * gu + gv * gv)
        if length > FLAT:
            apart = (top - _bilinear(values, i, j, k, fu, fv)) / length
            if apart < distance:
                second, distance = k, apart
    return best, second, distance


@njit(cache=True, nogil=True, error_model="numpy")
def grid_regions(
    pixels: Pixels,
    box: NDArray[np.int64],
    origin: Floats,
    values: Floats,
    fills: Floats,
    line: float,
    line_ink: Floats,
    alpha: float,
) -> None:
    """Paint where each of several functions, given on a grid, is the largest.

    Between the nodes the functions are interpolated bilinearly. Where the nodes of a cell and
    of its neighbours agree on the largest one, the cell is filled without looking closer.

    Parameters
    ----------
    pixels, box, fills, line, line_ink, alpha
        See `linear_regions`.
    origin
        Pixel coordinates of the first node and pixels between nodes: x, y, step x, step y.
    values
        Shape (rows, columns, K); rows go downwards.
    """
    half, width, opacity = np.float32(0.5), np.float32(line), np.float32(alpha)
    candidates = _candidates(values)
    rows, columns = candidates.shape
    for row in range(box[0], box[1]):
        v = (np.float32(row) + half - origin[1]) / origin[3]
        i = min(max(math.floor(v), 0), rows - 1)
        fv = v - np.float32(i)
        column = box[2]
        while column < box[3]:
            u = (np.float32(column) + half - origin[0]) / origin[2]
            j = min(max(math.floor(u), 0), columns - 1)
            bits, following = candidates[i, j], j + 1
            while following < columns and candidates[i, following] == bits:
                following += 1
            end = box[3]
            if following < columns:
                edge = math.ceil(origin[0] + np.float32(following) * origin[2] - half)
                end = min(max(edge, column + 1), box[3])
            if bits & (bits - np.uint64(1)) == 0:
                best = np.argmax(values[i, j])
                _fill(pixels, row, column, end, fills[best], opacity)
                column = end
                continue
            for near in range(column, end):
                u = (np.float32(near) + half - origin[0]) / origin[2]
                j = min(max(math.floor(u), 0), columns - 1)
                fu = u - np.float32(j)
                best, second, distance = _nearest_in_cell(
                    values, bits, i, j, fu, fv, origin[2], origin[3]
                )
                _paint(pixels, row, near, fills, best, second, distance, width, line_ink, opacity)
            column = end
