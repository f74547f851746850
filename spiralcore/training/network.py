"""Multi-layer perceptrons, each with all of its parameters in one flat vector.

The gradient is written out by hand: it takes a page, saves the bookkeeping of automatic
differentiation, and lets every product write into memory that exists already.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from spiralcore.registry.activations import Activation
from spiralcore.training.kernels import in_place


class Network:
    """One MLP with a linear read-out, or several of one shape that are trained in step.

    Of several, each product is one call for all of them.

    Parameters
    ----------
    sizes
        Inputs, hidden widths and classes: ``(2, 120, 80, 40, 2, 7)``.
    activations
        That of each hidden layer.
    samples
        Number of points that pass through a network at a time.
    rngs
        Draws the initial weights; one for each of several networks.

    Attributes
    ----------
    parameters
        All weights, layer by layer, then all biases: shape (P,), of B networks (B, P). A weight
        matrix has the shape (units in, units out) and is stored row by row.
    gradient
        Gradient of the loss in the same layout.
    weights, biases
        Views of them, a layer each, shapes (..., in, out) and (..., out).
    weight_count
        How many of the parameters of a network are weights; they come first.
    """

    def __init__(
        self,
        sizes: tuple[int, ...],
        activations: Sequence[Activation],
        samples: int,
        rngs: np.random.Generator | Sequence[np.random.Generator],
    ) -> None:
        shapes = list(pairwise(sizes))
        alone = isinstance(rngs, np.random.Generator)
        each = [rngs] if isinstance(rngs, np.random.Generator) else rngs
        lead = () if alone else (len(each),)
        self.weight_count = sum(fan_in * fan_out for fan_in, fan_out in shapes)
        count = self.weight_count + sum(sizes[1:])
        # Torch aligns its memory in the same way each time, which NumPy does not, and the
        # rounding of a product may depend on it.
        self.parameters = torch.empty(*lead, count)
        for row, rng in zip(self.parameters.view(-1, count), each, strict=True):
            row.copy_(torch.from_numpy(first_parameters(shapes, rng)))
        self.gradient = torch.zeros_like(self.parameters)
        self.weights, self.biases = views(self.parameters, shapes)
        self._weight_gradients, self._bias_gradients = views(self.gradient, shapes)
        self._affine: Callable[..., Tensor] = torch.addmm if alone else torch.baddbmm
        self._product: Callable[..., Tensor] = torch.mm if alone else torch.bmm
        self._values = [torch.empty(*lead, samples, width) for width in sizes[1:]]
        self._slopes = [torch.empty(*lead, samples, width) for width in sizes[1:-1]]
        # Pre-activations are overwritten by the values, unless the gradient needs them.
        self._before = [
            torch.empty_like(values) if entry.needs_input else values
            for entry, values in zip(activations, self._values, strict=False)
        ]
        self._inputs = torch.empty(0)
        self._loops = [in_place(entry) for entry in activations]

    def hidden(self, layer: int = -1) -> Tensor:
        """A hidden layer after the latest `forward`, shape (..., N, width); overwritten later."""
        return self._values[:-1][layer]

    def forward(self, inputs: Tensor) -> Tensor:
        """Compute the logits.

        Parameters
        ----------
        inputs
            Shape (N, 2), of several networks (B, N, 2).

        Returns
        -------
        Tensor
            Shape (..., N, K); overwritten by the next call.
        """
        self._inputs = value = inputs
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            self._affine(bias.unsqueeze(-2), value, weight, out=self._values[layer])
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
            shape (..., N, K).
        """
        slope = logits_gradient
        for layer in reversed(range(len(self.weights))):
            value = self._values[layer - 1] if layer else self._inputs
            self._product(value.mT, slope, out=self._weight_gradients[layer])
            torch.sum(slope, -2, out=self._bias_gradients[layer])
            if layer:
                self._product(slope, self.weights[layer].mT, out=self._slopes[layer - 1])
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
