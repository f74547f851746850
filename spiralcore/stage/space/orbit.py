"""From where a film looks into a room: slowly around it, or swinging before it."""

from __future__ import annotations

import math
from collections.abc import Sequence
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


RAMP = 0.6
"""Seconds in which the eye comes to rest, and in which it goes on."""


@dataclass(frozen=True)
class Halts:
    """When the eye rests on its way.

    Attributes
    ----------
    spans
        From when to when, in film time, in order and not overlapping.
    duration
        Of the film, in seconds.
    """

    spans: Sequence[tuple[float, float]]
    duration: float

    def share(self, second: float) -> float:
        """What part of the way is over at a film time: evenly, but for the rests."""
        whole = self.duration - self._lost(self.duration)
        return (second - self._lost(second)) / whole if whole > 0 else second / self.duration

    def _lost(self, second: float) -> float:
        """Seconds that it has rested: the integral of how far it is at rest, eased in and out."""
        return sum(
            RAMP * (_ramp((second - start) / RAMP) - _ramp((second - end + RAMP) / RAMP))
            for start, end in self.spans
            if end - start > RAMP
        )


def _ramp(share: float) -> float:
    """Integral of `spiralcore.trajectory.play.easing.eased`."""
    if share <= 0:
        return 0.0
    return share**3 - share**4 / 2 if share < 1 else share - 0.5
