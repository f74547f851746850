"""Trainings of Keras 3: run with one back end, which `KERAS_BACKEND` names.

A process has one back end only, so that `test_keras.py` starts one for each.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.errors import UsageError
from spiralcore.integrations import KerasRecorder
from tests.integrations.saying import EVERY, X, Y, check

pytestmark = pytest.mark.filterwarnings("ignore")

ROOT = Path(__file__).parents[2]
layers = keras.layers


def sequential(head: Any = None, units: int = 3) -> keras.Model:
    keras.utils.set_random_seed(1)
    return keras.Sequential(
        [
            layers.Input((2,)),
            layers.Dense(16),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dropout(0.2),
            layers.Dense(2, activation="tanh", name="narrow"),
            layers.Dense(units, activation=head, name="head"),
        ]
    )


@keras.saving.register_keras_serializable()
class Subclassed(keras.Model):
    """Activations are functions here, and the layer has no symbolic output."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.narrow = layers.Dense(16, "relu"), layers.Dense(2, name="narrow")
        self.head = layers.Dense(3, name="head", use_bias=False)

    def call(self, x: Any, training: bool = False) -> Any:
        return self.head(keras.ops.tanh(self.narrow(self.first(x))))


class Says(keras.callbacks.Callback):
    """What the model says after each epoch, or each batch."""

    def on_train_begin(self, logs: Any = None) -> None:
        self.by_epoch, self.by_batch = [said(self.model)], [said(self.model)]
        self.losses: list[float] = []

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.by_batch.append(said(self.model))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.by_epoch.append(said(self.model))
        self.losses.append(float(logs["loss"]))


def said(model: keras.Model) -> np.ndarray:
    return np.asarray(model.predict_on_batch(X), np.float64)


def fit(model: keras.Model, callbacks: list[Any], labels: np.ndarray = Y, **options: Any) -> None:
    activated = getattr(model.layers[-1], "activation", None)
    shares = activated is keras.activations.softmax
    loss: Any = keras.losses.SparseCategoricalCrossentropy(from_logits=not shares)
    if activated is keras.activations.sigmoid:
        loss = "binary_crossentropy"
    model.compile(keras.optimizers.Adam(0.03), options.pop("loss", loss))
    usual = {"epochs": 4, "batch_size": 20, "verbose": 0, "shuffle": False}
    model.fit(X, labels, callbacks=callbacks, **{**usual, **options})


def recorder(folder: Path, **options: Any) -> KerasRecorder:
    return KerasRecorder(folder / "a.npz", "narrow", X, Y, settings=EVERY, **options)


@pytest.mark.parametrize("head", [None, "softmax"])
def test_each_epoch_is_what_the_model_says(tmp_path: Path, head: str | None) -> None:
    model, says = sequential(head), Says()
    fit(model, [recorder(tmp_path), says])
    path = Trajectory.load(tmp_path / "a.npz")
    check(path, says.by_epoch, Y, kind="shares" if head else "logits")
    assert np.isnan(path.loss[0])
    np.testing.assert_allclose(path.loss[1:], says.losses, rtol=1e-6)
    assert path.recipe["activation"] == "tanh"
    assert path.recipe["recorded"]["read-out"] == "head: gives the model's output"
    assert keras.backend.backend() in path.recipe["made"]["versions"]


def test_a_model_that_is_a_class(tmp_path: Path) -> None:
    model, says = Subclassed(), Says()
    fit(model, [recorder(tmp_path, activation="tanh"), says])
    path = Trajectory.load(tmp_path / "a.npz")
    check(path, says.by_epoch, Y)
    assert not path.outside.points


def test_one_probability_is_two_classes(tmp_path: Path) -> None:
    labels = (Y > 1).astype(int)
    model, says = sequential("sigmoid", 1), Says()
    ours = KerasRecorder(tmp_path / "a.npz", "narrow", X, labels, settings=EVERY)
    fit(model, [ours, says], labels[:, None].astype(np.float32))
    check(Trajectory.load(tmp_path / "a.npz"), says.by_epoch, labels, kind="shares")


def test_batches_are_counted_and_called_so(tmp_path: Path) -> None:
    model, says = sequential(), Says()
    fit(model, [recorder(tmp_path, every=5), says])
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.unit == "batch"
    assert path.counts.tolist() == [0, 5, 10, 12]
    check(path, [says.by_batch[batch] for batch in (0, 5, 10, 12)], Y)


def test_the_training_is_bit_for_bit_what_it_would_be(tmp_path: Path) -> None:
    models = []
    for every in (0, 1):
        model = sequential()
        fit(model, [recorder(tmp_path, every=1)] * every)
        models.append(model.get_weights())
    assert len(models[0]) == 10
    for one, other in zip(*models, strict=True):
        np.testing.assert_array_equal(one, other)


def test_early_stopping_marks_the_best_epoch(tmp_path: Path) -> None:
    stop = keras.callbacks.EarlyStopping("odd", patience=2, mode="min", restore_best_weights=True)

    class Odd(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["odd"] = abs(epoch - 2)

    model, says = sequential(), Says()
    fit(model, [Odd(), stop, recorder(tmp_path, best=stop), says], epochs=20)
    path = Trajectory.load(tmp_path / "a.npz")
    check(path, says.by_epoch, Y)
    assert (path.best_epoch, path.trained_epochs) == (3, 5)


def test_numbers_in_bfloat16(tmp_path: Path) -> None:
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model, says = sequential(), Says()
        fit(model, [recorder(tmp_path), says], epochs=2)
    finally:
        keras.config.set_dtype_policy("float32")
    check(Trajectory.load(tmp_path / "a.npz"), says.by_epoch, Y, sure=0.06, near=1e-2)


def test_models_with_several_inputs_and_outputs(tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    left, right = layers.Input((1,), name="left"), layers.Input((1,), name="right")
    hidden = layers.Dense(2, "tanh", name="narrow")(layers.Concatenate()([left, right]))
    outputs = {"aside": layers.Dense(1)(hidden), "logits": layers.Dense(3, name="head")(hidden)}
    model = keras.Model({"left": left, "right": right}, outputs)
    points = {"left": X[:, :1], "right": X[:, 1:]}
    spoken: list[np.ndarray] = []

    class Heard(keras.callbacks.Callback):
        def hear(self, *_: Any, **__: Any) -> None:
            given = self.model.predict_on_batch(points)["logits"]
            spoken.append(np.asarray(given, np.float64))

        on_train_begin = on_epoch_end = hear

    model.compile(
        "adam", {"aside": "mse", "logits": keras.losses.SparseCategoricalCrossentropy(True)}
    )
    ours = KerasRecorder(tmp_path / "a.npz", "narrow", points, Y, settings=EVERY)
    targets = {"aside": X[:, :1], "logits": Y}
    model.fit(points, targets, epochs=2, verbose=0, callbacks=[ours, Heard()])
    check(Trajectory.load(tmp_path / "a.npz"), spoken, Y)


def test_an_inner_layer_has_no_read_out_and_the_output_is_its_own(tmp_path: Path) -> None:
    model, says = sequential(), Says()
    inner = KerasRecorder(tmp_path / "a.npz", 0, X, Y, settings=EVERY)
    output = KerasRecorder(tmp_path / "b.npz", "output", X, Y, settings=EVERY)
    fit(model, [inner, output, says], epochs=2)
    check(Trajectory.load(tmp_path / "a.npz"), says.by_epoch, Y, readout=False)
    check(Trajectory.load(tmp_path / "b.npz"), says.by_epoch, Y)
    assert output.trajectory.units == 3


def test_a_second_training_goes_on(tmp_path: Path) -> None:
    model, says, ours = sequential(), Says(), recorder(tmp_path, every=3)
    fit(model, [ours, says], epochs=2)
    first = says.by_batch
    fit(model, [ours, says], epochs=1)
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.counts.tolist() == [0, 3, 6, 9]
    check(path, [first[0], first[3], first[6], says.by_batch[3]], Y)


def test_what_cannot_be_recorded_is_said(tmp_path: Path) -> None:
    def refused(layer: Any, **options: Any) -> str:
        with pytest.raises(UsageError) as error:
            fit(sequential(), [KerasRecorder(tmp_path / "a.npz", layer, X, Y, **options)])
        return str(error.value)

    said = refused("narow")
    assert said.startswith("The model has no layer 'narow'.")
    assert "narrow" in said
    assert "The model has no layer 7." in refused(7)
    assert "is no part of the model." in refused(layers.Dense(2))
    assert refused("narrow", readout="dense") == (
        "The read-out 'dense' does not give the model's output from the layer 'narrow'; "
        "outputs: logits of 3 classes.\n"
        "expected: logits weight @ layer + bias, or what softmax or a positive scale makes of "
        "them.\n"
        "next: readout=None, or outputs=, a function from the model's output to these logits"
    )
    assert [*tmp_path.iterdir()] == []


SCRIPT = """
import sys
from tests.integrations.keras_cases import Path, fit, keras, recorder, sequential

class Fails(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 3:
            raise RuntimeError("the disk of the data has gone")

folder = Path(sys.argv[1])
fit(sequential(), [recorder(folder, save_every=1000.0), Fails()])
"""


def test_what_was_recorded_before_an_exception_is_in_the_file(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.stderr.splitlines()[-1] == "RuntimeError: the disk of the data has gone"
    assert Trajectory.load(tmp_path / "a.npz").trained_epochs == 3
