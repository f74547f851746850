"""The trajectory: a path of a hidden layer through training, and its value at any time."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.spaces import PLANE, Space
from spiralcore.system.printable import short_name
from spiralcore.trajectory.file import read, write
from spiralcore.trajectory.fronts import Fronted
from spiralcore.trajectory.given import (
    RUN_NAME,
    check_labels,
    class_names_of,
    doubts,
    understood,
)
from spiralcore.trajectory.guess import Guess
from spiralcore.trajectory.moment import Fidelity, Floats, Moment, RegionFidelity
from spiralcore.trajectory.outside import Outside
from spiralcore.trajectory.play.counting import Counted
from spiralcore.trajectory.schema import ARRAYS, check, layer_name, normalised
from spiralcore.trajectory.shown import Shown
from spiralcore.trajectory.trouble import dead_since
from spiralcore.trajectory.unrecorded import is_unknown


@dataclass(frozen=True, eq=False, repr=False)
class Trajectory(Counted, Fronted):
    """How one network's drawn layer moved. T kept epochs, E trained epochs, N points, K classes.

    Attributes
    ----------
    recipe
        Where it comes from, as plain values; films read ``recipe["activation"]``.
    epochs
        Kept epochs, strictly increasing; 0 is before training. Shape (T,), int64.
    inputs, labels
        The points, shape (N, I), float32, with I = 2 for those of the plane, and their classes
        0 to K-1, shape (N,), int64.
    hidden
        Output of the drawn layer after exactly these epochs, shape (T, N, D), float32.
    readout_weight, readout_bias
        The linear head at these epochs, shapes (T, K, D) and (T, K), float32. NaN throughout
        where it was not recorded, see `knows_readout`.
    cross_entropy, loss, accuracy
        One value for every trained epoch, shape (E + 1,), float32. NaN throughout where they
        were not recorded.
    fidelity, region_fidelity
        The measured distance of this record, and of regions in its films, from the run, or None.
    hidden_mean
        Mean of the drawn layer over the epochs since the kept one before, that one excluded;
        same shape as ``hidden``. None if unknown.
    parameters, parameter_epochs
        The whole network at some epochs: shape (S, P), float32, and (S,), int64. All weight
        matrices (units in, units out), row by row and layer by layer, then all biases.
    layers
        Further drawn layers at these epochs, shape (T, N, D_i) each, by the number of the hidden
        layer, counted from 1.
    counts
        What had been counted at each of the E + 1 states of the run, in `unit`; None for epochs.
    targets
        Measured values of the points instead of classes, shape (N,), float32, or None.
    thumbnails, thumbnail_points
        Small pictures of some points, shape (M, H, W, 1 or 3), uint8, and which points these are,
        shape (M,), int64; or None.
    """

    recipe: Mapping[str, Any]
    epochs: NDArray[np.int64]
    inputs: Floats
    labels: NDArray[np.int64]
    hidden: Floats
    readout_weight: Floats
    readout_bias: Floats
    cross_entropy: Floats
    loss: Floats
    accuracy: Floats
    fidelity: Fidelity | None = None
    region_fidelity: RegionFidelity | None = None
    hidden_mean: Floats | None = None
    parameters: Floats | None = None
    parameter_epochs: NDArray[np.int64] | None = None
    layers: Mapping[int, Floats] = field(default_factory=dict)
    counts: NDArray[np.int64] | None = None
    targets: Floats | None = None
    thumbnails: NDArray[np.uint8] | None = None
    thumbnail_points: NDArray[np.int64] | None = None
    source: str = field(default="the given arrays", repr=False)

    def __post_init__(self) -> None:
        check(self)

    @classmethod
    def from_arrays(
        cls, recipe: Mapping[str, Any] | str | bytes | None = None, **arrays: ArrayLike
    ) -> Self:
        """Make a trajectory from arrays of any framework.

        Parameters
        ----------
        recipe
            Anything worth keeping, as a dictionary or as JSON; ``{"activation": "tanh"}`` lets the
            films draw its space.
        arrays
            The attributes of this class, or what a file has: arrays of NumPy, tensors of torch on
            any device, lists, and anything else that NumPy can turn into an array. The same
            numbers in another type are converted. A read-out of one logit is two classes: the
            second where it is positive. ``class_names`` and ``run_name`` are texts.

        Raises
        ------
        TrajectoryError
            If an array is missing, unknown, or does not fit the others; if the activation is a
            known one in other letters, or classes are counted from 1.

        Warns
        -----
        UserWarning
            If points are outside of the activation's space, or it may be a known one with a slip.
        """
        source = "the given arrays"
        known, given = understood(source, recipe, arrays)
        made = cls.of(known, **given)
        check_labels(made)
        for words in doubts(made):
            warnings.warn(words, stacklevel=2)
        return made

    @classmethod
    def of(cls, recipe: Mapping[str, Any], **arrays: ArrayLike) -> Self:
        """Make a trajectory from a recipe and arrays that come from one, or from a recorder.

        As `from_arrays`, without the questions that only somebody else's arrays raise.
        """
        return cls(recipe=dict(recipe), **normalised(arrays, "the given arrays"))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a trajectory file.

        Raises `TrajectoryError` if it is missing, unreadable, too large or not a valid one.
        """
        recipe, arrays = read(Path(path))
        return cls(recipe=recipe, source=str(path), **arrays)

    def save(self, path: str | Path) -> None:
        """Write a trajectory file; it appears whole or not at all."""
        write(self, Path(path))

    def __repr__(self) -> str:
        return (
            f"<Trajectory {self.source!r}: {self.points:,} points in {self.classes} classes, "
            f"{self.units} units, {self.trained_epochs:,} epochs, {len(self.epochs):,} kept>"
        )

    def arrays(self) -> dict[str, ArrayLike]:
        """All arrays that are there, by the names that they have in a file."""
        named = {name: getattr(self, name) for name in ARRAYS}
        named |= {layer_name(layer): values for layer, values in self.layers.items()}
        return {
            name: values
            for name, values in named.items()
            if values is not None and not (isinstance(values, np.ndarray) and is_unknown(values))
        }

    @property
    def knows_readout(self) -> bool:
        """Whether the linear head was recorded."""
        return not is_unknown(self.readout_bias)

    @property
    def knows_loss(self) -> bool:
        """Whether the cross-entropy was recorded; otherwise it is NaN."""
        return not is_unknown(self.cross_entropy)

    def evaluate(self, epoch: float) -> Moment:
        """The layer and its read-out at any time, on the straight line between kept epochs.

        Before the first and after the last kept epoch the path stands still.
        """
        before, after, share = self.between(epoch)
        return Moment(
            *(
                array[before] * (1 - share) + array[after] * share
                for array in (self.hidden, self.readout_weight, self.readout_bias)
            )
        )

    def between(self, epoch: float) -> tuple[int, int, np.float32]:
        """Indices of the kept epochs next to an epoch, and how near it is to the second, 0 to 1."""
        last = len(self.epochs) - 1
        after = min(int(np.searchsorted(self.epochs, epoch, side="left")), last)
        before = max(after - 1, 0)
        span = self.epochs[after] - self.epochs[before]
        passed = 1.0 if span == 0 else float((epoch - self.epochs[before]) / span)
        return before, after, np.float32(min(max(passed, 0.0), 1.0))

    @property
    def classes(self) -> int:
        """Number of classes K."""
        return int(self.readout_bias.shape[1])

    @cached_property
    def guess(self) -> Guess:
        """What is reached by guessing, in the know of how many points each class has."""
        return Guess.among(np.bincount(self.labels, minlength=self.classes))

    @property
    def points(self) -> int:
        """Number of points N."""
        return len(self.labels)

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """What the classes are called; empty where the file does not say it of all."""
        return class_names_of(self.recipe, self.classes)

    @property
    def run_name(self) -> str:
        """What the run is called; empty where the file does not say it."""
        name = self.recipe.get(RUN_NAME)
        return short_name(name.strip()) if isinstance(name, str) else ""

    @property
    def activation_label(self) -> str:
        """What films call the activation, for example ``ReLU``."""
        name = self.recipe.get("activation")
        if not isinstance(name, str) or not name.strip():
            return "hidden layer"
        return ACTIVATIONS[name].label if name in ACTIVATIONS else short_name(name.strip())

    @property
    def units(self) -> int:
        """Number of units of the drawn layer D."""
        return int(self.hidden.shape[2])

    @property
    def shown(self) -> Shown | None:
        """What is shown, where it is not the last hidden layer as it was recorded."""
        return Shown.of(self.recipe)

    @property
    def is_projection(self) -> bool:
        """Whether it has a wide layer on some axes instead of its units."""
        return (shown := self.shown) is not None and shown.share is not None

    @property
    def space(self) -> Space:
        """The space of the drawn layer; for projections, and where nothing is known, everything."""
        if self.is_projection:
            return PLANE
        name = (self.shown and self.shown.activation) or self.recipe.get("activation")
        if isinstance(name, str) and name in ACTIVATIONS:
            return ACTIVATIONS[name].space
        return PLANE

    @cached_property
    def outside(self) -> Outside:
        """Points that lie outside of the space of the drawn layer."""
        return Outside.of(self.hidden, self.space)

    @cached_property
    def dead_since(self) -> dict[int, int]:
        """Units that are 0 for all points until the end, and the first kept epoch of that."""
        return {} if self.is_projection else dead_since(self.hidden, self.epochs)
