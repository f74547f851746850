"""A network in the explorer: the whole trajectory, number by number as it is in its file."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.gallery.coding import coded, half_codes
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.timeline import Timeline

SOLID = 3
"""Units of a layer that the page can show as a space."""

MOST = 16
"""Networks of a trajectory that the page has: they take much room, and are loaded when they are
asked for."""

CROSS_ENTROPY, LOSS = "cross-entropy", "loss"
"""What curves are called."""

UNITS = 2
"""Inputs, and units of the last layer, of networks that are shown so."""


def live(trajectory: Trajectory, motion: Timeline) -> dict[str, NDArray[Any]]:
    """Everything that is needed to play a trajectory with any smoothing and timeline.

    Parameters
    ----------
    trajectory
        Of two units.
    motion
        Its timeline by motion.

    Returns
    -------
    dict
        Arrays as they are in the file, without the network. ``hidden`` and ``hidden_mean`` are
        differences of `half_codes`, see `coded`, of the shape (N, 2, T), where that loses nothing.
    """
    arrays: dict[str, NDArray[Any]] = {
        "hidden": _path(trajectory.hidden),
        "cross_entropy": trajectory.cross_entropy,
        "motion_seconds": motion.seconds,
        "motion_epochs": motion.epochs,
    }
    if drawn_loss(trajectory) == LOSS:
        arrays["loss"] = trajectory.loss
    if trajectory.knows_readout:
        arrays["readout_weight"] = trajectory.readout_weight
        arrays["readout_bias"] = trajectory.readout_bias
    if trajectory.hidden_mean is not None:
        arrays["hidden_mean"] = _path(trajectory.hidden_mean)
    return arrays


def drawn_loss(trajectory: Trajectory) -> str:
    """Which curve the page draws: another loss only for want of a cross-entropy, as films do.

    It is empty where neither was recorded, and where the loss is not positive.
    """
    if trajectory.knows_loss:
        return CROSS_ENTROPY
    known = trajectory.loss[~np.isnan(trajectory.loss)]
    return LOSS if len(known) and known.min() >= 0 and known.max() > 0 else ""


def solid(trajectory: Trajectory) -> dict[str, NDArray[Any]]:
    """A layer of three units as it is in the file, beside its projection: see `live`."""
    return {"solid": _path(trajectory.hidden)} if trajectory.units == SOLID else {}


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


def _path(values: NDArray[np.float32]) -> NDArray[Any]:
    codes = half_codes(values)
    return values if codes is None else coded(np.moveaxis(codes, 0, -1), 1)
