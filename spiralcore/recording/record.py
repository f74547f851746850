"""The record of a run that somebody else trains: arrays in, a trajectory file out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import UsageError, lookup
from spiralcore.recipe import RecordingSettings
from spiralcore.recording.checks import as_number, as_points, as_row, check_space
from spiralcore.recording.claims import Claims
from spiralcore.recording.classes import Labels
from spiralcore.recording.disk_rows import DiskRows
from spiralcore.recording.joining import Continuation
from spiralcore.recording.kept.axes import KeptAxes
from spiralcore.recording.kept.content import content, room_of, run_of
from spiralcore.recording.kept.thumbnails import thumbnails
from spiralcore.recording.kept_network import KeptNetwork, PlainNetwork
from spiralcore.recording.network_candidates import largest
from spiralcore.recording.outputs import SINGLE, as_rows, plain_shape
from spiralcore.recording.piecewise_linear import PiecewiseLinear, approximate
from spiralcore.recording.record_file import RecordFile, let_go, on_end, undisturbed
from spiralcore.recording.run.states import States
from spiralcore.recording.size_budget import within_budget
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.spaces import PLANE, Space
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.given import RUN_NAME
from spiralcore.trajectory.unrecorded import LIMITED, limited

Floats = NDArray[np.float32]


class Record:
    """Keeps what one observes of a run: knows no framework, takes arrays of NumPy.

    Parameters
    ----------
    file
        Where it is kept.
    inputs, labels, targets, classes, class_names, name, unit, activation, settings
        See `spiralcore.recording.array_recorder.ArrayRecorder`.
    layer, recipe
        What messages call it, and what else the file should say.
    frameworks, network
        Versions by name, and what the parameters are that `observe` is given, if it is plain.
    writes
        Whether this process does.

    Attributes
    ----------
    network
        Keeps the whole network.
    said
        What was taken: in the file, `recipe["recorded"]`.
    """

    def __init__(
        self,
        file: RecordFile,
        inputs: NDArray[Any],
        labels: Any = None,
        *,
        targets: Any = None,
        classes: int | None = None,
        activation: str | None = None,
        settings: RecordingSettings | None = None,
        layer: str = "hidden",
        recipe: Mapping[str, Any] | None = None,
        frameworks: Mapping[str, str] | None = None,
        network: PlainNetwork | None = None,
        class_names: Any = None,
        name: str | None = None,
        unit: str | None = None,
        writes: Callable[[], bool] = lambda: True,
    ) -> None:
        self._file, self._writes = file, writes
        self._inputs = as_points(inputs)
        self._given = Labels.of(labels, len(self._inputs), classes, class_names, targets)
        self._of_points = self._given.facts | thumbnails(inputs, self._given.codes)
        self._activation = lookup(ACTIVATIONS, activation, "activation") if activation else None
        self.layer, self._settings = layer, settings or RecordingSettings()
        self._recipe = {**(recipe or {}), **({RUN_NAME: str(name)} if name is not None else {})}
        self._frameworks = dict(frameworks or {})
        self._run: DiskRows | None = None
        self._axes: KeptAxes | None = None
        self._seen: list[int] = []
        self.states, self._before = States(unit), Continuation(file.before)
        self._layers, self._closed = 1, False
        self._made: tuple[int, Trajectory] | None = None
        self._claims = Claims(self._given, self._tell, self._inputs)
        self.said = self._claims.said
        self.network = KeptNetwork(
            network, self._inputs, self.space, self._settings.max_megabytes, self.said
        )

    @property
    def epoch(self) -> int:
        """Number of the epoch that comes next."""
        return self._before.first + len(self.states)

    @property
    def has_begun(self) -> bool:
        """Whether anything was observed."""
        return bool(self.states)

    @property
    def trajectory(self) -> Trajectory:
        """The record up to now; `AttributeError` before the first epoch."""
        if self._made is None or self._made[0] != self.states.revision:
            if not self.states:
                raise AttributeError("nothing has been recorded yet")
            self._made = self.states.revision, self._build()[0]
        return self._made[1]

    @property
    def readouts(self) -> list[str] | None:
        """Those that have given the outputs at every epoch so far; None before the first."""
        return None if self._run is None else list(self._claims.heads)

    @property
    def activation(self) -> str | None:
        """The name of the layer's activation."""
        return self._activation.name if self._activation else None

    def takes(self, shape: tuple[int, ...]) -> bool:
        """Whether numbers of such a shape may be what the network says of the classes."""
        plain = plain_shape(shape)
        return len(plain) == 2 and self._given.beside(max(plain[1], 2)) is not None

    @property
    def space(self) -> Space:
        """The space of the layer."""
        return self._activation.space if self._activation else PLANE

    def observe(
        self,
        hidden: NDArray[Any] | Sequence[NDArray[Any]],
        readouts: Mapping[str, tuple[NDArray[Any], NDArray[Any] | None]] | None = None,
        outputs: NDArray[Any] | None = None,
        loss: Any = None,
        at: int | None = None,
        *,
        unit: float = SINGLE,
        certain: bool = False,
        logits: bool = False,
        learned: str = "",
        parameters: Callable[[], Floats] | None = None,
    ) -> None:
        """Take the state after one more epoch; the first is that before training.

        Parameters
        ----------
        hidden, outputs, loss, at
            As in `ArrayRecorder.observe`.
        readouts
            By name, weights (K, D) and biases (K,) or None that may lead from it to the outputs.
            Those that give the outputs at every epoch are kept; after the first epoch, only these
            are asked for.
        unit
            Unit roundoff of what computed layer and outputs.
        certain
            Whether outputs are known to be those of classes, though the labels do not show all.
        logits, learned
            Whether they are known to be logits where their numbers could be something else, and
            what they are trained as, see `spiralcore.recording.run.learned`, if that is known.
        parameters
            Gives a copy of those of the plain network, shape (P,).

        Raises `UsageError` if something does not fit, `DivergenceError` if it is not finite.
        """
        given = self._checked(loss, at)
        row = self._row(hidden)
        rows = None if outputs is None else as_rows(np.asarray(outputs), len(self._inputs))
        if self._run is None:
            check_space(row, self._activation, self.layer)
            self._claims.begin(None if outputs is None else np.shape(outputs), rows, certain)
            units = f"{row.shape[1]:,} unit{'s' if row.shape[1] > 1 else ''}"
            self.said["layer"] = f"{self.layer}, {units}"
            going_on = self._before.begin(row[-len(self._inputs) :], lambda: self._alone(row))
            self.said |= {"resumed": going_on} if going_on else {}
            self.states.begin(self._file.before, self.epoch, at)
            self._run, self._seen = DiskRows(row.shape), []
            self.said |= room_of(row.size, self._layers, self._settings)
            on_end(self.finish)
        state, last = self.epoch, row[-len(self._inputs) :]
        verdict, wrong = self._claims.judge(
            state, last, readouts or {}, rows, unit, logits, given, learned
        )
        self.states.disclaim(wrong)
        self.network.follow_readout(bool(self._claims.heads))
        self._run.append(row)
        self._seen.append(len(self.states))
        if parameters is not None:
            owners = np.zeros(len(last), int) if rows is None else largest(rows)
            self.network.observe(len(self.states), last, owners, parameters)
        self.states.add(given, at, verdict)
        if self._file.is_due(self) and self._writes():
            self.save()

    def skip(self, loss: Any = None, at: int | None = None) -> None:
        """Pass over a state, of which the loss is kept; raises as `observe` does."""
        self.states.add(self._checked(loss, at), at)

    def _checked(self, loss: Any, at: int | None) -> float:
        self.states.check(at, self.epoch)
        if self._closed:
            raise UsageError("The recorder is closed.", "a step before that.")
        return as_number(loss)

    def _row(self, hidden: NDArray[Any] | Sequence[NDArray[Any]]) -> Floats:
        """All layers below each other, shape (L N, D); the same at every epoch."""
        layers = [hidden] if isinstance(hidden, np.ndarray) else list(hidden)
        before = None if self._run is None else (self._layers, self._run.shape)
        row = as_row(layers, len(self._inputs), self.layer, self.epoch, before)
        self._layers = len(layers)
        return row

    def forget(self) -> None:
        """Take nothing of what was observed."""
        if self._run is not None:
            self._run.close()
        self._run = None
        self.states.forget()
        let_go(self.finish)

    def tell(self) -> None:
        """Say on stderr what was taken."""
        for name in self.said:
            self._tell(name)

    def _tell(self, name: str) -> None:
        if self._writes():
            print(f"{self._file.path.name}: {name}: {self.said[name]}", file=sys.stderr)

    def save(self) -> None:
        """Write what there is up to now; the training goes on."""
        self._file.begin()
        trajectory, data = self._build()
        self._made = self.states.revision, trajectory
        self._file.write(data)

    def finish(self) -> None:
        """Write the file, once; `SpiralError` names another place, if it had to be put there."""
        if self._closed or self._run is None or not self.states:
            return
        self._file.live.end(self)
        with undisturbed():
            self.states.disclaim(self._claims.settle(self.epoch - 1))
            self.network.follow_readout(bool(self._claims.heads))
            trajectory, data = self._build()
            self._made = self.states.revision, trajectory
            self._run.close()
            self._closed = True
            let_go(self.finish)
            if self._writes():
                self._file.write_last(data)
                self.said |= {LIMITED: why} if (why := limited(trajectory)) else {}
                for name in sorted({"kept", LIMITED} & self.said.keys()):
                    self._tell(name)

    def _build(self) -> tuple[Trajectory, bytes]:
        """The record up to now, and its file."""
        assert self._run is not None
        count = sum(place < len(self.states) for place in self._seen)
        self.network.verify(self._run[count - 1][-len(self._inputs) :])
        run, widths, self._axes = run_of(self._run, count, self._layers, self.space, self._settings)
        if self._axes:
            self.said["kept"] = self._axes.said
        size = self.network.size_bytes
        kept = within_budget(run, widths, self._settings, self._trajectory, size)
        return self._before.whole(kept)

    def _alone(self, row: Floats) -> Trajectory:
        """What a file of one state is: of its points and its layer."""
        lines = approximate(row[None], np.ones((1, self._layers), np.float32), np.zeros(1, int))
        return self._trajectory(lines, 0.0, alone=True)

    def _trajectory(self, lines: PiecewiseLinear, room: float, alone: bool = False) -> Trajectory:
        recipe = {**self._recipe, "layer": self.layer, "recorded": dict(self.said)}
        recipe |= self.states.entries()
        if self._activation is not None:
            recipe["activation"] = self._activation.name
        trajectory = content(
            lines,
            np.array([0] if alone else self._seen),
            self._layers,
            self.states.arrays(0 if alone else self._seen[-1] + 1) | self._of_points,
            self._inputs,
            self._given.titled(self._claims.classes or self._given.alone()),
            self._claims,
            recipe,
            self._frameworks,
            self._axes,
        )
        return self.network.joined(trajectory, room) if self._claims.heads else trajectory
