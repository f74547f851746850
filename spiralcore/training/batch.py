"""Several networks of one shape, trained in step: each product is one call for all of them.

Every network of a batch takes the same path as alone in `spiralcore.training.trainer`, up to the
rounding of the products. What it takes exactly depends on nothing but the batch: the same
networks in the same order give the same bits.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from spiralcore.data import Points
from spiralcore.errors import DivergenceError
from spiralcore.recipe import NetworkRecipe
from spiralcore.registry.activations import Activation
from spiralcore.training.kernels import adam, in_place, softmax_cross_entropy
from spiralcore.training.network import first_parameters, views
from spiralcore.training.trainer import (
    EPSILON,
    FIRST_DECAY,
    LARGEST_LOSS,
    SECOND_DECAY,
    diverged,
    steady_arithmetic,
)

Floats = NDArray[np.float32]

_ONE_AT_A_TIME = threading.Lock()
"""Numbers of threads belong to the process; batches in several of its threads take turns."""


class NetworkBatch:
    """B multi-layer perceptrons of one shape with linear read-outs.

    Parameters
    ----------
    sizes
        Inputs, hidden widths and classes: ``(2, 64, 32, 2, 7)``.
    activations
        That of each hidden layer.
    samples
        Number of points that pass through each of the networks at a time.
    rngs
        Draw the initial weights, one for each network.

    Attributes
    ----------
    parameters, gradient
        Shape (B, P): a row for each network, laid out as in `spiralcore.training.network.Network`.
    weight_count
        How many parameters of a network are weights; they come first.
    """

    def __init__(
        self,
        sizes: tuple[int, ...],
        activations: Sequence[Activation],
        samples: int,
        rngs: Sequence[np.random.Generator],
    ) -> None:
        shapes = list(pairwise(sizes))
        batch = len(rngs)
        self.weight_count = sum(fan_in * fan_out for fan_in, fan_out in shapes)
        # Torch aligns its memory in the same way each time, which NumPy does not, and the
        # rounding of a product may depend on it.
        self.parameters = torch.empty(batch, self.weight_count + sum(sizes[1:]))
        for row, rng in zip(self.parameters, rngs, strict=True):
            row.copy_(torch.from_numpy(first_parameters(shapes, rng)))
        self.gradient = torch.zeros_like(self.parameters)
        self.weights, biases = views(self.parameters, shapes)
        self._weight_gradients, bias_gradients = views(self.gradient, shapes)
        self.biases = [bias.unsqueeze(1) for bias in biases]
        self._bias_gradients = [bias.unsqueeze(1) for bias in bias_gradients]
        self._values = [torch.empty(batch, samples, width) for width in sizes[1:]]
        self._slopes = [torch.empty(batch, samples, width) for width in sizes[1:-1]]
        # Pre-activations are overwritten by the values, unless the gradient needs them.
        self._before = [
            torch.empty_like(values) if entry.needs_input else values
            for entry, values in zip(activations, self._values, strict=False)
        ]
        self._inputs = torch.empty(0)
        self._loops = [in_place(entry) for entry in activations]

    @property
    def hidden(self) -> Tensor:
        """The last hidden layers after the latest `forward`, shape (B, N, D)."""
        return self._values[-2]

    def forward(self, inputs: Tensor) -> Tensor:
        """Compute the logits, shape (B, N, K), of inputs of shape (B, N, 2)."""
        self._inputs = value = inputs
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            torch.baddbmm(bias, value, weight, out=self._values[layer])
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
            Gradient of the losses with respect to the logits of the latest `forward`,
            shape (B, N, K).
        """
        slope = logits_gradient
        for layer in reversed(range(len(self.weights))):
            value = self._values[layer - 1] if layer else self._inputs
            torch.bmm(value.transpose(1, 2), slope, out=self._weight_gradients[layer])
            torch.sum(slope, 1, keepdim=True, out=self._bias_gradients[layer])
            if layer:
                weight = self.weights[layer].transpose(1, 2)
                torch.bmm(slope, weight, out=self._slopes[layer - 1])
                slope = self._slopes[layer - 1]
                before = self._before[layer - 1]
                self._loops[layer - 1].pull_back(slope.numpy(), before.numpy(), value.numpy())


@dataclass(frozen=True)
class BatchStep:
    """B networks after exactly ``epoch`` epochs; views that the next epoch overwrites.

    Attributes
    ----------
    epoch
        0 is before training.
    hidden
        Last hidden layers, shape (B, N, D), float32.
    readout_weight, readout_bias
        Linear heads, shapes (B, K, D) and (B, K).
    parameters
        Shape (B, P), see `NetworkBatch`.
    cross_entropy, penalty, accuracy
        Shape (B,), float64: see `spiralcore.training.trainer.Step`.
    errors
        For each network what it failed with, at this epoch or before. Its numbers mean nothing.
    """

    epoch: int
    hidden: Floats
    readout_weight: Floats
    readout_bias: Floats
    parameters: Floats
    cross_entropy: NDArray[np.float64]
    penalty: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    errors: tuple[DivergenceError | None, ...]


def train_batch(recipes: Sequence[NetworkRecipe], points: Sequence[Points]) -> Iterator[BatchStep]:
    """Train networks that differ in their seeds only, and yield every epoch.

    Parameters
    ----------
    recipes
        The settings, equal but for the seed.
    points
        The data of each network, see `spiralcore.training.trainer.points_of`.

    Yields
    ------
    BatchStep
        The state after epoch 0, 1, ..., ``recipe.training.epochs``; fewer where all networks
        have diverged. A network that diverges leaves the others alone.
    """
    with _ONE_AT_A_TIME, steady_arithmetic():
        yield from _epochs(recipes, points)


def _epochs(recipes: Sequence[NetworkRecipe], points: Sequence[Points]) -> Iterator[BatchStep]:
    recipe, labels = recipes[0], points[0].labels
    settings, batch, count = recipe.training, len(recipes), len(labels)
    rngs = [np.random.default_rng([other.seed, 1]) for other in recipes]
    sizes = (2, *recipe.network.widths, recipe.classes)
    networks = NetworkBatch(sizes, recipe.layer_activations(), count, rngs)
    inputs = torch.empty(batch, count, 2)
    inputs.copy_(torch.from_numpy(np.stack([own.inputs for own in points])))
    parameters, gradient = networks.parameters, networks.gradient
    weights, weight_gradient = (flat[:, : networks.weight_count] for flat in (parameters, gradient))
    flat, flat_gradient = parameters.view(-1).numpy(), gradient.view(-1).numpy()
    first, second = np.zeros((2, flat.size), dtype=np.float32)
    slope = torch.empty(batch, count, recipe.classes)
    slopes = list(slope.numpy())
    errors: list[DivergenceError | None] = [None] * batch

    for epoch in range(settings.epochs + 1):
        logits = networks.forward(inputs).numpy()
        cross_entropy, penalty, accuracy = np.empty((3, batch))
        for b in range(batch):
            cross_entropy[b], correct = softmax_cross_entropy(logits[b], labels, slopes[b])
            accuracy[b] = correct / count
            penalty[b] = settings.l2 / 2 * torch.dot(weights[b], weights[b]).item()
            loss = cross_entropy[b] + penalty[b]
            if errors[b] is None and not loss < LARGEST_LOSS:
                errors[b] = diverged(recipes[b], float(loss), epoch)
        yield BatchStep(
            epoch=epoch,
            hidden=networks.hidden.numpy(),
            readout_weight=networks.weights[-1].transpose(1, 2).numpy(),
            readout_bias=networks.biases[-1][:, 0].numpy(),
            parameters=parameters.numpy(),
            cross_entropy=cross_entropy,
            penalty=penalty,
            accuracy=accuracy,
            errors=tuple(errors),
        )
        if epoch == settings.epochs or None not in errors:
            return
        networks.backward(slope)
        weight_gradient.add_(weights, alpha=settings.l2)
        adam(
            flat,
            flat_gradient,
            first,
            second,
            (FIRST_DECAY, SECOND_DECAY),
            settings.rate_of(epoch + 1) / (1 - FIRST_DECAY ** (epoch + 1)),
            1 / math.sqrt(1 - SECOND_DECAY ** (epoch + 1)),
            EPSILON,
        )
