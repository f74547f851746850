"""Passing points through a model of torch and leaving it bit for bit as it was."""

from __future__ import annotations

import random
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from operator import is_
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from spiralcore.errors import SpiralError
from spiralcore.training.torch_recorder.numpy_stream import NumpyStream
from spiralcore.training.torch_recorder.sharded import is_wrapper, spread_as_before

OWN = frozenset(nn.Module().__dict__)
"""Attributes that every module has; the others are its author's."""

TABLES = ("_parameters", "_buffers", "_modules")

CONTAINERS = (list, dict, set, deque)


class Untouched:
    """Puts a model into evaluation mode for a while, and everything back that a pass changes.

    That is: training flags; buffers, attributes and what lists and dictionaries among them hold;
    parameters, which some layers change while they run (`nn.Embedding(max_norm=...)`); the random
    numbers of torch, NumPy and Python; the cache of autocast, in which weights without a gradient
    would be found by the training. Models that were compiled run as they were written.

    Parameters
    ----------
    model
        Any module.
    """

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._restless: set[str] | None = None
        self._numpy = NumpyStream()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Evaluation mode, without gradients, and everything as it was in the end.

        Raises
        ------
        SpiralError
            If a parameter was changed by a pass for the first time after the first pass.
        """
        modules = list(self._model.modules())
        flags = [(module, module.training) for module in modules]
        attributes = [_Attributes(module) for module in modules if not is_wrapper(module)]
        tensors = list(self._tensors(modules))
        with ExitStack() as stack:
            devices = {part.tensor.device for part in tensors}
            stack.enter_context(same_random_numbers(devices, numpy=self._numpy))
            stack.callback(torch.set_autocast_cache_enabled, torch.is_autocast_cache_enabled())
            torch.set_autocast_cache_enabled(False)
            if "torch._dynamo" in sys.modules and hasattr(torch.compiler, "set_stance"):
                stack.enter_context(torch.compiler.set_stance("force_eager"))
            stack.enter_context(torch.no_grad())
            for module in modules:
                own = module.__dict__
                own["training"] = False
                if own.get("_compiled_call_impl") is not None:
                    own["_compiled_call_impl"] = None
            try:
                with spread_as_before(self._model):
                    yield
            finally:
                for module, training in flags:
                    module.__dict__["training"] = training
                for part in attributes:
                    part.put_back()
                changed = {part.name for part in tensors if part.put_back()}
        if self._restless is None:
            self._restless = changed

    def _tensors(self, modules: list[nn.Module]) -> Iterator[_Values]:
        """All tensors; of parameters that the first pass has left alone no copy is made."""
        seen: set[int] = set()
        for number, module in enumerate(modules):
            held: list[tuple[str, Tensor | None, bool]] = [
                (name, value, True) for name, value in module._parameters.items()
            ]
            held += [(name, value, False) for name, value in module._buffers.items()]
            own = module.__dict__
            held += [
                (name, own[name], False)
                for name in own.keys() - OWN
                if isinstance(own[name], Tensor)
            ]
            for name, value, is_parameter in held:
                if value is None or id(value) in seen:
                    continue
                seen.add(id(value))
                full = f"{name} of {type(module).__name__} {number}"
                copied = not is_parameter or self._restless is None or full in self._restless
                yield _Values(
                    full, value, version(value), value.detach().clone() if copied else None
                )


class _Values(NamedTuple):
    """What a tensor holds."""

    name: str
    tensor: Tensor
    version: int
    copy: Tensor | None

    def put_back(self) -> bool:
        """Whether that was necessary."""
        if version(self.tensor) == self.version and self.copy is None:
            return False
        if self.copy is None:
            raise SpiralError(
                f"The model has changed its parameter {self.name} while it was evaluated, for the "
                "first time.",
                "a model that does so at the first step, or never.",
            )
        same = version(self.tensor) == self.version and _equal(self.tensor, self.copy)
        if not same:
            self.tensor.data.copy_(self.copy)
        return not same


def version(tensor: Tensor) -> int:
    """How often a tensor was changed in place, as far as that is known."""
    return -1 if tensor.is_inference() else tensor._version


def _equal(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and torch.equal(one.detach(), other)


class _Attributes:
    """What the attributes of a module are, and what lists among them hold."""

    def __init__(self, module: nn.Module) -> None:
        self._own = own = module.__dict__
        self._before = before = dict(own)
        self._held: list[tuple[Any, Any]] = [
            (table, dict(table)) for name in TABLES if (table := own.get(name)) is not None
        ]
        for name in before.keys() - OWN:
            value = before[name]
            if isinstance(value, CONTAINERS):
                self._held.append((value, value.copy()))

    def put_back(self) -> None:
        if not self._is_as_before():
            self._put_back()
        for container, held in self._held:
            _refill(container, held)

    def _is_as_before(self) -> bool:
        """Whether attributes are the same ones: the quick answer, which mostly is yes."""
        own, before = self._own, self._before
        return len(own) == len(before) and all(map(is_, own.values(), before.values()))

    def _put_back(self) -> None:
        for name in [name for name in self._own if name not in self._before]:
            del self._own[name]
        for name, value in self._before.items():
            if self._own.get(name) is not value and name != "training":
                self._own[name] = value


def _refill(container: Any, held: Any) -> None:
    """Let a list, a dictionary, a set or a deque hold what it held."""
    if isinstance(container, dict):
        same = len(container) == len(held) and all(map(is_, container.values(), held.values()))
        if not (same and list(container) == list(held)):
            container.clear()
            container.update(held)
    elif isinstance(container, set):
        container.clear()
        container.update(held)
    elif len(container) != len(held) or not all(map(is_, container, held)):
        container.clear()
        container.extend(held)


@contextmanager
def same_random_numbers(
    devices: Iterable[torch.device] = (),
    generators: Iterable[torch.Generator | None] = (),
    numpy: NumpyStream | None = None,
) -> Iterator[None]:
    """Let the random numbers afterwards be those that would have come anyway.

    Parameters
    ----------
    devices
        Whose streams are put back beside those of torch on the processor, NumPy and Python.
    generators
        Others; None stands for none.
    numpy
        What is known of NumPy's stream of passes before this one.
    """
    with ExitStack() as stack:
        stack.callback(torch.set_rng_state, torch.get_rng_state())
        stack.callback(random.setstate, random.getstate())
        stack.enter_context((numpy or NumpyStream()).as_it_was())
        for generator in generators:
            if generator is not None:
                stack.callback(generator.set_state, generator.get_state())
        for device in devices:
            if device.type in ("cuda", "mps", "xpu"):
                asked = () if device.type == "mps" else (device,)
                there = getattr(torch, device.type)
                stack.callback(there.set_rng_state, there.get_rng_state(*asked), *asked)
        yield
