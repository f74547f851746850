"""Watches a run and keeps what is needed to show it, with the error that this costs."""

from __future__ import annotations

import os
import platform
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numba
import numpy as np
import torch
from numpy.typing import NDArray

import spiralcore
from spiralcore.activations import activation, drawn_layers
from spiralcore.data import Points
from spiralcore.recipe import NetworkRecipe
from spiralcore.training.chords import Chords, cone, cut, scheduled
from spiralcore.training.trainer import Step
from spiralcore.trajectory.file import COMPRESSION, to_bytes
from spiralcore.trajectory.motion import MotionMarks, panel_width, panel_widths
from spiralcore.trajectory.trajectory import Fidelity, Trajectory

TOLERANCES = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0)
"""Multiples of the tolerance that are tried, in turn, until the file stays within its limit."""

SAMPLED = 16
"""One in so many kept epochs is compressed to estimate the size of a file."""

SNAPSHOTS = 40
"""The whole network is kept at this many epochs at least (where it moves), twice at most."""

SNAPSHOT_MOTION = 0.02
"""Movement between two snapshots at first, root mean square, of the panel's width."""


class Recorder:
    """Keeps a run as a trajectory.

    Parameters
    ----------
    recipe
        The settings of the run and of the recording.
    points
        The points that are passed through the network.
    earlier
        What became of earlier attempts at the same recipe, for people.
    """

    def __init__(
        self, recipe: NetworkRecipe, points: Points, earlier: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        self._recipe = recipe
        self._earlier = [dict(attempt) for attempt in earlier]
        self._points = points
        self._space = activation(recipe.activation).space
        self._layers = drawn_layers(recipe.network.widths)
        count, classes = recipe.training.epochs + 1, recipe.classes
        units = recipe.network.widths[-1]
        # The drawn layers below each other, the last one at the end.
        self._run = _on_disk((count, len(self._layers) * len(points.labels), units))
        self._weight = np.empty((count, classes, units), dtype=np.float32)
        self._bias = np.empty((count, classes), dtype=np.float32)
        self._curves = np.empty((3, count), dtype=np.float32)
        self._marks = MotionMarks(SNAPSHOT_MOTION, 2 * SNAPSHOTS)
        self._snapshots: dict[int, NDArray[np.float32]] = {}

    def record(self, step: Step) -> None:
        """Take one epoch; epochs come in order, beginning with 0."""
        epoch, hidden = step.epoch, self._run[step.epoch]
        for part, layer in zip(self._parted(hidden), step.layers, strict=True):
            part[:] = layer
        self._weight[epoch] = step.readout_weight
        self._bias[epoch] = step.readout_bias
        self._curves[:, epoch] = (
            step.cross_entropy,
            step.cross_entropy + step.penalty,
            step.accuracy,
        )
        last = hidden[-len(self._points.labels) :]
        marked = self._marks.see(epoch, last, panel_width(last, self._space))
        if marked or epoch == self._recipe.training.epochs:
            self._snapshots[epoch] = step.parameters.copy()
        if marked and len(self._snapshots) > len(self._marks.epochs):
            kept = set(self._marks.epochs)
            self._snapshots = {e: p for e, p in self._snapshots.items() if e in kept}

    def finish(self) -> tuple[Trajectory, bytes]:
        """End the record: the trajectory, and the bytes of its file.

        With adaptive keeping this is the finest record whose file stays within the limit, or
        the coarsest one.
        """
        widths = np.stack(
            [panel_widths(part, self._space) for part in self._parted(self._run, 1)], axis=1
        )
        for epochs, is_last in self._choices(widths):
            if not is_last and self._estimated_bytes(epochs) > self._limit:
                continue
            trajectory = self._trajectory(cut(self._run, widths, epochs))
            data = to_bytes(trajectory)
            if is_last or len(data) <= self._limit:
                break
        return trajectory, data

    def _parted(self, run: NDArray[np.float32], axis: int = 0) -> list[NDArray[np.float32]]:
        """Views of the drawn layers, from one epoch or from many."""
        return np.split(run, len(self._layers), axis=axis)

    @property
    def _limit(self) -> float:
        return 1e6 * self._recipe.recording.max_megabytes

    def _choices(self, widths: NDArray[np.float32]) -> Iterator[tuple[NDArray[np.int64], bool]]:
        """Sets of epochs that may be kept, the finest first, and whether it is the last one."""
        recording = self._recipe.recording
        if recording.keep == "adaptive":
            for factor in TOLERANCES:
                tolerance = factor * recording.tolerance
                yield cone(self._run, widths, tolerance), factor == TOLERANCES[-1]
        else:
            last = self._recipe.training.epochs
            yield scheduled(recording.keep, recording.frames, last), True

    def _estimated_bytes(self, epochs: NDArray[np.int64]) -> float:
        """Size that a file with these epochs would have, a little less rather than more."""
        sample = np.ascontiguousarray(self._run[epochs[::SAMPLED]])
        with np.errstate(over="ignore"):
            packed = len(zlib.compress(sample.astype(np.float16).tobytes(), COMPRESSION))
        # The last layer comes with its means.
        paths = (1 + 1 / len(self._layers)) * packed * len(epochs) / len(sample)
        return 0.97 * paths + sum(part.nbytes for part in self._snapshots.values())

    def _trajectory(self, chords: Chords) -> Trajectory:
        p50, p99 = np.quantile(chords.errors, [0.5, 0.99])
        snapshots = dict(sorted(self._snapshots.items()))
        settings = self._recipe.settings()
        table = self._recipe.data.table
        settings["made"] = {
            **({"table": Path(table).name} if table else {}),
            "earlier_attempts": self._earlier,
            "versions": {
                "spiralcore": spiralcore.__version__,
                "numpy": np.__version__,
                "numba": numba.__version__,
                "torch": torch.__version__,
                "machine": platform.machine(),
            },
        }
        cross_entropy, loss, accuracy = self._curves
        *others, hidden = self._parted(chords.hidden, 1)
        return Trajectory(
            recipe=settings,
            epochs=chords.epochs,
            inputs=self._points.inputs,
            labels=self._points.labels,
            hidden=hidden,
            readout_weight=self._weight[chords.epochs],
            readout_bias=self._bias[chords.epochs],
            cross_entropy=cross_entropy,
            loss=loss,
            accuracy=accuracy,
            fidelity=Fidelity(float(p50), float(p99), float(chords.errors.max())),
            hidden_mean=self._parted(chords.means, 1)[-1],
            parameters=np.stack(list(snapshots.values())),
            parameter_epochs=np.array(list(snapshots), dtype=np.int64),
            layers=dict(zip((layer + 1 for layer in self._layers), others, strict=False)),
        )


def _on_disk(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """An array in a file that has no name and vanishes with the process.

    Raises
    ------
    OSError
        If there is no room for it; later there always is.
    """
    with tempfile.TemporaryFile() as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, 4 * int(np.prod(shape)))
        # A plain array: a memmap costs more at each of the many times that a row is taken.
        return np.asarray(np.memmap(file, np.float32, "w+", shape=shape))
