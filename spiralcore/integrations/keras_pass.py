"""One pass of the points through a model of Keras, and what is caught on the way."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import UsageError, nearest
from spiralcore.integrations.looking import (
    Look,
    Pair,
    after_activation,
    chosen_run,
)
from spiralcore.recording.run.choosing import Choice, picked
from spiralcore.registry.activations import ACTIVATIONS

BATCH = 1024
"""Points that pass at once."""

OUTPUT = "output"


class KerasPass:
    """Passes points through a model of Keras and catches layers.

    Parameters
    ----------
    model
        Any that has been built.
    layer, inputs, call, output
        See `KerasRecorder`.
    activation
        Of the drawn layer, if it is a function that its model applies.

    Raises
    ------
    UsageError
        If there is no such layer.
    """

    def __init__(
        self,
        model: Any,
        layer: Any,
        inputs: Any,
        *,
        activation: str | None = None,
        call: int | None = None,
        output: Choice = None,
    ) -> None:
        self._model, self._activation = model, activation
        self._call, self._output = call, output
        self._inputs = keras.tree.map_structure(np.asarray, inputs)
        if isinstance(inputs, list) and not any(hasattr(part, "shape") for part in inputs):
            self._inputs = np.asarray(inputs)
        chosen = list(layer) if isinstance(layer, list | tuple) else [layer]
        if not chosen:
            raise UsageError("No layer is named.", "one layer, or several.")
        self._layers = [_found(model, one) for one in chosen]
        self.name = ", ".join(OUTPUT if one is None else one.name for one in self._layers)

    def points(self) -> NDArray[Any]:
        """The points as the file has them: the first array of the inputs."""
        first: NDArray[Any] = keras.tree.flatten(self._inputs)[0]
        return first

    def known_activation(self) -> str | None:
        """The activation that the drawn layer applies itself, if its space is known."""
        return _activation_of(self._layers[-1])

    def look(self) -> Look:
        """What the model is now."""
        if hasattr(self._model, "jax_state_sync"):
            self._model.jax_state_sync()  # while it is trained with JAX its weights are elsewhere
        parts = keras.tree.flatten(self._inputs)
        seen = [
            self._run(keras.tree.map_structure(lambda part: part[start : start + BATCH],  # noqa: B023 - is called at once
                                               self._inputs))
            for start in range(0, max(len(parts[0]), 1), BATCH)
        ]  # fmt: skip
        layers = [np.concatenate(parts) for parts in zip(*(one for one, _ in seen), strict=True)]
        outputs = [output for _, output in seen]
        whole = keras.tree.map_structure(lambda *parts: np.concatenate(parts), *outputs)
        return Look(layers, whole, self._readouts, self._layers[-1] is None)

    def _run(self, batch: Any) -> tuple[list[NDArray[Any]], Any]:
        """One batch: the layers, and the output."""
        reads: list[Any] = []
        with contextlib.ExitStack() as stack:
            runs = [
                stack.enter_context(_caught(layer)) if layer is not None else []
                for layer in self._layers
            ]
            drawn = self._layers[-1]
            apart = self._activation if _activation_of(drawn) is None else None
            if drawn is not None and apart:
                stack.enter_context(_read(self._model, drawn, reads))
            stack.enter_context(_without_gradients())
            # A list or a dictionary of arrays is one argument.
            output = self._model(batch, training=False)
        found = []
        for layer, given in zip(self._layers, runs, strict=True):
            if layer is None:
                value = picked(output, self._output, "The model", "output")
            else:
                run = chosen_run(given, self._call, layer.name)
                value = picked(run, self._output, f"The layer '{layer.name}'", "output")
            found.append(keras.ops.convert_to_numpy(value))
        if drawn is not None and apart:
            read = [keras.ops.convert_to_numpy(one) for one in reads]
            found[-1] = after_activation(apart, found[-1], read, hasattr(drawn, "kernel"))
        return found, keras.tree.map_structure(keras.ops.convert_to_numpy, output)

    def _readouts(self, units: int, outputs: int) -> dict[str, Pair]:
        """Weights that may lead from the layer to the outputs; kernels are (units, outputs)."""
        found: dict[str, Pair] = {}
        for layer in _all_layers(self._model):
            kernel = getattr(layer, "kernel", None)
            shape = tuple(getattr(kernel, "shape", ()))
            if kernel is None or layer is self._layers[-1] or len(shape) < 2:
                continue
            if shape[-2:] != (units, outputs) or int(np.prod(shape)) != units * outputs:
                continue
            weight = _single(kernel).reshape(units, outputs).T
            bias = getattr(layer, "bias", None)
            found[layer.name] = (weight, None if bias is None else _single(bias))
        return found


def _all_layers(model: Any) -> list[Any]:
    return list(model._flatten_layers(include_self=False, recursive=True))


def _found(model: Any, layer: Any) -> Any:
    """A layer of a model; None stands for the output."""
    layers = _all_layers(model)
    if isinstance(layer, keras.layers.Layer):
        if layer is model:
            return None
        if any(one is layer for one in layers):
            return layer
        raise UsageError(
            f"The layer '{layer.name}' is no part of the model.",
            f"one of {', '.join(one.name for one in layers)}.",
        )
    if isinstance(layer, int):
        direct = model.layers
        if not -len(direct) <= layer < len(direct):
            raise UsageError(
                f"The model has no layer {layer}.",
                f"one of 0 to {len(direct) - 1}: {', '.join(one.name for one in direct)}.",
            )
        return direct[layer]
    named = [one for one in layers if one.name == layer]
    if len(named) == 1:
        return named[0]
    if not named and layer == OUTPUT:
        return None
    names = [one.name for one in layers]
    if named:
        raise UsageError(
            f"{len(named)} layers of the model are called '{layer}'.",
            "one layer.",
            "the layer itself instead of its name",
        )
    raise UsageError(
        f"The model has no layer '{layer}'.{nearest(str(layer), names)}",
        f"one of {', '.join(names)}.",
    )


def _activation_of(layer: Any) -> str | None:
    """The name of the activation that a layer applies, if its space is known."""
    if isinstance(layer, keras.layers.ReLU):
        plain = not layer.negative_slope and layer.max_value is None and not layer.threshold
        return "relu" if plain else None
    name = getattr(getattr(layer, "activation", None), "__name__", None)
    return name if name in ACTIVATIONS else None


@contextlib.contextmanager
def _caught(layer: Any) -> Iterator[list[Any]]:
    """What a layer gives whenever it runs."""
    runs: list[Any] = []

    def note(given: Any, args: Any) -> None:
        runs.append(given)

    with _watched(layer, note):
        yield runs


@contextlib.contextmanager
def _read(model: Any, drawn: Any, reads: list[Any]) -> Iterator[None]:
    """What the layers read that hold no others, but for the drawn one."""

    def note(given: Any, args: Any) -> None:
        if args and hasattr(args[0], "shape"):
            reads.append(args[0])

    with contextlib.ExitStack() as stack:
        for layer in _all_layers(model):
            if layer is not drawn and not layer._layers:
                stack.enter_context(_watched(layer, note))
        yield


@contextlib.contextmanager
def _watched(layer: Any, note: Any) -> Iterator[None]:
    """Have something told of each run of a layer, by another `call` for a while."""
    own, call = vars(layer), layer.call

    def watched(*args: Any, **kwargs: Any) -> Any:
        given = call(*args, **kwargs)
        note(given, args)
        return given

    before = {"call": own["call"]} if "call" in own else {}
    own["call"] = watched
    try:
        yield
    finally:
        del own["call"]
        own.update(before)


def _without_gradients() -> contextlib.AbstractContextManager[Any]:
    if keras.backend.backend() != "torch":
        return contextlib.nullcontext()
    import torch

    without: contextlib.AbstractContextManager[Any] = torch.no_grad()
    return without


def _single(variable: Any) -> NDArray[np.float32]:
    """A variable in single precision."""
    return np.asarray(keras.ops.convert_to_numpy(variable), np.float32)
