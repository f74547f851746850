"""One number that says how well classes are packed, at each kept epoch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.containers import container_of, directions_of
from spiralcore.analysis.optima.table import is_tabled
from spiralcore.analysis.packing.metrics import leading
from spiralcore.analysis.packing.over_epochs import measure
from spiralcore.trajectory import Trajectory

SAMPLED = 2
"""Epochs at which all points are measured; the page shows the class means only."""


def closeness_name(trajectory: Trajectory) -> str:
    """What `closeness` is; nothing where it is unknown.

    It is unknown where fewer than two classes have points, and where the best packing is not in
    the table of the best ones.
    """
    container = container_of(trajectory.space) or directions_of(trajectory.space)
    count = len(np.unique(trajectory.labels))
    if count < 2 or not is_tabled(container, trajectory.units, count):
        return ""
    return f"{leading(trajectory.space).about}, as a part of the largest possible"


def closeness(trajectory: Trajectory) -> NDArray[np.float64]:
    """How near the class means come to the best packing at each kept epoch.

    Returns
    -------
    NDArray
        Shape (T,): 1 is the best possible, NaN where it is undefined or unknown.
    """
    if not closeness_name(trajectory):
        return np.full(len(trajectory.epochs), np.nan)
    return measure(trajectory, SAMPLED).part(leading(trajectory.space))
