"""Places of a space that have names: its corners, its axes, its directions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.spaces import Space

Doubles = NDArray[np.float64]

MIDDLE = "middle"
"""Where no other place is near."""

COMPASS = (
    "right", "top right", "top", "top left", "left", "bottom left", "bottom", "bottom right",
)  # fmt: skip
"""Names of directions, anticlockwise from the first axis."""

CORNERS = ("top right corner", "top left corner", "bottom left corner", "bottom right corner")
"""Of a square: elsewhere the same words are directions."""

AXES = ("horizontal axis", "diagonal", "vertical axis")
"""Directions of a quadrant."""

NAMES = (*COMPASS, *CORNERS, *AXES, MIDDLE, "origin", "corner")
"""All names of places. Corners in more than two dimensions have no names of their own."""

NEAR = 0.45
"""What is closer to a landmark than this has arrived there, in units of `Places`."""

CENTRAL, AT_ORIGIN = 0.3, 0.15
"""What is closer to the middle than this is in no direction from it, in units of `Places`: in
a round space, and in one without a border."""


@dataclass(frozen=True)
class Places:
    """The landmarks of a space. L of them, in units in which the space reaches from -1 to 1.

    Attributes
    ----------
    landmarks
        Shape (L, D).
    names
        Of each of them.
    middle
        What to call what lies between them.
    central
        Where landmarks stand for directions, at whatever distance: how close to the middle there is
        none; None where landmarks are places.
    """

    landmarks: Doubles
    names: tuple[str, ...]
    middle: str = MIDDLE
    central: float | None = None

    @classmethod
    def of(cls, space: Space, units: int) -> Places | None:
        """Those of a space; None where its places cannot be told apart by name."""
        if units < 2:
            return None
        if space.bounded and not space.is_round:
            marks = np.array(list(product((-1.0, 1.0), repeat=units)))
            if units > 2:
                return cls(marks, ("corner",) * len(marks))
            names = [
                f"{'top' if y > 0 else 'bottom'} {'right' if x > 0 else 'left'} corner"
                for x, y in marks
            ]
            return cls(marks, tuple(names))
        if units > 2:
            return None
        if space.lower is not None and not space.bounded:
            angles = np.pi / 4 * np.arange(3)
            return cls(_around(angles), AXES, "origin", AT_ORIGIN)
        central = CENTRAL if space.bounded else AT_ORIGIN
        return cls(_around(np.pi / 4 * np.arange(8)), COMPASS, central=central)

    def distances(self, path: Doubles) -> Doubles:
        """How far positions, shape (T, D), are from each landmark, shape (T, L).

        Of directions it is the distance on the unit circle, 2 for what is in the middle.
        """
        if self.central is not None:
            length = np.linalg.norm(path, axis=1, keepdims=True)
            path = np.where(length > self.central, path / np.maximum(length, 1e-9), np.nan)
        away = np.linalg.norm(path[:, None] - self.landmarks, axis=2)
        return np.asarray(np.nan_to_num(away, nan=2.0))

    def name(self, position: Doubles) -> str:
        """What to call a position, shape (D,): a landmark, or what lies between two of them."""
        if self.central is not None or len(position) != 2:
            away = self.distances(position[None])[0]
            nearest = int(away.argmin())
            return self.middle if away[nearest] >= 1 else self.names[nearest]
        x, y = (int(np.sign(value)) * (abs(value) >= 0.5) for value in position)
        upright, across = ("bottom", "", "top")[y + 1], ("left", "", "right")[x + 1]
        corner = "corner" if x and y else ""
        return " ".join(part for part in (upright, across, corner) if part) or self.middle


def _around(angles: NDArray[np.floating]) -> Doubles:
    return np.column_stack((np.cos(angles), np.sin(angles)))


def in_units(
    positions: NDArray[np.floating], space: Space, widths: NDArray[np.floating]
) -> Doubles:
    """Positions, shape (T, ..., D), as they are counted in `Places`.

    Parameters
    ----------
    positions
        Of the layer.
    space
        Its space. A bounded one reaches from -1 to 1; of others the panel's width is 2.
    widths
        Of the panel, shape (T,).
    """
    values = np.asarray(positions, np.float64)
    if space.lower is not None and space.upper is not None:
        middle, half = (space.upper + space.lower) / 2, (space.upper - space.lower) / 2
        return np.asarray((values - middle) / half)
    return np.asarray(2 * values / widths.reshape(-1, *[1] * (values.ndim - 1)))
