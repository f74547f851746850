"""Classes that get right, and those that do not."""

from __future__ import annotations

import numpy as np

from spiralcore.story.class_paths import ClassPaths
from spiralcore.story.event import RIGHT, Event
from spiralcore.story.stays import Stay, within
from spiralcore.trajectory.trajectory import Trajectory
from spiralcore.trajectory.unrecorded import is_unknown

STILL_RIGHT = 0.95
"""A class is right from the share `RIGHT` on, until it falls below this one."""

WRONG, HARDLY_WRONG = 0.5, 0.6
"""A class is stuck below the first share, until it rises above the second."""

OTHERS = 0.75
"""Accuracy of the others from which on it is the class that is stuck, and not the training."""

LONG = 1.8
"""A class that is stuck is so until so many times the epoch at which it began."""

LANDLESS, LANDED, SOME = 0.006, 0.02, 0.1
"""Shares of the space without which a class has no land, and with which it has some; and the
accuracy from which on it needs none: at the tip of a quadrant there is little land."""


def rightness(trajectory: Trajectory, paths: ClassPaths) -> list[Event]:
    """Who gets right when, and who is stuck where."""
    found = [*_all_right(trajectory)]
    if np.isnan(paths.right).all():
        return found
    firsts = []
    for label in paths.shown:
        stays = within(paths.right[:, label], paths.epochs, STILL_RIGHT, RIGHT)
        first = next((stay.first for stay in stays if stay.state), None)
        if first:  # neither never nor before the training
            firsts.append((int(paths.epochs[first]), label))
    found += _stuck(paths)
    firsts.sort()
    for rank, (epoch, label) in enumerate(firsts, 1):
        importance = 0.55 if rank in (1, len(firsts)) else 0.3
        found.append(Event(epoch, epoch, "right", (label,), (), (), importance))
    return found


def _all_right(trajectory: Trajectory) -> list[Event]:
    curve = trajectory.accuracy
    if is_unknown(curve) or curve[0] >= RIGHT or not (curve >= RIGHT).any():
        return []
    epoch = int(np.argmax(curve >= RIGHT))
    return [Event(epoch, epoch, "all_right", (), (), (float(curve[epoch]),), 0.8)]


def _stuck(paths: ClassPaths) -> list[Event]:
    """The longest time of each class in which it is mostly wrong while others are right."""
    longest = []
    for label in paths.shown:
        behind = np.where(paths.others_right(label) >= OTHERS, 1 - paths.right[:, label], 0.0)
        stays = [
            stay
            for stay in within(behind, paths.epochs, 1 - HARDLY_WRONG, 1 - WRONG)
            if stay.state and _duration(paths, stay) >= np.log(LONG)
        ]
        if stays:
            longest.append((max(stays, key=lambda stay: _duration(paths, stay)), label))
    groups: list[list[tuple[Stay, int]]] = []
    for stay, label in sorted(longest):
        group = next((g for g in groups if g[0][0].last > stay.first), None)
        if group:
            group.append((stay, label))
        else:
            groups.append([(stay, label)])
    return [_told(paths, group) for group in groups]


def _told(paths: ClassPaths, group: list[tuple[Stay, int]]) -> Event:
    """Told when it has lasted for a while: half-way, as epochs are felt."""
    epochs, labels = paths.epochs, tuple(sorted(label for _, label in group))
    first = max(stay.first for stay, _ in group)
    last = min(stay.last for stay, _ in group)
    middle = np.sqrt(max(epochs[first], 1) * float(epochs[last]))
    at = min(int(np.searchsorted(epochs, middle)), last)
    where: tuple[str, ...] = ()
    if paths.places is not None:
        where = tuple(paths.places.name(paths.means[at, label]) for label in labels)
    values = tuple(float(paths.right[at, label]) for label in labels)
    return Event(int(epochs[at]), int(epochs[last]), "stuck", labels, where, values, 0.95)


def _duration(paths: ClassPaths, stay: Stay) -> float:
    """How long a stay is felt: the logarithm of the epoch counts."""
    start, end = (max(int(paths.epochs[i]), 10) for i in (stay.first, stay.last))
    return float(np.log(end / start))


def lands(paths: ClassPaths) -> list[Event]:
    """Classes that have no land before the training, and when they get their first."""
    found = []
    if np.isnan(paths.land).all():
        return []
    for label in paths.shown:
        share, right = paths.land[:, label], paths.right[:, label]
        if share[0] >= LANDLESS or right[0] >= SOME:
            continue
        found.append(Event(0, 0, "landless", (label,), (), (float(share[0]),), 0.6))
        stays = within(share, paths.epochs, LANDLESS, LANDED)
        first = next((stay.first for stay in stays if stay.state), None)
        if first is not None:
            epoch, value = int(paths.epochs[first]), float(share[first])
            found.append(Event(epoch, epoch, "land", (label,), (), (value,), 0.6))
    return found
