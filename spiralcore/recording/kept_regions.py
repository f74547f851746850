"""Which networks of a run are kept, so that decision regions between them are nearly true.

For an epoch between kept networks films mix the drawn layer, and the read-out, of those around it:
`spiralcore.trajectory.play.network_mix`. Over a film of the usual pace that is compared with the
networks that were seen, and where the most is wrong one more is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe import FilmSettings
from spiralcore.recipe.perceptron import Perceptron
from spiralcore.recording.kept.mixed_classes import mixed, owners
from spiralcore.trajectory.moment import RegionFidelity
from spiralcore.trajectory.play.network_mix import PAIRS, NetworkMix
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.trajectory import Trajectory

Floats = NDArray[np.float32]
Epochs = NDArray[np.int64]
Doubles = NDArray[np.float64]

WRONG = 0.01
"""Largest part of the input for which a mix may be mistaken."""

LEFT, WORST = 0.05, 0.03
"""Part of the film for which it may be mistaken for more, and how much it may be then: where a
network jumps back and forth at every epoch, no number of kept ones would do."""

LOOKED_AT, FEW = 720, 3
"""Times of a film that may be looked at, and one of how many is in any case."""

UNEASY = WRONG / 2
"""From so much on at one of these, those next to it are looked at, too."""

NODES = 28
"""On each side of the square of the data, places that are asked for their class."""

MARGIN = 1.1
"""Half the side of that square, as a part of the largest coordinate."""

GROWTH, AS_BAD = 3, 0.3
"""One network to so many that are kept is added at a time, and a few at least; and none to an
interval of which a film shows less that is wrong than this part of what it shows of the worst."""

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
    trajectory
        The run that they are from. Where its film at the usual pace stays longer, it matters more
        what is wrong.
    most
        How many may be kept, 2 at least.
    """
    film = FilmSettings().seconds
    pace = timeline([trajectory], film)
    times = (np.arange(LOOKED_AT) + 0.5) * film / LOOKED_AT
    shown = _nearest(epochs, np.array([pace.epoch_at(time) for time in times.tolist()]))
    nodes = _nodes(trajectory.inputs, network, most)
    regions = _Regions(network, parameters, epochs, nodes, trajectory)
    seen, times_seen = np.unique(shown, return_counts=True)
    kept = regions.chosen(seen, times_seen, most)
    wrong = np.repeat(regions.over_film(kept, seen), times_seen)
    p50, p90 = np.quantile(wrong, (0.5, 0.9), method="inverted_cdf")
    found = np.array([p50, p90, wrong.max()], dtype=np.float32)
    return KeptRegions(kept, RegionFidelity(*found.tolist()))  # as a file keeps them


def _nearest(epochs: Epochs, wanted: Doubles) -> NDArray[np.int64]:
    """Indices of the epochs that are nearest to those that are wanted."""
    after = np.clip(np.searchsorted(epochs, wanted), 1, max(len(epochs) - 1, 1))
    before = after - 1
    last = len(epochs) - 1
    nearer = wanted - epochs[before] <= epochs[np.minimum(after, last)] - wanted
    return np.where(nearer, before, np.minimum(after, last))


def _nodes(inputs: Floats, network: Perceptron, kept: int) -> Floats:
    """Places to compare at: a grid over the plane of the data, or points in larger spaces."""
    units = len(network.linear(np.empty(network.size, np.float32), network.depth)[0])
    most = max(MOST_VALUES // (4 * kept * units), 1)
    if inputs.shape[1] != 2:
        return inputs[:: len(inputs) // min(most, NODES**2, len(inputs))]
    side = float(np.abs(inputs).max()) * MARGIN or 1.0
    axis = np.linspace(-side, side, max(min(NODES, int(most**0.5)), 2), dtype=np.float32)
    return np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)


class _Regions:
    """The classes that networks give to some places, and those of a mix of them."""

    def __init__(
        self,
        network: Perceptron,
        parameters: Sequence[Floats],
        epochs: Epochs,
        nodes: Floats,
        trajectory: Trajectory,
    ) -> None:
        self._network, self._parameters = network, parameters
        self._epochs, self._nodes, self._trajectory = epochs, nodes, trajectory
        self._activation = network.activations[-1]
        self._head = network.linear(parameters[0], network.depth)[0].shape
        self._states: dict[int, Floats] = {}
        self._true: dict[int, NDArray[np.int64]] = {}
        self._known: dict[bytes, dict[int, float]] = {}

    def chosen(
        self, shown: NDArray[np.int64], times: NDArray[np.int64], most: int
    ) -> NDArray[np.int64]:
        """Indices of networks to keep, for those that a film shows so many times.

        The intervals in which the most is wrong are halved first, and none any more when those
        pictures are few, and none is bad, in which more than `WRONG` is.
        """
        kept = np.unique([0, len(self._epochs) - 1])
        few = True
        while len(kept) < most:
            few = few and FEW * len(kept) < most
            wrong = self.wrong(kept, shown[::FEW]) if few else self.over_film(kept, shown)
            every = FEW if few else 1
            added = self._lacking(kept, shown[::every], times[::every], wrong)
            if not len(added) and not few:
                break
            few = few and len(added) > 0
            kept = np.unique([*kept, *added[: most - len(kept)]])
        return kept

    def over_film(self, kept: NDArray[np.int64], shown: NDArray[np.int64]) -> Doubles:
        """What is wrong at all networks that a film shows, where some around say that it is much.

        Between those of which not much is wrong it is taken to be as much as in both on average.
        """
        few = np.unique([*range(0, len(shown), FEW), len(shown) - 1])
        found = np.zeros(len(shown))
        found[few] = self.wrong(kept, shown[few])
        others = np.setdiff1d(np.arange(len(shown)), few)
        after = np.searchsorted(few, others)
        before, after = found[few[after - 1]], found[few[after]]
        found[others] = (before + after) / 2
        uneasy = others[np.maximum(before, after) > UNEASY]
        found[uneasy] = self.wrong(kept, shown[uneasy])
        return found

    def _lacking(
        self,
        kept: NDArray[np.int64],
        shown: NDArray[np.int64],
        times: NDArray[np.int64],
        wrong: Doubles,
    ) -> NDArray[np.int64]:
        """Middles of the intervals in which the most is wrong; none if little is wrong."""
        if np.average(wrong > WRONG, weights=times) <= LEFT and wrong.max() <= WORST:
            return kept[:0]
        places = np.searchsorted(kept, shown, side="right") - 1
        excess = np.bincount(places, times * np.maximum(wrong - WRONG / 2, 0), len(kept))
        worst = np.argsort(-excess, kind="stable")[: 4 + len(kept) // GROWTH]
        worst = worst[excess[worst] >= max(AS_BAD * excess.max(), 1e-9)]
        middles = (kept[worst] + kept[np.minimum(worst + 1, len(kept) - 1)]) // 2
        return np.asarray(middles[middles > kept[worst]])

    def wrong(self, kept: NDArray[np.int64], at: NDArray[np.int64]) -> Doubles:
        """What is wrong at some networks when only those that are kept are known."""
        mixes = NetworkMix(
            self._trajectory, self._epochs[kept], self._head[0], self._activation.kinked
        )
        found = np.zeros(len(at))
        after = np.searchsorted(kept, at)
        after[kept[after] == at] = 0  # a network that is kept is nowhere wrong
        for place in np.unique(after[after > 0]).tolist():
            there = np.flatnonzero(after == place)
            around = kept[max(place - PAIRS, 0) : place + PAIRS].tobytes()
            known = self._known.setdefault(around, {})
            lacking = [index for index in at[there].tolist() if index not in known]
            if lacking:
                known |= self._between(mixes, kept, place, lacking)
            found[there] = [known[index] for index in at[there].tolist()]
        return found

    def _between(
        self, mixes: NetworkMix, kept: NDArray[np.int64], place: int, lacking: list[int]
    ) -> dict[int, float]:
        """What is wrong at networks between two that are kept, by the place of the second one."""
        first, weights = mixes.between(place, self._epochs[lacking])
        indices = kept[first : first + weights.shape[1]].tolist()
        states = np.stack([self._state(index) for index in indices])
        found: dict[int, float] = {}
        for index, shares in zip(lacking, weights, strict=True):
            if index not in self._true:
                self._true[index] = self._classes(self._made(index))
            classes = self._classes(mixed(shares, states))
            found[index] = float(np.mean(classes != self._true[index]))
        return found

    def _state(self, index: int) -> Floats:
        if index not in self._states:
            self._states[index] = self._made(index)
        return self._states[index]

    def _made(self, index: int) -> Floats:
        """What regions are made of, in one vector: the drawn layer at the nodes, and the read-out.

        Of an activation with kinks the layer is that before it, so that edges stay sharp in a mix.
        """
        parameters = self._parameters[index]
        drawn = self._network.last(parameters, self._nodes)
        values = drawn if self._activation.kinked else self._activation.apply(drawn)
        head = self._network.linear(parameters, self._network.depth)
        return np.concatenate([part.ravel() for part in (values, *head)])

    def _classes(self, state: Floats) -> NDArray[np.int64]:
        units, classes = self._head
        head = -(units + 1) * classes
        values = state[:head].reshape(-1, units)
        values = self._activation.apply(values) if self._activation.kinked else values
        return owners(values, state[head:-classes].reshape(units, classes), state[-classes:])
