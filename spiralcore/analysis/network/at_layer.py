"""Any hidden layer of a recorded network as a trajectory of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.errors import UsageError
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.shown import Shown
from spiralcore.trajectory.unrecorded import unknown

__all__ = ["at_layer"]

Floats = NDArray[np.float32]


def shown_layer(trajectory: Trajectory, layer: int) -> Shown | None:
    """Tell what would be shown of another hidden layer, without computing it.

    Parameters
    ----------
    trajectory, layer
        See `at_layer`.

    Returns
    -------
    Shown or None
        Its number and its width; None for the last hidden layer.

    Raises
    ------
    UsageError
        If there is no such layer, or neither it nor the network was recorded.
    """
    if RecordedNetwork.is_in(trajectory):
        network = RecordedNetwork(trajectory)
        depth, widths = network.depth, network.widths
        if not 1 <= layer <= depth:
            raise UsageError(
                f"{trajectory.source}: there is no hidden layer {layer}.",
                f"1 to {depth}, with the widths {' '.join(map(str, widths))}.",
            )
        if layer == depth:
            return None
        name = network.activations[layer - 1].name
        return Shown(units=widths[layer - 1], layer=layer, layers=depth, activation=name)
    if layer not in trajectory.layers:
        raise UsageError(
            f"{trajectory.source} does not hold the network, so that layer {layer} cannot be "
            "computed.",
            "'parameters' and 'parameter_epochs', and the widths in the recipe.",
            "spiral train makes such files",
        )
    return Shown(units=trajectory.layers[layer].shape[2], layer=layer)


def at_layer(trajectory: Trajectory, layer: int) -> Trajectory:
    """Show another hidden layer than the last one.

    A layer that was recorded beside the last one is taken as it is. Any other one is computed from
    the recorded network, at the epochs at which that is known: some dozens, with straight lines
    between them, so that it is unknown how far they are from the run.

    Parameters
    ----------
    trajectory
        Of a network whose widths its recipe names.
    layer
        Counted from 1; that of the last hidden layer gives the trajectory itself.

    Returns
    -------
    Trajectory
        Its recipe tells under ``shown`` which layer it is. The read-out of an inner layer is
        unknown: there is none.

    Raises
    ------
    UsageError
        As `shown_layer` does.
    """
    shown = shown_layer(trajectory, layer)
    if shown is None:
        return trajectory
    if layer not in trajectory.layers:
        return _evaluated(trajectory, RecordedNetwork(trajectory), shown)
    return _of_layer(trajectory, shown, trajectory.layers[layer])


def _evaluated(trajectory: Trajectory, network: RecordedNetwork, shown: Shown) -> Trajectory:
    hidden = [
        network.values(index, trajectory.inputs)[shown.layer]
        for index in range(len(network.epochs))
    ]
    shown = shown._replace(known_epochs=len(hidden))
    return _of_layer(trajectory, shown, np.stack(hidden), epochs=network.epochs, fidelity=None)


def _of_layer(trajectory: Trajectory, shown: Shown, hidden: Floats, **changes: Any) -> Trajectory:
    kept, _, units = hidden.shape
    return replace(
        trajectory,
        recipe={**trajectory.recipe, **shown.note()},
        hidden=hidden,
        hidden_mean=None,
        readout_weight=unknown(kept, trajectory.classes, units),
        readout_bias=unknown(kept, trajectory.classes),
        layers={},
        **changes,
    )
