"""Interleaved spirals in the plane, one arm a class."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SECTORS_PER_ARM = 4
"""How many sectors of width ``2 pi / classes`` an arm sweeps when ``turns`` is not given."""

NOISE_GROWTH = 1.5
"""The noise at the outer end of an arm, as a multiple of that at its inner end."""


class Points(NamedTuple):
    """Labelled points.

    Attributes
    ----------
    inputs
        Coordinates, shape (N, 2), float32.
    labels
        Classes 0 to K-1, shape (N,), int64.
    """

    inputs: NDArray[np.float32]
    labels: NDArray[np.int64]


def spirals(
    classes: int,
    points_per_class: int = 200,
    *,
    rng: np.random.Generator,
    inner_radius: float = 2.0,
    outer_radius: float = 20.0,
    turns: float | None = None,
    noise: float = 0.17,
) -> Points:
    """Draw interleaved spirals.

    Along each arm the radius grows linearly and so does the angle, which starts at
    ``2 pi c / classes`` for class c. Uniform noise is added to the angle; it grows linearly
    to `NOISE_GROWTH` times its first size along the arm.

    Parameters
    ----------
    classes
        Number of arms.
    points_per_class
        Points on each arm.
    rng
        The source of the noise.
    inner_radius, outer_radius
        Radius at the two ends of an arm.
    turns
        How often an arm winds around the centre; 4 / classes when not given.
    noise
        Largest deviation of the angle at the inner end, in radians.

    Returns
    -------
    Points
        The points, class by class and from the inner end to the outer.
    """
    if turns is None:
        turns = SECTORS_PER_ARM / classes
    radius = np.linspace(inner_radius, outer_radius, points_per_class)
    sweep = np.linspace(0.0, 2 * np.pi * turns, points_per_class)
    spread = noise * np.linspace(1.0, NOISE_GROWTH, points_per_class)
    start = 2 * np.pi * np.arange(classes)[:, None] / classes
    angle = start + sweep + spread * rng.uniform(-1.0, 1.0, (classes, points_per_class))
    inputs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    return Points(
        inputs.reshape(-1, 2).astype(np.float32),
        np.repeat(np.arange(classes, dtype=np.int64), points_per_class),
    )
