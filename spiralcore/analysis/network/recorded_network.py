"""The recorded network as a function, in NumPy: what it makes of any input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import UsageError
from spiralcore.recipe.layers import layer_activations
from spiralcore.recipe.perceptron import Perceptron
from spiralcore.trajectory import Trajectory

__all__ = ["RecordedNetwork"]

Floats = NDArray[np.float32]

NEAR = 4096
"""Points whose way through a network is computed at a time, so that the values of its layers stay
in near memory: with a large grid that takes 0.4 of the time."""


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
    activations
        That of each hidden layer.
    widths
        Of the hidden layers.
    """

    def __init__(self, trajectory: Trajectory) -> None:
        self._network = _network(trajectory)
        assert trajectory.parameters is not None
        assert trajectory.parameter_epochs is not None
        self.activations = self._network.activations
        self.widths = tuple(trajectory.recipe["network"]["widths"])
        self._parameters = trajectory.parameters
        self.epochs = trajectory.parameter_epochs

    @staticmethod
    def is_in(trajectory: Trajectory) -> bool:
        """Whether a trajectory holds a network that this class can evaluate."""
        try:
            _network(trajectory)
        except (AttributeError, KeyError, TypeError, ValueError, UsageError):
            return False
        return True

    @property
    def depth(self) -> int:
        """Number of hidden layers."""
        return self._network.depth

    def logits(self, index: int, inputs: Floats, layer: int = 0) -> Floats:
        """Logits of the network at ``epochs[index]``.

        Parameters
        ----------
        index
            Which of the known networks.
        inputs
            Shape (N, I): points of the input plane, or values of a hidden layer.
        layer
            Where they enter: 0 for the input, 1 for the values of the first hidden layer.

        Returns
        -------
        NDArray
            Shape (N, K).
        """
        return self.forward(index, inputs, layer)[-1]

    def drawn(self, index: int, inputs: Floats, layer: int = 0) -> Floats:
        """Pre-activations of the last hidden layer at ``epochs[index]``, shape (N, D)."""
        network, parameters = self._network, self._parameters[index]
        drawn = np.empty((len(inputs), self.widths[-1]), np.float32)
        for start in range(0, len(inputs), NEAR):
            part = slice(start, start + NEAR)
            drawn[part] = network.forward(parameters, inputs[part], layer, network.depth)[-1]
        return drawn

    def forward(self, index: int, inputs: Floats, layer: int = 0) -> list[Floats]:
        """Pre-activations of all layers after ``layer``, the logits last: see `logits`."""
        return self._network.forward(self._parameters[index], inputs, layer)

    def values(self, index: int, inputs: Floats) -> list[Floats]:
        """What every layer makes of points of the input plane at ``epochs[index]``.

        Returns
        -------
        list
            The inputs, the values of each hidden layer, and the logits.
        """
        *hidden, logits = self.forward(index, inputs)
        bent = [entry.apply(x) for entry, x in zip(self.activations, hidden, strict=True)]
        return [inputs, *bent, logits]

    def linear(self, index: int, layer: int) -> tuple[Floats, Floats]:
        """Weight (units in, units out) and bias (units out,) that lead from a layer to the next.

        Parameters
        ----------
        index
            Which of the known networks.
        layer
            0 for the step from the input to the first hidden layer.
        """
        return self._network.linear(self._parameters[index], layer)


def _network(trajectory: Trajectory) -> Perceptron:
    if trajectory.parameters is None:
        raise ValueError("the trajectory has no parameters")
    recipe: Any = trajectory.recipe
    widths: Sequence[int] = recipe["network"]["widths"]
    sizes = (trajectory.inputs.shape[1], *(int(width) for width in widths), trajectory.classes)
    inner = recipe["network"].get("inner_activation")
    network = Perceptron(sizes, layer_activations(widths, recipe["activation"], inner))
    if network.size != trajectory.parameters.shape[1]:
        raise ValueError("the parameters do not fit the widths in the recipe")
    return network
