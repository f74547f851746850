"""The loops that paint the decision regions of linear functions, compiled by numba."""

# mypy: disable-error-code="untyped-decorator, assignment, operator, no-untyped-def"

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.stage.pixels.blend_kernels import (
    Floats,
    Pixels,
    blended,
    in_words,
    over,
    packed,
)
from spiralcore.stage.pixels.kernel_checks import checked

FAR = np.float32(1e9)
LONGEST_WAY = np.float32(16)
"""Pixels from one side of a border to the other, up to which the others are looked at once only."""

FLAT = np.float32(1e-12)
"""Slope below which two functions count as parallel."""


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def largest(values):
    """The first of the largest numbers; for a few of them several times as fast as NumPy's."""
    best = 0
    for k in range(1, values.shape[0]):
        if values[k] > values[best]:
            best = k
    return best


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def border_colour(fills, best, second, distance, line, line_ink):
    """Red, green, blue of a pixel whose centre is ``distance`` inside the border of two regions."""
    one, half = np.float32(1.0), np.float32(0.5)
    share = min(half + distance, one)
    ink = min(max(line + half - distance, np.float32(0.0)), one) * line_ink[3]
    of_best, of_second = share * (one - ink), (one - share) * (one - ink)
    return (
        fills[best, 0] * of_best + fills[second, 0] * of_second + line_ink[0] * ink,
        fills[best, 1] * of_best + fills[second, 1] * of_second + line_ink[1] * ink,
        fills[best, 2] * of_best + fills[second, 2] * of_second + line_ink[2] * ink,
    )


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def paint_border(pixels, words, row, column, fills, best, second, distance, line, line_ink, alpha):
    """Paint a pixel whose centre is ``distance`` inside the border of ``best`` to ``second``.

    ``words`` are the pixels as `in_words` gives them.
    """
    red, green, blue = border_colour(fills, best, second, distance, line, line_ink)
    if alpha >= 1:
        words[row, column] = packed((red, green, blue))
    else:
        over(pixels, row, column, red, green, blue, alpha)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def fill_run(words, row, first, end, colour, alpha):
    """Paint a run of pixels that lie inside a region; opacities are rounded to parts of 256."""
    word = packed(colour)
    if alpha >= 1:
        for column in range(first, end):
            words[row, column] = word
    else:
        part = np.uint32(alpha * 256 + np.float32(0.5))
        for column in range(first, end):
            words[row, column] = blended(words[row, column], word, part, word, np.uint32(0))


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _nearest_line(values, inverse_lengths, best):
    """The function that takes over nearest by, and the distance to where it does."""
    second, distance = best, FAR
    for k in range(values.shape[0]):
        apart = (values[best] - values[k]) * inverse_lengths[best, k]
        if k != best and inverse_lengths[best, k] > 0 and apart < distance:
            second, distance = k, apart
    return second, distance


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _pixels_inside(values, slopes, lengths, best, edge):
    """How many pixels of a row, this one included, are farther inside a region than ``edge``."""
    count = FAR
    for k in range(values.shape[0]):
        area = values[best] - values[k] - edge * lengths[best, k]
        if k != best and lengths[best, k] > FLAT:
            if area <= 0:
                return 0
            closing = slopes[k, 0] - slopes[best, 0]
            if closing * count > area:
                count = area / closing
    return int(min(count, FAR)) + 1


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _pixels_across(values, slopes, lengths, best, second, edge):
    """How many pixels of a row it takes from here to the far side of a border between two regions.

    1 where a third region comes near on the way, or where the row leads along the border.
    """
    ahead = values[best] - values[second]
    closing = slopes[second, 0] - slopes[best, 0]
    way = ahead + edge * lengths[best, second]
    # Also where they are not numbers, so that the row goes on.
    if not (way > 0 and closing * LONGEST_WAY >= way):
        return 1
    steps, middle = way / closing + 1, ahead / closing
    for k in range(values.shape[0]):
        if k != best and k != second:
            # Each room is linear along the row: positive at both ends means positive between.
            here = values[best] - values[k] - edge * lengths[best, k]
            there = values[second] - values[k] - edge * lengths[second, k]
            gain, other_gain = slopes[best, 0] - slopes[k, 0], slopes[second, 0] - slopes[k, 0]
            area = min(here, here + middle * gain)
            area = min(area, there + middle * other_gain, there + steps * other_gain)
            if area <= 0:
                return 1
    return int(steps)


@checked(pixels="H W 4", box="4", slopes="K>=1 2", offsets="K", fills="K 3", line_ink="4")
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
    count, words = slopes.shape[0], in_words(pixels)
    lengths = np.empty((count, count), np.float32)
    inverse = np.empty((count, count), np.float32)
    for a in range(count):
        for b in range(count):
            lengths[a, b] = np.hypot(slopes[a, 0] - slopes[b, 0], slopes[a, 1] - slopes[b, 1])
            # Parallel functions take over nowhere; 0 marks them.
            inverse[a, b] = 1 / lengths[a, b] if lengths[a, b] > FLAT else 0
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
            best = largest(values)
            run = _pixels_inside(values, slopes, lengths, best, edge)
            if run > 0:
                end = min(column + run, box[3])
                fill_run(words, row, column, end, fills[best], opacity)
                column = end
                continue
            second, distance = _nearest_line(values, inverse, best)
            across = _pixels_across(values, slopes, lengths, best, second, edge)
            end = min(column + across, box[3])
            step = (slopes[second, 0] - slopes[best, 0]) * inverse[best, second]
            for near in range(column, end):
                if distance < 0:
                    best, second, distance, step = second, best, -distance, -step
                paint_border(
                    pixels,
                    words,
                    row,
                    near,
                    fills,
                    best,
                    second,
                    distance,
                    width,
                    line_ink,
                    opacity,
                )
                distance -= step
            column = end
