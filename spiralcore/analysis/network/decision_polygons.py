"""Decision regions of a linear read-out, as exact polygons."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Polygon = NDArray[np.float64]


def decision_polygons(
    weight: NDArray[np.floating],
    bias: NDArray[np.floating],
    lower: tuple[float, float],
    upper: tuple[float, float],
) -> list[Polygon]:
    """Where each class has the largest logit, within a rectangle.

    The region of a class is the rectangle cut by one half plane for each other class, so it
    is convex (Sutherland and Hodgman 1974 for the cutting).

    Parameters
    ----------
    weight, bias
        The read-out, shapes (K, 2) and (K,).
    lower, upper
        Corners of the rectangle.

    Returns
    -------
    list
        For each class the corners of its region, shape (M, 2), anticlockwise; shape (0, 2)
        where the class is nowhere the largest.
    """
    rectangle = np.array(
        [
            [lower[0], lower[1]],
            [upper[0], lower[1]],
            [upper[0], upper[1]],
            [lower[0], upper[1]],
        ],
        dtype=np.float64,
    )
    slopes, offsets = np.asarray(weight, np.float64), np.asarray(bias, np.float64)
    polygons = []
    for k in range(len(offsets)):
        polygon = rectangle
        for other in range(len(offsets)):
            if other != k and len(polygon):
                polygon = _cut(polygon, slopes[k] - slopes[other], offsets[k] - offsets[other])
        polygons.append(polygon)
    return polygons


def _cut(polygon: Polygon, normal: NDArray[np.float64], offset: float) -> Polygon:
    """Keep the part of a convex polygon where ``normal @ x + offset >= 0``."""
    heights = polygon @ normal + offset
    inside = heights >= 0
    if inside.all():
        return polygon
    if not inside.any():
        return polygon[:0]
    kept: list[NDArray[np.float64]] = []
    for i in range(len(polygon)):
        j = (i + 1) % len(polygon)
        if inside[i]:
            kept.append(polygon[i])
        if inside[i] != inside[j]:
            share = heights[i] / (heights[i] - heights[j])
            kept.append(polygon[i] + share * (polygon[j] - polygon[i]))
    return np.array(kept).reshape(-1, 2)
