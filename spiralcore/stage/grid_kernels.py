"""The loop that paints the decision regions of functions on a grid, compiled by numba."""

# mypy: disable-error-code="untyped-decorator, assignment, operator, no-untyped-def"

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.stage.kernels import Floats, Pixels
from spiralcore.stage.region_kernels import FAR, FLAT, fill_run, paint_border


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
def _edge(origin, j):
    """Pixel coordinate of a column of nodes."""
    return origin[0] + np.float32(j) * origin[2]


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _advantage(values, i, j, one, other, fu, fv):
    """How far one function is above another at a place in a cell, and how this grows with it."""
    d00 = values[i, j, one] - values[i, j, other]
    d01 = values[i, j + 1, one] - values[i, j + 1, other]
    d10 = values[i + 1, j, one] - values[i + 1, j, other]
    twist = values[i + 1, j + 1, one] - values[i + 1, j + 1, other] - d10 - d01 + d00
    slope_u, slope_v = d01 - d00 + twist * fv, d10 - d00 + twist * fu
    return d00 + slope_u * fu + (d10 - d00) * fv, slope_u, slope_v


@njit(cache=True, nogil=True, error_model="numpy")
def _nearest_in_cell(values, candidates, i, j, fu, fv, origin):
    """The largest function at a place in a cell, its nearest rival and the distance to it."""
    count = values.shape[2]
    best = -1
    for k in range(count):
        if _is_in(candidates, k) and (best < 0 or _advantage(values, i, j, k, best, fu, fv)[0] > 0):
            best = k
    second, distance = best, FAR
    for k in range(count):
        if k != best and _is_in(candidates, k):
            ahead, slope_u, slope_v = _advantage(values, i, j, best, k, fu, fv)
            slope_x, slope_y = slope_u / origin[2], slope_v / origin[3]
            length = np.sqrt(slope_x * slope_x + slope_y * slope_y)
            if length > FLAT and ahead < distance * length:
                second, distance = k, ahead / length
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
                fill_run(pixels, row, column, end, fills[np.argmax(values[i, j])], opacity)
            else:
                for near in range(column, end):
                    u = (np.float32(near) + half - origin[0]) / origin[2]
                    best, second, distance = _nearest_in_cell(
                        values, bits, i, j, u - np.float32(j), v - np.float32(i), origin
                    )
                    paint_border(
                        pixels, row, near, fills, best, second, distance, width, line_ink, opacity
                    )
            column = end
