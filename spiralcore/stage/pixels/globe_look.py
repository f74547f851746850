"""How a sphere is seen: rays, where they meet it, and the light on it, compiled by numba.

Coordinates are those of the eye: to the right, upwards and towards it, from the sphere's centre. A
place of the picture is given by the slopes of its ray: to the right and upwards for each unit of
depth.
"""

# mypy: disable-error-code="untyped-decorator, no-untyped-def"

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Shade = NDArray[np.uint32]

LIMB = np.float32(0.9995)
"""Places closer to the outline than that, squared, show what is seen there: the sphere's edge."""

SIXTEEN = np.uint32(16)
"""Bits of a shade below its coverage."""


class Look(NamedTuple):
    """How the sphere is seen.

    Attributes
    ----------
    column, row
        Pixel coordinates of the centre.
    focal
        Pixels for each unit of slope.
    distance
        Of the eye from the centre.
    side
        1 for the half before the centre; -1 for that behind it, seen from within.
    """

    column: np.float32
    row: np.float32
    focal: np.float32
    distance: np.float32
    side: np.float32


class Finish(NamedTuple):
    """How the surface looks.

    Attributes
    ----------
    right, up, towards
        Direction that light comes from.
    dark
        Brightness of what faces away from the light; 1 for what faces it.
    middle, outline
        Opacity where the surface faces the eye, and at the outline.
    """

    right: np.float32
    up: np.float32
    towards: np.float32
    dark: np.float32
    middle: np.float32
    outline: np.float32


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def radius(look):
    """Radius of the picture of the sphere in pixels."""
    return look.focal / np.sqrt(look.distance * look.distance - np.float32(1.0))


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def ray(row, column, look):
    """Slopes of the ray through the centre of a pixel, drawn inside where it misses the sphere."""
    half, one = np.float32(0.5), np.float32(1.0)
    x = (np.float32(column) + half - look.column) / look.focal
    y = (look.row - np.float32(row) - half) / look.focal
    limit = LIMB / (look.distance * look.distance - one)
    pull = np.sqrt(min(limit / max(x * x + y * y, limit), one))
    return x * pull, y * pull


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def hit(x, y, look):
    """Where a ray meets the unit sphere, and at what depth before the eye."""
    one = np.float32(1.0)
    stretch = one + x * x + y * y
    beyond = look.distance * look.distance - one
    root = np.sqrt(max(look.distance * look.distance - beyond * stretch, np.float32(0.0)))
    depth = (look.distance - look.side * root) / stretch
    return x * depth, y * depth, look.distance - depth, depth


@njit(cache=True, nogil=True, error_model="numpy")
def sphere_shade(height: int, width: int, look: Look, finish: Finish) -> Shade:
    """Brightness and coverage of a half of the sphere, which stay while it turns.

    Returns
    -------
    NDArray
        Shape (height, width): brightness in parts of 256 in the lower 16 bits, parts of 256 that
        are covered in the upper ones.
    """
    one, half, zero = np.float32(1.0), np.float32(0.5), np.float32(0.0)
    shade = np.zeros((height, width), np.uint32)
    for row in range(height):
        for column in range(width):
            away = np.hypot(
                np.float32(column) + half - look.column, np.float32(row) + half - look.row
            )
            cover = min(max(radius(look) + half - away, zero), one)
            x, y = ray(row, column, look)
            a, b, c, _ = hit(x, y, look)
            shine = a * finish.right + b * finish.up + c * finish.towards
            lit = finish.dark + (one - finish.dark) * (one + look.side * shine) * half
            # 1 where the surface faces the eye, 0 at the outline.
            slant = abs(a * x + b * y - c) / np.sqrt(one + x * x + y * y)
            thin = (one - slant) * (one - slant)
            part = cover * (finish.middle + (finish.outline - finish.middle) * thin)
            bright = np.uint32(min(max(lit, zero), one) * np.float32(256) + half)
            shade[row, column] = bright | np.uint32(part * np.float32(256) + half) << SIXTEEN
    return shade
