"""Attempts: networks that die are trained again, and nothing of it is hidden."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spiralcore import Trajectory
from spiralcore.recipe import NetworkRecipe, TrainingSettings
from spiralcore.training.training_job import failed_attempts, train_to_file
from spiralcore.trajectory.trouble import history, trouble
from tests.conftest import small_recipe


def trained(folder: Path, seed: int, attempts: int) -> dict[str, Trajectory]:
    """The files of a small ReLU network; many of these die within their first epochs."""
    settings = TrainingSettings(epochs=60, learning_rate=0.001, attempts=attempts)
    recipe: NetworkRecipe = small_recipe(3, "relu", seed=seed, training=settings)
    path = folder / "a.npz"
    train_to_file(
        recipe.model_dump(mode="json"), path, failed_attempts(path, recipe), lambda share: None
    )
    return {path.name: Trajectory.load(path) for path in sorted(folder.iterdir())}


def test_a_network_that_lives_needs_one_attempt(tmp_path: Path) -> None:
    files = trained(tmp_path, seed=6, attempts=4)
    assert list(files) == ["a.npz"]
    assert history(files["a.npz"]) == []


def test_a_dead_network_is_trained_again_and_kept_beside(tmp_path: Path) -> None:
    files = trained(tmp_path, seed=3, attempts=4)
    assert list(files) == ["a.attempt-1.npz", "a.npz"]
    first, second = files.values()
    assert trouble(first) == "dead: unit 1 since epoch 1"
    assert trouble(second) == ""
    assert history(second) == [
        "attempt 1: dead: unit 1 since epoch 1",
        "attempt 2, this one, went well",
    ]
    np.testing.assert_array_equal(first.inputs, second.inputs)
    assert not np.array_equal(first.hidden[0], second.hidden[0])


def test_a_single_attempt_is_taken_as_it_comes(tmp_path: Path) -> None:
    files = trained(tmp_path, seed=3, attempts=1)
    assert list(files) == ["a.npz"]
    assert history(files["a.npz"]) == ["dead: unit 1 since epoch 1"]


def test_where_all_attempts_fail_the_best_one_stands_and_says_so(tmp_path: Path) -> None:
    files = trained(tmp_path, seed=1, attempts=2)
    assert len(files) == 2
    best = files.pop("a.npz")
    (other,) = files.values()
    assert best.accuracy[-1] >= other.accuracy[-1]
    assert trouble(best).startswith("dead: unit ")
    assert trouble(other).startswith("dead: unit ")
