"""What a model of torch is made of, and holds beside the values of its tensors."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from operator import is_
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from spiralcore.training.torch_recorder.sharded import is_spread, is_wrapper

OWN = frozenset(nn.Module().__dict__)
"""Attributes that every module has; the others are its author's."""

TABLES = ("_parameters", "_buffers", "_modules")


class Held(NamedTuple):
    """A tensor of a model.

    Attributes
    ----------
    name
        What messages call it.
    tensor
        The tensor itself.
    is_parameter
        Whether it is one.
    """

    name: str
    tensor: Tensor
    is_parameter: bool


class ModelState:
    """The modules of a model, their attributes, what containers among these hold, and tensors.

    To look for all that takes longer than a pass through a small network. So it is looked for once,
    and compared as a whole from then on: as long as each attribute is the very object that it was,
    the model is made of the same parts.

    Parameters
    ----------
    model
        Any module.

    Attributes
    ----------
    modules
        All of them.
    tensors
        Parameters, buffers, and other attributes that are tensors; each once.
    devices
        Where these are.
    """

    def __init__(self, model: nn.Module) -> None:
        self.modules = list(model.modules())
        # Those that look after their own state swap what they hold.
        self._settled = not any(is_spread(module) for module in self.modules)
        self._tables: list[dict[Any, Any]] = []
        self._others: list[Any] = []
        for module in self.modules:
            if not is_wrapper(module):
                self._hold(module.__dict__)
        self._tables_held = list(map(dict, self._tables))
        self._others_held = list(map(list, self._others))
        self.tensors = list(_tensors(self.modules))
        self.devices: set[torch.device] = {held.tensor.device for held in self.tensors}

    def _hold(self, attributes: dict[str, Any]) -> None:
        """Remember the attributes of a module, and containers among them."""
        self._tables.append(attributes)
        self._tables += [t for name in TABLES if (t := attributes.get(name)) is not None]
        for name in attributes.keys() - OWN:
            value = attributes[name]
            if isinstance(value, dict):
                self._tables.append(value)
            elif isinstance(value, list | set | deque):
                self._others.append(value)

    @property
    def lasts(self) -> bool:
        """Whether the model is still made of the same parts, which is told quickly."""
        return self._settled and self._is_as_before()

    def _is_as_before(self) -> bool:
        return _same(self._tables, self._tables_held) and _same(self._others, self._others_held)

    def put_back(self) -> None:
        """Let everything be the objects that it was."""
        if self._is_as_before():
            return
        for table, held in zip(self._tables, self._tables_held, strict=True):
            if not _same([table], [held]):
                _refill(table, held)
        for other, held_values in zip(self._others, self._others_held, strict=True):
            if not _same([other], [held_values]):
                other.clear()
                (other.update if isinstance(other, set) else other.extend)(held_values)


def _same(these: Sequence[Collection[Any]], those: Sequence[Collection[Any]]) -> bool:
    """Whether containers hold the same objects in the same order, of dictionaries keys and values.

    Without a line of Python for each of them.
    """
    if list(map(len, these)) != list(map(len, those)):
        return False
    if not all(map(is_, chain.from_iterable(these), chain.from_iterable(those))):
        return False
    return not (these and isinstance(these[0], dict)) or all(
        map(is_, _values(these), _values(those))
    )


def _values(tables: Iterable[Any]) -> Iterator[Any]:
    return chain.from_iterable(map(dict.values, tables))


def _refill(table: dict[Any, Any], held: dict[Any, Any]) -> None:
    """Let a dictionary hold what it held, in that order."""
    if list(table) != list(held):
        table.clear()
    table.update(held)


def _tensors(modules: Iterable[nn.Module]) -> Iterator[Held]:
    seen: set[int] = set()
    for number, module in enumerate(modules):
        own = module.__dict__
        there: list[tuple[str, Any, bool]]
        there = [(name, value, True) for name, value in module._parameters.items()]
        there += [(name, value, False) for name, value in module._buffers.items()]
        there += [(name, own[name], False) for name in own.keys() - OWN]
        for name, value, is_parameter in there:
            if isinstance(value, Tensor) and id(value) not in seen:
                seen.add(id(value))
                yield Held(f"{name} of {type(module).__name__} {number}", value, is_parameter)
