"""One pass of the points through a model of torch, and what is caught on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from spiralcore.errors import UsageError
from spiralcore.recording.outputs import plain_shape
from spiralcore.recording.run.choosing import picked
from spiralcore.training.torch_recorder.heads import Call, made, near, readers
from spiralcore.training.torch_recorder.model_layers import TENSOR, activation_of
from spiralcore.training.torch_recorder.points import PointBatch, TorchPoints
from spiralcore.training.torch_recorder.untouched import Untouched, version

Floats = NDArray[np.float32]

WITHOUT_ACTIVATION = (nn.Linear, nn.modules.conv._ConvNd, nn.modules.batchnorm._BatchNorm)
"""Layers whose values no activation has seen, whatever they are."""


class Watched(NamedTuple):
    """A layer that is recorded.

    Attributes
    ----------
    name
        What messages call it.
    module
        None for the output of the model.
    applied
        An activation that is a function: its values are recorded, and not those of the module.
    reader
        The module that reads these, and which of its runs does; None where none does.
    """

    name: str
    module: nn.Module | None
    applied: str = ""
    reader: tuple[nn.Module, int] | None = None


class Seen(NamedTuple):
    """What one pass has shown.

    Attributes
    ----------
    hidden
        Each layer, shape (N, ...), as it is on its device.
    output
        What the model gives for each batch.
    """

    hidden: list[Tensor]
    output: list[Any]


class TorchPass:
    """Passes points through a model and catches layers.

    Parameters
    ----------
    model
        Any module.
    points
        What passes.
    layers
        What is caught.
    call
        Which run of a layer, if it runs more than once; negative ones count from the end.
    output
        Which tensor, if a layer gives several, see
        `spiralcore.recording.run.choosing.picked`.
    """

    def __init__(
        self,
        model: nn.Module,
        points: TorchPoints,
        layers: Sequence[Watched],
        call: int | None,
        output: Any,
    ) -> None:
        self._model, self._points = model, points
        self.layers = list(layers)
        self._call, self._output = call, output
        self.untouched = Untouched(model)
        self._first, self._in_place = True, False
        self._copied = False

    @contextmanager
    def seen(self) -> Iterator[Seen]:
        """Pass the points; while this lasts the model is in evaluation mode.

        Raises
        ------
        UsageError
            If a layer does not run, or runs more than once and it is not told which run is meant.
        """
        caught: list[list[Tensor]] = [[] for _ in self.layers]
        outputs: list[Any] = []
        with self.untouched.passing():
            for batch, size in zip(
                self._points.on(self._model, self._first or self._in_place),
                self._points.sizes,
                strict=True,
            ):
                given, output = self._caught(batch)
                for number, (layer, runs) in enumerate(zip(self.layers, given, strict=True)):
                    if layer.module is None:
                        runs = [picked(output, self._output, "The model", "output", TENSOR)]
                    caught[number].append(self._chosen(layer, runs, size))
                outputs.append(output)
            self._first = False
            yield Seen([_joined(parts) for parts in caught], outputs)

    def _caught(self, batch: PointBatch) -> tuple[list[list[Tensor]], Any]:
        """One batch: what each layer gave whenever it ran, and the output.

        What follows may work in place, as ReLU(inplace=True) does. The first pass takes copies; if
        these were not needed, later ones take none, and begin anew where they are after all.
        """
        copied = self._first or self._copied or self._in_place
        given, output, stayed = self._run(batch, copied)
        if not stayed:
            self._copied = True
            if not copied:
                given, output, _ = self._run(batch, copied=True)
        return given, output

    def _run(self, batch: PointBatch, copied: bool) -> tuple[list[list[Tensor]], Any, bool]:
        """One batch, and whether what layers gave has stayed as it was until the end."""
        given: list[list[Tensor]] = [[] for _ in self.layers]
        plain: list[tuple[Tensor, int, Tensor]] = []

        def keep(runs: list[Tensor], value: Tensor) -> None:
            runs.append(value.detach().clone() if copied else value.detach())
            plain.append((value.detach(), version(value), runs[-1]))

        hooks = []
        for layer, runs in zip(self.layers, given, strict=True):
            if layer.reader is not None:
                read = partial(_read, partial(keep, runs))
                hooks.append(layer.reader[0].register_forward_pre_hook(read))
            elif layer.module is not None:
                give = partial(self._give, layer.name, partial(keep, runs))
                hooks.append(layer.module.register_forward_hook(give))
        before = [version(tensor) for tensor in batch.tensors()]
        try:
            output = self._model(*batch.positional, **batch.named)
        finally:
            for hook in hooks:
                hook.remove()
        self._in_place |= [version(tensor) for tensor in batch.tensors()] != before
        stayed = all(
            version(value) == number >= 0 and (not self._first or torch.equal(value, copy))
            for value, number, copy in plain
        )
        return given, output, stayed

    def _give(
        self, name: str, keep: Callable[[Tensor], None], module: nn.Module, inputs: Any, output: Any
    ) -> None:
        keep(picked(output, self._output, f"The layer '{name}'", "output", TENSOR))

    def _chosen(self, layer: Watched, runs: list[Tensor], size: int) -> Tensor:
        if layer.reader is not None:
            value = runs[layer.reader[1]] if layer.reader[1] < len(runs) else None
        elif self._call is not None and -len(runs) <= self._call < len(runs):
            value = runs[self._call]
        else:
            value = runs[0] if len(runs) == 1 and self._call is None else None
        if value is None:
            shapes = ", ".join(f"call={i} {tuple(run.shape)}" for i, run in enumerate(runs))
            raise UsageError(
                f"The layer '{layer.name}' runs {len(runs)} times in a pass"
                + ("." if self._call is None else f", and call={self._call} was asked for."),
                f"one of {shapes}." if runs else "a layer through which the points pass.",
            )
        if layer.applied and layer.reader is None:
            flat = value.reshape(len(value), -1).float().cpu().numpy()
            value = made(layer.applied, flat)
        if value.ndim == 0 or len(value) != size:
            raise UsageError(
                f"The layer '{layer.name}' gives the shape {tuple(value.shape)} for {size} points.",
                "one row for each point.",
                "output=, a function of what it gives, such as lambda given: given.transpose(0, 1)"
                if value.ndim > 1 and size in value.shape
                else "",
            )
        return value

    def activate(self, name: str) -> None:
        """Find out what an activation that is a function makes of the layers, and record that.

        It is what some module reads that equals it, or else, of a layer that no activation has
        seen, what the activation makes of it.
        """
        for number, layer in enumerate(self.layers):
            if layer.module is None or activation_of(layer.module) is not None:
                continue
            with self.seen() as seen:
                raw = seen.hidden[number].detach().clone()
            raw = raw.reshape(len(raw), -1)
            wanted = made(name, raw.float().cpu().numpy())
            read, plainly = self._reader(layer, raw, wanted)
            if read is not None:
                self.layers[number] = layer._replace(applied=name, reader=read)
            elif isinstance(layer.module, WITHOUT_ACTIVATION) and not plainly:
                self.layers[number] = layer._replace(applied=name)

    def _reader(
        self, layer: Watched, raw: Tensor, wanted: Tensor
    ) -> tuple[tuple[nn.Module, int] | None, bool]:
        """The run of a module that reads wanted values, and whether any reads the raw ones."""
        if len(self._points.batches) > 1:
            return None, False
        found: list[tuple[nn.Module, int]] = []
        plainly: list[nn.Module] = []

        def see(call: Call) -> None:
            if call.module is layer.module or call.read.numel() != raw.numel():
                return
            value = call.read.reshape(raw.shape)
            if near(value, wanted):
                found.append((call.module, call.number))
            elif near(value, raw):
                plainly.append(call.module)

        self.visit(nn.Module, see)
        return (found[0] if found else None), bool(plainly)

    def gives(self, scores: Tensor) -> bool:
        """Whether outputs are what a linear layer gives, so that no function has seen them."""
        found: list[str] = []

        def see(call: Call) -> None:
            same = plain_shape(tuple(call.gave.shape)) == tuple(scores.shape)
            if same and torch.equal(call.gave.reshape(scores.shape), scores):
                found.append(call.name)

        for kind in WITHOUT_ACTIVATION:
            self.visit(kind, see)
        return bool(found)

    def visit(self, kind: type[nn.Module], see: Callable[[Call], None]) -> None:
        """Pass the points once and look at each run of the modules of a kind that hold no others.

        What is seen may be changed as soon as it was looked at.
        """
        counts: dict[int, int] = {}
        reads: dict[int, Tensor] = {}

        def before(module: nn.Module, inputs: tuple[Any, ...]) -> None:
            read = next((part for part in inputs if isinstance(part, Tensor)), None)
            if read is not None:  # it may work in place
                reads[id(module)] = read.detach().clone()

        def after(name: str) -> Callable[..., None]:
            def hook(module: nn.Module, inputs: Any, output: Any) -> None:
                number = counts.get(id(module), 0)
                counts[id(module)] = number + 1
                read = reads.pop(id(module), None)
                if read is not None and isinstance(output, Tensor):
                    see(Call(name, module, read, output.detach(), number))

            return hook

        hooks = []
        for name, module in readers(self._model):
            if isinstance(module, kind):
                hooks.append(module.register_forward_pre_hook(before))
                hooks.append(module.register_forward_hook(after(name)))
        try:
            with self.seen():
                pass
        finally:
            for hook in hooks:
                hook.remove()


def _read(keep: Callable[[Tensor], None], module: nn.Module, inputs: tuple[Any, ...]) -> None:
    for value in [part for part in inputs if isinstance(part, Tensor)][:1]:
        keep(value)


def _joined(parts: list[Tensor]) -> Tensor:
    if len(parts) == 1:
        return parts[0]
    return torch.cat([part.reshape(len(part), -1) for part in parts])
