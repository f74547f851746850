"""Land: the share of a space that the read-out gives to each class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spiralcore.trajectory.play.borders import Borders
from spiralcore.trajectory.play.motion import panel_widths
from spiralcore.trajectory.trajectory import Trajectory

Doubles = NDArray[np.float64]

PROBES = 2048
"""Places at which it is asked which class owns them: enough for a share of 0.1 %."""


def land(trajectory: Trajectory) -> Doubles:
    """Shares of the space at every kept epoch, shape (T, K), each row with the sum 1.

    Of a space without a border on all sides it is the part that the panel shows: up to the farthest
    point. NaN where the read-out was not recorded.
    """
    path = trajectory
    shares = np.full((len(path.epochs), path.classes), np.nan)
    if not path.knows_readout:
        return shares
    widths = panel_widths(path.hidden, path.space)
    owners = Borders(path, PROBES).owners(path.readout_weight, path.readout_bias, widths)
    for label in range(path.classes):
        shares[:, label] = (owners == label).mean(axis=1)
    return shares
