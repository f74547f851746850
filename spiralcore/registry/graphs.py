"""Graphs of functions with kinks, as numbers, for programs that cannot call them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

CURVED, CURVED_NODES = 8.0, 4097
"""How far, and by how many nodes, a graph is told that is not straight between its kinks."""


@dataclass(frozen=True)
class Graph:
    """Straight lines between nodes.

    Attributes
    ----------
    nodes, values
        Where they meet, shape (n,) each, the nodes increasing.
    slopes
        Before the first and after the last node.
    """

    nodes: Array
    values: Array
    slopes: tuple[float, ...]

    def __call__(self, x: Array) -> Array:
        """The values at ``x``, of its shape."""
        left, right = self.slopes
        outside = left * np.minimum(x - self.nodes[0], 0) + right * np.maximum(
            x - self.nodes[-1], 0
        )
        return np.asarray(np.interp(x, self.nodes, self.values) + outside)


def graph_of(apply: Callable[[Array], Array], kinks: Sequence[float]) -> Graph:
    """The graph of a function of one number.

    Exact where it is straight between kinks, as it is with all activations so far.

    Parameters
    ----------
    apply
        The function: values of the shape of what it is given.
    kinks
        Where its graph has kinks, increasing; at least one.
    """
    corners = np.array(kinks)
    between = np.linspace(-CURVED, CURVED, CURVED_NODES)
    tried = np.union1d(between, [*corners - 1, *corners + 1])
    straight = _straight(apply, corners)
    if np.allclose(straight(tried), apply(tried), atol=1e-9):
        return straight
    return _straight(apply, tried)


def _straight(apply: Callable[[Array], Array], nodes: Array) -> Graph:
    """Straight lines between the values at some nodes."""
    ends = np.array([nodes[0] - 1, nodes[-1] + 1])
    values, (before, after) = apply(nodes), apply(ends)
    slopes = values[0] - before, after - values[-1]
    return Graph(nodes.astype(float), np.asarray(values, float), tuple(map(float, slopes)))
