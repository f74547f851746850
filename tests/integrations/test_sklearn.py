"""Networks of scikit-learn, trained by `partial_fit`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import SGDClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor

from spiralcore import Trajectory
from spiralcore.errors import UsageError
from spiralcore.integrations import SklearnRecorder
from tests.integrations.saying import EVERY, X, Y, check


def network(**options: Any) -> MLPClassifier:
    usual = {"hidden_layer_sizes": (8, 2), "activation": "tanh", "learning_rate_init": 0.03}
    return MLPClassifier(**{**usual, "random_state": 1, **options})


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ["tanh", "relu", "logistic", "identity"])
def test_each_epoch_is_what_the_model_says(tmp_path: Path, activation: str, dtype: type) -> None:
    model, said, losses = network(activation=activation), [], []
    x = X.astype(dtype)
    with SklearnRecorder(tmp_path / "a.npz", model, x, Y, settings=EVERY) as rec:
        for _ in range(5):
            model.partial_fit(x, Y, classes=[0, 1, 2])
            rec.step()
            said.append(model.predict_proba(x))
            losses.append(model.loss_)
    path = Trajectory.load(tmp_path / "a.npz")
    check(path, said, Y, kind="shares", sure=0.002)
    assert np.isnan(path.loss[0])
    np.testing.assert_allclose(path.loss[1:], losses[1:], rtol=1e-6)
    assert path.recipe["layer"] == "hidden layer 1"
    named = {"logistic": "sigmoid", "identity": None}.get(activation, activation)
    assert path.recipe.get("activation") == named


def test_two_classes_of_any_name_have_one_logit(tmp_path: Path) -> None:
    labels = np.where(Y > 1, "far", "near")
    model, said = network(), []
    model.partial_fit(X, labels, classes=["near", "far"])
    said.append(model.predict_proba(X)[:, 1])
    with SklearnRecorder(tmp_path / "a.npz", model, X, labels, settings=EVERY) as rec:
        model.partial_fit(X, labels)
        rec.step(0.5)
        rec.best()
        said.append(model.predict_proba(X)[:, 1])
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.class_names == ("far", "near")
    assert path.best_epoch == 1
    check(path, said, (labels == "near").astype(int), kind="shares")
    assert path.loss[1] == 0.5


def test_classes_that_the_recorded_points_do_not_show(tmp_path: Path) -> None:
    model, labels = network(), Y * 10 + 3
    few = labels < 20
    said = []
    with SklearnRecorder(tmp_path / "a.npz", model, X[few], labels[few], settings=EVERY) as rec:
        for _ in range(3):
            model.partial_fit(X, labels, classes=[3, 13, 23])
            rec.step()
            said.append(model.predict_proba(X[few]))
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.classes == 3
    assert path.class_names == ("3", "13", "23")
    check(path, said, Y[few], kind="shares")


def test_an_inner_layer_and_a_regression_have_no_read_out(tmp_path: Path) -> None:
    model = network(hidden_layer_sizes=(3, 4))
    with SklearnRecorder(tmp_path / "a.npz", model, X, Y, layer=0, settings=EVERY) as rec:
        model.partial_fit(X, Y, classes=[0, 1, 2])
        rec.step()
        said = model.predict_proba(X)
    check(rec.trajectory, [said], Y, kind="shares", readout=False)
    assert rec.trajectory.units == 3
    model = MLPRegressor(hidden_layer_sizes=(4, 2), random_state=1)
    with SklearnRecorder(tmp_path / "b.npz", model, X) as rec:
        model.partial_fit(X, X[:, 0])
        rec.step()
    assert not rec.trajectory.knows_readout
    assert not rec.trajectory.knows_loss


def test_what_cannot_be_recorded_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        SklearnRecorder(tmp_path / "a.npz", SGDClassifier(), X, Y)
    assert str(refused.value) == (
        "The model is a SGDClassifier, of which no hidden layer is known.\n"
        "expected: an MLPClassifier or an MLPRegressor.\n"
        "next: spiralcore.ArrayRecorder, which takes arrays of any model"
    )
    with (
        pytest.raises(UsageError) as refused,
        SklearnRecorder(tmp_path / "a.npz", network(), X, Y) as rec,
    ):
        rec.step()
    assert str(refused.value) == (
        "The model has no weights yet.\nexpected: a step after it has seen data.\n"
        "next: model.partial_fit(x, y, classes=...) before rec.step()"
    )
    model = network().partial_fit(X, Y, classes=[0, 1, 2])
    with pytest.raises(UsageError) as refused:
        SklearnRecorder(tmp_path / "a.npz", model, X, Y + 1).step()
    assert str(refused.value) == (
        "The labels hold 3, which is none of the model's classes.\n"
        "expected: labels that are some of 0, 1, 2."
    )
    with pytest.raises(AttributeError, match="nothing has been recorded yet"):
        SklearnRecorder(tmp_path / "a.npz", network(), X, Y).best()
    with pytest.raises(UsageError) as refused:
        SklearnRecorder(tmp_path / "a.npz", model, X, Y, layer=2).step()
    assert str(refused.value) == (
        "The model has no hidden layer 2.\nexpected: one of 0 to 1, or of -2 to -1."
    )
    assert [*tmp_path.iterdir()] == []
