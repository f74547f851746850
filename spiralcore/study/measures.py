"""What a study measures of a trained network."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.spaces import Space

MEASURES_REVISION = 1
"""Raised whenever the same network gives other measures than before."""


MEASURES: dict[str, type] = {
    "dead_units": int,
    "parked_classes": int,
}
"""Columns of what is measured."""


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
    hidden = final.hidden.astype(np.float64)
    classes = len(final.readout_bias)
    means = np.stack([hidden[final.labels == k].mean(axis=0) for k in range(classes)])
    silent = hidden == 0
    return {
        "class_means": means.ravel().tolist(),
        "dead_units": int(silent.all(axis=0).sum()),
        "parked_classes": int(
            sum(silent[final.labels == k].all(axis=1).mean() > 0.5 for k in range(classes))
        ),
    }
