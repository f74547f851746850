"""Networks in a batch: the same paths as alone, and the same bits each time."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore.data import Spirals
from spiralcore.recipe import NetworkRecipe, NetworkSettings, TrainingSettings
from spiralcore.training.batch import BatchStep, train_batch
from spiralcore.training.trainer import Step, points_of, train
from tests.conftest import small_recipe


def recipes(activation: str, units: int, seeds: range, **training: float) -> list[NetworkRecipe]:
    settings = {"epochs": 60, "learning_rate": 0.002, **training}
    return [
        small_recipe(
            3, activation, seed=seed, network=NetworkSettings(widths=(24, 12, units)),
            training=TrainingSettings.model_validate(settings),
        )
        for seed in seeds
    ]  # fmt: skip


def last_alone(recipe: NetworkRecipe) -> Step:
    for step in train(recipe, points_of(recipe)):
        last = step
    return last


def last_together(batch: list[NetworkRecipe]) -> BatchStep:
    for step in train_batch(batch, [points_of(recipe) for recipe in batch]):
        last = step
    return last


@pytest.mark.parametrize(
    ("activation", "units"), [("tanh", 2), ("relu", 1), ("disk", 2), ("sphere", 3), ("gelu", 5)]
)
def test_each_network_takes_the_path_that_it_takes_alone(activation: str, units: int) -> None:
    batch = recipes(activation, units, range(1, 5), warm_up=10 if activation == "tanh" else 0)
    together = last_together(batch)
    for b, recipe in enumerate(batch):
        alone = last_alone(recipe)
        assert together.epoch == alone.epoch == 60
        np.testing.assert_allclose(together.parameters[b], alone.parameters, atol=2e-4)
        np.testing.assert_allclose(together.hidden[b], alone.hidden, atol=2e-3)
        np.testing.assert_allclose(together.readout_weight[b], alone.readout_weight, atol=2e-4)
        np.testing.assert_allclose(together.readout_bias[b], alone.readout_bias, atol=2e-4)
        assert together.cross_entropy[b] == pytest.approx(alone.cross_entropy, abs=1e-4)
        assert together.penalty[b] == pytest.approx(alone.penalty, abs=1e-5)
        assert together.accuracy[b] == pytest.approx(alone.accuracy, abs=0.02)


def test_the_first_epoch_is_the_same_to_the_bit() -> None:
    batch = recipes("tanh", 2, range(1, 4))
    together = next(train_batch(batch, [points_of(recipe) for recipe in batch]))
    for b, recipe in enumerate(batch):
        alone = next(train(recipe, points_of(recipe)))
        np.testing.assert_array_equal(together.parameters[b], alone.parameters)


@pytest.mark.parametrize("activation", ["tanh", "disk"])
def test_the_same_batch_gives_the_same_bits(activation: str) -> None:
    batch = recipes(activation, 2, range(1, 5))
    first, second = (last_together(batch) for _ in range(2))
    np.testing.assert_array_equal(first.parameters, second.parameters)
    np.testing.assert_array_equal(first.hidden, second.hidden)


def test_a_network_that_diverges_leaves_the_others_alone() -> None:
    # Points so far away that one of the networks overflows.
    good, other = recipes("relu", 2, range(1, 3), epochs=40)
    wild = other.model_copy(update={"data": Spirals(points_per_class=40, outer_radius=1e6)})
    points = [points_of(good), points_of(wild)._replace(inputs=points_of(wild).inputs * 1e30)]
    for step in train_batch([good, wild], points):
        last = step
    assert last.epoch == 40
    assert last.errors[0] is None
    assert str(last.errors[1]).startswith("3 classes, ReLU, seed 2: the loss is ")
    assert " at epoch 0.\n" in str(last.errors[1])
    alone = last_alone(good)
    np.testing.assert_allclose(last.parameters[0], alone.parameters, atol=2e-4)


def test_a_batch_whose_networks_have_all_diverged_ends() -> None:
    batch = recipes("relu", 2, range(1, 3), epochs=100_000, learning_rate=1e6)
    last = last_together(batch)
    assert last.epoch < 1000
    assert all(last.errors)
