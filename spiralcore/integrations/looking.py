"""Recording models that are looked at from outside: what they give becomes arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import TrajectoryError, UsageError
from spiralcore.recording.array_recorder import UNITS as ROUNDOFF
from spiralcore.recording.outputs import SINGLE, plain_shape
from spiralcore.recording.record import Record
from spiralcore.recording.record_file import SAVE_EVERY, RecordBlock, RecordFile
from spiralcore.recording.run.choosing import AUTO, Choice, described, scores_in
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.trajectory.conversion import to_array

Pair = tuple[NDArray[Any], NDArray[Any] | None]
IDENTITY = "the layer itself"

CLOSE = 1e-4
"""How near values come to those of an activation, as a part of the largest."""


class Look(NamedTuple):
    """What a model shows when the points pass through it.

    Attributes
    ----------
    layers
        The recorded ones, shape (N, ...) each, the drawn one last.
    output
        What the model gives: an array, or something that holds some.
    readouts
        From numbers of units D and outputs K to the weights (K, D) and biases (K,) or None that
        may lead from the layer to the output, by name.
    is_output
        Whether the drawn layer is the output itself.
    """

    layers: list[NDArray[Any]]
    output: Any
    readouts: Callable[[int, int], Mapping[str, Pair]]
    is_output: bool = False


class ModelRecorder(RecordBlock):
    """Records a model of which `look` tells what it is now.

    Parameters
    ----------
    path, labels, options
        See `spiralcore.Recorder`.
    points
        As the file has them, first dimension N.
    look
        Lets the points pass.
    layer
        What messages and the file call the layer.
    readout
        The name of the layer that reads it; None for none; found by itself where it is `AUTO`.
    outputs
        Where logits or probabilities are in the output; None if nowhere.
    model, frameworks
        What the file says of what was trained.
    """

    def __init__(
        self,
        path: str | Path,
        points: NDArray[Any],
        labels: Any,
        look: Callable[[], Look],
        *,
        layer: str,
        model: str,
        frameworks: Mapping[str, str],
        readout: str | None = AUTO,
        outputs: Choice = AUTO,
        precision: str | None = None,
        overwrite: bool = False,
        resume: bool = False,
        save_every: float = SAVE_EVERY,
        **options: Any,
    ) -> None:
        if precision is not None and precision not in ROUNDOFF:
            raise UsageError(
                f"There is no precision '{precision}'.", f"one of {', '.join(ROUNDOFF)}, or none."
            )
        self._roundoff = ROUNDOFF[precision] if precision else SINGLE
        self._look, self._readout, self._outputs = look, readout, outputs
        file = RecordFile(Path(path), overwrite=overwrite, resume=resume, save_every=save_every)
        recipe = {"model": model}
        self._record = Record(
            file, points, labels, layer=layer, recipe=recipe, frameworks=frameworks, **options
        )

    def step(self, loss: Any = None, *, at: int | None = None) -> None:
        """Record the model as it is now, see `spiralcore.Recorder.step`."""
        first, look = not self._record.has_begun, self._look()
        layers = [as_array("hidden", layer) for layer in look.layers]
        units = [unit for _, unit in layers]
        scores: NDArray[Any] | None = None
        given = scores_in(look.output, self._outputs, self._record.takes)
        if given is not None:
            scores, unit = as_array("outputs", given)
            scores = scores.reshape(plain_shape(scores.shape))
            units.append(unit)
        readouts = self._candidates(look, layers[-1][0], scores)
        self._record.observe(
            [layer for layer, _ in layers],
            readouts,
            scores,
            loss,
            at,
            unit=max(self._roundoff, *units),
            certain=self._outputs not in (None, AUTO),
        )
        if first:
            self._begin(None if self._readout in (None, AUTO) else self._readout)

    def _candidates(
        self, look: Look, hidden: NDArray[Any], scores: NDArray[Any] | None
    ) -> Mapping[str, Pair]:
        if scores is None or self._readout is None:
            return {}
        units = int(np.prod(hidden.shape[1:]))
        count = scores.shape[1] if scores.ndim == 2 else 1
        found = dict(look.readouts(units, count))
        if units == count and (look.is_output or not found):
            found[IDENTITY] = (np.eye(units, dtype=np.float32), None)
        kept = self._record.readouts
        only = [self._readout] if self._readout != AUTO else list(found)
        return {
            name: pair for name, pair in found.items() if name in (only if kept is None else kept)
        }


def as_array(name: str, value: Any) -> tuple[NDArray[Any], float]:
    """An array of NumPy, and the unit roundoff of its type.

    Raises
    ------
    UsageError
        If it is none.
    """
    unit = ROUNDOFF.get(str(getattr(value, "dtype", "")).rpartition(".")[2], SINGLE)
    try:
        return to_array("the recorder", name, value, "an array of numbers."), unit
    except TrajectoryError as error:
        raise UsageError(error.found, error.expected, error.next_step) from None


def chosen_run(runs: Sequence[Any], call: int | None, layer: str) -> Any:
    """What a layer gave when it ran, where it runs once or it is told which run is meant.

    Raises
    ------
    UsageError
        Otherwise.
    """
    if call is None and len(runs) == 1:
        return runs[0]
    if call is not None and -len(runs) <= call < len(runs):
        return runs[call]
    shapes = ", ".join(f"call={i} {described(run)}" for i, run in enumerate(runs))
    raise UsageError(
        f"The layer '{layer}' runs {len(runs)} times in a pass"
        + ("." if call is None else f", and call={call} was asked for."),
        f"one of {shapes}." if runs else "a layer through which the points pass.",
    )


def after_activation(
    name: str | None, raw: NDArray[Any], reads: Sequence[NDArray[Any]], plain: bool
) -> NDArray[Any]:
    """What an activation that is a function makes of a layer.

    Parameters
    ----------
    name
        Of the activation, None where none was named.
    raw
        What the layer gives, shape (N, ...).
    reads
        What other layers read.
    plain
        Whether no activation has seen it: of a linear layer.

    Returns
    -------
    NDArray
        What another layer reads, if that is what the activation makes of it; what the activation
        makes of it, if the layer is plain and nobody reads the layer as it is; otherwise ``raw``.
    """
    if name not in ACTIVATIONS:
        return raw
    flat = np.asarray(raw, np.float32).reshape(len(raw), -1)
    wanted = np.asarray(ACTIVATIONS[name].apply(flat), np.float32)
    plainly = False
    for read in reads:
        if read.size == flat.size and len(read) == len(flat):
            value = np.asarray(read, np.float32).reshape(flat.shape)
            if _near(value, wanted):
                return read
            plainly = plainly or _near(value, flat)
    return wanted.astype(np.float32) if plain and not plainly else raw


def _near(one: NDArray[Any], other: NDArray[Any]) -> bool:
    slack = CLOSE * max(float(np.abs(other).max()), 1e-3)
    return bool(np.abs(one - other).max() <= slack)
