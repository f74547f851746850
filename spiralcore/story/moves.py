"""Classes on their way: they settle, move to another corner, take one that has been left."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from spiralcore.story.class_paths import ClassPaths, Doubles
from spiralcore.story.event import Event, Kind
from spiralcore.story.places import NEAR, Places
from spiralcore.story.stays import Stay, nearest, within

LEAD = 0.3
"""How much nearer another landmark has to be, in units of `Places`."""

LEFT = 0.3
"""How much farther than `NEAR` a class goes until it has left a landmark."""

UNDERWAY = 0.25
"""Part of the way from where it stayed to half-way that a class has gone when it moves."""

SOON = 1.6
"""An arrival within so many times the epoch of the turn belongs to the same move."""

DEPARTED = 0.35
"""Distance from the middle of all classes at which a class has left it for the first time."""

TOGETHER = 4.0
"""Classes that settle within so many times the epoch of the first one are told in one breath."""

LONGEST = 1.6
"""A move that takes more than so many times the epoch at which it begins is told at its end."""


class _Arrival(NamedTuple):
    first: int
    label: int
    place: int
    last: int


def moves(paths: ClassPaths) -> list[Event]:
    """All moves, in the order of the epochs; none where places have no names."""
    if paths.places is None:
        return []
    arrivals = [stay for label in paths.shown for stay in _arrivals(paths, paths.places, label)]
    settled = _settlings(paths, paths.places)
    found = settled.copy()
    since = {label: event.end for event in settled for label in event.classes}
    for label in paths.shown:
        turns = _turns(paths, paths.places, label, arrivals)
        # What happens before a class has gone anywhere is the unrest of the first epochs.
        found += [turn for turn in turns if turn.epoch > since.get(label, 0)]
    return sorted(found)


def _settlings(paths: ClassPaths, places: Places) -> list[Event]:
    """Where classes go first, those together that do it together."""
    firsts = []
    for label in paths.shown:
        away = np.linalg.norm(paths.means[:, label] - paths.means[0, paths.shown].mean(0), axis=1)
        gone = [stay for stay in within(away, paths.epochs, 0.8 * DEPARTED, DEPARTED) if stay.state]
        if not gone:
            continue
        stays = nearest(places.distances(paths.means[:, label]), paths.epochs, LEAD)
        stay = next(stay for stay in stays if stay.last >= gone[0].first)
        # Where it is when it has had time to get there: half of its first stay, at most so late.
        epoch = int(paths.epochs[gone[0].first])
        until = min(paths.epochs[stay.last], 4 * max(epoch, 10))
        rest = paths.means[gone[0].first : stay.last + 1, label][
            paths.epochs[gone[0].first : stay.last + 1] <= until
        ]
        firsts.append((epoch, label, places.name(np.median(rest[len(rest) // 2 :], axis=0))))
    firsts = [first for first in firsts if first[2] != places.middle]
    told: list[list[tuple[int, int, str]]] = []
    for first in sorted(firsts):
        if told and first[0] <= max(TOGETHER * told[-1][0][0], 30):
            told[-1].append(first)
        else:
            told.append([first])
    return [
        Event(
            group[0][0],
            group[-1][0],
            "settle",
            tuple(label for _, label, _ in group),
            tuple(place for _, _, place in group),
            (),
            0.75 if i == 0 else 0.45,
        )
        for i, group in enumerate(told)
    ]


def _arrivals(paths: ClassPaths, places: Places, label: int) -> list[_Arrival]:
    """When a class is at a landmark, and at which."""
    distances = places.distances(paths.means[:, label])
    found = []
    for place in range(len(places.names)):
        for stay in within(-distances[:, place], paths.epochs, -NEAR - LEFT, -NEAR):
            if stay.state:
                found.append(_Arrival(stay.first, label, place, stay.last))
    return sorted(found)


def _turns(paths: ClassPaths, places: Places, label: int, arrivals: list[_Arrival]) -> list[Event]:
    """Changes of the nearest landmark, each with the arrival that it leads to."""
    epochs, path = paths.epochs, paths.means[:, label]
    distances = places.distances(path)
    stays = nearest(distances, epochs, LEAD)
    found = []
    for before, after in pairwise(stays):
        if distances[before.first : before.last + 1, before.state].min() >= 1:
            continue  # it had not settled yet
        arrival = next(
            (a for a in arrivals
             if (a.label == label and a.place == after.state
             and after.first - 1 <= a.first <= after.last) or
             (a.label == label and a.place == after.state and a.first <= after.first <= a.last)),
            None,
        )  # fmt: skip
        start = _departure(distances, before, after)
        names = places.names[before.state], places.names[after.state]
        if arrival is None:
            found.append(_event(paths, "heads", start, after.first, label, names, 0.4))
            continue
        late = epochs[arrival.first] > SOON * max(epochs[after.first], 1)
        if late:
            found.append(_event(paths, "heads", start, after.first, label, names, 0.4))
            start = _approach(distances[:, after.state], after.first, arrival.first)
        end = max(arrival.first, start)
        free = not any(
            other.place == after.state and other.label != label
            and other.first <= end <= other.last for other in arrivals
        )  # fmt: skip
        was_held = any(
            other.place == after.state and other.label != label and other.first < start
            and other.last < len(epochs) - 1 and other.last <= end for other in arrivals
        )  # fmt: skip
        if places.central is not None:
            # In one direction there is room for several classes.
            found.append(_event(paths, "moves", start, end, label, names, 0.6))
        elif free and was_held:
            found.append(_event(paths, "takes", start, end, label, names, 1.0))
        else:
            found.append(_event(paths, "moves", start, end, label, names, 0.9))
    return found


def _departure(distances: Doubles, before: Stay, after: Stay) -> int:
    """The last kept epoch before a turn at which a class was still where it had stayed."""
    lean = distances[:, before.state] - distances[:, after.state]
    rest = float(np.median(lean[before.first : before.last + 1]))
    still = np.flatnonzero(lean[before.first : after.first] <= rest * (1 - UNDERWAY))
    return before.first + int(still[-1]) if len(still) else before.first


def _approach(away: Doubles, turn: int, arrival: int) -> int:
    """The last kept epoch between turn and arrival at which a class was still far from there."""
    if arrival <= turn:
        return arrival
    rest = float(np.median(away[turn:arrival]))
    still = np.flatnonzero(away[turn:arrival] >= rest - UNDERWAY * (rest - NEAR))
    return turn + int(still[-1]) if len(still) else turn


def _event(
    paths: ClassPaths,
    kind: Kind,
    start: int,
    end: int,
    label: int,
    names: tuple[str, str],
    importance: float,
) -> Event:
    first, last = int(paths.epochs[start]), int(paths.epochs[end])
    if last > LONGEST * max(first, 1) and kind != "heads":
        first = int(last / LONGEST)
    return Event(first, last, kind, (label,), names, (), importance)
