"""A multi-layer perceptron with all of its parameters in one flat vector.

The gradient is written out by hand: it takes a page, saves the bookkeeping of automatic
differentiation, and lets every product write into memory that exists already.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from spiralcore.registry.activations import Activation
from spiralcore.training.kernels import in_place


class Network:
    """An MLP with a linear read-out.

    Parameters
    ----------
    sizes
        Inputs, hidden widths and classes: ``(2, 120, 80, 40, 2, 7)``.
    activations
        That of each hidden layer.
    samples
        Number of points that pass through at a time.
    rng
        Draws the initial weights.

    Attributes
    ----------
    parameters
        All weights, layer by layer, then all biases: shape (P,). A weight matrix has the
        shape (units in, units out) and is stored row by row.
    gradient
        Gradient of the loss in the same layout.
    weight_count
        How many of the parameters are weights; they come first.
    """

    def __init__(
        self,
        sizes: tuple[int, ...],
        activations: Sequence[Activation],
        samples: int,
        rng: np.random.Generator,
    ) -> None:
        shapes = list(pairwise(sizes))
        self.weight_count = sum(fan_in * fan_out for fan_in, fan_out in shapes)
        self.parameters = torch.from_numpy(first_parameters(shapes, rng))
        self.gradient = torch.zeros_like(self.parameters)
        self.weights, self.biases = views(self.parameters, shapes)
        self._weight_gradients, self._bias_gradients = views(self.gradient, shapes)
        self._values = [torch.empty(samples, width) for width in sizes[1:]]
        self._slopes = [torch.empty(samples, width) for width in sizes[1:-1]]
        # Pre-activations are overwritten by the values, unless the gradient needs them.
        self._before = [
            torch.empty(samples, width) if entry.needs_input else values
            for width, entry, values in zip(sizes[1:-1], activations, self._values, strict=False)
        ]
        self._inputs = torch.empty(0)
        self._loops = [in_place(entry) for entry in activations]

    def hidden(self, layer: int = -1) -> Tensor:
        """A hidden layer after the latest `forward`, shape (N, width); overwritten later."""
        return self._values[:-1][layer]

    def forward(self, inputs: Tensor) -> Tensor:
        """Compute the logits.

        Parameters
        ----------
        inputs
            Shape (N, 2).

        Returns
        -------
        Tensor
            Shape (N, K); overwritten by the next call.
        """
        self._inputs = inputs
        value = inputs
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            torch.addmm(bias, value, weight, out=self._values[layer])
            if layer < len(self._loops):
                if self._before[layer] is not self._values[layer]:
                    self._before[layer].copy_(self._values[layer])
                self._loops[layer].apply(self._values[layer].numpy())
            value = self._values[layer]
        return value

    def backward(self, logits_gradient: Tensor) -> None:
        """Write the gradient of the parameters into `gradient`.

        Parameters
        ----------
        logits_gradient
            Gradient of the loss with respect to the logits of the latest `forward`,
            shape (N, K).
        """
        slope = logits_gradient
        for layer in reversed(range(len(self.weights))):
            value = self._values[layer - 1] if layer else self._inputs
            torch.mm(value.t(), slope, out=self._weight_gradients[layer])
            torch.sum(slope, 0, out=self._bias_gradients[layer])
            if layer:
                torch.mm(slope, self.weights[layer].t(), out=self._slopes[layer - 1])
                slope = self._slopes[layer - 1]
                before = self._before[layer - 1]
                self._loops[layer - 1].pull_back(slope.numpy(), before.numpy(), value.numpy())


def first_parameters(
    shapes: Sequence[tuple[int, int]], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Draw weights, Glorot uniform, and set the biases to 0.

    Parameters
    ----------
    shapes
        Of the weight matrices.
    rng
        Draws the weights, layer by layer.

    Returns
    -------
    NDArray
        Shape (P,), see `Network`.
    """
    drawn = []
    for fan_in, fan_out in shapes:
        # Glorot and Bengio 2010, equation 16.
        limit = math.sqrt(6 / (fan_in + fan_out))
        drawn.append(rng.uniform(-limit, limit, (fan_in, fan_out)).ravel())
    biases = np.zeros(sum(fan_out for _, fan_out in shapes))
    return np.concatenate([*drawn, biases]).astype(np.float32)


def views(flat: Tensor, shapes: Sequence[tuple[int, int]]) -> tuple[list[Tensor], list[Tensor]]:
    """Cut parameters into weight matrices and bias vectors that share their memory.

    Parameters
    ----------
    flat
        Shape (..., P), see `Network`.
    shapes
        Of the weight matrices.
    """
    weight_sizes = [fan_in * fan_out for fan_in, fan_out in shapes]
    bias_sizes = [fan_out for _, fan_out in shapes]
    parts = torch.split(flat, weight_sizes + bias_sizes, dim=-1)
    count = len(shapes)
    weights = [
        part.view(*part.shape[:-1], *shape)
        for part, shape in zip(parts[:count], shapes, strict=True)
    ]
    return weights, list(parts[count:])
