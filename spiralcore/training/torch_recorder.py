"""Recording somebody's own training loop: any module, any layer, any device."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from spiralcore.activations import ACTIVATIONS
from spiralcore.errors import DivergenceError, UsageError, lookup, nearest
from spiralcore.files import whole_file
from spiralcore.recipe import RecordingSettings
from spiralcore.recording.disk_rows import DiskRows
from spiralcore.recording.piecewise_linear import PiecewiseLinear
from spiralcore.recording.size_budget import within_budget
from spiralcore.recording.versions import versions
from spiralcore.spaces import PLANE
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.checking import LARGEST
from spiralcore.trajectory.motion import panel_widths

MODULES: dict[type[nn.Module], str] = {
    nn.Tanh: "tanh",
    nn.ReLU: "relu",
    nn.Sigmoid: "sigmoid",
    nn.Hardtanh: "hardtanh",
    nn.LeakyReLU: "leaky_relu",
    nn.GELU: "gelu",
    nn.Softplus: "softplus",
}
"""Modules of torch whose space is known."""


class _Seen(NamedTuple):
    """One pass of the points through the model.

    Attributes
    ----------
    hidden
        Output of the layer, shape (N, D).
    head
        The linear layer that reads it, None if there is none.
    logits
        Output of that layer, or of the model where it has the right shape; None otherwise.
    """

    hidden: Tensor
    head: nn.Linear | None
    logits: Tensor | None


class Recorder:
    """Records how a layer of a model moves while somebody else trains it.

    ::

        with Recorder("mine.npz", model, layer="hidden3", inputs=x, labels=y) as rec:
            for epoch in range(1000):
                ...  # train, in mini-batches or not
                rec.step()

    At the start and at each `step` the points pass through the model once, without gradients
    and in evaluation mode; the model is left as it was. Every epoch is watched and as many are
    kept as the tolerance needs; the file appears when the block ends, also when it ends early,
    by ``break`` or by an exception.

    Parameters
    ----------
    path
        The file to write.
    model
        Any module that takes ``inputs``.
    layer
        The module whose output is recorded, or its name in ``model.named_modules()``. Outputs
        with more than two dimensions are flattened to (N, D).
    inputs
        The points to watch, first dimension N; they need not be those of the training.
    labels
        Their classes, 0 to K-1, shape (N,).
    activation
        Name of the layer's activation, for its space (see `spiralcore.activations`); found by
        itself where the layer is one of torch's activation modules.
    settings
        Which epochs are kept, and how large the file may become.

    Attributes
    ----------
    trajectory
        The record, once the block has ended.

    Raises
    ------
    UsageError
        If there is no such layer, or the points do not fit.
    """

    trajectory: Trajectory

    def __init__(
        self,
        path: str | Path,
        model: nn.Module,
        layer: str | nn.Module,
        inputs: ArrayLike | Tensor,
        labels: ArrayLike | Tensor,
        *,
        activation: str | None = None,
        settings: RecordingSettings | None = None,
    ) -> None:
        self._path = Path(path)
        self._model = model
        self._layer, self._layer_name = _found(model, layer)
        self._inputs = _on_device_of(model, inputs)
        self._labels = _checked_labels(labels, len(self._inputs))
        name = activation or MODULES.get(type(self._layer))
        self._activation = None if name is None else lookup(ACTIVATIONS, name, "activation").name
        self._settings = settings or RecordingSettings()
        self._run: DiskRows | None = None
        self._heads: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
        self._curves: list[tuple[float, float, float]] = []

    def __enter__(self) -> Self:
        self.step()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._finish()

    def step(self, loss: float | Tensor | None = None) -> None:
        """Record the model as it is now: one more epoch is over.

        Parameters
        ----------
        loss
            What the training minimises, if the file should say it; otherwise the cross-entropy
            over the points stands in for it.

        Raises
        ------
        DivergenceError
            If the layer's output is no longer finite.
        """
        seen = self._look()
        hidden = seen.hidden.detach().to("cpu", torch.float32).numpy()
        epoch = len(self._curves)
        if not _within(hidden):
            raise DivergenceError(
                f"The layer '{self._layer_name}' is not finite at epoch {epoch:,}."
                if not np.isfinite(hidden).all()
                else f"The layer '{self._layer_name}' reaches {np.abs(hidden).max():.0e} "
                f"at epoch {epoch:,}.",
                f"finite numbers below {LARGEST:g}.",
                "a lower learning rate; the epochs before are recorded",
            )
        if self._run is None:
            self._run = DiskRows(hidden.shape)
        self._run.append(hidden)
        self._curves.append(self._losses(seen.logits, loss))
        if seen.head is not None:
            weight = seen.head.weight.detach().to("cpu", torch.float32, copy=True).numpy()
            bias = np.zeros(len(weight), np.float32)
            if seen.head.bias is not None:
                bias = seen.head.bias.detach().to("cpu", torch.float32, copy=True).numpy()
            if _within(weight) and _within(bias):
                self._heads.append((weight, bias))

    def _look(self) -> _Seen:
        """Pass the points through the model and catch what is wanted on the way."""
        caught: dict[str, Any] = {}

        def catch(module: nn.Module, inputs: Any, output: Any) -> None:
            if not isinstance(output, Tensor):
                raise UsageError(
                    f"The layer '{self._layer_name}' gives a {type(output).__name__}.",
                    "a layer whose output is one tensor.",
                )
            caught["output"] = output
            # What follows may work in place, as ReLU(inplace=True) does.
            caught["hidden"] = output.clone()

        def catch_head(module: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
            read = inputs[0] if inputs else None
            if "hidden" in caught and _same(read, caught["output"], caught["hidden"]):
                caught.setdefault("head", module)
                caught.setdefault("logits", output)

        hooks = [self._layer.register_forward_hook(catch)]
        hooks += [
            module.register_forward_hook(catch_head)
            for module in self._model.modules()
            if isinstance(module, nn.Linear)
        ]
        try:
            with torch.no_grad(), _evaluating(self._model):
                output = self._model(self._inputs)
        finally:
            for hook in hooks:
                hook.remove()
        hidden = caught.get("hidden")
        if hidden is None or len(hidden) != len(self._inputs):
            shape = "nothing" if hidden is None else f"the shape {tuple(hidden.shape)}"
            raise UsageError(
                f"The layer '{self._layer_name}' gives {shape} for {len(self._inputs)} points.",
                "one row for each point.",
            )
        head, logits = caught.get("head"), caught.get("logits")
        most = max(int(self._labels.max()), 1)
        if head is not None and head.out_features <= most:
            head = logits = None
        if logits is None and isinstance(output, Tensor) and output.ndim == 2:
            logits = output if output.shape[1] > most else None
        return _Seen(hidden.reshape(len(hidden), -1), head, logits)

    def _losses(
        self, logits: Tensor | None, loss: float | Tensor | None
    ) -> tuple[float, float, float]:
        given = float("nan") if loss is None else float(loss)
        if logits is None:
            return float("nan"), given, float("nan")
        logits = logits.detach().to("cpu", torch.float32)
        labels = torch.from_numpy(self._labels)
        entropy = nn.functional.cross_entropy(logits, labels).item()
        accuracy = (logits.argmax(1) == labels).float().mean().item()
        return entropy, entropy if loss is None else given, accuracy

    def _finish(self) -> None:
        """Write the file."""
        if self._run is None:
            return
        run = self._run.rows()[: len(self._curves)]
        space = PLANE if self._activation is None else ACTIVATIONS[self._activation].space
        widths = panel_widths(run, space)[:, None]
        self.trajectory, data = within_budget(run, widths, self._settings, self._cut)
        self._run.close()
        with whole_file(self._path) as part:
            part.write_bytes(data)

    def _cut(self, chords: PiecewiseLinear) -> Trajectory:
        recipe: dict[str, Any] = {
            "model": type(self._model).__name__,
            "layer": self._layer_name,
            "made": {"versions": versions(torch=torch.__version__)},
        }
        if self._activation is not None:
            recipe["activation"] = self._activation
        points = self._inputs.detach().to("cpu", torch.float32).numpy()
        arrays: dict[str, ArrayLike] = {
            "epochs": chords.epochs,
            "inputs": points.reshape(len(points), -1),
            "labels": self._labels,
            "hidden": chords.hidden,
            "hidden_mean": chords.means,
            "fidelity": np.array(chords.fidelity()),
        }
        curves = np.array(self._curves, dtype=np.float32).T
        named = zip(("cross_entropy", "loss", "accuracy"), curves, strict=True)
        arrays |= {name: curve for name, curve in named if _within(curve)}
        if len(self._heads) == len(self._curves):
            arrays["readout_weight"] = np.stack([self._heads[e][0] for e in chords.epochs])
            arrays["readout_bias"] = np.stack([self._heads[e][1] for e in chords.epochs])
        return Trajectory.of(recipe, **arrays)


def _found(model: nn.Module, layer: str | nn.Module) -> tuple[nn.Module, str]:
    names = {name: module for name, module in model.named_modules() if name}
    if isinstance(layer, nn.Module):
        for name, module in names.items():
            if module is layer:
                return module, name
        raise UsageError(
            f"The layer {type(layer).__name__} is no part of the model.",
            f"one of {', '.join(names)}.",
        )
    if layer not in names:
        raise UsageError(
            f"The model has no layer '{layer}'.{nearest(layer, list(names))}",
            f"one of {', '.join(names)}.",
        )
    return names[layer], layer


def _on_device_of(model: nn.Module, inputs: ArrayLike | Tensor) -> Tensor:
    tensor = inputs if isinstance(inputs, Tensor) else torch.as_tensor(np.asarray(inputs))
    like = next(iter(model.parameters()), None)
    if like is not None:
        tensor = tensor.to(like.device, like.dtype if tensor.is_floating_point() else None)
    if tensor.ndim < 2 or len(tensor) == 0:
        raise UsageError(
            f"The inputs have the shape {tuple(tensor.shape)}.", "one row for each point."
        )
    if not _within(tensor.detach().to("cpu", torch.float32).numpy()):
        raise UsageError(
            "The inputs hold numbers that are not finite, or huge.",
            f"finite numbers below {LARGEST:g}.",
        )
    return tensor


def _within(values: NDArray[np.float32]) -> bool:
    """Whether a file can hold these numbers; otherwise the whole record would be refused."""
    return bool(values.max() < LARGEST and values.min() > -LARGEST)


def _checked_labels(labels: ArrayLike | Tensor, count: int) -> NDArray[np.int64]:
    array = labels.detach().cpu().numpy() if isinstance(labels, Tensor) else np.asarray(labels)
    if array.shape != (count,) or array.dtype.kind not in "iu":
        raise UsageError(
            f"The labels have the shape {array.shape} and the type {array.dtype}.",
            f"integers of the shape ({count},), one for each point.",
        )
    if array.min() < 0 or array.max() >= count:
        raise UsageError(f"The labels go from {array.min()} to {array.max()}.", "classes 0 to K-1.")
    return array.astype(np.int64)


def _same(one: Any, other: Tensor, values: Tensor) -> bool:
    """Whether two tensors are the same memory, whatever view of it, and still hold these values."""
    return (
        isinstance(one, Tensor)
        and one.data_ptr() == other.data_ptr()
        and one.numel() == other.numel()
        and torch.equal(one.reshape(values.shape), values)
    )


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    """Switch dropout and the like off for a while, module by module."""
    training = [module for module in model.modules() if module.training]
    model.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True
