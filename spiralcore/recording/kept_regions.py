"""Which networks of a run are kept, so that decision regions between them are nearly true.

Between two kept networks films mix the drawn layer, and the read-out, in proportion to the
epochs. That is compared with the networks that were seen in between, and an interval in which
more of the input is given to another class than allowed is divided.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe import FilmSettings
from spiralcore.recipe.perceptron import Perceptron
from spiralcore.trajectory.moment import RegionFidelity
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.trajectory import Trajectory

Floats = NDArray[np.float32]
Epochs = NDArray[np.int64]

WRONG = 0.01
"""Largest part of the input for which a network between two kept ones may be mistaken."""

LEFT = 0.05
"""Part of the film for which there may be more: where a network jumps back and forth at every
epoch, no number of kept ones would do."""

NODES = 28
"""On each side of the square of the data, places that are asked for their class."""

MARGIN = 1.1
"""Half the side of that square, as a part of the largest coordinate."""

CHECKED = 3
"""Networks between two kept ones that a mix of those is compared with."""

MOST_VALUES = 32_000_000
"""Values of the drawn layer, about, that are in memory."""


class KeptRegions(NamedTuple):
    """Networks to keep of those that were seen.

    Attributes
    ----------
    indices
        Of the networks, increasing; the first and the last are among them.
    fidelity
        What regions in a film of the usual pace are worth.
    """

    indices: NDArray[np.int64]
    fidelity: RegionFidelity


def kept_regions(
    network: Perceptron,
    parameters: Sequence[Floats],
    epochs: Epochs,
    witnesses: NDArray[np.int64],
    trajectory: Trajectory,
    most: int,
) -> KeptRegions:
    """Choose as few networks as show the regions of all, or those of `most` that do it best.

    Parameters
    ----------
    network
        What the parameters are of.
    parameters, epochs
        Of the networks that were seen, S times shape (P,), and (S,), increasing.
    witnesses
        Indices of those that were chosen by nothing but their epoch: what is wrong is counted at
        them, as where networks change the most there are many others.
    trajectory
        The run that they are from. Where its film at the usual pace stays longer, it matters more
        what is wrong.
    most
        How many may be kept, 2 at least.
    """
    seconds = timeline([trajectory], FilmSettings().seconds).seconds_at(epochs)
    nodes = _nodes(trajectory.inputs, network, most)
    regions = _Regions(network, parameters, epochs, nodes)
    kept = regions.divided(seconds, most)
    wrong = regions.wrong(kept, witnesses)
    return KeptRegions(kept, _over_film(seconds[witnesses], wrong))


def _over_film(seconds: NDArray[np.float64], wrong: NDArray[np.float64]) -> RegionFidelity:
    """What is wrong over a film, where it is known at some times: each stands for those near it."""
    ends = np.concatenate([seconds[:1], (seconds[1:] + seconds[:-1]) / 2, seconds[-1:]])
    order = np.argsort(wrong)
    share = np.cumsum(np.diff(ends)[order])
    p50, p90 = (wrong[order[np.searchsorted(share, q * share[-1])]] for q in (0.5, 0.9))
    found = np.array([p50, p90, wrong.max()], dtype=np.float32)
    return RegionFidelity(*found.tolist())  # as a file keeps them


def _nodes(inputs: Floats, network: Perceptron, kept: int) -> Floats:
    """Places to compare at: a grid over the plane of the data, or points in larger spaces."""
    units = len(network.linear(np.empty(network.size, np.float32), network.depth)[0])
    most = max(MOST_VALUES // (4 * kept * units), 1)
    if inputs.shape[1] != 2:
        return inputs[:: len(inputs) // min(most, NODES**2, len(inputs))]
    side = float(np.abs(inputs).max()) * MARGIN or 1.0
    axis = np.linspace(-side, side, max(min(NODES, int(most**0.5)), 2), dtype=np.float32)
    return np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)


class _State(NamedTuple):
    """What regions are made of: the drawn layer at the nodes, and the read-out.

    Of an activation with kinks the layer is that before it, so that edges stay sharp in a mix.
    """

    drawn: Floats
    weight: Floats
    bias: Floats


class _Regions:
    """The classes that networks give to some places, and those of a mix of two of them."""

    def __init__(
        self, network: Perceptron, parameters: Sequence[Floats], epochs: Epochs, nodes: Floats
    ) -> None:
        self._network, self._parameters = network, parameters
        self._epochs, self._nodes = epochs, nodes
        self._activation = network.activations[-1]
        self._states: dict[int, _State] = {}
        self._true: dict[int, NDArray[np.int64]] = {}

    def divided(self, seconds: NDArray[np.float64], most: int) -> NDArray[np.int64]:
        """Indices of networks, so that between them no more than `WRONG` is, if `most` will do.

        The interval of which a film shows the most that is wrong is halved first, and none any
        more when those that are left take but `LEFT` of the film.
        """
        kept, waiting = {0, len(seconds) - 1}, [(0.0, 0, len(seconds) - 1)]
        left = whole = float(seconds[-1] - seconds[0])
        while waiting and len(kept) < most and left > LEFT * whole:
            _, start, end = heapq.heappop(waiting)
            left -= seconds[end] - seconds[start]
            middle = (start + end) // 2
            kept.add(middle)
            for first, last in ((start, middle), (middle, end)):
                worst = self._worst(first, last)
                if worst > WRONG:
                    length = float(seconds[last] - seconds[first])
                    left += length
                    heapq.heappush(waiting, (-worst * length, first, last))
        return np.array(sorted(kept), dtype=np.int64)

    def _worst(self, start: int, end: int) -> float:
        inner = _checked(start, end)
        return max((self._wrong(start, index, end) for index in inner), default=0.0)

    def wrong(self, kept: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.float64]:
        """What is wrong at some networks when only those that are kept are known."""
        places = np.clip(np.searchsorted(kept, at, side="right") - 1, 0, max(len(kept) - 2, 0))
        starts, ends = kept[places].tolist(), kept[np.minimum(places + 1, len(kept) - 1)].tolist()
        every = zip(starts, at.tolist(), ends, strict=True)
        return np.array([self._wrong(start, index, end) for start, index, end in every])

    def _wrong(self, start: int, index: int, end: int) -> float:
        first, last = self._epochs[start], self._epochs[end]
        share = np.float32((self._epochs[index] - first) / max(last - first, 1))
        ends = zip(self._seen(start), self._seen(end), strict=True)
        mixed = _State(*(a * (1 - share) + b * share for a, b in ends))
        if index not in self._true:
            self._true[index] = self._classes(self._seen(index))
        return float(np.mean(self._classes(mixed) != self._true[index]))

    def _seen(self, index: int) -> _State:
        if index not in self._states:
            self._states[index] = self._state(self._parameters[index])
        return self._states[index]

    def _state(self, parameters: Floats) -> _State:
        drawn = self._network.forward(parameters, self._nodes, stop=self._network.depth)[-1]
        values = drawn if self._activation.kinked else self._activation.apply(drawn)
        return _State(values, *self._network.linear(parameters, self._network.depth))

    def _classes(self, state: _State) -> NDArray[np.int64]:
        drawn = state.drawn
        values = self._activation.apply(drawn) if self._activation.kinked else drawn
        # Not by a product of matrices: the sum over few units is the same on every machine.
        logits = np.einsum("ni,ik->nk", values, state.weight) + state.bias
        return np.asarray(logits.argmax(axis=1))


def _checked(start: int, end: int) -> list[int]:
    """Indices between two, as many as `CHECKED`, the one in the middle among them."""
    inner = np.linspace(start, end, CHECKED + 2)[1:-1].round().astype(int)
    return [index for index in dict.fromkeys(inner.tolist()) if start < index < end]
