"""What in a model of torch may be its read-out, and whether it is a plain perceptron."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from spiralcore.recipe.layers import layer_activations
from spiralcore.recording.kept_network import CLOSE, PlainNetwork
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.training.torch_recorder.model_layers import activation_of
from spiralcore.training.torch_recorder.sharded import layers_towards, named_layers, whole

Floats = NDArray[np.float32]
Pair = tuple[Floats, Floats | None]

IDENTITY = "the layer itself"

CPU = torch.device("cpu")


class Candidates:
    """Weights and biases that may lead from a layer to the outputs, by the names of their modules.

    Parameters
    ----------
    model
        Any module.
    """

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._known: tuple[int, Sequence[str] | None] | None = None
        self._layers: dict[str, nn.Module] = {}

    def of(
        self, units: int, outputs: int, only: Sequence[str] | None, revision: int
    ) -> dict[str, Pair]:
        """Those of a layer of D units and K outputs.

        Parameters
        ----------
        units, outputs
            Sizes D and K.
        only
            The names that are asked for; None for all.
        revision
            Of the model, which is in evaluation mode, so that asking for a weight that is computed
            changes nothing. As long as it stays, the same names are found in the same modules.
        """
        found: dict[str, Pair] = {}
        asked = (revision, only)
        if only is None:
            self._layers = named_layers(self._model)
        elif self._known != asked:
            ways = (layers_towards(self._model, name) for name in only)
            self._layers = dict(chain.from_iterable(ways))
        giving = {}
        for name, module in self._layers.items():
            pair = weights_of(module, units, outputs)
            new = _parameters_of(module, name, units, outputs) if pair is None else {name: pair}
            if only is not None:
                new = {name: pair for name, pair in new.items() if name in only}
            if new:
                giving[name] = module
            found |= new
        if only is not None:
            self._known, self._layers = asked, giving
        if units == outputs and (only is None or IDENTITY in only):
            found[IDENTITY] = (np.eye(units, dtype=np.float32), None)
        return found


def weights_of(module: nn.Module, units: int, outputs: int) -> Pair | None:
    """The weight (K, D) and the bias (K,) or None of a module, if it has such ones."""
    weight = getattr(module, "weight", None)
    if not isinstance(weight, Tensor) or weight.numel() != units * outputs:
        return None
    if weight.ndim < 2 or weight.shape[:2] != (outputs, units):
        return None
    bias = getattr(module, "bias", None)
    if bias is not None and not (isinstance(bias, Tensor) and bias.numel() == outputs):
        return None
    matrix = as_array(weight).reshape(outputs, units)
    return matrix, None if bias is None else as_array(bias).reshape(-1)


def _parameters_of(module: nn.Module, prefix: str, units: int, outputs: int) -> dict[str, Pair]:
    """Pairs of a matrix and a vector, or none, that are parameters of a module itself."""
    own = {name: p for name, p in module.named_parameters(prefix, recurse=False) if p.ndim < 3}
    vectors = {name: p for name, p in own.items() if p.shape == (outputs,)}
    found: dict[str, Pair] = {}
    for name, matrix in own.items():
        ways: list[Tensor] = [matrix] if matrix.shape == (outputs, units) else []
        ways += [matrix.T] if matrix.shape == (units, outputs) else []
        for turned, way in enumerate(ways):
            called = f"{name}, turned" if turned else name
            found[called] = (as_array(way), None)
            found |= {f"{called} + {b}": (as_array(way), as_array(v)) for b, v in vectors.items()}
    return found


def as_array(tensor: Tensor) -> Floats:
    """A copy as an array of NumPy, in single precision."""
    # Storage that NumPy has seen cannot be resized any more, which FSDP does.
    array: Floats = whole(tensor).detach().to(CPU, torch.float32, copy=True).numpy()
    return array


def _here(tensor: Tensor) -> Tensor:
    """A tensor, or a copy, in memory and in single precision."""
    return whole(tensor).detach().to(CPU, torch.float32)


class Call(NamedTuple):
    """One run of a module: what it read, what it gave, and how often it had run before."""

    name: str
    module: nn.Module
    read: Tensor
    gave: Tensor
    number: int = 0

    def copy(self) -> Call:
        """One that lasts: what a module gives may be changed by the next one."""
        return self._replace(gave=self.gave.clone())


class PlainModel(NamedTuple):
    """A model of torch that is a plain perceptron.

    Attributes
    ----------
    network
        What it is, as trajectories have it.
    linears
        Its linear layers, the read-out last.
    """

    network: PlainNetwork
    linears: tuple[Any, ...]

    @classmethod
    def of(cls, model: nn.Module, calls: Sequence[Call], points: Tensor, drawn: str) -> Self | None:
        """See whether a model is one.

        Parameters
        ----------
        model
            Any.
        calls
            The runs of its linear layers in one pass, in their order.
        points
            What passed, shape (N, I).
        drawn
            The activation of its last hidden layer.
        """
        linears = [call.module for call in calls]
        own = {id(p) for linear in linears for p in linear.parameters(recurse=False)}
        plain = len(calls) > 1 and len(set(map(id, linears))) == len(linears)
        plain = plain and all(type(linear) is nn.Linear for linear in linears)
        if not plain or {id(p) for p in model.parameters()} != own:
            return None
        if not near(calls[0].read, points.float()):
            return None
        names = [_between(before.gave, after.read) for before, after in pairwise(calls)]
        if drawn not in names[-1]:
            return None
        known = {activation_of(module) for module in model.modules()}
        others = set.intersection(*map(set, names[:-1])) if names[:-1] else {drawn}
        inner = next(
            (n for n in (drawn, *sorted(others & known, key=str), *others) if n in others), ""
        )
        if not inner:
            return None
        widths = tuple(call.gave.shape[1] for call in calls[:-1])
        entries = layer_activations(widths, drawn, inner)
        if any(entry.name not in there for entry, there in zip(entries, names, strict=True)):
            return None
        return cls(PlainNetwork(widths, drawn, inner), tuple(linears))

    def is_whole(self, model: nn.Module) -> bool:
        """Whether these are still the layers of the model, of which somebody may change some."""
        weighty = (m for m in model.modules() if any(p is not None for p in m._parameters.values()))
        return set(map(id, weighty)) == set(map(id, self.linears))

    def parameters(self) -> Floats:
        """All of them in one vector, as trajectories have them: one logit is two classes."""
        weights = [_here(linear.weight) for linear in self.linears]
        biases = [
            weight.new_zeros(len(weight)) if linear.bias is None else _here(linear.bias)
            for weight, linear in zip(weights, self.linears, strict=True)
        ]
        if len(biases[-1]) == 1:
            weights[-1] = torch.cat([torch.zeros_like(weights[-1]), weights[-1]])
            biases[-1] = torch.cat([torch.zeros_like(biases[-1]), biases[-1]])
        vector: Floats = torch.cat([*(weight.T.reshape(-1) for weight in weights), *biases]).numpy()
        return vector


def _between(given: Tensor, read: Tensor) -> list[str]:
    """Activations that make what was read of what was given."""
    if given.shape != read.shape:
        return []
    value = given.float().cpu().numpy()
    return [name for name in ACTIVATIONS if near(read, made(name, value))]


def made(name: str, values: Floats) -> Tensor:
    """What an activation makes of values, shape (N, D)."""
    return torch.from_numpy(np.asarray(ACTIVATIONS[name].apply(values), np.float32))


def near(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors are the same numbers, rounding apart."""
    one, other = one.float().cpu(), other.float().cpu()
    if one.shape != other.shape:
        return False
    slack = CLOSE * max(float(other.abs().max()), 1e-3)
    return bool((one - other).abs().max() <= slack)


def readers(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Modules that compute something of what they read, and hold no other modules."""
    for name, module in named_layers(model).items():
        if name and next(module.children(), None) is None:
            yield name, module
