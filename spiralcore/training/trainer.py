"""The training loop: knows nothing of who watches."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from spiralcore.data import Points
from spiralcore.errors import DivergenceError
from spiralcore.recipe import NetworkRecipe
from spiralcore.recipe.layers import drawn_layers
from spiralcore.training.adam import Adam
from spiralcore.training.kernels import softmax_cross_entropy
from spiralcore.training.network import Network

LARGEST_LOSS = 1e12
"""From here on a training counts as diverged, finite or not."""


@dataclass(frozen=True)
class Step:
    """The network after exactly ``epoch`` epochs.

    The arrays are views that the next epoch overwrites: whoever keeps one copies it.

    Attributes
    ----------
    epoch
        0 is before training.
    hidden
        Last hidden layer, shape (N, D), float32.
    layers
        All drawn layers, the last one included, shape (N, D) each: see
        `spiralcore.recipe.layers.drawn_layers`.
    readout_weight, readout_bias
        Linear head, shapes (K, D) and (K,).
    parameters
        All parameters in one vector, see `Network`.
    cross_entropy, penalty
        The two terms of the loss, over all points.
    accuracy
        Share of the points whose largest logit is that of their class.
    """

    epoch: int
    hidden: NDArray[np.float32]
    layers: tuple[NDArray[np.float32], ...]
    readout_weight: NDArray[np.float32]
    readout_bias: NDArray[np.float32]
    parameters: NDArray[np.float32]
    cross_entropy: float
    penalty: float
    accuracy: float


def points_of(recipe: NetworkRecipe) -> Points:
    """Get the points that a recipe asks for; raises as `spiralcore.data.DataSet.draw` does."""
    points: Points = recipe.data.draw(recipe.classes, np.random.default_rng([recipe.seed, 0]))
    return points


def train(recipe: NetworkRecipe, points: Points, attempt: int = 1) -> Generator[Step, None, None]:
    """Train one network with full-batch Adam, one thread, and yield every epoch.

    The loss is the softmax cross-entropy plus ``l2 / 2`` times the sum of the squared weights;
    biases are free.

    Parameters
    ----------
    recipe
        The settings.
    points
        The data, see `points_of`.
    attempt
        Each has first weights of its own, drawn from the seed of the recipe.

    Yields
    ------
    Step
        The state after epoch 0, 1, ..., ``recipe.training.epochs``.

    Raises
    ------
    DivergenceError
        When the loss is no longer finite or absurdly large, naming the epoch.
    """
    with steady_arithmetic():
        yield from _epochs(recipe, points, attempt)


def diverged(recipe: NetworkRecipe, loss: float, epoch: int) -> DivergenceError:
    """What to say of a training whose loss has become absurd."""
    return DivergenceError(
        f"{recipe.title}: the loss is {loss} at epoch {epoch:,}.",
        "a loss that stays small.",
        f"a learning rate below {recipe.training.learning_rate:g}",
    )


@contextmanager
def steady_arithmetic() -> Iterator[None]:
    """Use one thread and no denormal numbers, in this process and for a while.

    One thread gives the same bits whatever else the machine does. Weights that decay towards
    zero become denormal numbers, which processors handle many times more slowly.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.set_flush_denormal(False)


def _epochs(recipe: NetworkRecipe, points: Points, attempt: int) -> Iterator[Step]:
    settings = recipe.training
    sizes = (2, *recipe.network.widths, recipe.classes)
    inputs = torch.from_numpy(points.inputs)
    count = len(points.labels)
    rng = np.random.default_rng([recipe.seed, attempt])
    network = Network(sizes, recipe.layer_activations(), count, rng)
    drawn = drawn_layers(recipe.network.widths)
    optimizer = Adam(network, settings)
    weights = network.parameters[: network.weight_count]
    slope = torch.empty(count, recipe.classes)

    for epoch in range(settings.epochs + 1):
        logits = network.forward(inputs)
        cross_entropy, correct = softmax_cross_entropy(logits.numpy(), points.labels, slope.numpy())
        penalty = settings.l2 / 2 * torch.dot(weights, weights).item()
        if not cross_entropy + penalty < LARGEST_LOSS:
            raise diverged(recipe, cross_entropy + penalty, epoch)
        yield Step(
            epoch=epoch,
            hidden=network.hidden().numpy(),
            layers=tuple(network.hidden(layer).numpy() for layer in drawn),
            readout_weight=network.weights[-1].mT.numpy(),
            readout_bias=network.biases[-1].numpy(),
            parameters=network.parameters.numpy(),
            cross_entropy=cross_entropy,
            penalty=penalty,
            accuracy=correct / count,
        )
        if epoch == settings.epochs:
            return
        network.backward(slope)
        optimizer.step()
