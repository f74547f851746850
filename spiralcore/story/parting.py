"""Classes that lie on each other, and when the last two of them get apart."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from spiralcore.story.class_paths import ClassPaths
from spiralcore.story.event import Event
from spiralcore.story.stays import within

TOGETHER, APART = 0.12, 0.35
"""Distances of class means in units of `spiralcore.story.places.Places`: closer than the first they
lie on each other, until they are farther than the second."""


def partings(paths: ClassPaths) -> list[Event]:
    """Whether all classes begin at one place, and the last pair that parts."""
    found, parted = [], []
    begin = []
    for one, other in combinations(paths.shown, 2):
        away = np.linalg.norm(paths.means[:, one] - paths.means[:, other], axis=1)
        begin.append(float(away[0]))
        stays = within(away, paths.epochs, TOGETHER, APART)
        if len(stays) > 1 and stays[-1].state:
            parted.append((int(paths.epochs[stays[-1].first]), one, other))
    if begin and max(begin) < APART:
        found.append(Event(0, 0, "together", paths.shown, (), (max(begin),), 0.7))
    if parted and len(paths.shown) > 2:
        epoch, one, other = max(parted)
        found.append(Event(epoch, epoch, "parts", (one, other), (), (), 0.5))
    return found
