"""The table of optima for people: the part of docs/packing.md that `make optima` renews."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.facts.packings import confirmation, references
from spiralcore.analysis.optima.arrangement import Quantity, smallest_distance
from spiralcore.analysis.optima.containers import CONTAINERS
from spiralcore.analysis.optima.table import (
    DRAWN_DIMENSIONS,
    MOST_DIMENSIONS,
    MOST_POINTS,
    about_table,
    largest_angle,
    optimum,
)

DOCUMENT = Path("docs/packing.md")

BEGIN, END = "<!-- optima: made by make optima -->", "<!-- end of optima -->"

NAMES = {
    ("cube", 2): "Square [-1, 1]² (tanh, hardtanh)",
    ("unit_cube", 2): "Square [0, 1]² (sigmoid)",
    ("ball", 2): "Disk of radius 1 (disk)",
    ("sphere", 2): "Circle of radius 1 (sphere, with two units)",
    ("cube", 3): "Cube [-1, 1]³",
    ("unit_cube", 3): "Cube [0, 1]³",
    ("ball", 3): "Ball of radius 1",
    ("sphere", 3): "Sphere of radius 1",
}

COLUMNS = {
    Quantity.DISTANCE: "distance",
    Quantity.ONE_VS_REST: "one versus rest",
    Quantity.MARGIN: "margin",
    Quantity.MARGIN_WITHOUT_BIAS: "without bias",
    Quantity.MARGIN_FREE_BIAS: "bias free",
}

COUNTS = range(2, MOST_POINTS + 1)


def renewed(document: str) -> str:
    """The document with its tables made anew."""
    before, rest = document.split(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{rest.split(END)[1]}"


def tables() -> str:
    """All tables, as Markdown."""
    about = about_table()
    lines = [
        f"The last search, for {about['searched']}, took {about['cpu_seconds']} s of one core; "
        f"seed {about['seed']}, its effort by dimension:",
        "",
        "| | dimensions | random starts of a round | steps uphill of each | polished | rounds at "
        "most | starts that reach the best are enough |",
        "|---" * 7 + "|",
    ]
    for title, key in (("distance", "effort_for_distances"), ("others", "effort")):
        for dimensions, effort in _together(about[key]):
            values = " | ".join(str(value) for value in effort.values())
            lines.append(f"| {title} | {dimensions} | {values} |")
    for (name, dimension), title in NAMES.items():
        lines += ["", f"### {title}", "", *_values(name, dimension)]
    lines += ["", "### Angles between directions, in degrees", "", *_angles()]
    lines += ["", "Distances in more dimensions:", "", *_wide()]
    lines += ["", "Sources of the published distances:", ""]
    lines += [f"- {reference}." for reference in references()]
    return "\n".join(lines) + "\n"


def _together(efforts: dict[str, dict[str, int]]) -> list[tuple[str, dict[str, int]]]:
    """Efforts with the dimensions that have the same."""
    found: list[tuple[list[str], dict[str, int]]] = []
    for dimension, effort in efforts.items():
        if found and found[-1][1] == effort:
            found[-1][0].append(dimension)
        else:
            found.append(([dimension], effort))
    return [(", ".join(dimensions), effort) for dimensions, effort in found]


def _values(name: str, dimension: int) -> list[str]:
    container = CONTAINERS[name]
    lines = [
        "| n | "
        + " | ".join(COLUMNS.values())
        + " | distance at the best margin | distance confirmed by |",
        "|---" * (len(COLUMNS) + 3) + "|",
    ]
    for count in COUNTS:
        found = {quantity: optimum(quantity, container, dimension, count) for quantity in Quantity}
        cells = [_number(best.value, best.certain) for best in found.values()]
        points = found[Quantity.MARGIN].points
        assert points is not None
        cells.append(f"{smallest_distance(points):.4f}")
        cells.append(confirmation(name, dimension, count))
        lines.append(f"| {count} | " + " | ".join(cells) + " |")
    return lines


def _number(value: float, certain: bool) -> str:
    return f"**{value:.7f}**" if certain else f"{value:.7f}"


def _wide() -> list[str]:
    """Distances in cubes and on spheres of more dimensions than are drawn."""
    dimensions = range(max(DRAWN_DIMENSIONS) + 1, MOST_DIMENSIONS + 1)
    shapes = {"cube": "cube [-1, 1]^D", "sphere": "sphere of radius 1"}
    head = [f"{title}, D = {d}" for title in shapes.values() for d in dimensions]
    lines = ["| n | " + " | ".join(head) + " |", "|---" * (len(head) + 1) + "|"]
    for count in COUNTS:
        cells = []
        for name in shapes:
            for dimension in dimensions:
                best = optimum(Quantity.DISTANCE, CONTAINERS[name], dimension, count)
                cells.append(_number(best.value, best.certain))
        lines.append(f"| {count} | " + " | ".join(cells) + " |")
    lines += ["", "Those that are not bold:", ""]
    for name, title in shapes.items():
        for dimension in dimensions:
            words: dict[str, list[str]] = {}
            for count in COUNTS:
                who = confirmation(name, dimension, count) or "not compared"
                words.setdefault(who, []).append(str(count))
            words.pop("upper bound", None)
            if words:
                text = "; ".join(f"n = {', '.join(own)}: {who}" for who, own in words.items())
                lines.append(f"- {title}, D = {dimension}: {text}.")
    return lines


def _angles() -> list[str]:
    places = {"quadrant": ("orthant", 2), "octant": ("orthant", 3), "circle": ("sphere", 2),
              "sphere": ("sphere", 3)}  # fmt: skip
    lines = ["| directions | " + " | ".join(places) + " |", "|---" * (len(places) + 1) + "|"]
    for count in COUNTS:
        angles = [largest_angle(CONTAINERS[name], d, count) for name, d in places.values()]
        lines.append(f"| {count} | " + " | ".join(f"{np.round(a, 5):.5f}" for a in angles) + " |")
    return lines
