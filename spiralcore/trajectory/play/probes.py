"""Places spread over a space, at which it is asked which class owns them."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

from spiralcore.registry.spaces import Space

Doubles = NDArray[np.float64]


def probes_of(space: Space, units: int, count: int) -> Doubles:
    """Places spread evenly over a space, shape (count, D), or fewer; always the same ones.

    Without bounds the space reaches from 0 or from -1 to 1. The sequence is the additive
    recurrence of Roberts 2018, "The unreasonable effectiveness of quasirandom sequences".
    """
    sphere = space.shape == "sphere"
    if sphere and units == 2:
        angles = 2 * np.pi * (np.arange(count) + 0.5) / count
        return np.column_stack((np.cos(angles), np.sin(angles)))
    root = 2.0
    for _ in range(64):  # the positive solution of x^(D + 1) = x + 1
        root = (1 + root) ** (1 / (units + 1))
    steps = root ** -np.arange(1.0, units + 1)
    spread = (0.5 + np.arange(1, count + 1)[:, None] * steps) % 1.0
    if sphere:
        # Of independent normal numbers all directions are as likely.
        normal = scipy.special.ndtri(np.clip(spread, 1e-9, 1 - 1e-9))
        return np.asarray(normal / np.linalg.norm(normal, axis=1, keepdims=True))
    lower = -1.0 if space.lower is None else space.lower if space.bounded else 0.0
    upper = 1.0 if space.upper is None else space.upper
    places = lower + (upper - lower) * spread
    if space.shape == "ball":
        places = places[np.linalg.norm(places, axis=1) <= 1]
    return np.asarray(places)
