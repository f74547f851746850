"""The whole network at many epochs of a run, on disk while it lasts; a file keeps some."""

# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.recipe.perceptron import Perceptron
from spiralcore.recording.disk_rows import DiskRows
from spiralcore.recording.kept_regions import kept_regions
from spiralcore.trajectory.moment import RegionFidelity
from spiralcore.trajectory.trajectory import Trajectory

Floats = NDArray[np.float32]
Epochs = NDArray[np.int64]

CANDIDATE_MOTION = 0.004
"""Movement between two candidates at first, root mean square, of the panel's width."""

CANDIDATE_CHANGE = 0.004
"""Part of the points that are given to another class, between two candidates at first."""

STRIDE = 16
"""One epoch in so many is a candidate whatever moves."""

CALM = 0.5
"""Of what is enough for a candidate: so little has moved that the next epoch is passed over."""

EARLY = 32
"""So many epochs at the start are candidates anyway: untrained, points hardly move while the
classes of whole regions change."""

STORED_BYTES = 4
"""Of a parameter in a file."""


MOST_CANDIDATES, MOST_BYTES = 4000, 256_000_000
"""Candidates, and what they may take on disk; where networks move, half as many at least."""

MOST_LEFT = 0.75
"""Part of them that are left when there were too many."""

MOST_OF_FILE = 0.25
"""Part of the largest file that the networks in it may take, and more if there is room."""

MOST_NETWORKS = 320
"""However much room there is; of the default networks those with ReLU want some 300."""

FEWEST_NETWORKS = 4
"""Of a network; one of somebody else's that has no room for so many is not kept."""


def most_networks(parameters: int, max_megabytes: float) -> int:
    """How many networks of so many parameters have room in a file, whatever else is in it."""
    return networks_within(MOST_OF_FILE * 1e6 * max_megabytes, parameters)


def networks_within(room: float, parameters: int) -> int:
    """How many networks of so many parameters go into some bytes, with a margin."""
    return min(int(0.9 * room / (STORED_BYTES * parameters)), MOST_NETWORKS)


def most_candidates(parameters: int) -> int:
    """How many candidates of so many parameters there are at a time."""
    return min(max(MOST_BYTES // (4 * parameters), 16), MOST_CANDIDATES)


@njit(cache=True)
def largest(logits: NDArray[Any]) -> Epochs:
    """The class of each point, shape (N,), from logits (N, K): NumPy's way takes twice the time."""
    found = np.zeros(len(logits), np.int64)
    for n in range(len(logits)):
        for k in range(1, logits.shape[1]):
            if logits[n, k] > logits[n, found[n]]:
                found[n] = k
    return found


@njit(cache=True, error_model="numpy")
def _ways(hidden: Floats, before: Floats, classes: Epochs, earlier: Epochs) -> tuple[int, float]:
    """How many points have another class, and the sum of the squares of all ways."""
    changed, squared = 0, 0.0
    for n in range(hidden.shape[0]):
        changed += classes[n] != earlier[n]
        own = np.float32(0.0)
        for d in range(hidden.shape[1]):
            way = hidden[n, d] - before[n, d]
            own += way * way
        squared += float(own)
    return changed, squared


class NetworkCandidates:
    """Networks of epochs between which points or borders moved enough, and of the last one.

    When there are more than there is room for, enough is twice as much from then on, and those are
    dropped before which less than that had moved: where the network jumps at every epoch, as Adam
    does in a burst, all of them stay.

    Attributes
    ----------
    latest
        Parameters of the latest one, or of the last epoch; shape (P,).
    """

    latest: Floats

    def __init__(self) -> None:
        self._rows: DiskRows | None = None
        self._places: dict[int, int] = {}
        self._steps: dict[int, float] = {}
        self._later = 0
        self._before: tuple[Floats, Epochs] | None = None
        self._enough = 1.0
        self._stride = STRIDE
        self._next = 0
        self._kept: tuple[Floats, Epochs, RegionFidelity] | None = None

    def looks_at(self, epoch: int) -> bool:
        """Whether an epoch may be a candidate: after one in which little moved the next is not."""
        return epoch >= self._next or self._is_witness(epoch)

    def see(
        self,
        epoch: int,
        hidden: Floats,
        width: Callable[[], float],
        classes: Epochs,
        parameters: Callable[[], Floats],
        last: bool,
    ) -> bool:
        """Take an epoch, and tell whether it is a candidate.

        Parameters
        ----------
        epoch
            Which one; they come in order.
        hidden
            The layer, shape (N, D), in an array that stays as it is.
        width
            Gives that of its panel.
        classes
            Which each point is given to, shape (N,).
        parameters
            Gives a copy of them, shape (P,).
        last
            Whether this is the last epoch, or may be: then it is kept until the next one comes.
        """
        step = self._step(hidden, width, classes)
        self._next = epoch + (2 if step < CALM * self._enough else 1)
        chosen = self._is_witness(epoch) or step > self._enough
        if chosen or last:
            self.latest = parameters()
            self._latest_epoch = epoch
            self._kept = None
        if chosen:
            self._before = hidden, classes
            self._steps[epoch] = step
            self._add()
        return chosen

    def _add(self) -> None:
        if self._rows is None:
            self._rows = DiskRows(self.latest.shape)
        self._places[self._latest_epoch] = len(self._rows)
        self._rows.append(self.latest)
        self._later += self._latest_epoch >= EARLY
        most = most_candidates(self.latest.size)
        if self._later > most:
            while self._later > MOST_LEFT * most:
                self._thin_out()

    def _thin_out(self) -> None:
        self._stride *= 2
        self._enough *= 2
        moved = 0.0
        for epoch in [epoch for epoch in self._places if epoch >= EARLY]:
            moved += self._steps[epoch]
            if moved > self._enough or self._is_witness(epoch):
                self._steps[epoch], moved = moved, 0.0
            else:
                del self._places[epoch], self._steps[epoch]
                self._later -= 1

    def _is_witness(self, epoch: int) -> bool:
        return epoch < EARLY or epoch % self._stride == 0

    def _step(self, hidden: Floats, width: Callable[[], float], classes: Epochs) -> float:
        """How far points or borders are from where they were at the latest candidate.

        In units of what is enough at first, of that of which there is more.
        """
        if self._before is None:
            return np.inf
        changed, squared = _ways(hidden, self._before[0], classes, self._before[1])
        moved = math.sqrt(squared / len(hidden)) / width()
        return max(changed / len(classes) / CANDIDATE_CHANGE, moved / CANDIDATE_MOTION)

    def size_bytes(self, most: int) -> int:
        """What those take in a file that are kept, if there are so many."""
        return STORED_BYTES * self.latest.size * min(most, len(self._places) + 1)

    def joined(self, trajectory: Trajectory, network: Perceptron, most: int) -> Trajectory:
        """The trajectory of the run, with what shows its regions.

        Parameters
        ----------
        trajectory
            It has no networks yet. Until the next epoch comes, the first one decides for all.
        network
            What the parameters are of.
        most
            How many are kept at most.
        """
        if self._kept is None:
            self._kept = self._choose(trajectory, network, most)
        parameters, epochs, fidelity = self._kept
        return replace(
            trajectory,
            parameters=parameters,
            parameter_epochs=epochs,
            region_fidelity=fidelity,
        )

    def _choose(
        self, trajectory: Trajectory, network: Perceptron, most: int
    ) -> tuple[Floats, Epochs, RegionFidelity]:
        assert self._rows is not None
        rows = self._rows.rows()
        known = {epoch: rows[place] for epoch, place in self._places.items()}
        known[self._latest_epoch] = self.latest
        epochs, parameters = np.array(list(known), dtype=np.int64), list(known.values())
        found = kept_regions(network, parameters, epochs, trajectory, most)
        kept = np.stack([parameters[index] for index in found.indices])
        return kept, epochs[found.indices], found.fidelity
