"""Several networks of one shape, trained in step: each product is one call for all of them.

Every network of a batch takes the same path as alone in `spiralcore.training.trainer`, up to the
rounding of the products. What it takes exactly depends on nothing but the batch: the same
networks in the same order give the same bits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from spiralcore.data import Points
from spiralcore.errors import DivergenceError
from spiralcore.recipe import NetworkRecipe
from spiralcore.training.adam import Adam
from spiralcore.training.kernels import softmax_cross_entropy
from spiralcore.training.network import Network
from spiralcore.training.trainer import LARGEST_LOSS, diverged, steady_arithmetic

Floats = NDArray[np.float32]

_ONE_AT_A_TIME = threading.Lock()
"""Numbers of threads belong to the process; batches in several of its threads take turns."""


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
        Shape (B, P), see `spiralcore.training.network.Network`.
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
    networks = Network(sizes, recipe.layer_activations(), count, rngs)
    inputs = torch.empty(batch, count, 2)
    inputs.copy_(torch.from_numpy(np.stack([own.inputs for own in points])))
    optimizer = Adam(networks, settings)
    weights = networks.parameters[:, : networks.weight_count]
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
            hidden=networks.hidden().numpy(),
            readout_weight=networks.weights[-1].mT.numpy(),
            readout_bias=networks.biases[-1].numpy(),
            parameters=networks.parameters.numpy(),
            cross_entropy=cross_entropy,
            penalty=penalty,
            accuracy=accuracy,
            errors=tuple(errors),
        )
        if epoch == settings.epochs or None not in errors:
            return
        networks.backward(slope)
        optimizer.step()
