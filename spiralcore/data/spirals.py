"""Interleaved spirals in the plane, one arm a class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spiralcore.data.generated import BetweenRadii, Points, class_by_class, sizes_of
from spiralcore.settings import NotNegative, Positive

SECTORS_PER_ARM = 4
"""How many sectors of width ``2 pi / classes`` an arm sweeps when ``turns`` is not given."""

NOISE_GROWTH = 1.5
"""The noise at the outer end of an arm, as a multiple of that at its inner end."""


def spirals(
    classes: int,
    points_per_class: int | Sequence[int] = 200,
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
        Points on each arm, or a number for each of them.
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

    def arm(label: int, points: int) -> NDArray[np.float64]:
        radius = np.linspace(inner_radius, outer_radius, points)
        sweep = np.linspace(0.0, 2 * np.pi * turns, points)
        spread = noise * np.linspace(1.0, NOISE_GROWTH, points)
        start = 2 * np.pi * label / classes
        angle = start + sweep + spread * rng.uniform(-1.0, 1.0, points)
        return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)

    return class_by_class(sizes_of(points_per_class, classes), arm)


class Spirals(BetweenRadii):
    """Interleaved spirals, see `spirals`."""

    noun = "spirals"
    always = ("points_per_class", "inner_radius", "outer_radius", "turns", "noise")
    generator = staticmethod(spirals)

    kind: Literal["spirals"] = "spirals"
    inner_radius: NotNegative = 2.0
    turns: Positive | None = None
    noise: NotNegative = 0.17

    @property
    def title(self) -> str:
        """Nothing: spirals are what is usual."""
        return ""
