"""Activation functions, and the space that each of them maps the plane into.

One entry of `ACTIVATIONS` is all that a new activation needs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import lookup
from spiralcore.registry.graphs import Graph, graph_of
from spiralcore.registry.spaces import DISK, PLANE, QUADRANT, SPHERE, SQUARE, UNIT_SQUARE, Space

Array = NDArray[Any]

LEAK = np.float32(0.01)
"""Slope of the leaky ReLU for negative numbers, as Maas, Hannun and Ng 2013 have it."""

LEAST_NORM = np.float32(1e-6)
"""Vectors shorter than this have no direction that a sphere could keep."""


@dataclass(frozen=True)
class Activation:
    """One activation function.

    Attributes
    ----------
    name
        What settings call it.
    label
        What films call it.
    formula
        For people.
    source
        Where it was proposed, or why it is here.
    space
        Where its values lie.
    apply
        ``apply(x)``: the values at the pre-activations ``x``, shape (..., D).
    pull_back
        ``pull_back(gradient, x, value)``: the gradient with respect to the pre-activations ``x``,
        from the gradient with respect to the values and the values themselves.
    needs_input
        Whether `pull_back` looks at ``x``; otherwise it may be anything.
    kinks
        Where its graph has kinks, increasing. Pictures keep these edges sharp: pre-activations are
        smooth where values are not.
    torch_module
        Its class in `torch.nn`, if it has one: a layer of that class needs not be named.
    radial
        Whether it looks at the length of the whole vector and not at one unit at a time.
    """

    name: str
    label: str
    formula: str
    source: str
    space: Space
    apply: Callable[[Array], Array]
    pull_back: Callable[[Array, Array, Array], Array]
    needs_input: bool = False
    kinks: tuple[float, ...] = ()
    radial: bool = False
    torch_module: str = ""

    @property
    def kinked(self) -> bool:
        """Whether its graph has kinks."""
        return bool(self.kinks)

    def graph(self) -> Graph:
        """The graph of one that has kinks, for programs that cannot call `apply`."""
        return graph_of(self.apply, self.kinks)


def _norm(x: Array) -> Array:
    return np.asarray(np.sqrt((x * x).sum(axis=-1, keepdims=True)))


def _ball(x: Array) -> Array:
    norm = np.maximum(_norm(x), LEAST_NORM)
    return np.asarray(x * (np.tanh(norm) / norm))


def _ball_pull_back(gradient: Array, x: Array, value: Array) -> Array:
    """Along the radius the slope is that of tanh, across it the ratio of the lengths."""
    norm = np.maximum(_norm(x), LEAST_NORM)
    unit, length = x / norm, np.tanh(norm)
    along = (gradient * unit).sum(axis=-1, keepdims=True)
    across = length / norm
    return np.asarray(gradient * across + unit * (along * (1 - length * length - across)))


def _sphere(x: Array) -> Array:
    return np.asarray(x / np.maximum(_norm(x), LEAST_NORM))


def _sphere_pull_back(gradient: Array, x: Array, value: Array) -> Array:
    along = (gradient * value).sum(axis=-1, keepdims=True)
    return np.asarray((gradient - value * along) / np.maximum(_norm(x), LEAST_NORM))


def _sigmoid(x: Array) -> Array:
    return np.asarray(np.float32(0.5) * (1 + np.tanh(np.float32(0.5) * x)))


def _normal(x: Array) -> Array:
    """The distribution function of the normal distribution."""
    from scipy.special import ndtr  # here, so that `spiral --help` is quick

    return np.asarray(ndtr(x))


def _gelu_pull_back(gradient: Array, x: Array, value: Array) -> Array:
    density = np.exp(-0.5 * x * x) * np.float32(1 / math.sqrt(2 * math.pi))
    return np.asarray(gradient * (_normal(x) + x * density))


def _softplus(x: Array) -> Array:
    return np.asarray(np.logaddexp(x, np.float32(0)))


GELU_MINIMUM = -0.16997120747990369
"""The smallest value of x Phi(x), at x = -0.7518."""

ACTIVATIONS: dict[str, Activation] = {
    entry.name: entry
    for entry in (
        Activation(
            name="tanh",
            label="tanh",
            formula="tanh(x)",
            torch_module="Tanh",
            source="LeCun, Bottou, Orr and Müller 1998, Efficient BackProp",
            space=SQUARE,
            apply=np.tanh,
            pull_back=lambda gradient, x, value: gradient * (1 - value * value),
        ),
        Activation(
            name="relu",
            label="ReLU",
            formula="max(x, 0)",
            torch_module="ReLU",
            source="Nair and Hinton 2010, ICML",
            space=QUADRANT,
            apply=lambda x: np.maximum(x, 0),
            pull_back=lambda gradient, x, value: gradient * (value > 0),
            kinks=(0.0,),
        ),
        Activation(
            name="sigmoid",
            label="sigmoid",
            formula="1 / (1 + exp(-x))",
            torch_module="Sigmoid",
            source="Rumelhart, Hinton and Williams 1986, Nature 323:533",
            space=UNIT_SQUARE,
            apply=_sigmoid,
            pull_back=lambda gradient, x, value: gradient * value * (1 - value),
        ),
        Activation(
            name="hardtanh",
            label="hardtanh",
            formula="min(max(x, -1), 1)",
            torch_module="Hardtanh",
            source="Collobert 2004, thesis, Université de Paris VI",
            space=SQUARE,
            apply=lambda x: np.clip(x, -1, 1),
            pull_back=lambda gradient, x, value: gradient * (np.abs(value) < 1),
            kinks=(-1.0, 1.0),
        ),
        Activation(
            name="leaky_relu",
            label="leaky ReLU",
            formula="max(x, 0.01 x)",
            torch_module="LeakyReLU",
            source="Maas, Hannun and Ng 2013, ICML workshop",
            space=PLANE,
            apply=lambda x: np.maximum(x, LEAK * x),
            pull_back=lambda gradient, x, value: (
                gradient * np.where(value > 0, np.float32(1), LEAK)
            ),
            kinks=(0.0,),
        ),
        Activation(
            name="gelu",
            label="GELU",
            formula="x Phi(x), Phi the normal distribution function",
            torch_module="GELU",
            source="Hendrycks and Gimpel 2016, arXiv 1606.08415",
            space=Space(("GELU quadrant", "GELU octant", "GELU orthant"), GELU_MINIMUM),
            apply=lambda x: x * _normal(x),
            pull_back=_gelu_pull_back,
            needs_input=True,
        ),
        Activation(
            name="softplus",
            label="softplus",
            formula="log(1 + exp(x))",
            torch_module="Softplus",
            source="Dugas, Bengio, Bélisle, Nadeau and Garcia 2001, NIPS 13",
            space=QUADRANT,
            apply=_softplus,
            pull_back=lambda gradient, x, value: gradient * -np.expm1(-value),
        ),
        Activation(
            name="disk",
            label="disk",
            formula="x tanh(|x|) / |x|",
            source="tanh along each radius: what the square is to tanh, the disk is to this",
            space=DISK,
            apply=_ball,
            pull_back=_ball_pull_back,
            needs_input=True,
            radial=True,
        ),
        Activation(
            name="ball",
            label="ball",
            formula="x tanh(|x|) / |x|",
            source="the disk, by its name for three units and more",
            space=DISK,
            apply=_ball,
            pull_back=_ball_pull_back,
            needs_input=True,
            radial=True,
        ),
        Activation(
            name="sphere",
            label="sphere",
            formula="x / |x|",
            source="Wang, Xiang, Cheng and Yuille 2017, NormFace, arXiv 1704.06369",
            space=SPHERE,
            apply=_sphere,
            pull_back=_sphere_pull_back,
            needs_input=True,
            radial=True,
        ),
    )
}


def activation(name: str) -> Activation:
    """Look an activation up by its name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    return lookup(ACTIVATIONS, name.lower(), "activation")
