"""A trajectory of a run of which every epoch is at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spiralcore.errors import TrajectoryError
from spiralcore.recipe import RecordingSettings
from spiralcore.recording.piecewise_linear import PiecewiseLinear
from spiralcore.recording.size_budget import within_budget
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.motion import panel_widths
from spiralcore.trajectory.schema import layer_name
from spiralcore.trajectory.unrecorded import CURVES, OF_POINTS, READOUT

Floats = NDArray[np.float32]

MADE_HERE = ("epochs", "hidden_mean", "fidelity")
"""Arrays that follow from those of every epoch."""


def thinned(
    kind: type[Trajectory],
    recipe: Mapping[str, Any] | str | bytes | None,
    settings: RecordingSettings | None,
    arrays: Mapping[str, ArrayLike],
) -> Trajectory:
    """Keep the epochs of a run that its trajectory needs, see `Trajectory.from_run`.

    Raises
    ------
    TrajectoryError
        If the arrays do not fit together.
    """
    given = {name: array for name, array in arrays.items() if array is not None}
    for name in MADE_HERE:
        if name in given:
            raise TrajectoryError(
                f"the given arrays: the array '{name}' is there.",
                "arrays of every epoch, of which it is made.",
                "Trajectory.from_arrays, for arrays of kept epochs",
            )
    hidden = given.get("hidden")
    states = len(hidden) if hasattr(hidden, "__len__") else 1  # type: ignore[arg-type]
    whole = kind.from_arrays(recipe, **given, epochs=np.arange(max(states, 1)))
    return _thinned(whole, settings or RecordingSettings())


def _thinned(whole: Trajectory, settings: RecordingSettings) -> Trajectory:
    layers = [*whole.layers.values(), whole.hidden]
    widths = np.stack([panel_widths(layer, whole.space) for layer in layers], axis=1)
    sizes = [layer.shape[2] for layer in layers]
    # Layers of fewer units get some that stand still: distances stay as they are.
    padded = [
        np.pad(layer, ((0, 0), (0, 0), (0, max(sizes) - units)))
        for layer, units in zip(layers, sizes, strict=True)
    ]
    run = whole.hidden if len(layers) == 1 else np.concatenate(padded, axis=1)

    def build(lines: PiecewiseLinear, room: float) -> Trajectory:
        parts = np.split(lines.hidden, len(layers), axis=1)
        named = [*map(layer_name, whole.layers), "hidden"]
        arrays: dict[str, Any] = {
            name: part[:, :, :units] for name, part, units in zip(named, parts, sizes, strict=True)
        }
        kept = lines.epochs
        if whole.knows_readout:
            arrays |= {name: getattr(whole, name)[kept] for name in READOUT}
        means = np.split(lines.means, len(layers), axis=1)[-1]
        untouched = ("inputs", "labels", *CURVES, "counts", "parameters", "parameter_epochs")
        there = whole.arrays()
        return type(whole).of(
            whole.recipe,
            **{
                name: there[name]
                for name in (*untouched, *OF_POINTS, "region_fidelity")
                if name in there
            },
            **arrays,
            epochs=kept,
            hidden_mean=means[:, :, : sizes[-1]],
            fidelity=np.array(lines.fidelity()),
        )

    return within_budget(run, widths.astype(np.float32), settings, build)[0]
