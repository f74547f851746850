"""Activation functions, and the space that each of them maps the plane into.

One entry of `ACTIVATIONS` is all that a new activation needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import lookup

Array = NDArray[np.float32]


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
        ``apply(x)``: the values at the pre-activations ``x``.
    pull_back
        ``pull_back(gradient, value)``: the gradient with respect to the pre-activations, from
        the gradient with respect to the values and the values themselves.
    clips
        Whether it only cuts off what lies outside of its space. Pictures then keep its edges
        sharp, as pre-activations are smooth where values have kinks.
    """

    name: str
    label: str
    formula: str
    space: Space
    apply: Callable[[Array], Array]
    pull_back: Callable[[Array, Array], Array]
    clips: bool = False


ACTIVATIONS: dict[str, Activation] = {
    entry.name: entry
    for entry in (
        Activation(
            name="tanh",
            label="tanh",
            formula="tanh(x)",
            space=Space("square", -1.0, 1.0),
            apply=np.tanh,
            pull_back=lambda gradient, value: gradient * (1 - value * value),
        ),
        Activation(
            name="relu",
            label="ReLU",
            formula="max(x, 0)",
            space=Space("quadrant", 0.0, None),
            apply=lambda x: np.maximum(x, 0),
            pull_back=lambda gradient, value: gradient * (value > 0),
            clips=True,
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
