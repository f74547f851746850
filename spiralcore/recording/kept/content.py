"""What is in the file of a record, from what was observed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe import RecordingSettings
from spiralcore.recording.claims import Claims
from spiralcore.recording.classes import Classes
from spiralcore.recording.disk_rows import DiskRows
from spiralcore.recording.kept.axes import KeptAxes
from spiralcore.recording.piecewise_linear import PiecewiseLinear
from spiralcore.recording.versions import versions
from spiralcore.registry.spaces import PLANE, Space
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.file import most_epochs
from spiralcore.trajectory.given import CLASS_NAMES
from spiralcore.trajectory.play.motion import panel_widths
from spiralcore.trajectory.unrecorded import GAPS, gaps_in

Floats = NDArray[np.float32]

MANY = 100_000
"""Epochs that few trainings have."""


def room_of(size: int, layers: int, settings: RecordingSettings) -> dict[str, str]:
    """What to say beforehand where every epoch is kept, but a long training has too many.

    Parameters
    ----------
    size, layers
        Numbers of a row of the run, and layers in it.
    settings
        Which epochs are kept.
    """
    most = most_epochs(size, layers)
    if settings.keep != "every" or most >= MANY:
        return {}
    return {"room": f"{most:,} epochs of this layer; of more, so many are kept"}


def run_of(
    rows: DiskRows, count: int, layers: int, space: Space, settings: RecordingSettings
) -> tuple[Floats, Floats, KeptAxes | None]:
    """The first so many rows of a run and the widths of their panels, as far as a file has room.

    Parameters
    ----------
    rows
        L layers below each other, shape (L N, D) each.
    count, layers, space, settings
        How many rows, L, what the layers are in, and the limit.

    Returns
    -------
    tuple
        Shapes (count, L N, D) and (count, L); where there is no room for a wide layer, it is on
        axes that are the third.
    """
    axes = KeptAxes.of(rows.first(count), space, settings) if layers == 1 else None
    run = axes.run if axes else rows.rows()[:count]
    parts = np.split(run, layers, axis=1)
    there = PLANE if axes else space
    return run, np.stack([panel_widths(part, there) for part in parts], axis=1), axes


def content(
    lines: PiecewiseLinear,
    seen: NDArray[np.int64],
    layers: int,
    states: Mapping[str, NDArray[Any]],
    inputs: Floats,
    classes: Classes,
    claims: Claims,
    recipe: Mapping[str, Any],
    frameworks: Mapping[str, str],
    axes: KeptAxes | None = None,
) -> Trajectory:
    """The trajectory of a record, without its whole network.

    Parameters
    ----------
    lines
        The run, cut.
    seen
        The epochs of the run at which the layer was observed.
    layers
        How many lie below each other in it.
    states
        Arrays of what is known of each epoch, by their names.
    inputs, classes
        Of the points.
    claims
        What is known of the outputs.
    recipe, frameworks
        What else the file says, and versions by name.
    axes
        What is kept instead of the whole layer.
    """
    *others, hidden = np.split(lines.hidden, layers, axis=1)
    arrays: dict[str, Any] = {
        "epochs": seen[lines.epochs],
        "inputs": inputs,
        "labels": classes.labels,
        "hidden": hidden,
        "hidden_mean": np.split(lines.means, layers, axis=1)[-1],
        "fidelity": np.array(lines.fidelity()),
        **{f"layer_{number}": values for number, values in enumerate(others, 1)},
    }
    arrays |= states
    said: dict[str, Any] = {**recipe, "made": {"versions": versions(**frameworks)}}
    if gaps := gaps_in(arrays):
        said[GAPS] = gaps
    if classes.names:
        said[CLASS_NAMES] = list(classes.names)
    heads = next(iter(claims.heads.values()), None)
    if heads:
        weight = np.stack([heads[epoch].weight for epoch in lines.epochs])
        bias = np.stack([heads[epoch].bias for epoch in lines.epochs])
        both = axes.readout(weight, bias, lines.epochs) if axes else [weight, bias]
        arrays["readout_weight"], arrays["readout_bias"] = both
    if axes:
        said |= axes.note(lines.epochs)
    return Trajectory.of(said, **arrays)
