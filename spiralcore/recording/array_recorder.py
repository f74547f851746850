"""Recording a loop that works with arrays: of NumPy, JAX, CuPy, or anything that NumPy reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import TrajectoryError, UsageError
from spiralcore.recipe import RecordingSettings
from spiralcore.recording.outputs import SINGLE
from spiralcore.recording.record import Record
from spiralcore.recording.record_file import SAVE_EVERY, RecordBlock, RecordFile
from spiralcore.trajectory.conversion import to_array

UNITS = {"bfloat16": 2.0**-8, "float16": 2.0**-11}
"""Unit roundoff of types coarser than float32, by their names."""

READOUT = "readout"


class ArrayRecorder(RecordBlock):
    """Records a layer of a network that somebody's own loop computes.

    ::

        with ArrayRecorder("mine.npz", inputs=x, labels=y, activation="tanh") as rec:
            for epoch in range(1001):
                hidden, logits = network(parameters, x)
                rec.observe(hidden, readout=(w3.T, b3), outputs=logits)
                ...  # train

    The first call is the state before training. Everything is checked at that call; afterwards what
    was recorded is saved however the block ends. A read-out is recorded only if it gives the
    outputs, at every epoch.

    Parameters
    ----------
    path
        The file to write.
    inputs
        The points, first dimension N.
    labels
        Their classes: integers, texts, truth values, or rows with a single 1; None if there are
        none. Floats that are not whole are taken for ``targets``.
    targets
        Measured values in place of classes, shape (N,) or (N, 1): films show them as a scale of
        colours.
    activation
        Name of the layer's activation, for its space, see `spiralcore.registry.activations`.
    classes
        Number of classes, where the labels do not show all of them.
    layer
        What messages and the file call the layer.
    class_names
        What the classes are called, K texts in their order; labels that are texts are numbered in
        this order.
    name
        What the run is called, in films of several of them; left out, it is called by its
        activation, and where these are the same by its file.
    unit
        What is counted, one of ``epoch``, ``step``, ``batch`` and ``sample``: what films call the
        time of the training, and what ``at`` says, whose numbers may then have gaps.
    settings
        Which epochs are kept, and how large the file may become.
    recipe
        What else the file should say of where it comes from, as plain values.
    precision
        What computed the numbers, where that is coarser than their type: ``bfloat16`` or
        ``float16`` (as matrix products of float32 are on some devices).
    overwrite
        Whether a file that is there is replaced.
    resume
        Whether a file that is there is gone on with, of the same points and the same layer; where
        there is none, it is begun.
    save_every
        Seconds after which the file is saved while the training goes on; rarer, where that would
        take more than a tenth of the time.
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
        If points or labels cannot be recorded.
    """

    def __init__(
        self,
        path: str | Path,
        inputs: Any,
        labels: Any = None,
        *,
        targets: Any = None,
        activation: str | None = None,
        classes: int | None = None,
        layer: str = "hidden",
        class_names: Sequence[str] | None = None,
        name: str | None = None,
        unit: str | None = None,
        settings: RecordingSettings | None = None,
        overwrite: bool = False,
        resume: bool = False,
        save_every: float = SAVE_EVERY,
        live: bool | None = None,
        recipe: Mapping[str, Any] | None = None,
        precision: str | None = None,
    ) -> None:
        self._unit = SINGLE
        if precision is not None:
            if precision not in UNITS:
                raise UsageError(
                    f"There is no precision '{precision}'.", f"one of {', '.join(UNITS)}, or none."
                )
            self._unit = UNITS[precision]
        self._record = Record(
            RecordFile(
                Path(path), overwrite=overwrite, resume=resume, save_every=save_every, live=live
            ),
            _array("inputs", inputs)[0],
            labels,
            targets=targets,
            activation=activation,
            classes=classes,
            layer=layer,
            class_names=class_names,
            name=name,
            unit=unit,
            settings=settings,
            recipe=recipe,
        )

    def __enter__(self) -> Self:
        return self

    def observe(
        self,
        hidden: Any,
        *,
        readout: tuple[Any, Any] | None = None,
        outputs: Any = None,
        loss: Any = None,
        at: int | None = None,
    ) -> None:
        """Take the state after one more epoch; the first is that before training.

        Parameters
        ----------
        hidden
            The layer, shape (N, D), or a list of layers of as many units, the drawn one last.
        readout
            Weight (K, D) and bias (K,) or None, so that ``weight @ hidden + bias`` are the logits.
        outputs
            What the network says: logits, log-probabilities or probabilities, shape (N, K); of two
            classes also one logit or one probability, shape (N,) or (N, 1).
        loss
            What the training minimises, if the file should say it.
        at
            Number of this epoch, if that should be checked; with a ``unit`` how many of these are
            over, one more than before where it is left out.

        Raises
        ------
        UsageError
            If something does not fit; at the first call, if the read-out does not give the outputs.
        DivergenceError
            If the layer is no longer finite; what came before is kept.
        """
        if readout is not None and outputs is None:
            raise UsageError(
                "There is a read-out and no outputs, so that it cannot be checked.",
                "what the network says of the points.",
                "observe(hidden, readout=..., outputs=logits)",
            )
        layers = hidden if isinstance(hidden, list | tuple) else [hidden]
        arrays = [_array("hidden", layer) for layer in layers]
        given = None if outputs is None else _array("outputs", outputs)
        units = [unit for _, unit in (*arrays, *([given] if given else []))]
        first = self._record.readouts is None
        self._record.observe(
            [array for array, _ in arrays],
            None if readout is None else {READOUT: _pair(readout, arrays[-1][0], given)},
            None if given is None else given[0],
            loss,
            at,
            unit=max(self._unit, *units),
        )
        if first:
            if readout is not None and not self._record.readouts:
                self._record.forget()
                raise UsageError(
                    f"The read-out does not give the outputs; outputs: "
                    f"{self._record.said['outputs']}.",
                    "outputs = hidden @ weight.T + bias, or what softmax, log-softmax or a "
                    "positive scale makes of it.",
                    "observe(hidden, outputs=...) without a read-out",
                )
            self._record.tell()


def _array(name: str, value: Any) -> tuple[NDArray[Any], float]:
    """An array of NumPy, and the unit roundoff of its type."""
    unit = UNITS.get(str(getattr(value, "dtype", "")).rpartition(".")[2], SINGLE)
    try:
        return to_array("the recorder", name, value, "an array of numbers."), unit
    except TrajectoryError as error:
        raise UsageError(error.found, error.expected, error.next_step) from None


def _pair(
    readout: Sequence[Any], hidden: NDArray[Any], outputs: tuple[NDArray[Any], float] | None
) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Weight and bias, whose shapes are those of layer and outputs."""
    if not isinstance(readout, tuple | list) or len(readout) != 2:
        raise UsageError(
            f"The read-out is a {type(readout).__name__}.", "a pair: weight, and bias or None."
        )
    weight = _array("weight", readout[0])[0]
    bias = None if readout[1] is None else _array("bias", readout[1])[0]
    assert outputs is not None
    units = int(np.prod(hidden.shape[1:]))
    count = outputs[0].shape[1] if outputs[0].ndim == 2 else 1
    if weight.shape != (count, units):
        raise UsageError(
            f"The weight of the read-out has the shape {weight.shape}.",
            f"({count}, {units}): outputs and units.",
            "readout=(weight.T, bias)" if weight.shape == (units, count) else "",
        )
    if bias is not None and bias.size != count:
        raise UsageError(
            f"The bias of the read-out has the shape {bias.shape}.", f"({count},), one an output."
        )
    return weight, bias
