"""What a network predicts all over the plane of its data, in few bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import reach
from spiralcore.gallery.coding import coded
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.network_mix import DIGITS, PAIRS, NetworkMix

MOST_NETWORKS = 160
"""Of a trajectory, that the page has; where a file has more, every second or so."""


def is_predicted(trajectory: Trajectory) -> bool:
    """Whether there is a network in a file, and a plane of the data."""
    return RecordedNetwork.is_in(trajectory) and trajectory.inputs.shape[1] == 2


def predicted(
    trajectory: Trajectory, nodes: int, levels: int, epochs: NDArray[np.floating] | None = None
) -> dict[str, NDArray[Any]]:
    """The drawn layer at nodes of the plane of the data, at epochs where the network is known.

    Between the nodes the page interpolates; between the epochs it mixes layers and read-outs as
    the films do, see `NetworkMix`. Of an activation with kinks there are the values before it. Of
    layers that are shown by a projection, which have another read-out, there are the logits.

    Parameters
    ----------
    trajectory
        May know no network: then nothing comes back.
    nodes
        On each axis.
    levels
        Steps of a value between the smallest and the largest one.
    epochs
        At which it is told what the page mixes, beside those of the networks; the kept ones if
        left out: in between weights lie on straight lines, as places of points do.

    Returns
    -------
    dict
        S known networks, D values each. ``grid``: second differences, see `coded`, shape
        (S, D, nodes, nodes), rows upwards, from 0 to ``levels``. ``grid_limits``: the value of 0
        and the width of a step, shape (D, 2). ``grid_readout``: slopes and offset of each class,
        shape (S, K, 3), unless the grid holds logits. ``mix_epochs``: shape (F,), increasing;
        ``mix_first``: the first network that counts there, shape (F,), ``mix_weights``: what it
        and those after it count, in thousandths, shape (F, M).
    """
    if not is_predicted(trajectory):
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
    at = np.union1d(trajectory.epochs if epochs is None else epochs, network.epochs[known])
    arrays: dict[str, NDArray[Any]] = {
        "grid": coded(steps, 2),
        "grid_limits": np.column_stack((lower, span[:, 0, 0] / levels)).astype(np.float32),
        **_mixes(trajectory, network, network.epochs[known], at),
    }
    if not _of_logits(trajectory):
        heads = [network.linear(index, network.depth) for index in known.tolist()]
        joined = [np.column_stack((weight.T, bias)) for weight, bias in heads]
        arrays["grid_readout"] = np.stack(joined).astype(np.float32)
    return arrays


def _mixes(
    trajectory: Trajectory,
    network: RecordedNetwork,
    known: NDArray[np.integer],
    epochs: NDArray[np.floating],
) -> dict[str, NDArray[Any]]:
    """Which networks count at some epochs; they have few digits, and these are kept."""
    mix = NetworkMix(trajectory, known, network.widths[-1], network.activations[-1].kinked)
    first = np.zeros(len(epochs), np.int16)
    weights = np.zeros((len(epochs), min(2 * PAIRS, len(known))), np.int16)
    for i, epoch in enumerate(epochs.tolist()):
        indices, shares = mix.at(epoch)
        first[i] = indices[0]
        weights[i, np.subtract(indices, indices[0])] = np.rint(shares * 10**DIGITS)
    return {"mix_epochs": epochs, "mix_first": first, "mix_weights": weights}


def _of_logits(trajectory: Trajectory) -> bool:
    return trajectory.shown is not None or not trajectory.knows_readout


def _values(
    trajectory: Trajectory, network: RecordedNetwork, index: int, places: NDArray[np.float32]
) -> NDArray[np.float32]:
    if _of_logits(trajectory):
        return network.logits(index, places)
    drawn, activation = network.drawn(index, places), network.activations[-1]
    return drawn if activation.kinked else activation.apply(drawn)
