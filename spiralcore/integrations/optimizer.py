"""Recording a loop of torch that one cannot change, by a hook of its optimiser."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from torch import nn
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook

from spiralcore.integrations.following import Follower
from spiralcore.training.torch_recorder.recorder import Recorder
from spiralcore.trajectory import Trajectory


class OptimizerRecorder:
    """Records a model after its optimiser's steps, whoever calls them.

    ::

        with OptimizerRecorder("mine.npz", model, layer="hidden3", inputs=x, labels=y, every=10):
            somebody_elses_training(model)

    Parameters
    ----------
    path, model, layer, inputs, labels, options
        See `spiralcore.Recorder`.
    optimizer
        The optimiser; left out, each one that holds a parameter of the model, also one that the
        loop makes itself.
    every
        After how many steps the model is recorded; the last step is, too.
    """

    def __init__(
        self,
        path: str | Path,
        model: nn.Module,
        layer: Any,
        inputs: Any,
        labels: Any = None,
        *,
        optimizer: Optimizer | None = None,
        every: int = 1,
        **options: Any,
    ) -> None:
        self._follower = Follower(every, "step")
        self._recorder = Recorder(
            path, model, layer, inputs, labels, **{**self._follower.options, **options}
        )
        self._own = {id(parameter) for parameter in model.parameters()}
        self._optimizer, self._steps = optimizer, 0

    def __enter__(self) -> Self:
        self._follower.begin(self._recorder)
        if self._optimizer is None:
            self._hook = register_optimizer_step_post_hook(self._stepped)
        else:
            self._hook = self._optimizer.register_step_post_hook(self._stepped)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hook.remove()
        self._follower.close() if error is not None else self._follower.end()

    @property
    def trajectory(self) -> Trajectory:
        """The record up to now, or once it has ended."""
        return self._follower.trajectory

    def _stepped(self, optimizer: Optimizer, *_: Any) -> None:
        groups = optimizer.param_groups
        mine = any(id(parameter) in self._own for group in groups for parameter in group["params"])
        if mine:
            self._steps += 1
            self._follower.step_over(self._steps)
