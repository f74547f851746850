"""Largest smallest distances that others have published, beside the table of optima."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from spiralcore.analysis.optima.arrangement import Quantity
from spiralcore.analysis.optima.containers import CONTAINERS
from spiralcore.analysis.optima.table import optimum

SOURCES = Path(__file__).with_name("packings.toml")

DIGITS = 1e-11
"""The table of optima has twelve digits."""

UNITS: dict[str, Callable[[float], float]] = {
    "side 1": lambda distance: 2 * distance,
    "radius": lambda radius: 2 / (radius - 1),
    "cosine": lambda cosine: float(np.sqrt(2 - 2 * cosine)),
    "degrees": lambda angle: 2 * float(np.sin(np.radians(angle / 2))),
}
"""From the numbers in the file to distances in the containers of `CONTAINERS`: the cube has the
side 2, ball and sphere the radius 1."""


class Published(NamedTuple):
    """A published optimum.

    Attributes
    ----------
    least, most
        Between which distances it is, as far as its digits go.
    text
        As it was published.
    source
        Author and year, or title.
    """

    least: float
    most: float
    text: str
    source: str

    def agrees(self, value: float) -> bool:
        """Whether a distance is the published one, in all digits that there are."""
        return self.least * (1 - DIGITS) <= value <= self.most * (1 + DIGITS)


@cache
def published() -> dict[tuple[str, int, int], Published]:
    """All that is in the file, by container, dimension and number of points."""
    found = {}
    for table in _tables():
        for count, text in table["values"].items():
            unit = 10.0 ** -len(text.partition(".")[2])
            below, above = (0.0, unit) if table["truncated"] else (unit / 2, unit / 2)
            number, convert = float(text), UNITS[table["unit"]]
            ends = convert(number - below), convert(number + above)
            key = table["container"], table["dimension"], int(count)
            found[key] = Published(min(ends), max(ends), text, table["source"])
    return found


def references() -> list[str]:
    """What the sources are, in full."""
    return [table["reference"] for table in _tables()]


def confirmation(name: str, dimension: int, count: int) -> str:
    """Who says that a distance of the table is right; nothing where nobody was found who does.

    Points in a ball that are farther from each other than its radius can be moved straight out
    onto the sphere, and none of them comes nearer to another: |a x - b y| rises with the larger
    one of a and b. So the ball has the sphere's optima where those are above 1.
    """
    best = optimum(Quantity.DISTANCE, CONTAINERS[name], dimension, count)
    if best.certain:
        return "upper bound"
    if (name, dimension) == ("sphere", 2):
        return "regular polygon"
    known = published()
    key = (name.removeprefix("unit_"), dimension, count)
    value = 2 * best.value if name == "unit_cube" else best.value
    if name == "ball" and key not in known and value > 1 + DIGITS:
        key = ("sphere", dimension, count)
    if key not in known:
        return ""
    other = known[key]
    if other.agrees(value):
        return other.source
    relation = "less than here" if value > other.most else "MORE THAN HERE"
    return f"{other.source}: {other.text}, {relation}"


def _tables() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(SOURCES.read_text(encoding="utf-8"))["table"]
    return found
