"""Recording a loop that trains a network of Flax NNX, with optax or anything else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import flax
import jax
import numpy as np
from flax import nnx
from numpy.typing import NDArray

from spiralcore.errors import UsageError, nearest
from spiralcore.integrations.looking import (
    Look,
    ModelRecorder,
    Pair,
    after_activation,
    chosen_run,
)
from spiralcore.recording.run.choosing import Choice, picked

OUTPUT = "output"

CALL = "__call__"

PLAIN = (
    *(nnx.Linear, nnx.LinearGeneral, nnx.Einsum, nnx.Conv, nnx.ConvTranspose),
    *(nnx.BatchNorm, nnx.LayerNorm, nnx.RMSNorm, nnx.GroupNorm),
)
"""Layers whose values no activation has seen."""


class FlaxRecorder(ModelRecorder):
    """Records how a layer of a network of Flax NNX moves while somebody's loop trains it.

    ::

        with FlaxRecorder("mine.npz", model, layer="hidden3", inputs=x, labels=y) as rec:
            for epoch in range(100):
                loss = train_step(model, optimizer, x, y)
                rec.step(loss)

    The points pass through a copy of the model in evaluation mode: its random streams, statistics
    and flags are left as they were.

    Parameters
    ----------
    path, labels, options
        See `spiralcore.ArrayRecorder`.
    model
        An `nnx.Module`.
    layer
        The name of a module in it (``"hidden3"``, ``"layers.2"``), the module itself, ``"output"``,
        or a list of these, of as many units.
    inputs
        What the model takes: an array; a tuple of these, or a dictionary for named ones.
    activation
        Name of the layer's activation. Where that is a function (``nnx.relu``), what the next layer
        reads is recorded.
    readout, outputs, call, output
        See `spiralcore.Recorder`.
    """

    def __init__(
        self,
        path: str | Path,
        model: nnx.Module,
        layer: Any,
        inputs: Any,
        labels: Any = None,
        *,
        activation: str | None = None,
        call: int | None = None,
        output: Choice = None,
        **options: Any,
    ) -> None:
        if not isinstance(model, nnx.Module):
            raise UsageError(
                f"The model is a {type(model).__name__}.",
                "a module of Flax NNX.",
                "spiralcore.ArrayRecorder, which takes arrays of any framework",
            )
        chosen = list(layer) if isinstance(layer, list | tuple) else [layer]
        if not chosen:
            raise UsageError("No layer is named.", "one layer, or several.")
        self._model, self._activation = model, activation
        self._names = [_found(model, one) for one in chosen]
        self._call, self._output = call, output
        self._inputs = inputs
        super().__init__(
            path,
            _first_array(inputs),
            labels,
            self._pass,
            layer=", ".join(self._names),
            model=type(model).__name__,
            frameworks={"flax": flax.__version__, "jax": jax.__version__},
            activation=activation,
            **options,
        )

    def __enter__(self) -> Self:
        self.step()
        return self

    def _pass(self) -> Look:
        copy = nnx.clone(self._model)
        copy.eval()
        modules = _modules(copy)
        layers = [None if name == OUTPUT else modules[name] for name in self._names]
        runs: dict[int, list[Any]] = {id(layer): [] for layer in layers}
        drawn, reads = layers[-1], list[Any]()

        def note(module: Any, args: tuple[Any, ...], given: Any) -> None:
            if id(module) in runs:
                runs[id(module)].append(given)
            if module is not drawn and args and hasattr(args[0], "shape"):
                reads.append(args[0])

        with _watched({type(module) for module in modules.values()}, note):
            output = self._called(copy)
        found = []
        for name, layer in zip(self._names, layers, strict=True):
            given = output if layer is None else chosen_run(runs[id(layer)], self._call, name)
            what = "The model" if layer is None else f"The layer '{name}'"
            found.append(np.asarray(picked(given, self._output, what, "output")))
        if drawn is not None and self._activation:
            plain = isinstance(drawn, PLAIN)
            read = [np.asarray(one) for one in reads]
            found[-1] = after_activation(self._activation, found[-1], read, plain)
        return Look(found, output, lambda d, k: _readouts(modules, drawn, d, k), drawn is None)

    def _called(self, model: Any) -> Any:
        if isinstance(self._inputs, dict):
            return model(**self._inputs)
        if isinstance(self._inputs, tuple):
            return model(*self._inputs)
        return model(jax.numpy.asarray(self._inputs))


def _first_array(inputs: Any) -> NDArray[Any]:
    """The points as the file has them: the first array of the inputs."""
    if not isinstance(inputs, dict | tuple):
        return np.asarray(inputs)
    parts = inputs.values() if isinstance(inputs, dict) else inputs
    arrays = [part for part in parts if getattr(part, "ndim", 0) > 0]
    if not arrays:
        raise UsageError("The inputs hold no array.", "one row for each point.")
    return np.asarray(arrays[0])


def _modules(model: nnx.Module) -> dict[str, Any]:
    """The modules in a model, by names that are joined by points."""
    found = {}
    for path, module in nnx.iter_modules(model):
        if path:
            found[".".join(map(str, path))] = module
    return found


def _found(model: nnx.Module, layer: Any) -> str:
    """The name of a layer.

    Raises
    ------
    UsageError
        If the model has no such layer.
    """
    modules = _modules(model)
    if isinstance(layer, nnx.Module):
        for name, module in modules.items():
            if module is layer:
                return name
        if layer is model:
            return OUTPUT
        raise UsageError(
            f"The layer {type(layer).__name__} is no part of the model.",
            f"one of {', '.join(modules)}.",
        )
    if layer in modules or layer == OUTPUT:
        return str(layer)
    raise UsageError(
        f"The model has no layer '{layer}'.{nearest(str(layer), list(modules))}",
        f"one of {', '.join(modules)}.",
    )


def _readouts(modules: dict[str, Any], drawn: Any, units: int, outputs: int) -> dict[str, Pair]:
    """Weights that may lead from the layer to the outputs; kernels are (units, outputs)."""
    found: dict[str, Pair] = {}
    for name, module in modules.items():
        kernel = getattr(module, "kernel", None)
        shape = tuple(getattr(kernel, "shape", ()))
        if kernel is None or module is drawn or len(shape) < 2:
            continue
        if shape[-2:] == (units, outputs) and int(np.prod(shape)) == units * outputs:
            bias = getattr(module, "bias", None)
            weight = _single(kernel).reshape(units, outputs).T
            found[name] = (weight, None if _missing(bias) else _single(bias))
    return found


def _missing(bias: Any) -> bool:
    """Whether a module has no bias; some keep a variable without a value then."""
    return bias is None or not hasattr(bias, "shape")


def _single(variable: Any) -> NDArray[np.float32]:
    """A variable in single precision."""
    return np.asarray(jax.numpy.asarray(variable), np.float32)


@contextlib.contextmanager
def _watched(kinds: set[type], note: Any) -> Iterator[None]:
    """Have something told of each call of modules of some kinds, by another `__call__`."""
    owners = {owner for kind in kinds if (owner := _who_calls(kind)) is not None}
    before = {owner: vars(owner)[CALL] for owner in owners}
    running: list[int] = []

    def watching(call: Any) -> Any:
        def watched(module: Any, *args: Any, **kwargs: Any) -> Any:
            if id(module) in running:  # a class that calls that of its parent
                return call(module, *args, **kwargs)
            running.append(id(module))
            try:
                given = call(module, *args, **kwargs)
            finally:
                running.remove(id(module))
            note(module, args, given)
            return given

        return watched

    try:
        for owner, call in before.items():
            setattr(owner, CALL, watching(call))
        yield
    finally:
        for owner, call in before.items():
            setattr(owner, CALL, call)


def _who_calls(kind: type) -> type | None:
    """The class that says what calling a module does."""
    return next((owner for owner in kind.__mro__ if CALL in vars(owner)), None)


__all__ = ["FlaxRecorder"]
