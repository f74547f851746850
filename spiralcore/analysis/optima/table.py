"""The best that n points can do in a container: a shipped table, and a search beyond it.

The table holds 2 to 12 points in 1 to 8 dimensions; in 2 and 3 of them, the points as well. It is
made by `make optima`, which documents how in the file itself. All values are lower bounds of
the optimum that some arrangement reaches; ``certain`` says where theory proves them best.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.arrangement import Quantity, upper_bound
from spiralcore.analysis.optima.containers import CONTAINERS, Container
from spiralcore.analysis.optima.search import QUICK, is_certain, search

Doubles = NDArray[np.float64]

SCHEMA = "spiralcore.optima/1"

TABLE = "table.json"

MOST_POINTS, MOST_DIMENSIONS = 12, 8
"""Reach of the table."""

DRAWN_DIMENSIONS = (2, 3)
"""Dimensions for which the table holds the points."""

SCALING = (Quantity.DISTANCE, Quantity.ONE_VS_REST, Quantity.MARGIN_FREE_BIAS)
"""Quantities that do not depend on where a container lies, and grow as it does."""

SEED = 1


class Optimum(NamedTuple):
    """The best that is known.

    Attributes
    ----------
    value
        In the units of the container; nan where nothing is to be separated.
    certain
        Whether it is proven that no arrangement is better.
    points
        An arrangement that reaches the value, shape (n, D); None where the table has none.
    """

    value: float
    certain: bool
    points: Doubles | None


@cache
def optimum(quantity: Quantity, container: Container, dimension: int, count: int) -> Optimum:
    """The largest value of a quantity that is known.

    Parameters
    ----------
    quantity
        What is measured.
    container
        Where the points may be.
    dimension, count
        D and n. Beyond the table the search runs with `QUICK` effort, which for 20 points in the
        plane takes some seconds for each quantity.
    """
    if count < 2 or dimension < 1:
        return Optimum(float("nan"), False, None)
    if container.shape == "box" and quantity in SCALING and container != CONTAINERS["cube"]:
        return _scaled(optimum(quantity, CONTAINERS["cube"], dimension, count), container)
    bound = upper_bound(quantity, container, dimension, count)
    if not is_tabled(container, dimension, count):
        found = search(quantity, container, dimension, count, QUICK, [SEED, dimension, count])
        return Optimum(found.value, is_certain(found.value, bound), found.points)
    tabled = _table()[container.name][quantity.value][str(dimension)]
    value = float(tabled["values"][count - 2])
    points = None
    if "points" in tabled:
        points = np.array(tabled["points"][count - 2]).reshape(count, dimension)
    return Optimum(value, is_certain(value, bound), points)


def is_tabled(container: Container, dimension: int, count: int) -> bool:
    """Whether the table knows a case; if not, `optimum` searches, which can take a while."""
    inside = dimension <= MOST_DIMENSIONS and count <= MOST_POINTS
    return inside and CONTAINERS.get(container.name) == container


def largest_angle(container: Container, dimension: int, count: int) -> float:
    """The largest smallest angle between so many directions, in degrees.

    Parameters
    ----------
    container
        ``sphere`` for all directions, ``orthant`` for those in an orthant. In the plane's
        quadrant the angle is 90 degrees / (n - 1).
    dimension, count
        D and n; nan for less than 2 directions.
    """
    chord = optimum(Quantity.DISTANCE, container, dimension, count).value
    return float(np.degrees(2 * np.arcsin(min(chord / 2, 1.0))))


def about_table() -> Mapping[str, Any]:
    """How the shipped table was made."""
    about: Mapping[str, Any] = _file()["about"]
    return about


def _scaled(found: Optimum, container: Container) -> Optimum:
    """An optimum of the cube [-1, 1]^D in another box."""
    half = 0.5 * (container.upper - container.lower)
    points = None
    if found.points is not None:
        points = container.lower + half * (found.points + 1)
    return Optimum(half * found.value, found.certain, points)


def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = _file()["optima"]
    return table


@cache
def _file() -> Mapping[str, Any]:
    text = resources.files("spiralcore.analysis.optima").joinpath(TABLE).read_text(encoding="utf-8")
    content: Mapping[str, Any] = json.loads(text)
    return content
