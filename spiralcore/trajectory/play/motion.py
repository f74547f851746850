"""How much a cloud of points moves: the measure that the recorder and the timeline share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.spaces import Space

SMALLEST_WIDTH = 0.5
"""Panels of an unbounded space never get narrower than this, so that a layer whose units have
all died is seen as a point and not magnified without end."""


def panel_width(hidden: NDArray[np.float32], space: Space) -> float:
    """Width of the panel that just shows these points, in the units of the layer.

    Parameters
    ----------
    hidden
        Shape (N, D).
    space
        A bounded space has the same width at all times; in an unbounded one the width reaches
        from its lower bound, or from the lowest of the points and 0, to the farthest point, but
        is at least `SMALLEST_WIDTH`.
    """
    if space.lower is not None and space.upper is not None:
        return max(space.upper - space.lower, 1e-6)
    lowest = np.float32(space.lower if space.lower is not None else min(hidden.min(), 0))
    return float(max(hidden.max() - lowest, np.float32(SMALLEST_WIDTH)))


def panel_widths(run: NDArray[np.float32], space: Space) -> NDArray[np.float32]:
    """Width of the panel at every frame of a run, shape (T, N, D): see `panel_width`."""
    if space.lower is not None and space.upper is not None:
        width = max(space.upper - space.lower, 1e-6)
        return np.full(len(run), width, dtype=np.float32)
    if space.lower is None:
        lowest = np.minimum(run.min(axis=(1, 2)), np.float32(0))
    else:
        lowest = np.float32(space.lower)
    reached = run.max(axis=(1, 2)) - lowest
    return np.asarray(np.maximum(reached, np.float32(SMALLEST_WIDTH)))


def root_mean_square(difference: NDArray[np.float32]) -> float:
    """How far points moved, shape (N, D): the root of the mean of their squared ways."""
    flat = difference.ravel()
    return float(np.sqrt(np.dot(flat, flat) / len(difference)))
