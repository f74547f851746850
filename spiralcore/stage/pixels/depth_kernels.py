"""The loops that paint points in depth, compiled by numba: each has its own size and colours."""

# mypy: disable-error-code="untyped-decorator, assignment, operator, no-untyped-def"

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.stage.pixels.blend_kernels import Floats, Pixels, blended, in_words, packed
from spiralcore.stage.pixels.kernel_checks import checked
from spiralcore.stage.pixels.sprites import Sprites, disc_sprites, stamp_sprite

SIZES = 8
"""Sizes of sprites for each pixel of the radius."""

COARSER = 2
"""Of the phases of a sprite every second one is kept: a centre is off by 1/16 pixel at most."""


class SpriteBank(NamedTuple):
    """Discs of many sizes.

    Attributes
    ----------
    sprites
        Shape (L, phases, phases, rows, columns), see
        `spiralcore.stage.pixels.sprites.disc_sprites`.
    rows
        How many rows of each size are used, shape (L,).
    first
        Radius of the smallest in parts of `SIZES` of a pixel; each is one part larger.
    """

    sprites: Sprites
    rows: NDArray[np.int64]
    first: int


@lru_cache(maxsize=16)
def sprite_bank(smallest: float, largest: float, rim: float, opacity: float) -> SpriteBank:
    """Make discs of all sizes between two radii in pixels; ``rim`` is a part of the radius."""
    first, last = math.floor(smallest * SIZES), math.ceil(largest * SIZES)
    every = [disc_sprites(i / SIZES, rim * i / SIZES, opacity) for i in range(first, last + 1)]
    kept = [one[::COARSER, ::COARSER] for one in every]
    bank = np.zeros((len(kept), *kept[-1].shape), np.uint32)
    for into, one in zip(bank, kept, strict=True):
        into[:, :, : one.shape[2], : one.shape[3]] = one
    return SpriteBank(bank, np.array([one.shape[2] for one in kept]), first)


@checked(
    pixels="H W 4",
    centres="N 2",
    radii="N",
    fills="N 3",
    rims="N 3",
)
@njit(cache=True, nogil=True, error_model="numpy")
def stamp_in_depth(
    pixels: Pixels,
    centres: Floats,
    radii: Floats,
    fills: Floats,
    rims: Floats,
    bank: SpriteBank,
) -> None:
    """Stamp discs one over the other.

    Parameters
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4); changed in place.
    centres, radii
        In pixels, shapes (N, 2) and (N,).
    fills, rims
        Colours 0 to 255, shape (N, 3).
    bank
        Discs of all these radii.
    """
    words, phases = in_words(pixels), min(bank.sprites.shape[1], bank.sprites.shape[2])
    sizes = min(bank.sprites.shape[0], bank.rows.shape[0])
    if sizes == 0 or phases == 0:
        return
    for i in range(centres.shape[0]):
        size = int(radii[i] * SIZES + np.float32(0.5)) - bank.first
        size = min(max(size, 0), sizes - 1)
        corner = (size + bank.first) / SIZES + 0.5 - 0.5 / phases
        x, y = centres[i, 0] - corner, centres[i, 1] - corner
        rows = min(bank.rows[size], bank.sprites.shape[3])
        stamp_sprite(
            words, x, y, bank.sprites, size, rows, phases, packed(fills[i]), packed(rims[i])
        )


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _half_width(radius, dy):
    """Half the width of a circle at a height above its centre; 0 beyond it."""
    return np.sqrt(max(radius * radius - dy * dy, np.float32(0.0)))


@checked(pixels="H W 4", centres="N 2", radii="N", heights="N", fills="N 3", rims="N 3")
@njit(cache=True, nogil=True, error_model="numpy")
def ovals(
    pixels: Pixels,
    centres: Floats,
    radii: Floats,
    heights: Floats,
    fills: Floats,
    rims: Floats,
    rim: float,
    opacity: float,
) -> None:
    """Paint anti-aliased ovals with a rim, one over the other.

    Parameters
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4); changed in place.
    centres
        Pixel coordinates, shape (N, 2).
    radii
        Half their widths in pixels, the rim included, shape (N,).
    heights
        Their heights as parts of their widths, shape (N,): 1 for discs.
    fills, rims
        Colours 0 to 255, shape (N, 3).
    rim
        Width of the rim as a part of the radius; 0 for none.
    opacity
        0 to 1.
    """
    height, width = pixels.shape[0], pixels.shape[1]
    words = in_words(pixels)
    half, one, zero = np.float32(0.5), np.float32(1.0), np.float32(0.0)
    full, none = np.float32(256) * np.float32(opacity), np.uint32(0)
    solid = np.uint32(full + half)
    for i in range(centres.shape[0]):
        x, y, radius = centres[i, 0], centres[i, 1], radii[i]
        outer = radius + half
        inner = radius * np.float32(1.0 - rim) + half if rim > 0 else outer
        if not (-outer < x < width + outer and -outer < y < height + outer):
            continue
        fill, edge = packed(fills[i]), packed(rims[i])
        tall = radius * heights[i] + half
        stretch = outer / tall
        for row in range(max(math.floor(y - tall), 0), min(math.ceil(y + tall), height)):
            dy = (np.float32(row) + half - y) * stretch
            wide = _half_width(outer, dy)
            # Pixels whose centres are a whole pixel inside are filled without a look.
            plain = _half_width(max(inner - one, zero), dy)
            first, end = max(math.floor(x - wide), 0), min(math.ceil(x + wide), width)
            plain_first = min(max(math.ceil(x - plain - half), first), end)
            plain_end = min(max(math.floor(x + plain - half) + 1, plain_first), end)
            for column in range(plain_first, plain_end):
                words[row, column] = blended(words[row, column], fill, solid, edge, none)
            for side in range(2):
                start, stop = (first, plain_first) if side == 0 else (plain_end, end)
                for column in range(start, stop):
                    dx = np.float32(column) + half - x
                    distance = np.sqrt(dx * dx + dy * dy)
                    cover = min(max(outer - distance, zero), one)
                    core = min(max(inner - distance, zero), cover)
                    total = np.uint32(cover * full + half)
                    of_fill = min(np.uint32(core * full + half), total)
                    words[row, column] = blended(
                        words[row, column], fill, of_fill, edge, total - of_fill
                    )
