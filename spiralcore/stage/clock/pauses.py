"""The moments of a film: where a speaker stops, and what there is to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from spiralcore.registry.languages.en import ENGLISH
from spiralcore.stage.clock.film_time import FilmTime
from spiralcore.story.sentences import Speaker, text_of
from spiralcore.story.telling import spaced as in_time
from spiralcore.story.telling import story
from spiralcore.system.rounding import percent
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.events import events
from spiralcore.trajectory.play.counting import Counting
from spiralcore.trajectory.play.timeline import Timeline

APART = 0.75
"""Seconds of film between two moments at least; what is closer is told at the first of them."""


class Pause(NamedTuple):
    """A moment of a film.

    Attributes
    ----------
    second
        Film time.
    text
        What to say there, whole sentences.
    """

    second: float
    text: str


def training_pauses(
    trajectories: Sequence[Trajectory], timeline: Timeline, time_of: FilmTime
) -> list[Pause]:
    """Before the training, its events, its end.

    Parameters
    ----------
    trajectories
        Whose events count: the story of one, see `spiralcore.story.telling`; of several those of
        `spiralcore.trajectory.events.events`.
    timeline
        When each epoch is shown, in seconds of the action.
    time_of
        When the action begins.
    """
    if len(trajectories) == 1:
        told = _story(trajectories[0], timeline)
    else:
        told = _in_step(trajectories, timeline)
    counting = Counting.of(trajectories)
    last = counting.at(max(path.trained_epochs for path in trajectories))
    found = [Pause(0.0, f"Before the training.{_standing(trajectories, 0)}"), *told]
    over = time_of.action_over
    return spaced(
        [
            *(Pause(time_of.start + second, text) for second, text in found),
            Pause(over, f"After {last:,} {counting.units}.{_standing(trajectories, -1)}"),
        ]
    )


def _story(trajectory: Trajectory, timeline: Timeline) -> list[Pause]:
    """What captions tell of one training, in English as all that a speaker reads."""
    speaker = Speaker.of(trajectory, ENGLISH)
    told = [event for _, event in in_time(story(trajectory), timeline)]
    seconds = timeline.seconds_at(np.array([event.epoch for event in told], np.int64))
    counting = trajectory.counting
    return [
        Pause(float(second), f"{_when(counting, event.epoch)}: {text_of(speaker.line(event))}")
        for second, event in zip(seconds, told, strict=True)
    ]


def _in_step(trajectories: Sequence[Trajectory], timeline: Timeline) -> list[Pause]:
    """What several trainings have in common to be told."""
    happening = events(trajectories, names_of(trajectories))
    seconds = timeline.seconds_at(np.array([event.epoch for event in happening], np.int64))
    counting = Counting.of(trajectories)
    return [
        Pause(float(second), f"{_when(counting, event.epoch)}: {event.text}.")
        for second, event in zip(seconds, happening, strict=True)
    ]


def _when(counting: Counting, epoch: int) -> str:
    named = counting.named(epoch)
    return f"{named[0].upper()}{named[1:]}"


def spaced(moments: Iterable[Pause]) -> list[Pause]:
    """Tell moments that are close together at the first of them; the start and the end stay."""
    *others, end = sorted(moments, key=lambda moment: moment.second)
    kept: list[Pause] = []
    for moment in others:
        if kept and moment.second - kept[-1].second < APART:
            kept[-1] = Pause(kept[-1].second, f"{kept[-1].text} {moment.text}")
        else:
            kept.append(moment)
    while len(kept) > 1 and end.second - kept[-1].second < APART:
        end = Pause(end.second, f"{kept.pop().text} {end.text}")
    return [*kept, end]


def names_of(trajectories: Sequence[Trajectory]) -> list[str]:
    """What tells networks apart: activations, class counts where they differ, or a letter."""
    names = [path.activation_label for path in trajectories]
    if len({path.classes for path in trajectories}) > 1:
        names = [
            f"{name} with {path.classes} classes"
            for name, path in zip(names, trajectories, strict=True)
        ]
    if len(set(names)) < len(names):
        count = len(names)
        return [f"network {'AB'[i] if count == 2 else i + 1}" for i in range(count)]
    return names


def _standing(trajectories: Sequence[Trajectory], epoch: int) -> str:
    """Accuracies at an epoch; nothing where they were not recorded."""
    known = [path.accuracy[epoch] for path in trajectories if not np.isnan(path.accuracy[epoch])]
    if not known:
        return ""
    low, high = (percent(float(value)) for value in (min(known), max(known)))
    return f" {low if low == high else f'{low} to {high}'} of the points are right."
