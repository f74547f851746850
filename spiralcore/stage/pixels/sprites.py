"""Small discs, stamped from pictures of them that are computed once.

A disc with a rim is the same picture wherever it lies, but for where its centre is within a
pixel. So there is a sprite for each of `PHASES` x `PHASES` places of the centre, with the coverage
of the fill and of the rim in parts of 256, and a stamp costs eight bytes of arithmetic a pixel.
"""

# mypy: disable-error-code="untyped-decorator, assignment, operator, no-untyped-def"

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.stage.pixels.blend_kernels import HOLE, SLIT, Pixels, blended, in_words, packed
from spiralcore.stage.pixels.kernel_checks import checked

Sprites = NDArray[np.uint32]

PHASES = 16
"""Places of a centre within a pixel, along each axis: it is off by 1/32 pixel at most."""

LARGEST = 16.0
"""Radius in pixels up to which sprites pay; there are 256 of them."""

LOWER, UPPER = np.uint32(0xFFFF), np.uint32(16)

LANE = 8
"""Widths are multiples of this many pixels, so that rows fit the processor's vectors."""


@lru_cache(maxsize=64)
def disc_sprites(radius: float, rim: float, opacity: float, mark: int = 0) -> Sprites:
    """Coverage of a disc for all phases of its centre.

    Parameters
    ----------
    radius
        In pixels, the rim included.
    rim
        Width of the rim in pixels; 0 for none.
    opacity
        0 to 1.
    mark
        What has the colour of the rim in the middle: 0 nothing, 1 a hole, 2 a bar across, 3 an
        upright one.

    Returns
    -------
    NDArray
        Shape (PHASES, PHASES, rows, columns): parts of 256 that the fill covers in the lower
        16 bits, parts that the rim covers in the upper ones. The first two axes are the
        distances of the disc's upper and left edge from the corner of the sprite.
    """
    outer = radius + 0.5
    rows = math.ceil(2 * outer) + 1
    columns = -(-rows // LANE) * LANE
    centre = np.arange(PHASES) / PHASES + outer
    down = (np.arange(rows) + 0.5 - centre[:, None])[:, None, :, None]
    right = (np.arange(columns) + 0.5 - centre[:, None])[None, :, None, :]
    distance = np.hypot(down, right)
    cover = np.clip(outer - distance, 0.0, 1.0)
    core = np.minimum(np.clip(radius - rim + 0.5 - distance, 0.0, 1.0), cover)
    reach = [None, distance - HOLE * (radius - rim), np.abs(down) - SLIT * (radius - rim),
             np.abs(right) - SLIT * (radius - rim)][mark]  # fmt: skip
    if reach is not None:
        core = core * (1 - np.clip(0.5 - reach, 0.0, 1.0))
    total = np.rint(256 * opacity * cover).astype(np.uint32)
    fill = np.minimum(np.rint(256 * opacity * core).astype(np.uint32), total)
    return np.ascontiguousarray(fill | ((total - fill) << np.uint32(16)))


@lru_cache(maxsize=16)
def marked_sprites(radius: float, rim: float, opacity: float, marks: int) -> Sprites:
    """Those of the first so many marks, shape (marks, PHASES, PHASES, rows, columns)."""
    return np.stack([disc_sprites(radius, rim, opacity, mark) for mark in range(marks)])


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def stamp_sprite(words, x, y, sprites, which, rows, phases, fill, rim):
    """Stamp one disc whose sprite has its corner at a place; what is outside is left out.

    ``words`` are the pixels as `in_words` gives them, ``fill`` and ``rim`` colours as `packed`
    gives them. Of ``sprites``, shape (M, phases, phases, rows, columns), number ``which`` is
    taken, and its first ``rows``.
    """
    height, width, columns = words.shape[0], words.shape[1], sprites.shape[4]
    if -columns < x < width and -rows < y < height:
        column, row = math.floor(x), math.floor(y)
        # A hair below a whole pixel the difference is rounded up to 1.
        down = min(int((y - row) * phases), phases - 1)
        right = min(int((x - column) * phases), phases - 1)
        if column >= 0 and row >= 0 and column + columns <= width and row + rows <= height:
            for r in range(rows):
                for c in range(columns):
                    cover = sprites[which, down, right, r, c]
                    words[row + r, column + c] = blended(
                        words[row + r, column + c], fill, cover & LOWER, rim, cover >> UPPER
                    )
        else:
            for r in range(max(-row, 0), min(rows, height - row)):
                for c in range(max(-column, 0), min(columns, width - column)):
                    cover = sprites[which, down, right, r, c]
                    words[row + r, column + c] = blended(
                        words[row + r, column + c], fill, cover & LOWER, rim, cover >> UPPER
                    )


@checked(
    pixels="H W 4",
    points="N 3",
    fills="N 3",
    rim_colour="3",
    marks="N",
    sprites=f"M>=1 {PHASES} {PHASES} rows columns",
)
@njit(cache=True, nogil=True, error_model="numpy")
def stamp_discs(
    pixels: Pixels,
    points: NDArray[np.float64],
    scale: float,
    left: float,
    top: float,
    fills: NDArray[np.float32],
    rim_colour: NDArray[np.float32],
    marks: NDArray[np.uint8],
    sprites: Sprites,
    outer: float,
) -> None:
    """Stamp discs one over the other.

    Parameters
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4); changed in place.
    points
        Scene coordinates, shape (N, 3).
    scale, left, top
        See `spiralcore.stage.pixels.canvas.Canvas`.
    fills
        Colours 0 to 255, shape (N, 3).
    rim_colour
        0 to 255, shape (3,).
    marks
        Which sprites are those of each disc, shape (N,).
    sprites
        See `marked_sprites`.
    outer
        Radius of the disc and half a pixel.
    """
    frame, rows = in_words(pixels), sprites.shape[3]
    corner = outer - 0.5 / PHASES  # half a phase more rounds to the nearest one
    rim, last = packed(rim_colour), np.uint8(sprites.shape[0] - 1)
    for i in range(points.shape[0]):
        x = (points[i, 0] - left) * scale - corner
        y = (top - points[i, 1]) * scale - corner
        mark = min(marks[i], last)
        stamp_sprite(frame, x, y, sprites, mark, rows, PHASES, packed(fills[i]), rim)
