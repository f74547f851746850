"""The whole network in a record, if it is a plain one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe.layers import layer_activations
from spiralcore.recipe.memory import MOST_SNAPSHOTS
from spiralcore.recording.kept_parameters import Snapshots
from spiralcore.registry.spaces import Space
from spiralcore.trajectory.play.motion import panel_width

Floats = NDArray[np.float32]

MOST_OF_FILE = 0.25
"""Part of the largest file that the networks in it may take."""

FEWEST_SNAPSHOTS = 4
"""Of a network; one that has no room for so many is not kept."""

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
        Of the drawn layers, see `spiralcore.recipe.layers.drawn_layers`.
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
        self._room = int(MOST_OF_FILE * 1e6 * max_megabytes)
        self._snapshots: Snapshots | None = None

    def observe(self, epoch: int, hidden: Floats, parameters: Callable[[], Floats]) -> None:
        """Keep the whole network where the points have moved, and now.

        Parameters
        ----------
        epoch
            Which one; they come in order.
        hidden
            The last hidden layer, shape (N, D).
        parameters
            Gives a copy of those of the network, shape (P,).
        """
        if self.plain is None:
            return
        if self._snapshots is None:
            most = self._room // parameters().nbytes
            if most < FEWEST_SNAPSHOTS:
                self.plain = None
                return
            self._snapshots = Snapshots(min(most, MOST_SNAPSHOTS))
            self._said["network"] = "a plain one, kept"
        still = hidden.copy()
        width = panel_width(still, self._space)
        if self._snapshots.see(epoch, still, width, parameters, last=True):
            self.verify(hidden, 1 if epoch == 0 else max(len(hidden) // TRIED, 1))

    def verify(self, hidden: Floats, stride: int = 1) -> None:
        """See whether the latest parameters still make the layer of every so many points."""
        if self._snapshots is None or self.plain is None:
            return
        points, values = self._inputs[::stride], hidden[::stride]
        if not self.plain.gives(self._snapshots.latest, points, values):
            self.plain = None
            self._said["network"] = "not kept: it is more than a plain one"

    @property
    def size_bytes(self) -> int:
        """What it takes in a file."""
        return self._snapshots.size_bytes if self._snapshots else 0

    def write(self, arrays: dict[str, Any], recipe: dict[str, Any]) -> None:
        """Put what is kept of it, if anything, into the arrays and the recipe of a trajectory."""
        if self._snapshots is None or self.plain is None:
            return
        arrays["parameters"], arrays["parameter_epochs"] = self._snapshots.arrays()
        recipe["network"] = {
            "widths": list(self.plain.widths),
            "inner_activation": self.plain.inner_activation,
        }
