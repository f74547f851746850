"""Watches a run and keeps what is needed to show it, with the error that this costs."""

from __future__ import annotations

import platform

import numpy as np
import torch
from numpy.typing import NDArray

import spiralcore
from spiralcore.activations import activation
from spiralcore.data import Points
from spiralcore.recipe import NetworkRecipe
from spiralcore.training.trainer import Step
from spiralcore.trajectory.chords import Chords, Cone, Frame, Rule, Schedule
from spiralcore.trajectory.file import to_bytes
from spiralcore.trajectory.motion import MotionMarks, panel_width
from spiralcore.trajectory.trajectory import Fidelity, Trajectory

COARSER = (1, 2.5, 6)
"""Multiples of the tolerance that are tried at the same time; the finest that fits is kept."""

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
    """

    def __init__(self, recipe: NetworkRecipe, points: Points) -> None:
        self._recipe = recipe
        self._points = points
        self._space = activation(recipe.activation).space
        self._tracks: list[Chords] = []
        self._marks = MotionMarks(SNAPSHOT_MOTION, 2 * SNAPSHOTS)
        self._snapshots: dict[int, NDArray[np.float32]] = {}
        self._curves: list[tuple[float, float, float]] = []

    def record(self, step: Step) -> None:
        """Take one epoch; epochs come in order, beginning with 0."""
        hidden = step.hidden.copy()
        frame = Frame(
            step.epoch,
            hidden,
            panel_width(hidden, self._space),
            step.readout_weight.copy(),
            step.readout_bias.copy(),
        )
        self._curves.append((step.cross_entropy, step.cross_entropy + step.penalty, step.accuracy))
        if self._tracks:
            for track in self._tracks:
                track.push(frame)
        else:
            self._tracks = [Chords(rule, frame) for rule in self._rules()]
        if self._marks.see(frame.epoch, hidden, frame.width):
            self._snapshots[frame.epoch] = step.parameters.copy()
            if len(self._snapshots) > len(self._marks.epochs):
                kept = set(self._marks.epochs)
                self._snapshots = {e: p for e, p in self._snapshots.items() if e in kept}
        if step.epoch == self._recipe.training.epochs:
            self._snapshots[step.epoch] = step.parameters.copy()
        # A track that is far over the limit cannot be what is written in the end.
        limit = 2e6 * self._recipe.recording.max_megabytes
        while len(self._tracks) > 1 and self._tracks[0].size_bytes > limit:
            self._tracks.pop(0)

    def finish(self) -> tuple[Trajectory, bytes]:
        """End the record: the trajectory, and the bytes of its file.

        With adaptive keeping this is the finest record whose file stays within the limit, or
        the coarsest one.
        """
        limit = 1e6 * self._recipe.recording.max_megabytes
        for track in self._tracks:
            track.finish()
        for track in self._tracks[:-1]:
            trajectory = self._trajectory(track)
            data = to_bytes(trajectory)
            if len(data) <= limit:
                return trajectory, data
        trajectory = self._trajectory(self._tracks[-1])
        return trajectory, to_bytes(trajectory)

    def _rules(self) -> list[Rule]:
        recording, last = self._recipe.recording, self._recipe.training.epochs
        if recording.keep == "adaptive":
            return [Cone(recording.tolerance * factor) for factor in COARSER]
        return [Schedule(scheduled_epochs(recording.keep, recording.frames, last))]

    def _trajectory(self, track: Chords) -> Trajectory:
        curves = np.array(self._curves, dtype=np.float32).T
        p50, p99 = np.quantile(track.errors, [0.5, 0.99])
        snapshots = dict(sorted(self._snapshots.items()))
        settings = self._recipe.settings()
        settings["versions"] = {
            "spiralcore": spiralcore.__version__,
            "numpy": np.__version__,
            "torch": torch.__version__,
            "machine": platform.machine(),
        }
        return Trajectory(
            recipe=settings,
            epochs=np.array([frame.epoch for frame in track.kept], dtype=np.int64),
            inputs=self._points.inputs,
            labels=self._points.labels,
            hidden=np.stack([frame.hidden for frame in track.kept]),
            readout_weight=np.stack([frame.readout_weight for frame in track.kept]),
            readout_bias=np.stack([frame.readout_bias for frame in track.kept]),
            cross_entropy=curves[0],
            loss=curves[1],
            accuracy=curves[2],
            fidelity=Fidelity(float(p50), float(p99), max(track.errors)),
            hidden_mean=np.stack(track.means),
            parameters=np.stack(list(snapshots.values())),
            parameter_epochs=np.array(list(snapshots), dtype=np.int64),
        )


def scheduled_epochs(keep: str, frames: int, last: int) -> frozenset[int]:
    """Epochs that a schedule keeps beside the first.

    Parameters
    ----------
    keep
        ``log`` (evenly spaced on a logarithmic axis from 1), ``linear`` or ``every``.
    frames
        How many to aim at; epochs that coincide count once.
    last
        The last epoch, which is always kept.
    """
    if keep == "every":
        return frozenset(range(1, last + 1))
    if keep == "log":
        epochs = np.geomspace(1, max(last - 1, 1), frames).astype(int)
    else:
        epochs = np.linspace(0, last, frames).round().astype(int)
    return frozenset(epochs.tolist()) | {last}
