"""What part of a plane is seen at any film time: limits that move smoothly and let nothing out."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.timeline import Doubles

MARGIN, SMALL_MARGIN, TICKED_MARGIN = 0.07, 0.09, 0.125
"""Room around what is shown on each side, as a part of its width: in a large panel, in a small one,
and in a small one with numbers on its axis."""

ROUNDING = 0.05
"""Part of a plane's width over which a zoom goes from following one axis to following the other."""


class Zoom:
    """A limit of an axis over film time that moves smoothly and lets nothing out.

    A rolling maximum, blurred within its own window: a blur that reaches no farther than that
    cannot cut anything off.

    Parameters
    ----------
    seconds
        Film times, increasing, shape (T,).
    extents
        How far things reach at these times, shape (T,), positive; between them it is interpolated.
    duration
        Length of the action in seconds.
    """

    RATE = 30
    WINDOW = 0.4

    def __init__(self, seconds: Doubles, extents: NDArray[Any], duration: float) -> None:
        from scipy.ndimage import convolve1d, maximum_filter1d

        half = round(self.WINDOW * self.RATE)
        count = int(np.ceil(duration * self.RATE)) + 1 + 2 * half
        reached = np.log(np.asarray(extents, np.float64))
        slots = np.clip(((seconds + self.WINDOW) * self.RATE).round().astype(int), 0, count - 1)
        self._grid = np.arange(count) / self.RATE - self.WINDOW
        grid = np.interp(self._grid, seconds, reached)
        np.maximum.at(grid, slots, reached)
        rolled = maximum_filter1d(grid, 2 * half + 1, mode="nearest")
        window = np.hanning(2 * half + 1)
        self._limits = convolve1d(rolled, window / window.sum(), mode="nearest")

    def at(self, second: float) -> float:
        """The limit at a film time."""
        return float(np.exp(np.interp(second, self._grid, self._limits)))


class Frame(NamedTuple):
    """The part of a plane that is shown.

    Attributes
    ----------
    limits
        Lower and upper limit of the horizontal axis.
    rise
        How much higher those of the vertical axis are.
    """

    limits: tuple[float, float]
    rise: float

    @classmethod
    def around(
        cls, left: float, right: float, below: float, above: float, share: float, margin: float
    ) -> Frame:
        """The smallest square around a rectangle that has the origin inside.

        Parameters
        ----------
        left, right, below, above
            How far the rectangle reaches from the origin, not negative.
        share
            1 for a rectangle in the middle of the square, 0 for equal limits on both axes.
        margin
            Room on each side, as a part of the square's width.
        """
        rise = share * (above - below - right + left) / 2
        rounding = ROUNDING * share * max(left + right, below + above)
        lower = -_rounded_maximum(left, below + rise, rounding)
        upper = _rounded_maximum(right, above - rise, rounding)
        room = margin * (upper - lower)
        return cls((lower - room, upper + room), rise)


def _rounded_maximum(one: float, other: float, rounding: float) -> float:
    """A maximum without an edge where both are equal, there larger by 0.7 times the rounding."""
    if rounding <= 0:
        return max(one, other)
    return float(rounding * np.logaddexp(one / rounding, other / rounding))


class View:
    """The part of the plane that a panel shows, as a function of film time.

    A bounded space is always shown whole. In an unbounded one the panel zooms smoothly, so
    that the farthest point stays inside and well used space is not wasted.

    Parameters
    ----------
    playback
        Whose points are shown.
    margin
        Room around the space on each side, as a part of its width.
    """

    LEAST = 0.5

    def __init__(self, playback: Playback, margin: float = MARGIN) -> None:
        self._margin = margin
        path, self._space = playback.trajectory, playback.trajectory.space
        seconds, duration = playback.timeline.seconds_at(path.epochs), playback.timeline.duration
        self._above: list[Zoom] = []
        self._below: list[Zoom] = []
        # The highest and lowest of both axes, or of each where both are free.
        axes = 1 if path.units != 2 or self._space.lower is not None else 2
        self._apart = float(axes == 2)
        parts = np.split(path.hidden, axes, axis=2)
        if self._space.upper is None:
            tops = [np.maximum(part.max(axis=(1, 2)), self.LEAST) for part in parts]
            self._above = [Zoom(seconds, reached, duration) for reached in tops]
        if self._space.lower is None:
            bottoms = [np.maximum(-part.min(axis=(1, 2)), self.LEAST / 10) for part in parts]
            self._below = [Zoom(seconds, reached, duration) for reached in bottoms]

    def at(self, second: float) -> tuple[float, float]:
        """Lower and upper limit of both axes at a film time."""
        return self._framed(second, 0.0).limits

    def frame(self, second: float) -> Frame:
        """Limits at a film time; in a plane without a border those of each axis by itself."""
        return self._framed(second, self._apart)

    def _framed(self, second: float, share: float) -> Frame:
        above = [zoom.at(second) for zoom in self._above] or [self._space.upper or 0.0]
        below = [zoom.at(second) for zoom in self._below] or [-(self._space.lower or 0.0)]
        return Frame.around(below[0], above[0], below[-1], above[-1], share, self._margin)
