"""Giving each epoch its film time.

Film time follows motion by default, so that each second shows about the same amount of it:
quiet phases pass quickly, and a loss spike of a few epochs gets the time to be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import UsageError, nearest
from spiralcore.trajectory.play.borders import Borders
from spiralcore.trajectory.play.motion import panel_widths, root_mean_square
from spiralcore.trajectory.play.playback import MOST_VALUES, Playback
from spiralcore.trajectory.play.stops import with_room
from spiralcore.trajectory.play.timeline import Doubles, Timeline
from spiralcore.trajectory.trajectory import Trajectory

TIMELINES = ("motion", "log", "linear")

MOTION_STEP = 0.05
"""Movement that counts at first, root mean square, of the panel's width; less is trembling."""

LOG_SHARE, EVEN_SHARE = 0.12, 0.13
"""Parts of a motion timeline that follow the logarithm of the epoch, so that time never stops, and
the epoch itself, so that half of the training does not go by in a second."""

BORDERS = 0.5
"""How much it counts where all of the space goes to other classes: as much as points that move
by such a part of the panel's width."""

SLOWEST = 1 / 110
"""Part of the film that one epoch takes at most: the limit of slow motion."""

ROUNDS = 3
"""How often the pace is corrected by the movement that it shows."""

SAMPLES = 400
"""Film times at which that movement is measured."""

EVENT_SECONDS = 2.5
"""Film time that an event has for itself, so that it can be read what happens."""

MEASURED_POINTS = 300
"""Points of a trajectory that are enough to measure it."""


def timeline(
    trajectories: Sequence[Trajectory],
    duration: float,
    kind: str = "motion",
    stops: Sequence[float] = (),
    apart: float = EVENT_SECONDS,
) -> Timeline:
    """Make the timeline of a film in which these trajectories evolve in step.

    Parameters
    ----------
    trajectories
        One or more; the film ends with the longest of them.
    duration
        Seconds that the training takes on screen.
    kind
        ``motion``: equal movement a second, of points and of borders, averaged over the
        trajectories; ``log``: equal factors of the epoch a second; ``linear``: equal numbers of
        epochs a second.
    stops, apart
        Epochs that something happens at, the most important first, and the seconds that each of
        them gets, as far as there are enough; only with ``motion``.

    Raises
    ------
    UsageError
        If there is no timeline of that kind.
    """
    last = max(max(trajectory.trained_epochs for trajectory in trajectories), 1)
    if kind == "linear":
        return Timeline(np.array([0.0, duration]), np.array([0.0, last]))
    if kind == "log":
        epochs = np.geomspace(1, last + 1, 2000) - 1
        return Timeline(np.linspace(0, duration, 2000), epochs)
    if kind == "motion":
        paced = _motion_timeline([_thinned(path) for path in trajectories], duration, last)
        return with_room(paced, stops, apart)
    raise UsageError(
        f"There is no timeline '{kind}'.{nearest(kind, TIMELINES)}",
        f"one of {', '.join(TIMELINES)}.",
    )


def _motion_timeline(trajectories: Sequence[Trajectory], duration: float, last: int) -> Timeline:
    """Begin with the movement between kept epochs, then go by what can be seen."""
    epochs = np.unique(np.concatenate([np.array([0, last]), *(t.epochs for t in trajectories)]))
    log, even = np.log1p(epochs) / np.log1p(last), epochs / last
    motion = np.mean(
        [np.interp(epochs, path.epochs, motion_clock(path)) for path in trajectories], axis=0
    )
    for remaining in reversed(range(ROUNDS + 1)):
        if motion[-1] <= 0:
            motion = log
        share = 1 - LOG_SHARE - EVEN_SHARE
        progress = LOG_SHARE * log + EVEN_SHARE * even + share * motion / motion[-1]
        paced = Timeline(_limited(progress, epochs) * duration, epochs.astype(np.float64))
        if remaining:
            motion = np.mean([_seen_motion(path, paced) for path in trajectories], axis=0)
    return paced


def _limited(progress: Doubles, epochs: NDArray[np.int64]) -> Doubles:
    """Take time from epochs that have more than `SLOWEST`, and spread it over the others."""
    shares, most = np.diff(progress), SLOWEST * np.diff(epochs)
    if most.sum() <= 1:
        return progress
    for _ in range(100):
        limited = np.minimum(shares, most)
        excess = 1 - limited.sum()
        if excess < 1e-9:
            break
        free = limited < most
        shares = np.where(free, limited * (1 + excess / limited[free].sum()), limited)
    result = np.concatenate([[0.0], np.cumsum(np.minimum(shares, most))])
    return np.asarray(result / result[-1])


def _seen_motion(trajectory: Trajectory, paced: Timeline) -> Doubles:
    """Movement that a film shows from the start to each knot of its timeline, smoothed."""
    playback, borders = Playback(trajectory, paced), Borders(trajectory)
    seconds = np.linspace(0, paced.duration, SAMPLES + 1)
    moved = np.zeros(SAMPLES + 1)
    # A block begins with the last time of the one before, from where its first step leads.
    for start in range(0, SAMPLES, playback.together):
        shown = playback.moments(seconds[start : start + playback.together + 1])
        widths = panel_widths(shown.hidden, trajectory.space)
        owners = borders.owners(shown.readout_weight, shown.readout_bias, widths)
        steps = _steps(shown.hidden, widths, owners)
        moved[start + 1 : start + 1 + len(steps)] = steps
    return np.interp(paced.seconds, seconds, np.cumsum(moved))


def _steps(
    hidden: NDArray[np.float32], widths: NDArray[np.float32], owners: NDArray[np.int64]
) -> Doubles:
    """Movement from each of T times to the next, of points and of borders, shape (T - 1,)."""
    squared = np.empty(len(hidden) - 1)
    together = max(MOST_VALUES // hidden[0].size, 1)
    for start in range(0, len(squared), together):
        part = np.diff(hidden[start : start + together + 1], axis=0) ** 2
        squared[start : start + together] = part.sum(axis=2, dtype=np.float64).mean(axis=1)
    changed = (owners[1:] != owners[:-1]).mean(axis=1)
    return np.asarray(np.sqrt(squared) / widths[1:] + BORDERS * changed)


def _thinned(trajectory: Trajectory) -> Trajectory:
    """The same trajectory with fewer points, their paths in contiguous memory."""
    keep = slice(None, None, max(trajectory.points // MEASURED_POINTS, 1))
    mean = trajectory.hidden_mean
    return replace(
        trajectory,
        inputs=trajectory.inputs[keep],
        labels=trajectory.labels[keep],
        hidden=np.ascontiguousarray(trajectory.hidden[:, keep]),
        hidden_mean=None if mean is None else np.ascontiguousarray(mean[:, keep]),
        layers={},
        targets=None,
        thumbnails=None,
        thumbnail_points=None,
    )


def motion_clock(trajectory: Trajectory) -> Doubles:
    """Movement from the start to each kept epoch, in panel widths, trembling left out.

    That of points and of borders, see `BORDERS`. It is counted in steps of `MOTION_STEP` between
    places that are really apart. Within a step it is attributed to the epochs in which most moved,
    so that a spike after a long calm gets the time and not the calm.

    Returns
    -------
    NDArray
        Shape (T,), not decreasing, beginning with 0.
    """
    hidden = trajectory.hidden
    count = len(hidden)
    widths = panel_widths(hidden, trajectory.space)
    weight, bias = trajectory.readout_weight, trajectory.readout_bias
    owners = Borders(trajectory).owners(weight, bias, widths)

    def way(start: int, end: int) -> float:
        points = root_mean_square(hidden[end] - hidden[start]) / widths[end]
        return float(points + BORDERS * np.count_nonzero(owners[end] != owners[start]) / shown)

    shown = owners.shape[1]
    moved = np.zeros(count)
    moved[1:] = _steps(hidden, widths, owners)
    clock = np.zeros(count)
    mark = 0
    for i in range(1, count):
        net = way(mark, i)
        if net >= MOTION_STEP or i == count - 1:
            path = np.cumsum(moved[mark + 1 : i + 1])
            # The way between two places is as long as the distance, and at most the path.
            part = path / path[-1] if path[-1] > 0 else np.zeros(i - mark)
            clock[mark + 1 : i + 1] = clock[mark] + net * part
            mark = i
    return clock
