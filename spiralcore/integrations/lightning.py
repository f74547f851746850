"""Recording a training of PyTorch Lightning."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from torch import Tensor

from spiralcore.errors import UsageError, lookup
from spiralcore.integrations.following import Follower
from spiralcore.training.torch_recorder.recorder import Recorder
from spiralcore.trajectory import Trajectory

BASES = ("lightning.pytorch", "pytorch_lightning")
"""The two names under which Lightning is installed; their callbacks are different classes."""


def _bases() -> tuple[type, ...]:
    """The classes of callbacks of what is loaded already; that of the first name otherwise."""
    loaded = [sys.modules[name] for name in BASES if name in sys.modules]
    found = [module.Callback for module in loaded if hasattr(module, "Callback")]
    if not found:
        from lightning.pytorch import Callback

        found = [Callback]
    return tuple(found)


class _Following:
    """What a callback of Lightning does here."""

    def __init__(
        self,
        path: str | Path,
        layer: Any,
        inputs: Any,
        labels: Any = None,
        *,
        every: int | None = None,
        loss: str | None = None,
        part: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        self._path, self._layer, self._points = path, layer, (inputs, labels)
        self._loss, self._part, self._options = loss, part, options
        self._follower = Follower(every, "step")
        self._best: float | None = None

    @property
    def trajectory(self) -> Trajectory:
        """The record up to now, or once it has ended."""
        return self._follower.trajectory

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Record the state before training."""
        model = pl_module
        if self._part is not None:
            parts = dict(pl_module.named_modules())
            model = lookup(parts, self._part, "part of the module")
        elif "forward" not in _own_methods(type(pl_module)):
            raise UsageError(
                f"{type(pl_module).__name__} has no forward, so that no points can pass through "
                "it.",
                "the part of it that takes the inputs.",
                f"LightningRecorder(..., part='{next(iter(pl_module._modules), 'net')}')",
            )
        options = {**self._options, **self._follower.options}
        recorder = Recorder(self._path, model, self._layer, *self._points, **options)
        self._best = _best_score(trainer)
        self._follower.begin(recorder, trainer.global_step)

    def on_train_batch_start(
        self, trainer: Any, pl_module: Any, batch: Any, batch_idx: int
    ) -> None:
        """See whether the state before was the best."""
        self._look_for_best(trainer)

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Take the loss of the batch, and record the state if it is time."""
        loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
        if isinstance(loss, Tensor) and loss.numel() == 1:
            # Lightning has divided it where gradients of several batches are added up.
            parts = trainer.accumulate_grad_batches if pl_module.automatic_optimization else 1
            self._follower.lost(loss.detach() * parts)
        self._follower.step_over(trainer.global_step)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Record the state after an epoch."""
        self._follower.epoch_over(self._logged(trainer))

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Write the file."""
        self._follower.step_over(trainer.global_step)
        self._look_for_best(trainer)
        self._follower.end()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Write what was recorded."""
        self._follower.close()

    def _logged(self, trainer: Any) -> Any:
        """The metric that is to be the loss, if one is named."""
        if self._loss is None:
            return None
        found = trainer.callback_metrics
        if self._loss not in found:
            raise UsageError(
                f"The training has logged no '{self._loss}'.",
                f"one of {', '.join(map(str, found)) or 'what self.log is given'}.",
            )
        return found[self._loss]

    def _look_for_best(self, trainer: Any) -> None:
        score = _best_score(trainer)
        if score is not None and score != self._best:
            self._best = score
            self._follower.best()


def _best_score(trainer: Any) -> float | None:
    """The best value of what early stopping, or else the checkpoints, look at."""
    for callbacks, name in (
        (getattr(trainer, "early_stopping_callbacks", ()), "best_score"),
        (getattr(trainer, "checkpoint_callbacks", ()), "best_model_score"),
    ):
        for callback in callbacks:
            score = getattr(callback, name, None)
            if getattr(callback, "monitor", None) is not None and score is not None:
                return float(score)
    return None


def _own_methods(kind: type) -> set[str]:
    """What classes beside those of the frameworks define."""
    own = [c for c in kind.__mro__ if c.__module__.partition(".")[0] not in _FRAMEWORKS]
    return {name for c in own for name in vars(c)}


_FRAMEWORKS = {"lightning", "pytorch_lightning", "lightning_fabric", "torch", "builtins"}


class LightningRecorder(_Following, *_bases()):  # type: ignore[misc]
    """A callback that records how a layer moves while Lightning trains its module.

    ::

        recorder = LightningRecorder("mine.npz", layer="hidden3", inputs=x, labels=y)
        Trainer(max_epochs=100, callbacks=[recorder]).fit(module, loader)

    The state before training is recorded, and that after each epoch. The loss is the mean of what
    `training_step` gives. The state that early stopping, or else a checkpoint that monitors
    something, takes for the best one is marked. When the training ends, by an exception too, the
    file is written.

    Parameters
    ----------
    path, layer, inputs, labels, options
        See `spiralcore.Recorder`. The points pass through ``module(inputs)``.
    every
        After how many steps of the optimiser the model is recorded; left out, after each epoch.
    loss
        The name of a logged metric that is taken for the loss after each epoch.
    part
        The name of the part of the module through which the points pass; left out, all of it.

    Attributes
    ----------
    trajectory
        The record up to now, or once it has ended.
    """


__all__ = ["LightningRecorder"]
