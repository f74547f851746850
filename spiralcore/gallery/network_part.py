"""The whole network at some epochs, for the way of the points through its layers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.trajectory import Trajectory

MOST = 16
"""Networks of a trajectory that the page has: they take much room, and are loaded when they are
asked for."""

UNITS = 2
"""Inputs, and units of the last layer, of networks that are shown so."""


def network_layers(trajectory: Trajectory) -> dict[str, Any] | None:
    """Widths and activations of the hidden layers; None where the network is not known."""
    flat = trajectory.inputs.shape[1] == UNITS and trajectory.shown is None
    if not flat or trajectory.units != UNITS or not RecordedNetwork.is_in(trajectory):
        return None
    network = RecordedNetwork(trajectory)
    return {
        "widths": [int(width) for width in network.widths],
        "activations": [entry.name for entry in network.activations],
    }


def network_arrays(trajectory: Trajectory) -> dict[str, NDArray[Any]]:
    """Parameters of S known networks, shape (S, P), and their epochs, the last one among them."""
    assert trajectory.parameters is not None
    assert trajectory.parameter_epochs is not None
    epochs = trajectory.parameter_epochs
    known = np.unique(np.linspace(0, len(epochs) - 1, MOST).round().astype(int))
    return {
        "parameters": trajectory.parameters[known].astype(np.float32),
        "parameter_epochs": epochs[known].astype(np.int32),
    }
