"""Activation functions, and the space that each of them maps the plane into.

One entry of `ACTIVATIONS` is all that a new activation needs. The functions are written for
both NumPy and PyTorch: ``xp`` is the module to take them from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from spiralcore.errors import lookup

Array = Any
"""A NumPy array or a PyTorch tensor."""


@dataclass(frozen=True)
class Space:
    """The part of the plane that an activation can reach.

    Attributes
    ----------
    name
        What to call it on screen.
    lower, upper
        Bounds of each coordinate; ``upper`` is None where there is none.
    """

    name: str
    lower: float
    upper: float | None

    @property
    def bounded(self) -> bool:
        """Whether the space has a border on all sides."""
        return self.upper is not None


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
    space
        Where its values lie.
    apply
        ``apply(x, xp)``: the values at the pre-activations ``x``.
    pull_back
        ``pull_back(gradient, value, xp)``: the gradient with respect to the pre-activations,
        from the gradient with respect to the values and the values themselves. May overwrite
        ``gradient``.
    """

    name: str
    label: str
    formula: str
    space: Space
    apply: Callable[[Array, Any], Array]
    pull_back: Callable[[Array, Array, Any], Array]


def _tanh_pull_back(gradient: Array, value: Array, xp: Any) -> Array:
    gradient -= gradient * value * value
    return gradient


def _relu_pull_back(gradient: Array, value: Array, xp: Any) -> Array:
    # The value is never negative, so its sign is the derivative, and cheaper than a comparison.
    gradient *= xp.sign(value)
    return gradient


ACTIVATIONS: dict[str, Activation] = {
    entry.name: entry
    for entry in (
        Activation(
            name="tanh",
            label="tanh",
            formula="tanh(x)",
            space=Space("square", -1.0, 1.0),
            apply=lambda x, xp: xp.tanh(x),
            pull_back=_tanh_pull_back,
        ),
        Activation(
            name="relu",
            label="ReLU",
            formula="max(x, 0)",
            space=Space("quadrant", 0.0, None),
            apply=lambda x, xp: xp.clip(x, 0, None),
            pull_back=_relu_pull_back,
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
