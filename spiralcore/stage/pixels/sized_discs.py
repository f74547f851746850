"""Discs of different sizes: one by one, or stamped from sprites where there are many."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from spiralcore.stage.pixels import depth_kernels, sprites
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.depth_kernels import SIZES

Floats = NDArray[np.float32]

MANY = 5000
"""Discs from which on sprites pay, which have to be made for each size first."""

MOST_SIZES = 48
"""Sizes of sprites that are made for a picture; with more they do not pay."""

HAIR = np.float32(2**-10)
"""Pixels by which a centre may be moved without being seen."""


def paint_discs(
    canvas: Canvas,
    places: NDArray[np.float64],
    radii: NDArray[np.floating],
    fills: Floats,
    rim_colour: Floats,
    rim: float,
    opacity: float,
) -> None:
    """Paint anti-aliased discs with a rim, one over the other; ovals on a stretched canvas.

    Parameters
    ----------
    canvas
        What to paint on.
    places
        Scene coordinates, shape (N, 3).
    radii
        In scene units, the rim included, shape (N,); what has none is left out.
    fills
        Colours 0 to 255, shape (N, 3).
    rim_colour
        0 to 255, shape (3,).
    rim
        Width of the rim as a part of the radius.
    opacity
        0 to 1.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # what is infinitely far off is not seen
        centres = canvas.place(places).astype(np.float32)
        pixel_radii = (radii * canvas.scale).astype(np.float32)
        # Ovals get a spike where their centre is exactly in the middle of a column.
        centres[:, 0] += np.where(centres[:, 0] % 1 == 0.5, HAIR, 0)
    seen = np.flatnonzero(pixel_radii > 0)
    centres, pixel_radii, fills = centres[seen], pixel_radii[seen], fills[seen]
    rims = np.tile(rim_colour.astype(np.float32), (len(seen), 1))
    start = _stampable(pixel_radii) if canvas.upright == 1 else 0
    if start:
        bank = depth_kernels.sprite_bank(*_ends(pixel_radii[:start]), rim, opacity)
        depth_kernels.stamp_in_depth(
            canvas.pixels, centres[:start], pixel_radii[:start], fills[:start], rims[:start], bank
        )
    rest = slice(start, None)
    # The soft edge of half a pixel is stretched with the oval.
    heights = (canvas.upright * (pixel_radii + 0.5) - 0.5) / pixel_radii
    depth_kernels.ovals(
        canvas.pixels,
        centres[rest],
        pixel_radii[rest],
        heights[rest],
        fills[rest],
        rims[rest],
        rim,
        opacity,
    )


def _stampable(radii: Floats) -> int:
    """How many of the first discs are stamped: those up to the first that is too large."""
    large = np.flatnonzero(radii > sprites.LARGEST)
    count = int(large[0]) if len(large) else len(radii)
    if count < MANY:
        return 0
    least, most = _ends(radii[:count])
    return count if (most - least) * SIZES <= MOST_SIZES else 0


def _ends(radii: Floats) -> tuple[float, float]:
    """Radii around all of them for which there are sprites, so that they can be found again."""
    return math.floor(radii.min() * SIZES) / SIZES, math.ceil(radii.max() * SIZES) / SIZES
