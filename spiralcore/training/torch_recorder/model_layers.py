"""Finding layers of a model of torch, by whatever one calls them."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor, nn

from spiralcore.errors import UsageError, nearest
from spiralcore.recording.run.choosing import ArrayKind
from spiralcore.registry.activations import ACTIVATIONS, Activation
from spiralcore.training.torch_recorder.sharded import PREFIXES, named_layers, plain_name

OUTPUT = "output"

TENSOR = ArrayKind(
    "tensor",
    lambda value: isinstance(value, Tensor),
    lambda value: value.detach().to("cpu", torch.float32).numpy(),
    "given[0][:, -1]",
)
"""What models of torch compute with."""

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


def unit_of(*tensors: Tensor) -> float:
    """Unit roundoff of what computed tensors: that of the coarsest of them.

    Matrix products of float32 may be coarser on purpose: TF32 or bfloat16, as
    `torch.get_float32_matmul_precision` tells.
    """
    coarse = {"highest": 2.0**-24, "high": 2.0**-11, "medium": 2.0**-8}
    units = [coarse[torch.get_float32_matmul_precision()]]
    if any(t.is_cuda for t in tensors) and torch.backends.cuda.matmul.allow_tf32:
        units.append(2.0**-11)
    units += [_rounding(t.dtype) for t in tensors if t.is_floating_point()]
    return max(units)


@cache
def _rounding(kind: torch.dtype) -> float:
    return torch.finfo(kind).eps / 2
