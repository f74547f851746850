"""Recording a training of the Trainer of Hugging Face's Transformers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from spiralcore.integrations.following import Follower
from spiralcore.training.torch_recorder.recorder import Recorder
from spiralcore.trajectory import Trajectory

SAVE_EVERY = 1.0
"""Seconds: a `Trainer` tells its callbacks nothing of exceptions."""


class TransformersRecorder(TrainerCallback):  # type: ignore[misc]
    """A callback that records how a layer moves while a `Trainer` trains its model.

    ::

        recorder = TransformersRecorder("mine.npz", layer="pre_classifier", inputs=x, labels=y)
        Trainer(model, arguments, train_dataset=data, callbacks=[recorder]).train()

    The state before training is recorded, and that after each epoch. The loss is the mean of what
    the `Trainer` has logged since the state before (``logging_steps``). The state that it takes for
    the best one (``metric_for_best_model``) is marked. The file is saved while the training lasts,
    and written when it ends; where an exception ends it, by `close`, or when Python ends.

    Parameters
    ----------
    path, layer, inputs, labels, options
        See `spiralcore.Recorder`. Inputs by name, as a tokenizer gives them, are a dictionary.
    every
        After how many steps of the optimiser the model is recorded; left out, after each epoch.

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
        **options: Any,
    ) -> None:
        self._path, self._layer, self._points = path, layer, (inputs, labels)
        self._options = {"save_every": SAVE_EVERY, **options}
        self._follower = Follower(every, "step")
        self._logged_step = 0
        self._best: float | None = None

    @property
    def trajectory(self) -> Trajectory:
        """The record up to now, or once it has ended."""
        return self._follower.trajectory

    def close(self) -> None:
        """Write the file, where an exception has ended the training."""
        self._follower.close()

    def on_train_begin(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        model: Any = None,
        **kwargs: Any,
    ) -> None:
        """Record the state before training."""
        self._follower.close()  # of a training that an exception has ended
        options = {**self._options, **self._follower.options}
        recorder = Recorder(self._path, model, self._layer, *self._points, **options)
        self._logged_step, self._best = state.global_step, state.best_metric
        self._follower.begin(recorder, state.global_step)

    def on_step_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """See whether the state before was the best."""
        self._look_for_best(state)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Record the state if it is time."""
        self._follower.step_over(state.global_step)
        if state.global_step >= state.max_steps:
            self._follower.catch_up()

    def on_epoch_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Record the state after an epoch."""
        self._follower.epoch_over()

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Take the loss, which is the mean of the steps since it was logged before."""
        loss, steps = (logs or {}).get("loss"), state.global_step - self._logged_step
        if loss is None or steps < 1:
            return
        self._logged_step = state.global_step
        if not self._follower.report(loss, steps, state.global_step):
            self._follower.lost(loss, steps)

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Write the file."""
        self._look_for_best(state)
        # A model that was loaded again is not where the training has ended.
        self._follower.close() if args.load_best_model_at_end else self._follower.end()

    def _look_for_best(self, state: TrainerState) -> None:
        if state.best_metric is not None and state.best_metric != self._best:
            self._best = state.best_metric
            self._follower.best()


__all__ = ["TransformersRecorder"]
