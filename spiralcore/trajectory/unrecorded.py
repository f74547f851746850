"""What a trajectory does not know: numbers that were not recorded are NaN in memory.

In files such arrays are left out. In memory they have their full shape, so that whoever computes
with them gets NaN and not an error; they take no memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from spiralcore.trajectory.trajectory import Trajectory

READOUT = ("readout_weight", "readout_bias")
CURVES = ("cross_entropy", "loss", "accuracy")
OF_POINTS = ("targets", "thumbnails", "thumbnail_points")

LONGEST = 10**9
"""Epochs of a run at most."""


LIMITED = "limited"
"""Where recipes say, under ``made``, why a file has fewer epochs than were asked for."""

GAPS = "gaps"
"""Where recipes name the curves that are NaN at some epochs: without that a NaN is damage."""


def is_unlabelled(trajectory: Trajectory) -> bool:
    """Whether the classes of a file mean nothing: without labels, or with values in their place."""
    if trajectory.targets is not None:
        return True
    taken = trajectory.recipe.get("recorded")
    return isinstance(taken, Mapping) and taken.get("labels") == "none"


def limited(trajectory: Any) -> str:
    """Why a trajectory has fewer epochs than were asked for; empty where it has not."""
    made = trajectory.recipe.get("made")
    why = made.get(LIMITED) if isinstance(made, Mapping) else None
    return why if isinstance(why, str) else ""


def gaps_of(recipe: Mapping[str, Any]) -> list[str]:
    """The curves of a recipe, which may come from anywhere, that are unknown at some epochs."""
    names = recipe.get(GAPS)
    return [name for name in CURVES if isinstance(names, list) and name in names]


def gaps_in(arrays: Mapping[str, Any]) -> list[str]:
    """The curves among some arrays that are unknown at some epochs and known at others."""
    missing = {name: np.isnan(arrays[name]) for name in CURVES if name in arrays}
    return [name for name, where in missing.items() if where.any() and not where.all()]


def filled(arrays: dict[str, Any]) -> dict[str, Any]:
    """Add NaN for the read-out and the curves where they are missing.

    Parameters
    ----------
    arrays
        Keyword arguments of `Trajectory`. Where they do not fit together nothing sensible can be
        added, and the check of the trajectory says so.
    """
    hidden, labels, epochs = (arrays[name] for name in ("hidden", "labels", "epochs"))
    kept, _, units = hidden.shape if hidden.ndim == 3 else (1, 1, 1)
    most = int(labels.max(initial=0))
    classes = max(most + 1, 2) if most < len(labels) else 2
    last = int(epochs.max(initial=0))
    known = [arrays[name] for name in (*CURVES, "counts") if name in arrays]
    lengths = [len(array) for array in known if array.ndim == 1]
    length = lengths[0] if lengths else min(max(last, 0), LONGEST) + 1
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(CURVES, (length,))
    if not any(name in arrays for name in READOUT):
        shapes |= {"readout_weight": (kept, classes, units), "readout_bias": (kept, classes)}
    missing = {name: unknown(*shape) for name, shape in shapes.items() if name not in arrays}
    return {**arrays, **missing}


def unknown(*shape: int) -> NDArray[np.float32]:
    """What stands for an array that was not recorded."""
    return np.broadcast_to(np.float32(np.nan), shape)


def is_unknown(array: Any) -> bool:
    """Whether an array stands for something that was not recorded."""
    return array.size > 0 and array.dtype.kind == "f" and not any(array.strides)
