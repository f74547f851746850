"""Recording somebody's own training loop in torch: any module, any layer, any device."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from spiralcore.errors import SpiralError, UsageError, lookup
from spiralcore.recipe import RecordingSettings
from spiralcore.recording.record import Record
from spiralcore.recording.record_file import SAVE_EVERY, RecordBlock, RecordFile
from spiralcore.recording.run.learned import NUMBER
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.training.torch_recorder.forward_pass import Seen, TorchPass, Watched
from spiralcore.training.torch_recorder.heads import IDENTITY, Call, Candidates, PlainModel
from spiralcore.training.torch_recorder.loss_graph import learned_by
from spiralcore.training.torch_recorder.model_layers import (
    activation_of,
    found,
    looked_through,
    unit_of,
)
from spiralcore.training.torch_recorder.points import TorchPoints
from spiralcore.training.torch_recorder.scores import AUTO, Choice, not_found, scores_of
from spiralcore.training.torch_recorder.sharded import whole_parameters

Layer = str | int | nn.Module


class Recorder(RecordBlock):
    """Records how a layer of a model moves while somebody else trains it.

    ::

        with Recorder("mine.npz", model, layer="hidden3", inputs=x, labels=y) as rec:
            for epoch in range(1000):
                ...  # train, in mini-batches or not
                rec.step()

    At the start and at each `step` the points pass through the model once, without gradients
    and in evaluation mode; the model is left bit for bit as it was. Every epoch is watched and as
    many are kept as the tolerance needs; the file appears when the block ends, also when it ends
    early, by ``break`` or by an exception.

    A read-out is recorded only if it gives what the model says, on all points and at every epoch.
    Cross-entropy and accuracy are those of the model's own output. What was taken is said on
    stderr, once, and by ``spiral info``.

    Parameters
    ----------
    path
        The file to write.
    model
        Any module; compiled and parallel ones are looked through.
    layer
        What is recorded: a module, its name in ``model.named_modules()``, the number of a child,
        ``"output"`` for what the model gives, or a list of layers of as many units, the one that
        films draw last. Outputs with more than two dimensions are flattened to (N, D).
    inputs
        The points to watch, first dimension N; they need not be those of the training. A tensor or
        an array; a tuple or a dictionary of these, for models of several arguments; or a
        `DataLoader`, whose batches pass one after the other.
    labels
        Their classes: integers, texts, truth values, shape (N,) or (N, 1), or rows with a single 1.
        None where there are none, or the DataLoader has them. Floats that are not whole are taken
        for ``targets``.
    targets
        Measured values in place of classes, shape (N,) or (N, 1): in films a scale of colours.
    activation
        Name of the layer's activation, for its space (see `spiralcore.registry.activations`);
        found by itself where the layer is one of torch's activation modules. Of a layer before an
        activation that is a function, the values after it are recorded.
    readout
        The module that reads the layer, or its name; None to record none. Found by itself where
        some module gives the model's output from it.
    outputs
        Where logits, log-probabilities or probabilities are in the model's output: an index, a key
        or a function; None if nowhere. Found by itself in a tensor, in what is called ``logits``,
        or where one part only has as many columns as there are classes.
    call
        Which run of the layer, if it runs more than once in a pass, counted from 0.
    output
        Which tensor, if the layer gives several: an index, a key or a function.
    classes
        Number of classes, where the labels do not show all of them.
    class_names
        What the K classes are called, in order; labels that are texts are numbered in it.
    name
        What the run is called in films of several; left out, its activation, or else its file.
    unit
        What is counted, one of ``epoch``, ``step``, ``batch`` and ``sample``: what films call the
        time of the training, and what ``at`` says, whose numbers may then have gaps.
    settings
        Which epochs are kept, and how large the file may become.
    every
        Record at epochs that are multiples of it, and at the first step; others cost nothing.
    points
        Record so many of the points only, evenly chosen from the first to the last one.
    overwrite
        Whether a file that is there is replaced.
    resume
        Go on with a file that is there, of the same points and layer; without one, begin it.
    save_every
        Seconds after which the file is saved in between; rarer, if that takes a tenth of the time.
    live
        Whether a picture follows the training in a notebook; left out, it does where there is one
        and matplotlib is installed. It takes at most a twentieth of the time.

    Attributes
    ----------
    trajectory
        The record up to now, or once it has ended.

    Raises
    ------
    UsageError
        If there is no such layer, or the points do not fit; at the first step, if something else
        cannot be recorded.
    """

    def __init__(
        self,
        path: str | Path,
        model: nn.Module,
        layer: Layer | Sequence[Layer],
        inputs: Any,
        labels: ArrayLike | Tensor | None = None,
        *,
        targets: ArrayLike | Tensor | None = None,
        activation: str | None = None,
        readout: str | nn.Module | None = AUTO,
        outputs: Choice = AUTO,
        call: int | None = None,
        output: Choice = None,
        classes: int | None = None,
        class_names: Sequence[str] | None = None,
        name: str | None = None,
        unit: str | None = None,
        settings: RecordingSettings | None = None,
        every: int = 1,
        points: int | None = None,
        overwrite: bool = False,
        resume: bool = False,
        save_every: float = SAVE_EVERY,
        live: bool | None = None,
    ) -> None:
        self._model = looked_through(model)
        chosen: list[Layer] = list(layer) if isinstance(layer, list | tuple) else [layer]  # type: ignore[list-item]
        if not chosen:
            raise UsageError("No layer is named.", "one layer, or several.")
        watched = [Watched(n, module) for module, n in (found(self._model, c) for c in chosen)]
        if isinstance(every, bool) or every < 1:
            raise UsageError(f"every is {every}.", "a number of steps, 1 or more.")
        self._every = every
        if labels is not None and targets is not None:
            raise UsageError("There are labels and targets.", "one of both.")
        self._points = TorchPoints(inputs, labels if targets is None else targets, points)
        self._pass = TorchPass(self._model, self._points, watched, call, output)
        known = activation_of(watched[-1].module)
        self._activation = activation and lookup(ACTIVATIONS, activation, "activation").name
        self._outputs, self._readout = outputs, _named(self._model, readout)
        self._record = Record(
            RecordFile(
                Path(path), overwrite=overwrite, resume=resume, save_every=save_every, live=live
            ),
            self._points.first(),
            self._points.labels if targets is None else None,
            targets=None if targets is None else self._points.labels,
            classes=classes,
            activation=self._activation or known,
            class_names=class_names,
            name=name,
            unit=unit,
            settings=settings,
            layer=", ".join(layer.name for layer in watched),
            recipe={"model": type(self._model).__name__},
            frameworks={"torch": torch.__version__},
            writes=_writes,
        )
        if self._points.count < self._points.whole:
            few = f"{self._points.count:,} of {self._points.whole:,}, evenly chosen"
            self._record.said["chosen points"] = few
        if every > 1:
            self._record.said["steps"] = f"every {every:,} of them"
        self._plain: PlainModel | None = None
        self._candidates, self._revision = Candidates(self._model), 0
        self._linear = False
        self._learned: str | None = None

    def __enter__(self) -> Self:
        self.step()
        return self

    def step(self, loss: float | Tensor | None = None, *, at: int | None = None) -> None:
        """Record the model as it is now: one more epoch is over.

        Parameters
        ----------
        loss
            What the training minimises, if the file should say it: a number, or a tensor of one.
        at
            Number of the epoch, if that should be checked; that before training is 0. With a
            ``unit`` how many of these are over, one more than before where it is left out.

        Raises
        ------
        UsageError
            If the loss is no number; at the first step, if something cannot be recorded.
        DivergenceError
            If the layer is no longer finite; what came before is kept.
        """
        first = not self._record.has_begun
        if not first and self._record.epoch % self._every:
            self._record.skip(loss, at)
            return
        if first:
            self._look_closer()
        with self._pass.seen() as seen:
            self._observe(seen, loss, at)
        if first:
            self._begin(None if self._readout in (None, AUTO) else self._readout)

    def _look_closer(self) -> None:
        """Before the first step: activations that are functions, and whether the model is plain."""
        try:
            with self._pass.seen():
                pass
        except SpiralError:
            raise
        except Exception as error:  # whatever a model raises that cannot take its inputs
            shapes = ", ".join(str(tuple(t.shape)) for t in self._points.batches[0].tensors())
            raise UsageError(
                f"The model cannot take the inputs of the shape {shapes}: "
                f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}",
                "inputs as the training gives them to the model.",
            ) from error
        if self._activation:
            self._pass.activate(self._activation)
        points, drawn = self._points.single(), self._record.activation
        flat = points is not None and points.ndim == 2 and points.shape[1] == 2
        if points is not None and flat and len(self._pass.layers) == 1 and drawn:
            calls: list[Call] = []
            self._pass.visit(nn.Linear, lambda call: calls.append(call.copy()))
            self._plain = PlainModel.of(self._model, calls, points, drawn)
            self._record.network.plain = self._plain and self._plain.network

    def _observe(self, seen: Seen, loss: Any, at: int | None) -> None:
        revision = self._pass.untouched.revision
        revised, self._revision = self._revision != revision, revision
        if revised and self._plain and not self._plain.is_whole(self._model):
            self._plain = None
            self._record.network.let_go()
        scores = scores_of(seen, self._outputs, self._record.takes)
        if not self._record.has_begun and scores is not None and len(seen.output) == 1:
            self._linear = self._pass.gives(scores)
        if not self._record.has_begun and scores is None and self._outputs == AUTO:
            self._record.said["outputs"] = not_found(seen)
        if self._learned in (None, NUMBER) and scores is not None and loss is not None:
            self._learned = learned_by(loss, self._model, scores.shape[1:].numel())
        last = seen.hidden[-1]
        readouts = {}
        if scores is not None and self._readout is not None:
            only = [self._readout] if self._readout != AUTO else None
            units = last.numel() // max(len(last), 1)
            count = scores.shape[1] if scores.ndim == 2 else 1
            kept = self._record.readouts
            with whole_parameters(self._model):
                wanted = only if kept is None else kept
                readouts = self._candidates.of(units, count, wanted, self._revision)
            if self._pass.layers[-1].module is not None and len(readouts) > 1:
                readouts.pop(IDENTITY, None)
        self._record.observe(
            [layer.detach().to("cpu", torch.float32).numpy() for layer in seen.hidden],
            readouts,
            None if scores is None else scores.detach().to("cpu", torch.float32).numpy(),
            loss,
            at,
            unit=unit_of(last, *([] if scores is None else [scores])),
            certain=self._outputs not in (None, AUTO),
            logits=self._linear,
            learned=self._learned or "",
            parameters=self._plain.parameters if self._plain else None,
        )


def _writes() -> bool:
    """Whether this is the only process, or the first of several."""
    several = torch.distributed.is_available() and torch.distributed.is_initialized()
    return not several or torch.distributed.get_rank() == 0


def _named(model: nn.Module, readout: str | nn.Module | None) -> str | None:
    if readout is None or (isinstance(readout, str) and readout == AUTO):
        return readout
    return found(model, readout)[1]
