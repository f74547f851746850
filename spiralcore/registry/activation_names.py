"""What others call activations: which known one is meant by a name that is none."""

from __future__ import annotations

import re
from typing import Any

from spiralcore.registry.activations import ACTIVATIONS


def meant_activation(activation: Any) -> str:
    """The known activation that is meant by one that is none; empty if none is.

    R's jsonlite writes a text as a list of one.
    """
    if isinstance(activation, list) and len(activation) == 1 and isinstance(activation[0], str):
        (name,) = activation
        return name if name in ACTIVATIONS else same_letters(name)
    return same_letters(activation) if isinstance(activation, str) else ""


def same_letters(name: str) -> str:
    """The known activation of the same letters, in any order and case; empty if there is none.

    Classes and functions of others are called ``nn.Tanh()``, ``jax.nn.relu`` or ``LeakyReLU``.
    """

    def letters(text: str) -> list[str]:
        return sorted(re.sub(r"[\W_]", "", text.rpartition(".")[2].casefold()))

    if name in ACTIVATIONS:
        return ""
    own = letters(name)
    return next((known for known in ACTIVATIONS if letters(known) == own), "")
