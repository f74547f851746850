"""The whole network at some epochs of a run."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe.memory import MOST_SNAPSHOTS
from spiralcore.registry.activations import layer_activations
from spiralcore.trajectory.play.motion import MotionMarks

Floats = NDArray[np.float32]

SNAPSHOT_MOTION = 0.02
"""Movement between two snapshots at first, root mean square, of the panel's width."""


class Snapshots:
    """Parameters at epochs between which the points moved about the same amount, and at the last.

    Parameters
    ----------
    most
        How many at most, the last one not counted.
    """

    def __init__(self, most: int = MOST_SNAPSHOTS) -> None:
        self._marks = MotionMarks(SNAPSHOT_MOTION, most)
        self._kept: dict[int, Floats] = {}

    def see(
        self, epoch: int, hidden: Floats, width: float, parameters: Callable[[], Floats], last: bool
    ) -> bool:
        """Take an epoch, and tell whether the points have moved since the last one that is kept.

        Parameters
        ----------
        epoch
            Which one; they come in order.
        hidden
            The layer, shape (N, D), in an array that stays as it is.
        width
            Of its panel.
        parameters
            Gives a copy of them, shape (P,).
        last
            Whether this is the last epoch, or may be.
        """
        marked = self._marks.see(epoch, hidden, width)
        if marked or last:
            self._kept[epoch] = parameters()
            wanted = {*self._marks.epochs, epoch}
            self._kept = {e: p for e, p in self._kept.items() if e in wanted}
        return marked

    @property
    def latest(self) -> Floats:
        """Parameters at the last epoch that is kept."""
        return self._kept[max(self._kept)]

    @property
    def size_bytes(self) -> int:
        """What they take in a file."""
        return sum(part.nbytes for part in self._kept.values())

    def arrays(self) -> tuple[Floats, NDArray[np.int64]]:
        """They, shape (S, P), and their epochs, shape (S,)."""
        kept = dict(sorted(self._kept.items()))
        return np.stack(list(kept.values())), np.array(list(kept), dtype=np.int64)


CLOSE = 1e-4
"""How near the values of a plain network have to come, as a part of the largest: 2 to 3 digits
more than float32 loses on the way through some layers, and less than pictures show."""

TRIED = 32
"""Points, about, on which a network is tried while a run lasts; on all of them at its ends."""


class PlainNetwork(NamedTuple):
    """A multi-layer perceptron that trajectories can hold.

    Attributes
    ----------
    widths
        Of its hidden layers.
    activation
        Of the drawn layers, see `spiralcore.registry.activations.drawn_layers`.
    inner_activation
        Of the others.
    """

    widths: tuple[int, ...]
    activation: str
    inner_activation: str

    def gives(self, parameters: Floats, inputs: Floats, hidden: Floats) -> bool:
        """Whether it makes the last hidden layer of its inputs: shapes (P,), (N, I) and (N, D)."""
        sizes = (inputs.shape[1], *self.widths)
        entries = layer_activations(self.widths, self.activation, self.inner_activation)
        shapes = list(pairwise(sizes))
        classes = (len(parameters) - sum(a * b + b for a, b in shapes)) // (sizes[-1] + 1)
        bias_start = sum(a * b for a, b in shapes) + sizes[-1] * classes
        # Not by a product of matrices: the threads of BLAS would get into the way of the training.
        value, start = inputs, 0
        for (a, b), entry in zip(shapes, entries, strict=True):
            weight = parameters[start : start + a * b].reshape(a, b)
            value = np.asarray(
                entry.apply(
                    np.einsum("ni,io->no", value, weight) + parameters[bias_start : bias_start + b]
                )
            )
            start, bias_start = start + a * b, bias_start + b
        if value.shape != hidden.shape:
            return False
        off = np.abs(value - hidden).max()
        return bool(off <= CLOSE * max(float(np.abs(hidden).max()), 1e-3))
