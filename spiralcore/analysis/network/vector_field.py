"""The network up to its last hidden layer as a function on the input plane."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.class_directions import ClassDirections, angles, class_directions
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.trajectory import Trajectory

Floats = NDArray[np.float32]

CHUNK = 20_000
"""Points that go through a network at once; wide layers take much memory."""

MARGIN = 1.09
"""How much farther than the data the part of the input plane reaches that is looked at."""

FIELD_NODES = 201
"""Nodes along each side of the grid on which directions are counted."""


class Mapped(NamedTuple):
    """What a network makes of some points.

    Attributes
    ----------
    hidden
        Output of the last hidden layer, shape (N, D).
    logits
        Shape (N, K).
    """

    hidden: Floats
    logits: Floats


class Field(NamedTuple):
    """Directions all over the part of the input plane that the data reach.

    Attributes
    ----------
    degrees
        Direction of the last hidden layer's vector at each node, NaN where it is zero, shape (M,).
    labels
        The class that is predicted there, shape (M,).
    directions
        Means and deviations of each predicted class.
    """

    degrees: NDArray[np.float64]
    labels: NDArray[np.int64]
    directions: ClassDirections


def mapped(network: RecordedNetwork, inputs: Floats) -> Mapped:
    """Send points of the input plane, shape (N, 2), through the network as it was last known."""
    last = len(network.epochs) - 1
    parts = []
    for start in range(0, len(inputs), CHUNK):
        *_, drawn, logits = network.forward(last, inputs[start : start + CHUNK])
        parts.append((network.activations[-1].apply(drawn), logits))
    hidden, logits = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Mapped(hidden, logits)


def reach(trajectory: Trajectory) -> float:
    """Half the side of the square around the origin that holds the data, with a margin."""
    return float(np.abs(trajectory.inputs).max()) * MARGIN or 1.0


def grid(side: float, nodes: int) -> tuple[Floats, Floats]:
    """Nodes of a square from -side to side: along an axis, shape (nodes,), and all, (nodes², 2)."""
    x = np.linspace(-side, side, nodes, dtype=np.float32)
    return x, np.stack(np.meshgrid(x, x), axis=-1).reshape(-1, 2)


def field_directions(trajectory: Trajectory, nodes: int = FIELD_NODES) -> Field:
    """Where the function from plane to plane points, by predicted class.

    Parameters
    ----------
    trajectory
        With its network, see `RecordedNetwork.is_in`, two inputs and two drawn units.
    nodes
        Along each side of the square that holds the data.
    """
    _, inputs = grid(reach(trajectory), nodes)
    hidden, logits = mapped(RecordedNetwork(trajectory), inputs)
    labels = logits.argmax(axis=1).astype(np.int64)
    found = class_directions(hidden, labels, trajectory.classes)
    return Field(angles(hidden), labels, found)
