"""Where the points of a table come to lie: around the origin, within the extent of all data."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spiralcore.data.generated import EXTENT
from spiralcore.data.table_readers import Rows
from spiralcore.errors import UsageError

Scale = Literal["same", "each"]

RADIUS = EXTENT
"""Distance of the farthest point from the centre after scaling."""

VERY_DIFFERENT = 10.0
"""Where the span of an axis is more times that of the other, each is scaled by itself."""

FAR = 5.0
"""Points without which the span of an axis is so many times smaller are far from all others."""

ENOUGH = 10
"""Points from which on some of them can be far from the others."""

MOST_FAR = 3
"""Points that are named as far ones; more are a cluster of their own."""

AXES = ("x", "y")


def fitted(
    rows: Rows, path: Path, scale: Scale | None = None
) -> tuple[NDArray[np.float32], Scale, tuple[str, ...]]:
    """Move the middle of the bounding box to the origin, and scale to `RADIUS`.

    Both axes have one scale, unless their spans are very different, far points not counted: then
    each is scaled by itself, so that the spans are equal.

    Parameters
    ----------
    rows
        The points.
    path
        What messages call the table.
    scale
        How to scale; None to find out.

    Returns
    -------
    tuple
        Coordinates, shape (N, 2); how they were scaled; notes for people.

    Raises
    ------
    UsageError
        If all points lie at one place.
    """
    places = rows.places
    lower, upper = places.min(axis=0), places.max(axis=0)
    moved = np.subtract(places, lower / 2 + upper / 2)
    half = upper / 2 - lower / 2
    if not half.any():
        raise UsageError(f"{path}: all points lie at one place.", "points that differ.")
    notes, spans = [], []
    for axis in (0, 1):
        far, span = _far(places[:, axis])
        spans.append(span)
        notes += [_named(rows, point, axis, far) for point in far]
    ratio = max(spans) / min(spans) if min(spans) > 0 else 1.0
    if scale is None and ratio > VERY_DIFFERENT:
        scale = "each"
        notes.append(
            f"x spans {spans[0]:,.6g} and y {spans[1]:,.6g}: each axis is scaled by itself "
            "(--scale same keeps one scale for both)"
        )
    scale = scale or "same"
    # Divided before multiplied: the largest numbers would overflow.
    moved /= np.where(half > 0, half, 1.0) if scale == "each" else half.max()
    moved /= float(np.hypot(*moved.T).max())
    moved *= RADIUS
    return np.asarray(moved, dtype=np.float32), scale, tuple(notes)


def _far(values: NDArray[np.float64]) -> tuple[list[int], float]:
    """The few points without which an axis is far shorter, and its span without them."""
    order = np.argsort(values, kind="stable")
    ordered = values[order] / 2  # a span may be larger than any number
    full = float(ordered[-1] - ordered[0])
    most = min(MOST_FAR, len(values) // ENOUGH)
    for count in range(1, most + 1):
        kept = len(values) - count
        spans = [float(ordered[first + kept - 1] - ordered[first]) for first in range(count + 1)]
        first = int(np.argmin(spans))
        if 0 < FAR * spans[first] <= full:
            far = [*order[:first].tolist(), *order[first + kept :].tolist()]
            return far, 2 * spans[first]
    return [], 2 * full


def _named(rows: Rows, point: int, axis: int, far: list[int]) -> str:
    """Say of a point that it is far from the others."""
    others = np.delete(rows.places[:, axis], far)
    return (
        f"{rows.where} {rows.lines[point]}: {AXES[axis]} = {rows.places[point, axis]:.6g} is far "
        f"from all others, which lie from {others.min():.6g} to {others.max():.6g}"
    )
