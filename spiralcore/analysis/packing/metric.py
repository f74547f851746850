"""What a metric of the arrangement of classes is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, nan
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.packing.class_points import Layer
from spiralcore.registry.spaces import Space

Spaces = Literal["all", "bounded", "unbounded"]


Optimum = Callable[[Space, int, int], float]
"""``optimum(space, units, count)``: the best value for so many things to place."""


def among(space: Space, spaces: Spaces) -> bool:
    """Whether a space is one of those that are meant."""
    return spaces in ("all", "bounded" if space.bounded else "unbounded")


@dataclass(frozen=True)
class FilmPanel:
    """How a metric is shown in the film of the packing.

    Attributes
    ----------
    names
        What it is called there, the longest first: the first that fits is taken.
    spaces
        Where it is shown.
    """

    names: tuple[str, ...]
    spaces: Spaces = "all"


@dataclass(frozen=True)
class Metric:
    """One number that says how classes lie. T epochs, K classes, D units.

    Attributes
    ----------
    name
        What files and programs call it: a column of studies, a key in JSON.
    label
        What `spiral info` calls it.
    about
        What it is, in the middle of a sentence.
    formula
        Of class means m_k, head w_k and b_k; c_k is m_k less the mean of the class means.
    source
        Where it comes from.
    measure
        ``measure(layer, space)``: its values, shape (T,).
    measure_points
        ``measure_points(layer)``: the same of the points in place of the class means, shape (T,);
        None if there is no such thing.
    points_formula
        What that is.
    optimum
        The best possible value; nan where it is unknown. None if it is so everywhere.
    placed
        ``placed(layer, space)``: how many things there are to place, shape (T,), where these are
        not all K classes.
    which
        In place of `measure`, for a number of classes: ``which(layer, space)``, those that count,
        shape (T, K).
    larger_is_better
        Whether it is better to have more of it, or less.
    range
        The smallest and the largest value that it can have.
    at_best
        What its best value means.
    unit
        Of its values; nothing for those in units of the space, and for plain numbers.
    spaces
        Where it means something; nan elsewhere.
    best_in
        Where its optimum is known.
    group
        Which of the two tables has it.
    column
        Its column in studies, where that has another name.
    later
        Whether there are studies without that column, from the time before the metric.
    film
        How the film of the packing shows it; None if it does not.
    """

    name: str
    label: str
    about: str
    formula: str
    source: str
    measure: Callable[[Layer, Space], NDArray[Any]] | None = None
    measure_points: Callable[[Layer], NDArray[Any]] | None = None
    points_formula: str = ""
    optimum: Optimum | None = None
    placed: Callable[[Layer, Space], NDArray[np.int64]] | None = None
    which: Callable[[Layer, Space], NDArray[np.bool_]] | None = None
    larger_is_better: bool = True
    range: tuple[float, float] = (0.0, inf)
    at_best: str = ""
    unit: str = ""
    spaces: Spaces = "all"
    best_in: Spaces = "all"
    group: Literal["packing", "collapse"] = "packing"
    column: str = ""
    later: bool = False
    film: FilmPanel | None = None

    @property
    def has_part(self) -> bool:
        """Whether it can be told as a part of the best possible."""
        return self.optimum is not None and self.larger_is_better

    @property
    def best_name(self) -> str:
        """Name of the best possible value."""
        return f"best_{self.name}"

    @property
    def part_name(self) -> str:
        """Name of its part of the best possible."""
        return f"{self.name}_part"

    @property
    def points_name(self) -> str:
        """Name of the same number of the points."""
        return f"points_{self.name}"

    @property
    def points_part_name(self) -> str:
        """Name of its part of the best possible."""
        return f"points_{self.name}_part"

    @property
    def study_column(self) -> str:
        """Its column in studies."""
        return self.column or self.name

    def has_best_in(self, space: Space) -> bool:
        """Whether a part of the best possible is known in a space."""
        return self.has_part and among(space, self.best_in)

    def values(self, layer: Layer, space: Space) -> NDArray[Any]:
        """Measure it: shape (T,), nan in a space where it means nothing."""
        if not among(space, self.spaces):
            return np.full(len(layer.points), nan)
        if self.which is not None:
            return np.asarray(self.which(layer, space).sum(axis=1), np.float64)
        assert self.measure is not None, self.name
        return self.measure(layer, space)

    def best(self, layer: Layer, space: Space) -> Any:
        """The best possible value: one number, or one for each epoch, shape (T,)."""
        if self.placed is None:
            return self.best_for(space, layer.dimension, layer.classes)
        counts = self.placed(layer, space)
        known = {n: self.best_for(space, layer.dimension, n) for n in map(int, np.unique(counts))}
        return np.array([known[int(n)] for n in counts])

    def best_for(self, space: Space, units: int, count: int) -> float:
        """The best possible value for so many things to place; nan where it is unknown."""
        if self.optimum is None or not among(space, self.best_in):
            return nan
        return self.optimum(space, units, count)
