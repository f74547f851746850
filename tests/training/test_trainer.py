from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from spiralcore.errors import DivergenceError
from spiralcore.recipe import TrainingSettings
from spiralcore.training.trainer import points_of, train
from tests.conftest import record, small_recipe


def test_losses_and_accuracy_belong_to_the_recorded_read_out() -> None:
    recipe = small_recipe(4, training=TrainingSettings(epochs=20))
    points = points_of(recipe)
    for step in train(recipe, points):
        logits = step.hidden @ step.readout_weight.T + step.readout_bias
        entropy = torch.nn.functional.cross_entropy(
            torch.from_numpy(logits), torch.from_numpy(points.labels)
        )
        assert step.cross_entropy == pytest.approx(entropy.item(), rel=1e-5)
        assert step.accuracy == pytest.approx((logits.argmax(1) == points.labels).mean())


@pytest.mark.parametrize(("activation", "warm_up"), [("tanh", 0), ("relu", 0), ("tanh", 20)])
def test_steps_are_those_of_torchs_adam(activation: str, warm_up: int) -> None:
    settings = TrainingSettings(epochs=30, learning_rate=0.003, l2=0.01, warm_up=warm_up)
    recipe = small_recipe(3, activation, training=settings)
    points = points_of(recipe)
    steps = train(recipe, points)
    first = next(steps).parameters.copy()
    for step in steps:
        last = step.parameters.copy()

    sizes = (2, *recipe.network.widths, 3)
    shapes = list(pairwise(sizes))
    weights, biases = [], []
    position = 0
    for a, b in shapes:
        part = first[position : position + a * b].reshape(a, b)
        weights.append(torch.tensor(part, requires_grad=True))
        position += a * b
    for _, b in shapes:
        biases.append(torch.tensor(first[position : position + b], requires_grad=True))
        position += b
    adam = torch.optim.Adam(weights + biases, lr=0.003)
    inputs, labels = torch.from_numpy(points.inputs), torch.from_numpy(points.labels)
    for done in range(30):
        # The first of twenty epochs has a twentieth of the rate, the last one all of it.
        adam.param_groups[0]["lr"] = 0.003 * (min(done + 1, warm_up) / warm_up if warm_up else 1)
        value = inputs
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            value = getattr(torch, activation)(value @ weight + bias)
        logits = value @ weights[-1] + biases[-1]
        loss = torch.nn.functional.cross_entropy(logits, labels)
        loss = loss + 0.01 * sum((weight**2).sum() for weight in weights) / 2
        adam.zero_grad()
        loss.backward()
        adam.step()
    expected = torch.cat([p.detach().flatten() for p in weights + biases]).numpy()
    np.testing.assert_allclose(last, expected, atol=2e-4)


def test_the_same_recipe_gives_the_same_bytes() -> None:
    assert record(small_recipe())[1] == record(small_recipe())[1]
    assert record(small_recipe())[1] != record(small_recipe(seed=2))[1]


def test_divergence_names_the_network_and_the_epoch() -> None:
    settings = TrainingSettings(epochs=2000, learning_rate=1e6)
    recipe = small_recipe(3, "relu", training=settings)
    with pytest.raises(DivergenceError) as error:
        for _ in train(recipe, points_of(recipe)):
            pass
    message = str(error.value)
    assert message.startswith("3 classes, ReLU, seed 1: the loss is ")
    assert " at epoch " in message
    assert message.endswith("next: a learning rate below 1e+06")
