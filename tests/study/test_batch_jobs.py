"""What a row says is what became of the network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spiralcore.errors import SpiralError
from spiralcore.recipe import NetworkRecipe
from spiralcore.study.batch_jobs import REVISION, batch_job, measure_again, train_and_measure
from spiralcore.study.grid import Batch
from spiralcore.training.trainer import points_of, train
from tests.study.conftest import small_grid


def outcome(batch: Batch) -> list[dict[str, Any]]:
    return train_and_measure(**batch_job(batch).arguments, report=lambda share: None)


def batch_of(activation: str, classes: int = 3, units: int = 2, **training: float) -> Batch:
    grid = small_grid(**training)
    return Batch(tuple(grid.recipe(classes, units, activation, seed) for seed in (1, 2, 3)))


def test_a_row_tells_what_the_trainer_would() -> None:
    batch = batch_of("tanh", learning_rate=0.01, epochs=200)
    for recipe, row in zip(batch.networks, outcome(batch), strict=True):
        steps = [(s.epoch, s.accuracy) for s in train(recipe, points_of(recipe))]
        *_, last = train(recipe, points_of(recipe))
        assert row["status"] == "done"
        assert row["accuracy"] == pytest.approx(last.accuracy, abs=0.02)
        assert row["cross_entropy"] == pytest.approx(last.cross_entropy, abs=5e-3)
        assert row["loss"] == pytest.approx(last.cross_entropy + last.penalty, abs=5e-3)
        first = next((epoch for epoch, accuracy in steps if accuracy >= 0.99), None)
        if first is None:
            assert row["epochs_to_99"] is None
        else:
            assert row["epochs_to_99"] == pytest.approx(first, abs=3)
        labels = points_of(recipe).labels
        means = [last.hidden[labels == k].mean(axis=0) for k in range(3)]
        np.testing.assert_allclose(np.reshape(row["class_means"], (3, 2)), means, atol=0.02)


def test_a_path_leads_to_the_final_means() -> None:
    (row, *_) = outcome(batch_of("tanh"))
    assert row["path_epochs"][:3] == [0, 1, 2]
    assert row["path_epochs"][-1] == 120
    path = np.reshape(row["path_means"], (len(row["path_epochs"]), 3, 2))
    np.testing.assert_allclose(path[-1].ravel(), row["class_means"], atol=1e-6)
    assert row["path_accuracy"][-1] == row["accuracy"]


def test_epochs_to_99_is_the_first_epoch_that_reaches_it() -> None:
    rows = outcome(batch_of("tanh", classes=2, units=2, learning_rate=0.02, epochs=300))
    reached = [row["epochs_to_99"] for row in rows]
    assert any(reached), reached
    for row in rows:
        early = [a for e, a in zip(row["path_epochs"], row["path_accuracy"], strict=True)
                 if row["epochs_to_99"] is None or e < row["epochs_to_99"]]  # fmt: skip
        assert max(early) < 0.99


def dead_network() -> tuple[NetworkRecipe, dict[str, Any]]:
    """Unit 2 dead, class 0 in the dead corner."""
    recipe = small_grid().recipe(2, 2, "relu", 1)
    points = np.zeros((40, 2))
    points[20:, 0] = np.linspace(1, 2, 20)
    return recipe, {
        "status": "done",
        "hidden": points.ravel().tolist(),
        "readout_weight": [-1.0, 0.0, 1.0, 0.0],
        "readout_bias": [0.5, -0.5],
    }


def test_dead_units_and_parked_classes_are_counted() -> None:
    recipe, row = dead_network()
    (measured,) = measure_again(
        [recipe.model_dump(mode="json")], [row], REVISION, lambda share: None
    )
    assert measured["dead_units"] == 1
    assert measured["parked_classes"] == 1
    np.testing.assert_allclose(measured["class_means"], [0, 0, 1.5, 0])


def test_a_network_that_diverges_is_a_row_with_its_error() -> None:
    for row in outcome(batch_of("relu", learning_rate=1e6)):
        assert row["status"] == "diverged"
        assert ": the loss is " in row["error"]
        assert row["error"].endswith("next: a learning rate below 1e+06")
        assert "accuracy" not in row


def test_a_worker_of_another_version_refuses() -> None:
    arguments = batch_job(batch_of("tanh")).arguments
    with pytest.raises(SpiralError) as error:
        train_and_measure(arguments["recipes"], (0, 0), lambda share: None)
    assert str(error.value) == (
        f"A worker has the revisions {REVISION} of training and measures, and (0, 0) are asked "
        "for.\n"
        "expected: one version of spiralcore on all machines.\n"
        "next: pip install the same version for the workers, and start them again"
    )
