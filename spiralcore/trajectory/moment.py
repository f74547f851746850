"""What a trajectory is at one time, and how true to its run it is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Fidelity(NamedTuple):
    """How far a trajectory is from the run that it records.

    For each epoch of the run, take the largest distance of any point from its place on the
    straight line between the kept epochs, as a part of the panel's width at that epoch. Over
    all epochs:

    Attributes
    ----------
    p50, p99, max
        Median, 99th percentile, largest.
    """

    p50: float
    p99: float
    max: float


class RegionFidelity(NamedTuple):
    """How much of the plane of the data has another class in a film than in the run.

    Between the epochs at which the whole network is kept, films mix what is known around them:
    `spiralcore.trajectory.play.network_mix`. For each film time, at the usual pace, take the part
    of the input that is given to another class than by the network of the epoch shown. Over the
    film:

    Attributes
    ----------
    p50, p90, max
        Median, 90th percentile, largest.
    """

    p50: float
    p90: float
    max: float


class Moment(NamedTuple):
    """The drawn layer and its read-out at one time.

    Attributes
    ----------
    hidden
        Shape (N, D), float32.
    readout_weight, readout_bias
        Shapes (K, D) and (K,), float32.
    """

    hidden: Floats
    readout_weight: Floats
    readout_bias: Floats
