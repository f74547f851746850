"""Passing points through a model of torch and leaving it bit for bit as it was."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor, nn

from spiralcore.errors import SpiralError
from spiralcore.training.torch_recorder.model_state import Held, ModelState
from spiralcore.training.torch_recorder.numpy_stream import NumpyStream
from spiralcore.training.torch_recorder.sharded import spread_as_before

RESTLESS = 8
"""Models that have had so many revisions keep something of each pass: of these nothing is held from
one to the next, as that could be as large as the training."""


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

    Attributes
    ----------
    revision
        As long as it stays the same, so do the parts of the model: modules, and which tensors and
        other attributes they have.
    """

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._restless: set[str] | None = None
        self._numpy = NumpyStream()
        self._state: ModelState | None = None
        self._copied: list[Held] = []
        self._still: list[Held] = []
        self.revision = 0

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Evaluation mode, without gradients, and everything as it was in the end.

        Raises
        ------
        SpiralError
            If a parameter was changed by a pass for the first time after the first pass.
        """
        state = self._looked_at()
        flags = [module.training for module in state.modules]
        copies = [(held, version(held.tensor), held.tensor.detach().clone())
                  for held in self._copied]  # fmt: skip
        versions = [version(held.tensor) for held in self._still]
        with ExitStack() as stack:
            stack.enter_context(same_random_numbers(state.devices, numpy=self._numpy))
            stack.callback(torch.set_autocast_cache_enabled, torch.is_autocast_cache_enabled())
            torch.set_autocast_cache_enabled(False)
            if "torch._dynamo" in sys.modules and hasattr(torch.compiler, "set_stance"):
                stack.enter_context(torch.compiler.set_stance("force_eager"))
            stack.enter_context(torch.no_grad())
            for module in state.modules:
                own = module.__dict__
                own["training"] = False
                if own.get("_compiled_call_impl") is not None:
                    own["_compiled_call_impl"] = None
            try:
                with spread_as_before(self._model):
                    yield
            finally:
                for module, training in zip(state.modules, flags, strict=True):
                    module.__dict__["training"] = training
                state.put_back()
                changed = {held.name for held, was, copy in copies if _put_back(held, was, copy)}
        if versions != [version(held.tensor) for held in self._still]:
            self._refuse(versions)
        if self._restless is None:
            self._restless, self._state = changed, None
        elif self.revision > RESTLESS:
            self._state = None

    def _looked_at(self) -> ModelState:
        """What the model is made of. Parameters that the first pass left alone are not copied."""
        if self._state is None or not self._state.lasts:
            self._state = ModelState(self._model)
            self.revision += 1
            self._copied, self._still = [], []
            for held in self._state.tensors:
                rests = self._restless is not None and held.name not in self._restless
                (self._still if held.is_parameter and rests else self._copied).append(held)
        return self._state

    def _refuse(self, versions: list[int]) -> None:
        """Say which parameter has changed of which there is no copy."""
        for held, before in zip(self._still, versions, strict=True):
            if version(held.tensor) != before:
                raise SpiralError(
                    f"The model has changed its parameter {held.name} while it was evaluated, for "
                    "the first time.",
                    "a model that does so at the first step, or never.",
                )


def _put_back(held: Held, before: int, copy: Tensor) -> bool:
    """Let a tensor hold what it held; whether that was necessary."""
    tensor = held.tensor
    shaped = version(tensor) == before and tensor.shape == copy.shape
    if shaped and torch.equal(tensor.detach(), copy):
        return False
    tensor.data.copy_(copy)
    return True


def version(tensor: Tensor) -> int:
    """How often a tensor was changed in place, as far as that is known."""
    return -1 if tensor.is_inference() else tensor._version


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
