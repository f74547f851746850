"""Watches a run and keeps what is needed to show it, with the error that this costs."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Iterator
from dataclasses import replace

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

COARSER = (2, 3, 4)
"""Multiples of the tolerance that are tried, in turn, when the finest record is too large."""

HOPELESS = 2.0
"""Uncompressed size, as a multiple of the limit, from which a record cannot fit any more."""

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
        self._track: Chords | None = None
        self._run = _Run(points.inputs.shape[0])
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
        self._run.append(frame)
        if frame.epoch == 0:
            self._track = Chords(self._finest_rule(), frame)
        elif self._track is not None:
            self._track.push(frame)
            if self._is_adaptive and self._track.size_bytes > HOPELESS * self._limit:
                self._track = None
        if self._marks.see(frame.epoch, hidden, frame.width):
            self._snapshots[frame.epoch] = step.parameters.copy()
            if len(self._snapshots) > len(self._marks.epochs):
                kept = set(self._marks.epochs)
                self._snapshots = {e: p for e, p in self._snapshots.items() if e in kept}
        if step.epoch == self._recipe.training.epochs:
            self._snapshots[step.epoch] = step.parameters.copy()

    def finish(self) -> tuple[Trajectory, bytes]:
        """End the record: the trajectory, and the bytes of its file.

        With adaptive keeping this is the finest record whose file stays within the limit, or
        the coarsest one.
        """
        if self._track is not None:
            self._track.finish()
            trajectory = self._trajectory(self._track)
            data = to_bytes(trajectory)
            if len(data) <= self._limit or not self._is_adaptive:
                self._run.close()
                return trajectory, data
        for factor in COARSER:
            track = self._replayed(Cone(self._recipe.recording.tolerance * factor))
            if track.size_bytes > HOPELESS * self._limit and factor != COARSER[-1]:
                continue
            trajectory = self._trajectory(track)
            data = to_bytes(trajectory)
            if len(data) <= self._limit:
                break
        self._run.close()
        return trajectory, data

    @property
    def _is_adaptive(self) -> bool:
        return self._recipe.recording.keep == "adaptive"

    @property
    def _limit(self) -> float:
        return 1e6 * self._recipe.recording.max_megabytes

    def _finest_rule(self) -> Rule:
        recording, last = self._recipe.recording, self._recipe.training.epochs
        if self._is_adaptive:
            return Cone(recording.tolerance)
        return Schedule(scheduled_epochs(recording.keep, recording.frames, last))

    def _replayed(self, rule: Rule) -> Chords:
        frames = self._run.frames()
        track = Chords(rule, next(frames))
        for frame in frames:
            track.push(frame)
        track.finish()
        return track

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


class _Run:
    """All epochs of a run, on disk in a file that has no name and vanishes with the process.

    Parameters
    ----------
    points
        Number of points in a frame.
    """

    def __init__(self, points: int) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115, closed by `close`
        self._points = points
        self._heads: list[Frame] = []

    def append(self, frame: Frame) -> None:
        """Take the next epoch."""
        self._file.write(frame.hidden.data)
        self._heads.append(replace(frame, hidden=_NOTHING))

    def close(self) -> None:
        """Forget the run."""
        self._file.close()

    def frames(self) -> Iterator[Frame]:
        """All epochs again, in order."""
        self._file.seek(0)
        for head in self._heads:
            values = np.frombuffer(self._file.read(self._points * 2 * 4), dtype=np.float32)
            yield replace(head, hidden=values.reshape(self._points, 2))


_NOTHING: NDArray[np.float32] = np.zeros((0, 2), dtype=np.float32)


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
