"""Any hidden layer of a recorded network as a trajectory of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network import RecordedNetwork
from spiralcore.errors import UsageError
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.shown import Shown

Floats = NDArray[np.float32]

RIDGE = 1e-9
"""Added to the squares of a least-squares problem, as a part of their sum."""


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
        Its recipe tells under ``shown`` which layer it is. An inner layer has no read-out of its
        own; in its place is the linear function of the layer that comes closest to the logits of
        the network on the points, by least squares: a linear probe (Alain and Bengio 2016,
        arXiv 1610.01644).

    Raises
    ------
    UsageError
        If there is no such layer, or neither it nor the network was recorded.
    """
    if RecordedNetwork.is_in(trajectory):
        network = RecordedNetwork(trajectory)
        if not 1 <= layer <= network.depth:
            raise UsageError(
                f"{trajectory.source}: there is no hidden layer {layer}.",
                f"1 to {network.depth}, with the widths {' '.join(map(str, network.widths))}.",
            )
        if layer == network.depth:
            return trajectory
        shown = Shown(
            units=network.widths[layer - 1],
            layer=layer,
            layers=network.depth,
            activation=network.activations[layer - 1].name,
        )
        if layer not in trajectory.layers:
            return _evaluated(trajectory, network, shown)
    elif layer not in trajectory.layers:
        raise UsageError(
            f"{trajectory.source} does not hold the network, so that layer {layer} cannot be "
            "computed.",
            "'parameters' and 'parameter_epochs', and the widths in the recipe.",
            "spiral train makes such files",
        )
    else:
        shown = Shown(units=trajectory.layers[layer].shape[2], layer=layer)
    logits = trajectory.hidden @ trajectory.readout_weight.swapaxes(1, 2)
    logits += trajectory.readout_bias[:, None]
    return _of_layer(trajectory, shown, trajectory.layers[layer], logits)


def _evaluated(trajectory: Trajectory, network: RecordedNetwork, shown: Shown) -> Trajectory:
    passes = [network.values(index, trajectory.inputs) for index in range(len(network.epochs))]
    return _of_layer(
        trajectory,
        shown._replace(known_epochs=len(network.epochs)),
        np.stack([values[shown.layer] for values in passes]),
        np.stack([values[-1] for values in passes]),
        epochs=network.epochs,
        fidelity=None,
    )


def _of_layer(
    trajectory: Trajectory, shown: Shown, hidden: Floats, logits: Floats, **changes: Any
) -> Trajectory:
    probes = [_probe(values, wanted) for values, wanted in zip(hidden, logits, strict=True)]
    return replace(
        trajectory,
        recipe={**trajectory.recipe, **shown.note()},
        hidden=hidden,
        hidden_mean=None,
        readout_weight=np.stack([weight for weight, _ in probes]),
        readout_bias=np.stack([bias for _, bias in probes]),
        layers={},
        **changes,
    )


def _probe(values: Floats, logits: Floats) -> tuple[Floats, Floats]:
    """The linear function of some values (N, D) that is closest to some logits (N, K)."""
    origin, wanted = values.mean(axis=0, dtype=np.float64), logits.mean(axis=0, dtype=np.float64)
    centred = values - origin
    squares = centred.T @ centred
    # Units that are always 0, or copies of others, would leave the solution open.
    squares += RIDGE * max(float(np.trace(squares)), RIDGE) * np.eye(len(squares))
    slopes = np.linalg.solve(squares, centred.T @ (logits - wanted))
    return slopes.T.astype(np.float32), (wanted - origin @ slopes).astype(np.float32)
