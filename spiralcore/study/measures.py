"""What a study measures of a trained network."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.collapse import Collapse, measure_collapse
from spiralcore.analysis.packing.configuration import measure_packing
from spiralcore.analysis.packing.separation import Separation
from spiralcore.registry.spaces import Space

MEASURES_REVISION = 3
"""Raised whenever the same network gives other measures than before."""

_SEPARATIONS = [
    f"{prefix}{name}{suffix}"
    for prefix in ("", "points_")
    for suffix in ("", "_part")
    for name in Separation._fields
]

MEASURES: dict[str, type] = {
    "dead_units": int,
    "parked_classes": int,
    **dict.fromkeys(_SEPARATIONS, float),
    "angle": float,
    "angle_part": float,
    "evenness": float,
    **dict.fromkeys(Collapse._fields, float),
}
"""Columns of what is measured: see `spiralcore.analysis.packing.configuration` and
`spiralcore.analysis.packing.collapse`. What a space does not have is null."""


class Final(NamedTuple):
    """A trained network. N points, K classes, D units in the last hidden layer.

    Attributes
    ----------
    hidden
        Its last hidden layer, shape (N, D).
    labels
        Shape (N,).
    readout_weight, readout_bias
        Linear head, shapes (K, D) and (K,).
    space
        Of the last hidden layer.
    """

    hidden: NDArray[np.float32]
    labels: NDArray[np.int64]
    readout_weight: NDArray[np.float32]
    readout_bias: NDArray[np.float32]
    space: Space


def measurements(final: Final) -> dict[str, Any]:
    """Measure a network; the names are columns of `spiralcore.study.table`."""
    head = final.readout_weight, final.readout_bias
    layer = Layer.of_arrays(final.hidden[None], final.labels, *(part[None] for part in head))
    packing = measure_packing(final.hidden, final.labels, *head, final.space)
    collapse = {name: float(value[0]) for name, value in measure_collapse(layer)._asdict().items()}
    numbers = {**packing.row(), **collapse}
    parked = numbers["parked"] if not final.space.bounded else 0.0
    return {
        "class_means": layer.means[0].ravel().tolist(),
        "dead_units": int((final.hidden == 0).all(axis=0).sum()),
        "parked_classes": int(parked),
        **{
            name: None if math.isnan(numbers[name]) else numbers[name]
            for name, kind in MEASURES.items()
            if kind is float
        },
    }
