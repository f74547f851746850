"""The story of a training: its events in order, and those of them for which there is time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

import numpy as np

from spiralcore.story.breaks import breaks
from spiralcore.story.class_paths import class_paths
from spiralcore.story.edges import edges
from spiralcore.story.event import Event
from spiralcore.story.moves import moves
from spiralcore.story.parting import partings
from spiralcore.story.rightness import lands, rightness
from spiralcore.trajectory.play.pacing import EVENT_SECONDS
from spiralcore.trajectory.play.timeline import Timeline
from spiralcore.trajectory.trajectory import Trajectory
from spiralcore.trajectory.unrecorded import is_unlabelled

__all__ = ["highlights", "story"]


class Ranked(Protocol):
    """Anything that is important to some degree."""

    @property
    def importance(self) -> float:
        """0 to 1."""


class Timed(Ranked, Protocol):
    """Anything that happens at an epoch."""

    @property
    def epoch(self) -> int:
        """When it begins."""


Something = TypeVar("Something", bound=Ranked)
Happening = TypeVar("Happening", bound=Timed)

SLACK = (0.0, 0.25, 0.5, 0.75, -0.25, -0.5)
"""Seconds by which an event may be told late or early, where it is too close to another one."""


@lru_cache(maxsize=2)
def story(trajectory: Trajectory) -> tuple[Event, ...]:
    """All events of a training, in the order of the epochs."""
    if is_unlabelled(trajectory):  # nobody to speak of
        return tuple(breaks(trajectory))
    paths = class_paths(trajectory)
    found = [
        *partings(paths),
        *lands(paths),
        *moves(paths),
        *edges(paths),
        *rightness(trajectory, paths),
        *breaks(trajectory),
    ]
    return tuple(sorted(found, key=lambda event: (event.epoch, event.end, -event.importance)))


def ranked(trajectory: Trajectory) -> list[Event]:
    """All events, the most important ones first."""
    return sorted(story(trajectory), key=lambda event: (-event.importance, event.epoch))


def stops(trajectories: Sequence[Trajectory]) -> list[int]:
    """Epochs of the events that film time slows down at, the most important first.

    None of several trainings in step, in which there are too many.
    """
    if len(trajectories) != 1:
        return []
    return [event.epoch for event in ranked(trajectories[0])]


def highlights(trajectory: Trajectory, most: int) -> list[Event]:
    """The most important events, so many at most, in the order of the epochs."""
    return sorted(ranked(trajectory)[:most], key=lambda event: (event.epoch, event.end))


def spaced(
    happening: Sequence[Happening], timeline: Timeline, apart: float = EVENT_SECONDS
) -> list[tuple[float, Happening]]:
    """Events for which a film has time, each with its second of the action.

    The most important ones first: what would come closer than ``apart`` to one of them, even if it
    is told a little late or early, is left out.

    Parameters
    ----------
    happening
        In any order.
    timeline
        When each epoch is shown.
    apart
        Seconds between two of them, at least.
    """
    seconds = timeline.seconds_at(np.array([event.epoch for event in happening], np.int64))
    return kept_apart(list(zip(seconds.tolist(), happening, strict=True)), apart)


def kept_apart(
    timed: Sequence[tuple[float, Something]], apart: float, *, first: float = 0.0
) -> list[tuple[float, Something]]:
    """The same of what has its seconds already; none begins before ``first``."""
    told: list[tuple[float, Something]] = []
    for second, event in sorted(timed, key=lambda one: (-one[1].importance, one[0])):
        for shift in SLACK:
            at = max(second + shift, first)
            if all(abs(at - other) >= apart - 1e-9 for other, _ in told):
                told.append((at, event))
                break
    return sorted(told, key=lambda one: one[0])
