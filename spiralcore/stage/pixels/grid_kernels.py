"""The loop that paints the decision regions of functions on a grid, compiled by numba."""

# mypy: disable-error-code="untyped-decorator, assignment, operator, no-untyped-def"

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.stage.pixels.blend_kernels import Floats, Pixels, in_words
from spiralcore.stage.pixels.kernel_checks import checked
from spiralcore.stage.pixels.region_kernels import FAR, FLAT, fill_run, largest, paint_border


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
            winner[i, j] = np.uint64(1) << np.uint64(largest(values[i, j]) & 63)
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
def _edge(origin, j):
    """Pixel coordinate of a column of nodes."""
    return origin[0] + np.float32(j) * origin[2]


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _difference(values, i, j, one, other):
    """One function minus another in a cell, as a bilinear form: constant, u, v and u v."""
    d00 = values[i, j, one] - values[i, j, other]
    d01 = values[i, j + 1, one] - values[i, j + 1, other]
    d10 = values[i + 1, j, one] - values[i + 1, j, other]
    d11 = values[i + 1, j + 1, one] - values[i + 1, j + 1, other]
    return d00, d01 - d00, d10 - d00, d11 - d10 - d01 + d00


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _at(form, fu, fv):
    """A bilinear form at a place in its cell, and its slopes there."""
    slope_u, slope_v = form[1] + form[3] * fv, form[2] + form[3] * fu
    return form[0] + slope_u * fu + form[2] * fv, slope_u, slope_v


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _nearest_in_cell(values, candidates, i, j, fu, fv, origin):
    """The largest function at a place in a cell, its nearest rival and the distance to it."""
    count = values.shape[2]
    best = -1
    for k in range(count):
        if _is_in(candidates, k) and (
            best < 0 or _at(_difference(values, i, j, k, best), fu, fv)[0] > 0
        ):
            best = k
    second, distance = best, FAR
    for k in range(count):
        if k != best and _is_in(candidates, k):
            ahead, slope_u, slope_v = _at(_difference(values, i, j, best, k), fu, fv)
            slope_x, slope_y = slope_u / origin[2], slope_v / origin[3]
            length = np.sqrt(slope_x * slope_x + slope_y * slope_y)
            if length > FLAT and ahead < distance * length:
                second, distance = k, ahead / length
    return best, second, distance


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _two(candidates, count):
    """The candidates where there are two of them; the second is -1 where there are more."""
    first, second = -1, -1
    for k in range(count):
        if _is_in(candidates, k):
            if second >= 0:
                return first, -1
            first, second = (k, -1) if first < 0 else (first, k)
    return first, second


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _paint_cells(
    pixels,
    words,
    row,
    first,
    end,
    values,
    candidates,
    i,
    j,
    fv,
    origin,
    fills,
    line,
    line_ink,
    alpha,
):
    """Paint the part of a row in which several functions compete."""
    one, other = _two(candidates, values.shape[2])
    dense_x, dense_y = np.float32(1) / origin[2], np.float32(1) / origin[3]
    edge = line + np.float32(0.5)
    form = _difference(values, i, j, one, max(other, 0))
    for column in range(first, end):
        fu = (np.float32(column) + np.float32(0.5) - origin[0]) * dense_x - np.float32(j)
        if other < 0:
            best, second, distance = _nearest_in_cell(values, candidates, i, j, fu, fv, origin)
        else:
            ahead, slope_u, slope_v = _at(form, fu, fv)
            best, second = (one, other) if ahead >= 0 else (other, one)
            slope_x, slope_y = slope_u * dense_x, slope_v * dense_y
            squared = slope_x * slope_x + slope_y * slope_y
            distance = FAR
            if ahead * ahead < edge * edge * squared:
                distance = abs(ahead) / np.sqrt(squared)
        if distance > edge:
            fill_run(words, row, column, column + 1, fills[best], alpha)
        else:
            paint_border(
                pixels, words, row, column, fills, best, second, distance, line, line_ink, alpha
            )


@checked(
    pixels="H W 4",
    box="4",
    origin="4",
    values="rows>=2 columns>=2 K>=1",
    fills="K 3",
    line_ink="4",
)
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
    candidates, words = _candidates(values), in_words(pixels)
    rows, columns = candidates.shape
    for row in range(box[0], box[1]):
        v = (np.float32(row) + half - origin[1]) / origin[3]
        i = min(max(math.floor(v), 0), rows - 1)
        column, j = box[2], 0
        while column < box[3]:
            while j < columns - 1 and np.float32(column) + half >= _edge(origin, j + 1):
                j += 1
            bits, following = candidates[i, j], j + 1
            is_plain = bits & (bits - np.uint64(1)) == 0
            while is_plain and following < columns and candidates[i, following] == bits:
                following += 1
            end = box[3]
            if following < columns:
                end = min(max(math.ceil(_edge(origin, following) - half), column + 1), box[3])
            if is_plain:
                fill_run(words, row, column, end, fills[largest(values[i, j])], opacity)
            else:
                _paint_cells(
                    pixels,
                    words,
                    row,
                    column,
                    end,
                    values,
                    bits,
                    i,
                    j,
                    v - np.float32(i),
                    origin,
                    fills,
                    width,
                    line_ink,
                    opacity,
                )
            column = end
