"""Corners of a square: how many there are, and which classes end without one of their own."""

from __future__ import annotations

import numpy as np

from spiralcore.story.places import NEAR, Places, in_units
from spiralcore.trajectory.play.motion import panel_width
from spiralcore.trajectory.trajectory import Trajectory


def corners_of(trajectory: Trajectory) -> Places | None:
    """The corners of the space of a layer of two units; None where it has none."""
    if trajectory.shown is not None or trajectory.units != 2:
        return None
    places = Places.of(trajectory.space, trajectory.units)
    return places if places is not None and places.central is None else None


def cornerless(trajectory: Trajectory) -> tuple[int, ...]:
    """The classes that end without a corner of their own; none where the space has no corners.

    A corner belongs to the class whose mean is nearest to it, if that is nearer than `NEAR`.
    """
    places = corners_of(trajectory)
    if places is None:
        return ()
    final, space = trajectory.hidden[-1], trajectory.space
    shown = np.unique(trajectory.labels)
    means = np.array([final[trajectory.labels == label].mean(axis=0) for label in shown])
    width = np.array([panel_width(final, space)])
    away = places.distances(in_units(means[None], space, width)[0])
    nearest = away.argmin(axis=0)
    owners = {int(shown[i]) for i, distance in zip(nearest, away.min(axis=0), strict=True)
              if distance < NEAR}  # fmt: skip
    return tuple(label for label in shown.tolist() if label not in owners)
