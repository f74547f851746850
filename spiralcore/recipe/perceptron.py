"""A multi-layer perceptron as a function of one vector of parameters, in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.activations import Activation

Floats = NDArray[np.float32]


class Perceptron:
    """What the parameters of a network make of its inputs.

    The vector has all weight matrices (units in, units out), row by row and layer by layer, then
    all biases: as `spiralcore.Trajectory` holds it.

    Parameters
    ----------
    sizes
        Number of inputs, widths of the hidden layers, number of classes.
    activations
        That of each hidden layer.
    product
        Of two matrices; another than NumPy's where its threads would be in the way.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activations: Sequence[Activation],
        product: Callable[[Floats, Floats], Floats] = np.matmul,
    ) -> None:
        self.activations = list(activations)
        self._shapes = list(pairwise(sizes))
        self._product = product

    @property
    def size(self) -> int:
        """Number of parameters P."""
        return sum(a * b + b for a, b in self._shapes)

    @property
    def depth(self) -> int:
        """Number of hidden layers."""
        return len(self.activations)

    def linear(self, parameters: Floats, layer: int) -> tuple[Floats, Floats]:
        """Weight (units in, units out) and bias (units out,) from a layer to the next.

        Parameters
        ----------
        parameters
            Shape (P,).
        layer
            0 for the step from the input to the first hidden layer.
        """
        a, b = self._shapes[layer]
        start = sum(a * b for a, b in self._shapes[:layer])
        bias_start = sum(a * b for a, b in self._shapes) + sum(b for _, b in self._shapes[:layer])
        weight = parameters[start : start + a * b].reshape(a, b)
        return weight, parameters[bias_start : bias_start + b]

    def last(self, parameters: Floats, inputs: Floats) -> Floats:
        """Pre-activations of the last hidden layer, shape (N, units)."""
        return self.forward(parameters, inputs, stop=self.depth)[-1]

    def forward(
        self, parameters: Floats, inputs: Floats, start: int = 0, stop: int | None = None
    ) -> list[Floats]:
        """Pre-activations of the layers after ``start``, by default up to the logits.

        Parameters
        ----------
        parameters
            Shape (P,).
        inputs
            Values of the layer ``start``, shape (N, units); 0 is the input.
        start, stop
            The last pre-activations are those of layer ``stop``, the first hidden one being 1.
        """
        found = []
        value = inputs
        for layer in range(start, self.depth + 1 if stop is None else stop):
            weight, bias = self.linear(parameters, layer)
            made = self._product(value, weight)
            made += bias
            found.append(made)
            if layer < self.depth:
                value = self.activations[layer].apply(found[-1])
        return found
