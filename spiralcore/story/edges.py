"""Classes without a corner: where there are more of them than corners, some rest on a side."""

from __future__ import annotations

from spiralcore.story.class_paths import ClassPaths
from spiralcore.story.event import Event

SIDES = ("left", "right", "top", "bottom")


def edges(paths: ClassPaths) -> list[Event]:
    """Which classes end on a side of a square, and since when they are there for good."""
    places = paths.places
    if places is None or places.central is not None or paths.means.shape[2] != 2:
        return []
    found = []
    for label in paths.shown:
        side = places.name(paths.means[-1, label])
        if side not in SIDES:
            continue
        elsewhere = [i for i, mean in enumerate(paths.means[:, label]) if places.name(mean) != side]
        first = elsewhere[-1] + 1 if elsewhere else 0
        epoch = int(paths.epochs[first])
        importance = 0.85 if len(paths.shown) > len(places.names) else 0.5
        found.append(Event(epoch, epoch, "edge", (label,), (side,), (), importance))
    return found
