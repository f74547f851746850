"""From where a film looks into a room: slowly around it, or swinging before it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from spiralcore.registry.spaces import Space


@dataclass(frozen=True)
class Orbit:
    """A path of the eye that ends where it began, at the same speed.

    Attributes
    ----------
    middle
        Azimuth in radians: of the start, or of the middle of the swing.
    swing
        How far it swings to each side, in radians; None for a whole turn.
    """

    middle: float
    swing: float | None = None

    @classmethod
    def around(cls, space: Space) -> Orbit:
        """Whole turns around bounded spaces; before an octant, which has a back, a swing."""
        if space.bounded:
            # A cube shows a corner at the start and on the poster, shortly before the end.
            return cls(math.radians(54))
        return cls(math.radians(45), math.radians(26))

    def azimuth(self, share: float) -> float:
        """Where the eye is when a share of the film is over, in radians."""
        turn = 2 * math.pi * share
        if self.swing is None:
            return self.middle + turn
        return self.middle + self.swing * math.sin(turn)

    def azimuths(self, count: int = 72) -> list[float]:
        """Places along the whole path."""
        return [self.azimuth(i / count) for i in range(count)]
