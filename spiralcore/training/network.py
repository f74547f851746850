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
from torch import Tensor

from spiralcore.activations import Activation
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
        self.parameters = torch.zeros(self.weight_count + sum(sizes[1:]))
        self.gradient = torch.zeros_like(self.parameters)
        self.weights, self.biases = _views(self.parameters, shapes, self.weight_count)
        self._weight_gradients, self._bias_gradients = _views(
            self.gradient, shapes, self.weight_count
        )
        for weight in self.weights:
            # Glorot and Bengio 2010, equation 16.
            limit = math.sqrt(6 / (weight.shape[0] + weight.shape[1]))
            drawn = rng.uniform(-limit, limit, tuple(weight.shape))
            weight.copy_(torch.from_numpy(drawn.astype(np.float32)))
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


def _views(
    flat: Tensor, shapes: list[tuple[int, int]], weight_count: int
) -> tuple[list[Tensor], list[Tensor]]:
    """Cut a flat vector into weight matrices and bias vectors that share its memory."""
    weight_sizes = [fan_in * fan_out for fan_in, fan_out in shapes]
    bias_sizes = [fan_out for _, fan_out in shapes]
    weights = [
        part.view(shape)
        for part, shape in zip(torch.split(flat[:weight_count], weight_sizes), shapes, strict=True)
    ]
    return weights, list(torch.split(flat[weight_count:], bias_sizes))
