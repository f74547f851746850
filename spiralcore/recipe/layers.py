"""Which hidden layers of a network are drawn, and which activation each of them has."""

from __future__ import annotations

from collections.abc import Sequence

from spiralcore.registry.activations import Activation, activation

LARGEST_DRAWN_WIDTH = 3
"""Layers of up to so many units can be drawn as they are."""

INNER_OF_RADIAL = "tanh"
"""What wide layers use below a radial activation: a wide vector has a length that hardly tells
points apart, so that radial layers alone would be close to linear."""


def drawn_layers(widths: Sequence[int]) -> list[int]:
    """Which hidden layers are drawn: the last one, and all of the same width if that is small.

    Returns
    -------
    list
        Indices into ``widths``, increasing; the last one is that of the last hidden layer.
    """
    last = len(widths) - 1
    if widths[last] > LARGEST_DRAWN_WIDTH:
        return [last]
    return [layer for layer, width in enumerate(widths) if width == widths[last]]


def layer_activations(
    widths: Sequence[int], name: str, inner: str | None = None
) -> list[Activation]:
    """The activation of each hidden layer.

    Parameters
    ----------
    widths
        Of the hidden layers.
    name
        The activation of the drawn layers, see `drawn_layers`.
    inner
        That of the others; where None the same one, and tanh if that is radial.

    Raises
    ------
    UsageError
        If there is no activation of a name.
    """
    own = activation(name)
    other = activation(inner or (INNER_OF_RADIAL if own.radial else name))
    drawn = drawn_layers(widths)
    return [own if layer in drawn else other for layer in range(len(widths))]
