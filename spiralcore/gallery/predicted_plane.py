"""What a network predicts all over the plane of its data, in few bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import reach
from spiralcore.gallery.coding import coded
from spiralcore.trajectory import Trajectory

MOST_NETWORKS = 64
"""Of a trajectory, that the page has: it is read over a network, and each of them takes room."""


def predicted(trajectory: Trajectory, nodes: int, levels: int) -> dict[str, NDArray[Any]]:
    """The drawn layer at nodes of the plane of the data, at epochs where the network is known.

    Between the nodes and the epochs the page interpolates and applies the read-out of the moment,
    as the films do. Of an activation with kinks there are the values before it. Of layers that
    are shown by a projection, which have another read-out, there are the logits.

    Parameters
    ----------
    trajectory
        May know no network: then nothing comes back.
    nodes
        On each axis.
    levels
        Steps of a value between the smallest and the largest one.

    Returns
    -------
    dict
        S known networks, D values each. ``grid``: second differences, see `coded`, shape
        (S, D, nodes, nodes), rows upwards, from 0 to ``levels``. ``grid_limits``: the value of 0
        and the width of a step, shape (D, 2). ``grid_epochs``: shape (S,).
    """
    if not RecordedNetwork.is_in(trajectory) or trajectory.inputs.shape[1] != 2:
        return {}
    network = RecordedNetwork(trajectory)
    axis = np.linspace(-reach(trajectory), reach(trajectory), nodes, dtype=np.float32)
    places = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    known = np.unique(np.linspace(0, len(network.epochs) - 1, MOST_NETWORKS).round().astype(int))
    found = np.stack([_values(trajectory, network, i, places) for i in known])
    values = found.transpose(0, 2, 1).reshape(len(found), -1, nodes, nodes)
    lower, upper = values.min(axis=(0, 2, 3)), values.max(axis=(0, 2, 3))
    span = np.maximum(upper - lower, 1e-9)[:, None, None]
    steps = np.rint((values - lower[:, None, None]) / span * levels).astype(np.int32)
    return {
        "grid": coded(steps, 2),
        "grid_limits": np.column_stack((lower, span[:, 0, 0] / levels)).astype(np.float32),
        "grid_epochs": network.epochs[known],
    }


def _values(
    trajectory: Trajectory, network: RecordedNetwork, index: int, places: NDArray[np.float32]
) -> NDArray[np.float32]:
    if trajectory.shown is not None or not trajectory.knows_readout:
        return network.logits(index, places)
    drawn, activation = network.drawn(index, places), network.activations[-1]
    return drawn if activation.kinked else activation.apply(drawn)
