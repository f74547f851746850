"""The recorded network as a function, in NumPy: what it makes of any input."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.activations import ACTIVATIONS, Activation
from spiralcore.trajectory import Trajectory

Floats = NDArray[np.float32]


class RecordedNetwork:
    """The networks of a trajectory that has ``parameters``.

    Parameters
    ----------
    trajectory
        Its recipe names the activation and the widths.

    Attributes
    ----------
    epochs
        Epochs at which the whole network is known.
    activation
        That of all its hidden layers.
    """

    def __init__(self, trajectory: Trajectory) -> None:
        sizes, activation = _architecture(trajectory)
        assert trajectory.parameters is not None
        assert trajectory.parameter_epochs is not None
        self._shapes = list(pairwise(sizes))
        self.activation = activation
        self._parameters = trajectory.parameters
        self.epochs = trajectory.parameter_epochs

    @staticmethod
    def is_in(trajectory: Trajectory) -> bool:
        """Whether a trajectory holds a network that this class can evaluate."""
        try:
            _architecture(trajectory)
        except (KeyError, TypeError, ValueError):
            return False
        return True

    def logits(self, index: int, inputs: Floats) -> Floats:
        """Logits of the network at ``epochs[index]``.

        Parameters
        ----------
        index
            Which of the known networks.
        inputs
            Shape (N, 2).

        Returns
        -------
        NDArray
            Shape (N, K).
        """
        return self._forward(index, inputs)[1]

    def drawn(self, index: int, inputs: Floats) -> Floats:
        """Pre-activations of the drawn layer at ``epochs[index]``: shape (N, 2) gives (N, D)."""
        return self._forward(index, inputs)[0]

    def _forward(self, index: int, inputs: Floats) -> tuple[Floats, Floats]:
        """Pre-activations of the drawn layer, and logits."""
        parameters = self._parameters[index]
        position = 0
        bias_position = sum(a * b for a, b in self._shapes)
        drawn = value = inputs
        for layer, (a, b) in enumerate(self._shapes):
            if layer > 0:
                drawn, value = value, self.activation.apply(value)
            weight = parameters[position : position + a * b].reshape(a, b)
            value = value @ weight + parameters[bias_position : bias_position + b]
            position += a * b
            bias_position += b
        return drawn, value


def _architecture(trajectory: Trajectory) -> tuple[tuple[int, ...], Activation]:
    if trajectory.parameters is None:
        raise ValueError("the trajectory has no parameters")
    recipe: Any = trajectory.recipe
    widths: Sequence[int] = recipe["network"]["widths"]
    sizes = (trajectory.inputs.shape[1], *(int(width) for width in widths), trajectory.classes)
    count = sum(a * b + b for a, b in pairwise(sizes))
    if count != trajectory.parameters.shape[1]:
        raise ValueError("the parameters do not fit the widths in the recipe")
    return sizes, ACTIVATIONS[recipe["activation"]]
