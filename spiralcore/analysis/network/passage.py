"""The way of points through a trained network, as one continuous picture in the plane.

Each hidden layer takes three steps: its weights, its biases, its activation. Between the ends of a
step everything moves on straight lines, so that a step's end is exactly what the network computes.
Layers of two units are shown as they are. Wider ones are shown on two fixed principal axes, the
same for all three steps, turned so that their picture lies on that of the layer before as well as
possible.
"""

from __future__ import annotations

import math
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.projection import Doubles, alignment, principal_axes
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.trajectory import Trajectory

Part = Literal["linear", "bias", "activation"]
PARTS: tuple[Part, ...] = ("linear", "bias", "activation")

OWN = 2
"""Layers of up to so many units are shown as they are."""


class Place(NamedTuple):
    """Where on the way through the network we are.

    Attributes
    ----------
    layer
        The hidden layer that the step leads to, counted from 1.
    part
        Which of its three steps it is.
    share
        How much of the step is done, 0 to 1.
    """

    layer: int
    part: Part
    share: float


class Passage:
    """Carries points of the input plane through one recorded network.

    Parameters
    ----------
    trajectory
        With ``parameters``, see `RecordedNetwork`, and points in the plane.
    index
        Which of the recorded networks; the last one by default.

    Attributes
    ----------
    network
        All recorded networks.
    index
        Which one of them it is, from 0.
    axes
        For the input and for each hidden layer the two axes that are shown, shape (width, 2).
    turns
        For each hidden layer the angle in rad by which the picture turns while the weights act.
        0 for wide layers, whose axes may be chosen.
    steps
        Number of steps: three for each hidden layer.
    """

    def __init__(self, trajectory: Trajectory, index: int = -1) -> None:
        self.network = RecordedNetwork(trajectory)
        self.index = index % len(self.network.epochs)
        self.steps = len(PARTS) * self.network.depth
        self.axes: list[Doubles] = [np.eye(2)]
        self.turns: list[float] = []
        self._spreads: list[NDArray[np.float64]] = []
        before = np.asarray(trajectory.inputs, np.float64)
        value = trajectory.inputs
        for layer, width in enumerate(self.network.widths, 1):
            linear, biased, value = self._layer(value, layer)
            axes = np.eye(width, 2)
            if width > OWN:
                axes = principal_axes([biased, value]).axes
                axes = axes @ alignment(linear @ axes, before)
            self.axes.append(axes)
            self.turns.append(0.0 if width > OWN else _turn(before, linear @ axes))
            self._spreads.append(_spreads(biased, value, axes))
            before = value @ axes
        self._last_mean = np.asarray(value, np.float64).mean(axis=0)

    @property
    def epoch(self) -> int:
        """The epoch of the network."""
        return int(self.network.epochs[self.index])

    def place(self, position: float) -> Place:
        """The step that a position belongs to; a whole position is the end of a step.

        Parameters
        ----------
        position
            0 for the input, `steps` for the values of the last hidden layer.
        """
        step = min(max(math.ceil(position) - 1, 0), self.steps - 1)
        layer, part = divmod(step, len(PARTS))
        return Place(layer + 1, PARTS[part], min(max(position - step, 0.0), 1.0))

    def pictures(self, inputs: NDArray[Any]) -> Doubles:
        """Where points are at the end of each step.

        Parameters
        ----------
        inputs
            Points of the input plane, shape (M, 2).

        Returns
        -------
        NDArray
            Shape (`steps` + 1, M, 2): the input, then what the weights, the biases and the
            activation of each hidden layer make of it.
        """
        value = np.asarray(inputs, np.float32)
        found = [np.asarray(inputs, np.float64)]
        for layer in range(1, self.network.depth + 1):
            *linear, value = self._layer(value, layer)
            found += [part @ self.axes[layer] for part in (*linear, value)]
        return np.stack(found)

    def at(self, position: float, pictures: Doubles) -> Doubles:
        """Where points are at any position: the shape of ``pictures`` without its first axis."""
        layer, part, share = self.place(position)
        step = len(PARTS) * (layer - 1) + PARTS.index(part)
        start, end = pictures[step], pictures[step + 1]
        turn = self.turns[layer - 1] if part == "linear" else 0.0
        if turn == 0.0:
            return np.asarray((1 - share) * start + share * end)
        mixed = (1 - share) * start + share * _turned(end, -turn)
        return _turned(mixed, share * turn)

    def variance_shown(self, layer: int, share: float) -> float:
        """Part of the variance of a layer that its axes show.

        Parameters
        ----------
        layer
            A hidden layer, counted from 1; 0 for the input.
        share
            How much of the activation has been applied.
        """
        if layer == 0 or self.network.widths[layer - 1] <= OWN:
            return 1.0
        # The points are at (1 - s) x + s f(x): their variance is a square in s.
        seen, whole = self._spreads[layer - 1] @ [
            (1 - share) ** 2, 2 * share * (1 - share), share**2
        ]  # fmt: skip
        return float(seen / whole) if whole > 0 else 1.0

    def readout(self) -> tuple[Doubles, Doubles]:
        """Weight (K, 2) and bias (K,) of the read-out on the last picture.

        Where that is a projection, on the plane through the mean of the points.
        """
        weight, bias = self.network.linear(self.index, self.network.depth)
        axes = self.axes[-1]
        offset = self._last_mean - axes @ (axes.T @ self._last_mean)
        return weight.T @ axes, bias + offset @ weight

    def _layer(self, value: NDArray[np.float32], layer: int) -> tuple[Any, Any, Any]:
        """What weights, biases and activation of a layer make of the values of the one before."""
        weight, bias = self.network.linear(self.index, layer - 1)
        linear = value @ weight
        biased = linear + bias
        return linear, biased, self.network.activations[layer - 1].apply(biased)


def _spreads(start: NDArray[Any], end: NDArray[Any], axes: Doubles) -> NDArray[np.float64]:
    """Sums of squares about the mean, of the picture and of all, shape (2, 3).

    Of the start, of start times end, and of the end.
    """
    one, other = (np.asarray(part - part.mean(axis=0), np.float64) for part in (start, end))
    pairs = ((one, one), (one, other), (other, other))
    return np.array(
        [
            [float(((a @ axes) * (b @ axes)).sum()) for a, b in pairs],
            [float((a * b).sum()) for a, b in pairs],
        ]
    )


def _turn(start: Doubles, end: Doubles) -> float:
    """Angle of the rotation that lays the start on the end as well as possible.

    The orthogonal Procrustes problem without reflections, in the plane: Kabsch 1976, Acta
    Crystallographica A32:922. About the origin, which linear maps leave where it is.
    """
    along = float((start * end).sum())
    across = float((start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0]).sum())
    return math.atan2(across, along)


def _turned(points: Doubles, angle: float) -> Doubles:
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.asarray(points @ np.array([[cosine, sine], [-sine, cosine]]))
