"""One number that says how well classes are packed, at each kept epoch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.containers import container_of, directions_of
from spiralcore.analysis.optima.table import is_tabled
from spiralcore.analysis.packing.over_epochs import measure
from spiralcore.trajectory import Trajectory

SAMPLED = 2
"""Epochs at which all points are measured; the page shows the class means only."""

DISTANCE = "smallest distance between class means, as a part of the largest possible"
ANGLE = "smallest angle between class means, as a part of the largest possible"


def closeness_name(trajectory: Trajectory) -> str:
    """What `closeness` is; nothing where it is unknown.

    It is unknown where fewer than two classes have points, and where the best packing is not in
    the table of the best ones.
    """
    container = container_of(trajectory.space) or directions_of(trajectory.space)
    count = len(np.unique(trajectory.labels))
    if count < 2 or not is_tabled(container, trajectory.units, count):
        return ""
    return DISTANCE if trajectory.space.bounded else ANGLE


def closeness(trajectory: Trajectory) -> NDArray[np.float64]:
    """How near the class means come to the best packing at each kept epoch.

    Returns
    -------
    NDArray
        Shape (T,): 1 is the best possible, NaN where it is undefined or unknown.
    """
    if not closeness_name(trajectory):
        return np.full(len(trajectory.epochs), np.nan)
    found = measure(trajectory, SAMPLED)
    values = found.parts.distance if trajectory.space.bounded else found.angles.part
    return np.asarray(values, np.float64)
