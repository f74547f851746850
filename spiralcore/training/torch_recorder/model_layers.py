"""Finding layers of a model of torch, by whatever one calls them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from spiralcore.errors import UsageError, nearest
from spiralcore.registry.activations import ACTIVATIONS, Activation
from spiralcore.training.torch_recorder.sharded import PREFIXES, named_layers, plain_name

OUTPUT = "output"

MODULES: dict[type[nn.Module], Activation] = {
    getattr(nn, entry.torch_module): entry for entry in ACTIVATIONS.values() if entry.torch_module
}
"""Modules of torch whose space is known."""

WIDE, SLIP = 100.0, 1e-5
"""An activation that has settings is tried up to here, for whether it leaves its space, and by how
much."""


def looked_through(model: nn.Module) -> nn.Module:
    """The model that somebody wrote, within what compiles it or spreads it over devices.

    Models whose parameters are spread over processes (FSDP) can only run as they are; their layers
    have the names that their author gave them.

    Raises
    ------
    UsageError
        If it is no module of torch, is scripted, or has layers that have no weights before they
        first run.
    """
    if not isinstance(model, nn.Module):
        raise UsageError(
            f"The model is a {type(model).__name__}.",
            "a module of torch.",
            "spiralcore.ArrayRecorder, which takes arrays of any framework",
        )
    while True:
        inner = getattr(model, "_orig_mod", None)
        if isinstance(model, nn.DataParallel | nn.parallel.DistributedDataParallel):
            inner = model.module
        if not isinstance(inner, nn.Module):
            break
        model = inner
    if any(isinstance(module, torch.jit.ScriptModule) for module in model.modules()):
        raise UsageError(
            "The model is scripted, or a part of it is, so that nothing can be seen in it.",
            "a module of torch in Python.",
            "the model before torch.jit.script or torch.jit.trace",
        )
    for name, parameter in model.named_parameters():
        if isinstance(parameter, nn.parameter.UninitializedParameter):
            raise UsageError(
                f"The parameter '{name}' has no shape before the model runs for the first time.",
                "a model that has run.",
                "model(inputs), once, before the recorder is made",
            )
    return model


def found(model: nn.Module, layer: str | int | nn.Module) -> tuple[nn.Module | None, str]:
    """A layer and its name; no module stands for the output of the model.

    Raises
    ------
    UsageError
        If the model has no such layer.
    """
    names = {name: module for name, module in named_layers(model).items() if name}
    if isinstance(layer, nn.Module):
        layer = getattr(layer, "_orig_mod", getattr(layer, "_fsdp_wrapped_module", layer))
        for name, module in names.items():
            if module is layer:
                return module, name
        if layer is model:
            return None, OUTPUT
        raise UsageError(
            f"The layer {type(layer).__name__} is no part of the model.",
            f"one of {', '.join(names)}.",
        )
    if isinstance(layer, int):
        children = [name for name, _ in model.named_children()]
        if not -len(children) <= layer < len(children):
            raise UsageError(
                f"The model has no layer {layer}.",
                f"one of 0 to {len(children) - 1}: {', '.join(children)}.",
            )
        layer = children[layer]
    plain = plain_name(layer)
    while plain not in names and plain.startswith(PREFIXES):
        plain = plain.partition(".")[2]
    if plain in names:
        return names[plain], plain
    if layer == OUTPUT:
        return None, OUTPUT
    raise UsageError(
        f"The model has no layer '{layer}'.{nearest(layer, list(names))}",
        f"one of {', '.join(names)}.",
    )


def activation_of(module: nn.Module | None) -> str | None:
    """The name of an activation that is a module, if its space is known."""
    entry = MODULES.get(type(module)) if module is not None else None
    if module is None or entry is None:
        return None
    # Without the hooks that somebody may have registered.
    values = type(module).forward(module, torch.linspace(-WIDE, WIDE, 2001)).numpy()
    return entry.name if entry.space.distance(values[:, None]).max() <= SLIP else None


def picked(given: Any, choice: Any, what: str, option: str) -> Tensor:
    """The tensor in what a layer gives.

    Parameters
    ----------
    given
        A tensor, or something that holds some.
    choice
        An index, a key, a function from what is given to a tensor, or None.
    what, option
        What messages call the layer and the choice.

    Raises
    ------
    UsageError
        If it is not told which one is meant.
    """
    if choice is not None:
        try:
            given = choice(given) if callable(choice) else given[choice]
        except (LookupError, TypeError, AttributeError) as error:
            raise UsageError(
                f"{what} gives {described(given)}, of which {option} takes nothing: "
                f"{error!r:.100}.",
                "an index, a key, or a function that gives a tensor.",
            ) from None
    if isinstance(given, Tensor):
        return given
    parts = list(given.values()) if isinstance(given, dict) else given
    if choice is None and isinstance(parts, Sequence):
        tensors = [part for part in parts if isinstance(part, Tensor)]
        others = [part for part in parts if part is not None and not isinstance(part, Tensor)]
        if len(tensors) == 1 and not others:
            return tensors[0]
    raise UsageError(
        f"{what} gives {described(given)}.",
        "one tensor.",
        f"{option}=0, another index or key, or a function such as lambda given: given[0][:, -1]",
    )


def described(given: Any) -> str:
    """What something is, for people: ``a tuple of (90, 7, 16), None``."""
    if isinstance(given, Tensor):
        return f"the shape {tuple(given.shape)}"
    kind = type(given).__name__
    if isinstance(given, dict):
        return f"a {kind} of " + ", ".join(
            f"{key!r}: {_short(part)}" for key, part in given.items()
        )
    if isinstance(given, tuple | list):
        return f"a {kind} of " + ", ".join(map(_short, given))
    return f"a {kind}"


def _short(part: Any) -> str:
    if isinstance(part, Tensor):
        return str(tuple(part.shape))
    if isinstance(part, tuple | list):
        return "(" + ", ".join(map(_short, part)) + ")"
    return type(part).__name__


def unit_of(*tensors: Tensor) -> float:
    """Unit roundoff of what computed tensors: that of the coarsest of them.

    Matrix products of float32 may be coarser on purpose: TF32 or bfloat16, as
    `torch.get_float32_matmul_precision` tells.
    """
    coarse = {"highest": 2.0**-24, "high": 2.0**-11, "medium": 2.0**-8}
    units = [coarse[torch.get_float32_matmul_precision()]]
    if any(t.is_cuda for t in tensors) and torch.backends.cuda.matmul.allow_tf32:
        units.append(2.0**-11)
    units += [torch.finfo(t.dtype).eps / 2 for t in tensors if t.is_floating_point()]
    return max(units)
