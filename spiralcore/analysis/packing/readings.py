"""Numbers of several metrics, by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.metric import Metric
from spiralcore.analysis.packing.metrics import METRICS
from spiralcore.registry.spaces import Space

PACKING = tuple(entry for entry in METRICS.values() if entry.group == "packing")
COLLAPSE = tuple(entry for entry in METRICS.values() if entry.group == "collapse")
"""The two tables of metrics."""

SEPARATIONS = tuple(entry for entry in PACKING if entry.measure_points is not None)
"""What points have as class means do."""

SHAPES = tuple(entry for entry in PACKING if entry.measure_points is None)
"""What class means alone have."""


class Readings:
    """Numbers of some metrics: one each, or one for each epoch, shape (T,).

    Each is an attribute by the name of its metric; iterating gives them in the order of the
    registry, as it does with a tuple.

    Parameters
    ----------
    values
        They, by the names of their metrics.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(f"there is no metric '{name}' among these") from None

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values.values())

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, which: Any) -> Any:
        return self._values[which] if isinstance(which, str) else tuple(self)[which]

    def __repr__(self) -> str:
        return f"Readings({self._values!r})"

    def _asdict(self) -> dict[str, Any]:
        """They, by the names of their metrics."""
        return dict(self._values)

    def of(self, metrics: Iterable[Metric]) -> Readings:
        """Those of some metrics that are among these."""
        names = [entry.name for entry in metrics if entry.name in self._values]
        return Readings({name: self._values[name] for name in names})

    def at(self, epoch: int) -> Readings:
        """Those of one epoch, as floats; what is the same for all epochs stays."""
        return Readings({
            name: float(values[epoch]) if np.ndim(values) else float(values)
            for name, values in self._values.items()
        })  # fmt: skip

    def parts_of(self, best: Readings) -> Readings:
        """Each number as a part of the best possible, nan where that is 0 or unknown."""
        return Readings({
            name: (own / np.where(np.greater(best[name], 0.0), best[name], np.nan))[()]
            for name, own in self._values.items() if name in best._values
        })  # fmt: skip


def of_means(layer: Layer, space: Space, metrics: Iterable[Metric] = METRICS.values()) -> Readings:
    """Metrics of a layer at each of its epochs, arrays of the shape (T,)."""
    return Readings({entry.name: entry.values(layer, space) for entry in metrics})


def of_points(layer: Layer) -> Readings:
    """The same of its points, for the metrics that points have, arrays of the shape (T,)."""
    return Readings({
        entry.name: entry.measure_points(layer)
        for entry in SEPARATIONS if entry.measure_points is not None
    })  # fmt: skip


def best_of(layer: Layer, space: Space) -> Readings:
    """What a space allows: one number each, or an array of the shape (T,); nan where unknown."""
    return Readings({entry.name: entry.best(layer, space) for entry in PACKING if entry.has_part})


def classes_of(layer: Layer, space: Space) -> dict[str, Any]:
    """Which classes count, for the metrics that are numbers of classes, shape (T, K) each."""
    return {entry.name: entry.which(layer, space) for entry in PACKING if entry.which is not None}
