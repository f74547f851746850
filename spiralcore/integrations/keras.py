"""Recording a training of Keras 3, on any of its back ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from spiralcore.integrations.following import Follower
from spiralcore.integrations.keras_pass import KerasPass
from spiralcore.integrations.looking import ModelRecorder
from spiralcore.recording.run.choosing import Choice
from spiralcore.trajectory import Trajectory

SAVE_EVERY = 1.0
"""Seconds: `fit` tells its callbacks nothing of exceptions."""


class KerasRecorder(keras.callbacks.Callback):  # type: ignore[misc]
    """A callback that records how a layer moves while Keras trains its model.

    ::

        recorder = KerasRecorder("mine.npz", layer="hidden3", inputs=x, labels=y)
        model.fit(x, y, epochs=100, callbacks=[recorder])

    The state before training is recorded, and that after each epoch, with the loss that Keras
    reports. The file is saved while the training lasts, and written when it ends; where an
    exception ends it, by `close`, or when Python ends.

    Parameters
    ----------
    path, inputs, labels, options
        See `spiralcore.ArrayRecorder`. Inputs are what the model takes: an array, or a list or a
        dictionary of arrays.
    layer
        The name of a layer, a layer, the number of one in ``model.layers``, ``"output"``, or a
        list of layers of as many units.
    every
        After how many batches the model is recorded; left out, after each epoch.
    best
        What tells which state is the best one: an `EarlyStopping` or `ModelCheckpoint` of the
        same training, which stands before this callback.
    readout, outputs, call, output
        See `spiralcore.Recorder`.

    Attributes
    ----------
    trajectory
        The record up to now, or once it has ended.
    """

    def __init__(
        self,
        path: str | Path,
        layer: Any,
        inputs: Any,
        labels: Any = None,
        *,
        every: int | None = None,
        best: Any = None,
        call: int | None = None,
        output: Choice = None,
        **options: Any,
    ) -> None:
        super().__init__()
        self._path, self._layer, self._inputs, self._labels = path, layer, inputs, labels
        self._call, self._output = call, output
        self._options = {"save_every": SAVE_EVERY, **options}
        self._follower = Follower(every, "batch")
        self._batches = self._before = 0
        self._judge, self._best = best, None

    @property
    def trajectory(self) -> Trajectory:
        """The record up to now, or once it has ended."""
        return self._follower.trajectory

    def close(self) -> None:
        """Write the file, where an exception has ended the training."""
        self._follower.close()

    def on_train_begin(self, logs: Any = None) -> None:
        """Record the state before training."""
        self._follower.close()  # of a training that an exception has ended
        options = {**self._options, **self._follower.options}
        passing = KerasPass(
            self.model,
            self._layer,
            self._inputs,
            activation=options.get("activation"),
            call=self._call,
            output=self._output,
        )
        options["activation"] = options.get("activation") or passing.known_activation()
        recorder = ModelRecorder(
            self._path,
            passing.points(),
            self._labels,
            passing.look,
            layer=passing.name,
            model=type(self.model).__name__,
            frameworks={
                "keras": keras.__version__, keras.backend.backend(): _version_of_back_end(),
            },
            **options,
        )  # fmt: skip
        self._best = self._score()
        self._follower.begin(recorder, self._batches)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Record the state if it is time."""
        self._batches = self._before + batch + 1
        if logs and "loss" in logs:
            self._follower.lost(logs["loss"])
        self._follower.step_over(self._batches)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Record the state after an epoch."""
        self._before = self._batches
        self._follower.epoch_over((logs or {}).get("loss"))
        if epoch + 1 >= self.params.get("epochs", 0) or self.model.stop_training:
            self._follower.catch_up()  # afterwards early stopping may put back earlier weights
        self._look_for_best()

    def on_train_end(self, logs: Any = None) -> None:
        """Write the file."""
        self._look_for_best()
        self._follower.close()

    def _look_for_best(self) -> None:
        score = self._score()
        if score is not None and score != self._best:
            self._best = score
            self._follower.best()

    def _score(self) -> Any:
        return getattr(self._judge, "best", None)


def _version_of_back_end() -> str:
    from importlib.metadata import version

    return version(keras.backend.backend())


__all__ = ["KerasRecorder"]
