"""Film time: which epoch is shown when.

Film time follows motion by default, so that each second shows about the same amount of it:
quiet phases pass quickly, and a loss spike of a few epochs gets the time to be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import UsageError, nearest
from spiralcore.trajectory.motion import panel_width
from spiralcore.trajectory.trajectory import Trajectory

TIMELINES = ("motion", "log", "linear")

MOTION_STEP = 0.015
"""Movement that counts, root mean square, as a part of the panel's width; less is trembling."""

LOG_SHARE = 0.12
"""Part of a motion timeline that follows the logarithm of the epoch, so that time never stops."""

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Timeline:
    """A strictly increasing, piecewise linear map between film time and epochs.

    Attributes
    ----------
    seconds
        Film times of the knots, from 0 to the duration.
    epochs
        Epochs of the knots, from 0 to the last one.
    """

    seconds: Doubles
    epochs: Doubles

    @property
    def duration(self) -> float:
        """Seconds from the first epoch to the last."""
        return float(self.seconds[-1])

    def epoch_at(self, second: float) -> float:
        """The epoch at a film time; stands still before the start and after the end."""
        return float(np.interp(second, self.seconds, self.epochs))

    def seconds_at(self, epochs: NDArray[np.int64]) -> Doubles:
        """Film times of epochs."""
        return np.interp(epochs, self.epochs, self.seconds)


def timeline(
    trajectories: Sequence[Trajectory], duration: float, kind: str = "motion"
) -> Timeline:
    """Make the timeline of a film in which these trajectories evolve in step.

    Parameters
    ----------
    trajectories
        One or more; the film ends with the longest of them.
    duration
        Seconds that the training takes on screen.
    kind
        ``motion``: equal movement a second, averaged over the trajectories; ``log``: equal
        factors of the epoch a second; ``linear``: equal numbers of epochs a second.

    Raises
    ------
    UsageError
        If there is no timeline of that kind.
    """
    if kind not in TIMELINES:
        raise UsageError(
            f"There is no timeline '{kind}'.{nearest(kind, TIMELINES)}",
            f"one of {', '.join(TIMELINES)}.",
        )
    last = max(trajectory.trained_epochs for trajectory in trajectories)
    epochs = np.unique(np.concatenate([t.epochs for t in trajectories] + [np.array([0, last])]))
    if kind == "linear":
        progress = epochs / max(last, 1)
    else:
        progress = np.log1p(epochs) / np.log1p(max(last, 1))
    if kind == "motion":
        motion = np.mean([_shared_motion(t, epochs) for t in trajectories], axis=0)
        if motion[-1] > 0:
            share = LOG_SHARE
            progress = share * progress + (1 - share) * motion / motion[-1]
    if kind == "log":
        # A piecewise linear map between sparse knots would not be logarithmic.
        epochs = np.unique(np.geomspace(1, last + 1, 2000) - 1)
        progress = np.log1p(epochs) / np.log1p(max(last, 1))
    return Timeline(progress * duration, epochs.astype(np.float64))


def motion_clock(trajectory: Trajectory) -> Doubles:
    """Movement from the start to each kept epoch, in panel widths, trembling left out.

    Movement is counted in steps of `MOTION_STEP` between places that are really apart. Within
    a step it is attributed to the epochs in which the points moved most, so that a spike
    after a long calm gets the time and not the calm.

    Returns
    -------
    NDArray
        Shape (T,), not decreasing, beginning with 0.
    """
    hidden = trajectory.hidden
    count = len(hidden)
    widths = [panel_width(frame, trajectory.space) for frame in hidden]
    moved = np.zeros(count)
    for i in range(1, count):
        moved[i] = _root_mean_square(hidden[i] - hidden[i - 1]) / widths[i]
    clock = np.zeros(count)
    mark = 0
    for i in range(1, count):
        net = _root_mean_square(hidden[i] - hidden[mark]) / widths[i]
        if net >= MOTION_STEP or i == count - 1:
            path = np.cumsum(moved[mark + 1 : i + 1])
            # The way between two places is as long as the distance, and at most the path.
            part = path / path[-1] if path[-1] > 0 else np.zeros(i - mark)
            clock[mark + 1 : i + 1] = clock[mark] + net * part
            mark = i
    return clock


def _root_mean_square(difference: NDArray[np.float32]) -> float:
    flat = difference.ravel()
    return float(np.sqrt(np.dot(flat, flat) / len(difference)))


def _shared_motion(trajectory: Trajectory, epochs: NDArray[np.int64]) -> Doubles:
    return np.interp(epochs, trajectory.epochs, motion_clock(trajectory))
