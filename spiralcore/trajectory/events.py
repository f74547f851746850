"""What happens in a training that is worth stopping for: an accuracy reached, a loss spike, a leap.

Pure functions of trajectories, for whoever tells people where to look.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from spiralcore.system.rounding import fixed, percent
from spiralcore.trajectory.play.motion import panel_widths
from spiralcore.trajectory.trajectory import Trajectory
from spiralcore.trajectory.unrecorded import is_unknown

LEVELS = {0.5: "half", 0.9: "90 %", 0.99: "99 %"}
"""Accuracies whose passing is an event, and what to call so many points."""

ABOVE_CHANCE = 0.1
"""An accuracy that is not so much above that of guessing is no event."""

SPIKE_RATIO, SPIKE_HEIGHT = 1.3, 0.03
"""A spike rises to so many times the lowest cross-entropy before it, and above it by so much of
that of guessing."""

MOST_SPIKES = 3

OPENING = 0.01
"""Part of the training in which no leap is looked for: the first steps of Adam are always large."""

LEAST_LEAP = 0.01
"""Movement that can be seen, as a part of the panel's width."""


class Event(NamedTuple):
    """Something that happens.

    Attributes
    ----------
    epoch
        The one to stop at: what is reached is just reached, what happens at once is to come.
    text
        For people: a sentence without its full stop.
    """

    epoch: int
    text: str


class Spike(NamedTuple):
    """A rise of the cross-entropy over all that it had been before.

    Attributes
    ----------
    height
        How far it rises.
    start, peak
        The last epoch before it, and that of its highest value.
    """

    height: float
    start: int
    peak: int


def events(trajectories: Sequence[Trajectory], names: Sequence[str] = ()) -> list[Event]:
    """What happens in trainings that are shown in step, in the order of the epochs.

    Of one network: accuracies of 50, 90 and 99 % where it does not begin with them, loss spikes,
    the largest leap. Of several: when the last of those that reach an accuracy does so, and the
    highest spike.

    Parameters
    ----------
    trajectories
        One or more.
    names
        What to call each of them, where there are several.
    """
    if len(trajectories) == 1:
        (path,) = trajectories
        reached = [
            Event(epoch, f"{LEVELS[level]} of the points are right")
            for level, epoch in passed(path).items()
        ]
        rises = [_told(path, spike) for spike in spikes(path)[:MOST_SPIKES]]
        return sorted([*reached, *rises, *leap(path)])
    return sorted([*_last_passed(trajectories, names), *_highest_spike(trajectories, names)])


def passed(trajectory: Trajectory) -> dict[float, int]:
    """The first epoch at which each of the `LEVELS` is reached that it does not begin with."""
    curve = trajectory.accuracy
    if is_unknown(curve):
        return {}
    least = max(trajectory.guess.accuracy + ABOVE_CHANCE, float(curve[0]))
    return {
        level: int(np.argmax(curve >= level))
        for level in LEVELS
        if level > least and bool((curve >= level).any())
    }


def spikes(trajectory: Trajectory) -> list[Spike]:
    """All loss spikes, the highest first.

    Until the loss is as low again as it was before, it is the same spike.
    """
    known = np.flatnonzero(~np.isnan(trajectory.cross_entropy))
    if is_unknown(trajectory.cross_entropy) or not len(known):
        return []
    curve = trajectory.cross_entropy[known]
    lowest = np.minimum.accumulate(curve)
    # Every epoch at which the loss is as low as never before, and the end.
    marks = np.append(np.flatnonzero(curve <= lowest), len(curve))
    least = SPIKE_HEIGHT * trajectory.guess.cross_entropy
    found = []
    for start, end in pairwise(marks.tolist()):
        peak = start + int(np.argmax(curve[start:end]))
        height = float(curve[peak] - curve[start])
        if height > least and curve[peak] > SPIKE_RATIO * curve[start]:
            found.append(Spike(height, int(known[start]), int(known[peak])))
    return sorted(found, reverse=True)


def leap(trajectory: Trajectory) -> list[Event]:
    """The farthest way between neighbouring kept epochs, root mean square over the points."""
    epochs, hidden = trajectory.epochs, trajectory.hidden
    first = int(np.searchsorted(epochs, OPENING * trajectory.trained_epochs))
    widths = panel_widths(hidden, trajectory.space)
    ways = [
        float(np.linalg.norm(hidden[i + 1] - hidden[i])) / float(widths[i + 1])
        for i in range(first, len(epochs) - 1)
    ]
    part = max(ways, default=0.0) / trajectory.points**0.5
    if part < LEAST_LEAP:
        return []
    before, after = epochs[first + int(np.argmax(ways)) :][:2].tolist()
    counting = trajectory.counting
    count = counting.at(after) - counting.at(before)
    time = f"one {counting.unit}" if count == 1 else f"{count:,} {counting.units}"
    how_far = f"{percent(part, 0)} of the panel's width"
    return [Event(before, f"now the largest leap: in {time} the points move by {how_far}")]


def _told(trajectory: Trajectory, spike: Spike) -> Event:
    loss, accuracy = trajectory.cross_entropy, trajectory.accuracy
    low, high = loss[spike.start], loss[spike.peak]
    text = f"now the loss jumps from {fixed(low, 2)} to {fixed(high, 2)}"
    if not is_unknown(accuracy) and accuracy[spike.peak] < accuracy[spike.start]:
        right = [percent(accuracy[epoch], 0) for epoch in (spike.start, spike.peak)]
        text += f", and accuracy falls from {right[0]} to {right[1]}"
    return Event(spike.start, text)


def _last_passed(trajectories: Sequence[Trajectory], names: Sequence[str]) -> list[Event]:
    """For each of the `LEVELS`, when the last of those that reach it does so."""
    found = []
    reached = [passed(path) for path in trajectories]
    for level, amount in LEVELS.items():
        there = [(of[level], name) for of, name in zip(reached, names, strict=True) if level in of]
        if there:
            epoch, name = max(there)
            rank = f"the last of {len(there)} networks"
            if len(there) == 1:
                rank = f"the only one of {len(names)} networks that gets there"
            elif len(there) < len(names):
                rank += f" that get there, of {len(names)}"
            text = f"{amount} of the points are right with {name}, {rank}"
            found.append(Event(epoch, text))
    return found


def _highest_spike(trajectories: Sequence[Trajectory], names: Sequence[str]) -> list[Event]:
    all_spikes = [
        (spike, index) for index, path in enumerate(trajectories) for spike in spikes(path)[:1]
    ]
    if not all_spikes:
        return []
    spike, index = max(all_spikes)
    told = _told(trajectories[index], spike)
    return [Event(told.epoch, f"{names[index]}: {told.text}")]
