"""The whole network in a record, if it is a plain one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe.layers import layer_activations
from spiralcore.recipe.perceptron import Perceptron
from spiralcore.recording.network_candidates import (
    FEWEST_NETWORKS,
    NetworkCandidates,
    most_networks,
    networks_within,
)
from spiralcore.recording.run.kernels import product_of
from spiralcore.registry.spaces import Space
from spiralcore.trajectory.play.motion import panel_width
from spiralcore.trajectory.trajectory import Trajectory

Floats = NDArray[np.float32]

CLOSE = 1e-4
"""How near the values of a plain network have to come, as a part of the largest: 2 to 3 digits
more than float32 loses on the way through some layers, and less than pictures show."""

TRIED = 32
"""Points, about, on which a network is tried while a run lasts; on all of them at its ends."""


KEPT = "a plain one, kept"


class PlainNetwork(NamedTuple):
    """A multi-layer perceptron that trajectories can hold.

    Attributes
    ----------
    widths
        Of its hidden layers.
    activation
        Of the drawn layers, see `spiralcore.recipe.layers.drawn_layers`.
    inner_activation
        Of the others.
    """

    widths: tuple[int, ...]
    activation: str
    inner_activation: str

    def perceptron(
        self,
        parameters: int,
        inputs: int,
        product: Callable[[Floats, Floats], Floats] = np.matmul,
    ) -> Perceptron:
        """The network as a function, by the number of its parameters P and of its inputs I."""
        sizes = (inputs, *self.widths)
        entries = layer_activations(self.widths, self.activation, self.inner_activation)
        hidden = sum(a * b + b for a, b in pairwise(sizes))
        classes = (parameters - hidden) // (sizes[-1] + 1)
        return Perceptron((*sizes, classes), entries, product)

    def gives(self, parameters: Floats, inputs: Floats, hidden: Floats) -> bool:
        """Whether it makes the last hidden layer of its inputs: shapes (P,), (N, I) and (N, D)."""
        # Not by a product of matrices: the threads of BLAS would get into the way of the training.
        network = self.perceptron(len(parameters), inputs.shape[1], product_of)
        drawn = network.forward(parameters, inputs, stop=network.depth)[-1]
        value = network.activations[-1].apply(drawn)
        if value.shape != hidden.shape:
            return False
        off = np.abs(value - hidden).max()
        return bool(off <= CLOSE * max(float(np.abs(hidden).max()), 1e-3))


class KeptNetwork:
    """Keeps a plain network as long as its parameters make the layer that was observed.

    Parameters
    ----------
    plain
        What its parameters are; None if it is no plain one.
    inputs
        The points, shape (N, I).
    space
        That of the layer.
    max_megabytes
        The largest file.
    said
        Where it says what became of it, under ``network``.
    """

    def __init__(
        self,
        plain: PlainNetwork | None,
        inputs: Floats,
        space: Space,
        max_megabytes: float,
        said: dict[str, str],
    ) -> None:
        self.plain = plain
        self._inputs, self._space, self._said = inputs, space, said
        self._max_megabytes = max_megabytes
        self._candidates: NetworkCandidates | None = None

    def observe(
        self,
        epoch: int,
        hidden: Floats,
        classes: NDArray[np.int64],
        parameters: Callable[[], Floats],
    ) -> None:
        """Keep the whole network where the points have moved, and now.

        Parameters
        ----------
        epoch
            Which one; they come in order.
        hidden
            The last hidden layer, shape (N, D).
        classes
            Which each point is given to, shape (N,).
        parameters
            Gives a copy of those of the network, shape (P,).
        """
        if self.plain is None:
            return
        if self._candidates is None:
            if most_networks(parameters().size, self._max_megabytes) < FEWEST_NETWORKS:
                self.plain = None
                return
            self._candidates = NetworkCandidates()
            self._said["network"] = KEPT
        still = hidden.copy()
        seen = self._candidates.see(
            epoch,
            still,
            lambda: panel_width(still, self._space),
            classes,
            parameters,
            last=True,
        )
        if seen:
            self.verify(hidden, 1 if epoch == 0 else max(len(hidden) // TRIED, 1))

    def verify(self, hidden: Floats, stride: int = 1) -> None:
        """See whether the latest parameters still make the layer of every so many points."""
        if self._candidates is None or self.plain is None:
            return
        points, values = self._inputs[::stride], hidden[::stride]
        if not self.plain.gives(self._candidates.latest, points, values):
            self.let_go()

    def follow_readout(self, known: bool) -> None:
        """Keep nothing where there is no read-out: nobody knows what the outputs are."""
        if known:
            return
        self.plain = None
        if self._said.get("network") == KEPT:
            self._said["network"] = "not kept: there is no read-out"

    def let_go(self) -> None:
        """Keep nothing: it is more than a plain network, or has become another one."""
        self.plain = None
        self._said["network"] = "not kept: it is more than a plain one"

    @property
    def size_bytes(self) -> int:
        """What it takes in a file."""
        if self._candidates is None or self.plain is None:
            return 0
        return self._candidates.size_bytes(self._most)

    @property
    def _most(self) -> int:
        assert self._candidates is not None
        return most_networks(self._candidates.latest.size, self._max_megabytes)

    def joined(self, trajectory: Trajectory, room: float) -> Trajectory:
        """A trajectory of the run, with what is kept of the network, if anything.

        Parameters
        ----------
        trajectory
            It has no network yet.
        room
            Bytes that there are for it in the file, or less.
        """
        if self._candidates is None or self.plain is None:
            return trajectory
        known = {
            "widths": list(self.plain.widths),
            "inner_activation": self.plain.inner_activation,
        }
        size = self._candidates.latest.size
        network = self.plain.perceptron(size, self._inputs.shape[1])
        most = max(self._most, networks_within(room, size))
        found = self._candidates.joined(trajectory, network, most)
        return replace(found, recipe={**found.recipe, "network": known})
