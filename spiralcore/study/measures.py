"""What a study measures of a trained network."""

from __future__ import annotations

import math
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.configuration import measure_packing
from spiralcore.analysis.packing.metric import Metric
from spiralcore.analysis.packing.metrics import METRICS
from spiralcore.analysis.packing.readings import COLLAPSE, SEPARATIONS, SHAPES, of_means
from spiralcore.registry.spaces import Space

MEASURES_REVISION = 4
"""Raised whenever the same network gives other measures than before."""


def _columns() -> dict[str, type]:
    """Numbers of classes first, then what points have as class means do, then all others."""
    counts = [entry for entry in SHAPES if entry.which is not None]
    others = [entry for entry in (*SHAPES, *COLLAPSE) if entry.which is None]
    columns = {"dead_units": int, **{entry.study_column: int for entry in counts}}
    by_kind = zip(*(columns_of(entry) for entry in SEPARATIONS), strict=True)
    numbers = [*chain(*by_kind), *chain(*map(columns_of, others))]
    return columns | dict.fromkeys(filter(None, numbers), float)


def columns_of(metric: Metric) -> tuple[str, str, str, str]:
    """Columns of a metric: itself, its part of the best, both of the points; "" for none."""
    part, points = metric.has_part, metric.measure_points is not None
    return (
        metric.study_column,
        metric.part_name if part else "",
        metric.points_name if points else "",
        metric.points_part_name if points and part else "",
    )


MEASURES: dict[str, type] = _columns()
"""Columns of what is measured: see `spiralcore.analysis.packing.metrics`. What a space does not
have is null."""

LATER_MEASURES = tuple(
    name for entry in METRICS.values() if entry.later for name in columns_of(entry) if name
)
"""Those that studies of before do not have."""


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
    numbers = packing.row() | of_means(layer, final.space, COLLAPSE).at(0)._asdict()
    numbers |= {entry.study_column: numbers[entry.name] for entry in METRICS.values()}
    numbers["dead_units"] = int((final.hidden == 0).all(axis=0).sum())
    return {
        "class_means": layer.means[0].ravel().tolist(),
        **{
            name: None if math.isnan(numbers[name]) else kind(numbers[name])
            for name, kind in MEASURES.items()
        },
    }
