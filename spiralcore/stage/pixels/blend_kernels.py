"""The loops that touch pixels, compiled by numba.

All of them paint on premultiplied RGBA with the operator "over" (Porter and Duff 1984).
"""

# mypy: disable-error-code="untyped-decorator, assignment, operator, no-untyped-def"

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.stage.pixels.kernel_checks import checked

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

HOLE, SLIT = 0.55, 0.2
"""Radius of the hole, and half the width of the bar, that marks cut out of a disc; parts of the
radius of what is within the rim."""

NO_MARK = np.zeros(1, np.uint8)
"""Of a single disc."""


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def over(pixels, row, column, red, green, blue, alpha):
    """Paint one pixel; colours 0 to 255, opacity 0 to 1."""
    keep = np.float32(1.0) - alpha
    half = np.float32(0.5)
    pixels[row, column, 0] = np.uint8(red * alpha + pixels[row, column, 0] * keep + half)
    pixels[row, column, 1] = np.uint8(green * alpha + pixels[row, column, 1] * keep + half)
    pixels[row, column, 2] = np.uint8(blue * alpha + pixels[row, column, 2] * keep + half)
    pixels[row, column, 3] = np.uint8(
        np.float32(255.0) * alpha + pixels[row, column, 3] * keep + half
    )


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def packed(colour):
    """An opaque colour, 0 to 255, as one number: red in its lowest byte, alpha in its highest."""
    half = np.float32(0.5)
    red, green = np.uint32(colour[0] + half), np.uint32(colour[1] + half)
    blue, alpha = np.uint32(colour[2] + half), np.uint32(255)
    return red | green << np.uint32(8) | blue << np.uint32(16) | alpha << np.uint32(24)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def in_words(pixels):
    """The same memory as one number a pixel, shape (height, width)."""
    return pixels.view(np.uint32).reshape(pixels.shape[0], pixels.shape[1])


_LOW, _HIGH = np.uint32(0x00FF00FF), np.uint32(0xFF00FF00)
_EIGHT, _HALVES = np.uint32(8), np.uint32(0x00800080)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def blended(below, one, of_one, other, of_other):
    """A pixel as one number, under parts of two opaque colours; parts are out of 256.

    Two channels are calculated at a time, in the two halves of a number.
    """
    rest = np.uint32(256) - of_one - of_other
    even = (below & _LOW) * rest + (one & _LOW) * of_one + (other & _LOW) * of_other
    odd = (
        ((below >> _EIGHT) & _LOW) * rest
        + ((one >> _EIGHT) & _LOW) * of_one
        + ((other >> _EIGHT) & _LOW) * of_other
    )
    return (((even + _HALVES) >> _EIGHT) & _LOW) | ((odd + _HALVES) & _HIGH)


@checked(pixels="H W 4", centres="N 2", fills="N 3", rim_colour="3", marks="N")
@njit(cache=True, nogil=True, error_model="numpy")
def discs(
    pixels: Pixels,
    centres: Floats,
    fills: Floats,
    radius: float,
    rim: float,
    rim_colour: Floats,
    alpha: float,
    marks: NDArray[np.uint8],
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
    marks
        What has the colour of the rim in the middle, see
        `spiralcore.stage.pixels.sprites.disc_sprites`;
        shape (N,).
    """
    height, width = pixels.shape[0], pixels.shape[1]
    half = np.float32(0.5)
    hole_end, slit_end = np.float32(HOLE * (radius - rim)), np.float32(SLIT * (radius - rim))
    outer = np.float32(radius) + half
    inner = np.float32(radius - rim) + half
    outer_squared = outer * outer
    opacity = np.float32(alpha)
    for i in range(centres.shape[0]):
        x, y = centres[i, 0], centres[i, 1]
        if not (-outer < x < width + outer and -outer < y < height + outer):
            continue
        first_row = max(math.floor(y - outer), 0)
        last_row = min(math.ceil(y + outer), height)
        first_column = max(math.floor(x - outer), 0)
        last_column = min(math.ceil(x + outer), width)
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
                if marks[i] > 0:
                    beyond = distance - hole_end
                    if marks[i] == 2:
                        beyond = abs(dy) - slit_end
                    elif marks[i] == 3:
                        beyond = abs(dx) - slit_end
                    core *= min(max(half + beyond, np.float32(0.0)), np.float32(1.0))
                share = core / cover
                rest = np.float32(1.0) - share
                over(
                    pixels,
                    row,
                    column,
                    fills[i, 0] * share + rim_colour[0] * rest,
                    fills[i, 1] * share + rim_colour[1] * rest,
                    fills[i, 2] * share + rim_colour[2] * rest,
                    cover * opacity,
                )


@checked(pixels="H W 4", mask="rows columns", colour="3")
@njit(cache=True, nogil=True, error_model="numpy")
def stamp(pixels: Pixels, mask: Pixels, left: int, top: int, colour: Floats, alpha: float) -> None:
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
    words, fill = in_words(pixels), packed(colour)
    factor, half = np.uint32(round(alpha * 65536 / 255 * 256)), np.uint32(1 << 15)
    for i in range(max(0, -top), min(mask.shape[0], height - top)):
        for j in range(max(0, -left), min(mask.shape[1], width - left)):
            if mask[i, j]:
                cover = (np.uint32(mask[i, j]) * factor + half) >> np.uint32(16)
                below = words[top + i, left + j]
                words[top + i, left + j] = blended(below, fill, cover, fill, np.uint32(0))


@checked(pixels="H W 4", other="H W 4")
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


@checked(pixels="H W 4", colour="3")
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
    for row in range(max(math.floor(top), 0), min(math.ceil(bottom), height)):
        tall = min(np.float32(row + 1), bottom) - max(np.float32(row), top)
        for column in range(max(math.floor(left), 0), min(math.ceil(right), width)):
            wide = min(np.float32(column + 1), right) - max(np.float32(column), left)
            cover = np.float32(max(tall, 0.0) * max(wide, 0.0) * alpha)
            over(pixels, row, column, colour[0], colour[1], colour[2], cover)


@checked(pixels="H W 4", box="4", colour="3", outside="3")
@njit(cache=True, nogil=True, error_model="numpy")
def ring(
    pixels: Pixels,
    box: NDArray[np.int64],
    centre: tuple[float, float],
    radius: float,
    line: float,
    colour: Floats,
    alpha: float,
    outside: Floats,
    outside_alpha: float,
) -> None:
    """Paint a circle, and all that lies outside of it within a box.

    Parameters
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4); changed in place.
    box
        First row, end row, first column, end column; inside the frame.
    centre, radius
        Of the inner edge of the line, in pixels.
    line
        Its width in pixels.
    colour, alpha
        Of the line: 0 to 255, shape (3,), and 0 to 1.
    outside, outside_alpha
        Of what lies outside of the inner edge.
    """
    half, one, zero = np.float32(0.5), np.float32(1.0), np.float32(0.0)
    x0, y0 = np.float32(centre[0]), np.float32(centre[1])
    inner, outer = np.float32(radius), np.float32(radius + line)
    for row in range(box[0], box[1]):
        dy = np.float32(row) + half - y0
        for column in range(box[2], box[3]):
            dx = np.float32(column) + half - x0
            distance = np.sqrt(dx * dx + dy * dy)
            beyond = min(max(distance - inner + half, zero), one)
            if beyond <= zero:
                continue
            share = beyond * np.float32(outside_alpha)
            over(pixels, row, column, outside[0], outside[1], outside[2], share)
            ink = beyond * min(max(outer + half - distance, zero), one) * np.float32(alpha)
            if ink > zero:
                over(pixels, row, column, colour[0], colour[1], colour[2], ink)
