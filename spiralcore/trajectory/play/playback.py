"""A trajectory on a timeline: what to draw at any film time, without trembling.

The path between kept epochs is smoothed over film time with a Gaussian. The recorded means
over the epochs between kept ones enter too, so that what is averaged is the whole run and not
a sample of it.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from spiralcore.registry.spaces import SHORTEST
from spiralcore.trajectory.moment import Moment
from spiralcore.trajectory.play.timeline import Doubles, Timeline
from spiralcore.trajectory.trajectory import Trajectory

SMOOTHING = 0.12
"""Standard deviation of the Gaussian over film time, in seconds."""

REACH = 4.0
"""Standard deviations after which the Gaussian is cut."""

BLOCK = 16
"""Frames that are smoothed together: their windows are nearly the same, so that the path is read
from memory once for all of them, and not once for each."""

MOST_VALUES = 1 << 21
"""Coordinates of points that are held for such a block: of very many points it has fewer frames."""

ON_GRID = 1e-6
"""Part of a frame by which a time may miss its frame, as calculations leave it."""


class FrameGrid(NamedTuple):
    """The times of a film's frames: frame n is at ``n / rate - start``."""

    start: float
    rate: float


class Playback:
    """Plays a trajectory.

    Parameters
    ----------
    trajectory
        What to play.
    timeline
        When; it covers all epochs of the trajectory.
    smoothing
        Standard deviation of the low-pass over film time, in seconds; 0 for the exact path.
    frames
        When it will be asked, for the most part; None if that is not known.

    Attributes
    ----------
    together
        How many times are asked for at once: `BLOCK` unless there are very many points.
    """

    def __init__(
        self,
        trajectory: Trajectory,
        timeline: Timeline,
        smoothing: float = SMOOTHING,
        frames: FrameGrid | None = None,
    ) -> None:
        self.trajectory = trajectory
        self.timeline = timeline
        self.smoothing = smoothing
        self._frames = frames
        self.together = min(max(MOST_VALUES // trajectory.hidden[0].size, 1), BLOCK)
        self._knots = timeline.seconds_at(trajectory.epochs)
        self._latest: tuple[float, Moment] | None = None
        self._block: tuple[int, Moment] | None = None

    def at(self, second: float) -> Moment:
        """The layer and its read-out at a film time.

        Parameters
        ----------
        second
            0 is the first epoch. Far enough before it, and after the end, nothing moves.
        """
        # Several parts of a picture ask for the same time, one after the other.
        if self._latest is None or self._latest[0] != second:
            self._latest = second, self._moment(second)
        return self._latest[1]

    def moments(self, seconds: Doubles) -> Moment:
        """The same at several times that increase: arrays with a first axis for them, shape (B,).

        Times that are near each other, as that reads what is between the first and the last.
        """
        if self.smoothing <= 0 or self.trajectory.space.shape == "sphere":
            return Moment(*(np.stack(part) for part in zip(*map(self.at, seconds), strict=True)))
        moments = self._means(seconds)
        return moments._replace(hidden=self._inside(moments.hidden, 0.0))

    def _moment(self, second: float) -> Moment:
        moment = self._mean(second)
        return moment._replace(hidden=self._inside(moment.hidden, second))

    def _inside(self, hidden: NDArray[np.float32], second: float) -> NDArray[np.float32]:
        """Move points back into the space that they never leave at any kept epoch.

        A mean of places on a sphere is not on it, nor is a straight line between two of them.
        """
        path = self.trajectory
        if path.space.shape == "sphere":
            # Right in the middle nothing is nearest: there the epoch itself decides.
            lost = np.linalg.norm(hidden, axis=1) < SHORTEST
            if lost.any():
                kept = np.abs(path.epochs - self.timeline.epoch_at(second)).argmin()
                hidden = hidden.copy()
                hidden[lost] = path.hidden[kept, lost]
        nearest = path.space.nearest(hidden)
        if self._all_inside:
            return nearest
        return np.where(path.outside.ever[:, None], hidden, nearest)

    @cached_property
    def _all_inside(self) -> bool:
        return not self.trajectory.outside.ever.any()

    def _mean(self, second: float) -> Moment:
        if self.smoothing <= 0:
            return self.trajectory.evaluate(self.timeline.epoch_at(second))
        if self._frames is None:
            return _one_of(self._means(np.array([second])), 0)
        start, rate = self._frames
        exact = (second + start) * rate
        frame = round(exact)
        if abs(exact - frame) > ON_GRID:
            return _one_of(self._means(np.array([second])), 0)
        number, within = divmod(frame, self.together)
        # Blocks begin at fixed frames: what a frame is does not depend on which was asked before.
        if self._block is None or self._block[0] != number:
            frames = np.arange(number * self.together, (number + 1) * self.together)
            self._block = number, self._means(frames / rate - start)
        return _one_of(self._block[1], within)

    def _means(self, seconds: Doubles) -> Moment:
        """Smooth the path at increasing times, shape (B,): arrays with an axis for them."""
        path = self.trajectory
        low, high, ends, inner = self._weights(seconds)
        window = slice(low, high + 1)
        if path.hidden_mean is None or high == low:
            hidden = _combine(ends, path.hidden[window])
        else:
            # The recorded mean of an interval takes the place of the mean of its straight line.
            late = inner * self._late[low:high]
            of_knots = ends.copy()
            of_knots[:, :-1] -= inner - late
            of_knots[:, 1:] -= late
            hidden = _combine(of_knots, path.hidden[window])
            hidden += _combine(inner, path.hidden_mean[low + 1 : high + 1])
        return Moment(
            hidden,
            _combine(ends, path.readout_weight[window]),
            _combine(ends, path.readout_bias[window]),
        )

    def epoch(self, second: float) -> int:
        """The epoch that is over at a film time."""
        return int(self.timeline.epoch_at(second) + 1e-6)

    def curve_value(self, curve: NDArray[np.float32], second: float) -> float:
        """Value of a curve over epochs, such as ``accuracy``, at the epoch of a film time."""
        return float(curve[min(self.epoch(second), len(curve) - 1)])

    @cached_property
    def _late(self) -> NDArray[np.float32]:
        """Weight of the later end in the mean of a straight line over its epochs, shape (T - 1,).

        The mean leaves out the earlier end.
        """
        steps = np.diff(self.trajectory.epochs).astype(np.float32)
        return np.asarray((steps + 1) / (2 * steps))

    def _weights(
        self, seconds: Doubles
    ) -> tuple[int, int, NDArray[np.float32], NDArray[np.float32]]:
        """Integrate the Gaussian over the straight lines between knots.

        Returns
        -------
        tuple
            First and last knot, weights of the knots (B, n), weights of the intervals between
            them (B, n - 1).
        """
        knots, sigma = self._knots, self.smoothing
        reach = REACH * sigma
        low = max(int(np.searchsorted(knots, seconds[0] - reach, side="right")) - 1, 0)
        high = min(int(np.searchsorted(knots, seconds[-1] + reach, side="left")), len(knots) - 1)
        scaled = (knots[low : high + 1] - seconds[:, None]) / sigma
        below = scipy.special.ndtr(scaled)
        density = np.exp(-0.5 * scaled**2) / np.sqrt(2 * np.pi)
        mass = below[:, 1:] - below[:, :-1]
        span = np.maximum(scaled[:, 1:] - scaled[:, :-1], 1e-12)
        # Mean position within each interval, 0 at its start and 1 at its end, times its mass.
        moved = density[:, :-1] - density[:, 1:] - scaled[:, :-1] * mass
        upper = np.minimum(np.maximum(moved / span, 0.0), mass)
        ends = np.zeros(scaled.shape)
        ends[:, 1:] += upper
        ends[:, :-1] += mass - upper
        ends[:, 0] += below[:, 0]
        ends[:, -1] += 1 - below[:, -1]
        for still, knot in ((seconds <= knots[0] - reach, 0), (seconds >= knots[-1] + reach, -1)):
            ends[still], mass[still] = 0.0, 0.0
            ends[still, knot] = 1.0
        return low, high, ends.astype(np.float32), mass.astype(np.float32)


def _combine(weights: NDArray[np.float32], arrays: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weighted sums over the first axis, shape (B, ...), for weights of shape (B, n)."""
    flat = arrays.reshape(len(arrays), -1)
    return (weights @ flat).reshape(len(weights), *arrays.shape[1:])


def _one_of(moments: Moment, index: int) -> Moment:
    """One time of several."""
    return Moment(*(array[index] for array in moments))
