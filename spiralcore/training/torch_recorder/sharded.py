"""Models of torch whose parameters are spread over processes: FSDP, both kinds of it.

A wrapper of the first kind (`FullyShardedDataParallel`) holds what it wraps; the second one
(`fully_shard`) turns parameters into a part of each (`DTensor`), but for as long as a layer runs.
Every process has to pass the points, as all of them give their parts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from torch import Tensor, nn

PREFIXES = ("module.", "_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module.")
"""What wrappers put before the names of layers."""


def plain_name(name: str) -> str:
    """The name of a layer as its author wrote it, without those of what wraps it."""
    wrappers = {prefix.rstrip(".") for prefix in PREFIXES[1:]}
    return ".".join(part for part in name.split(".") if part not in wrappers)


def named_layers(model: nn.Module) -> dict[str, nn.Module]:
    """The modules of a model by their plain names; of one and its wrapper the former."""
    return {plain_name(name): module for name, module in model.named_modules()}


def layers_towards(model: nn.Module, name: str) -> Iterator[tuple[str, nn.Module]]:
    """The modules on the way to what has a plain name: as `named_layers` has them, and sooner."""
    module, path = _inmost(model), ""
    yield path, module
    for part in name.split("."):
        child = module._modules.get(part)
        if child is None:
            return
        module, path = _inmost(child), f"{path}.{part}" if path else part
        yield path, module


def _inmost(module: nn.Module) -> nn.Module:
    """What a module wraps, if it wraps something."""
    for prefix in PREFIXES[1:]:
        inner = module._modules.get(prefix.rstrip("."))
        if inner is not None:
            return _inmost(inner)
    return module


def is_wrapper(module: nn.Module) -> bool:
    """Whether a module is one of FSDP's first kind, which looks after its own state."""
    kind = _known("FullyShardedDataParallel")
    return kind is not None and isinstance(module, kind)


def is_spread(module: nn.Module) -> bool:
    """Whether a module is one of FSDP's, of either kind."""
    kind = _known("FSDPModule")
    return is_wrapper(module) or (kind is not None and isinstance(module, kind))


def whole(tensor: Tensor) -> Tensor:
    """A tensor with the parts of all processes."""
    if not _is_part(tensor):
        return tensor
    full: Tensor = tensor.full_tensor()  # type: ignore[attr-defined]
    return full


def _is_part(tensor: Tensor) -> bool:
    """Whether it is a part of one that is spread over processes (`DTensor`)."""
    return callable(getattr(tensor, "full_tensor", None))


@contextmanager
def whole_parameters(model: nn.Module) -> Iterator[None]:
    """While this lasts modules have all of their parameters."""
    with ExitStack() as stack:
        if is_wrapper(model):
            kind: Any = _known("FullyShardedDataParallel")
            stack.enter_context(kind.summon_full_params(model, writeback=False))
        yield


@contextmanager
def spread_as_before(model: nn.Module) -> Iterator[None]:
    """Spread parameters again in the end that a pass has gathered (`fully_shard`)."""
    kind = _known("FSDPModule")
    if kind is None:
        yield
        return
    sharded = [module for module in model.modules() if isinstance(module, kind)]
    parts = {name for name, p in (model.named_parameters() if sharded else ()) if _is_part(p)}
    try:
        yield
    finally:
        for module in sharded:
            if any(name in parts and not _is_part(p) for name, p in model.named_parameters()):
                module.reshard()


def _known(name: str) -> Any:
    """A class of FSDP, if anybody has loaded it."""
    loaded = sys.modules.get("torch.distributed.fsdp")
    return None if loaded is None else getattr(loaded, name, None)
