"""The table of optima for people: the part of docs/packing.md that `make optima` renews."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spiralcore.analysis.arrangement import Quantity, smallest_distance
from spiralcore.analysis.containers import CONTAINERS, Container
from spiralcore.analysis.optima import MOST_POINTS, about_table, largest_angle, optimum

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
        f"The search took {about['cpu_seconds']} s of one core; seed {about['seed']}, "
        "its effort by dimension:",
        "",
        "| dimensions | random starts | steps uphill of each | polished |",
        "|---|---|---|---|",
    ]
    for dimension, effort in about["effort"].items():
        values = " | ".join(str(effort[key]) for key in ("starts", "steps", "polished"))
        lines.append(f"| {dimension} | {values} |")
    for (name, dimension), title in NAMES.items():
        lines += ["", f"### {title}", "", *_values(CONTAINERS[name], dimension)]
    lines += ["", "### Angles between directions, in degrees", "", *_angles()]
    return "\n".join(lines) + "\n"


def _values(container: Container, dimension: int) -> list[str]:
    lines = [
        "| n | " + " | ".join(COLUMNS.values()) + " | distance at the best margin |",
        "|---" * (len(COLUMNS) + 2) + "|",
    ]
    for count in COUNTS:
        found = {quantity: optimum(quantity, container, dimension, count) for quantity in Quantity}
        cells = [
            f"**{best.value:.7f}**" if best.certain else f"{best.value:.7f}"
            for best in found.values()
        ]
        points = found[Quantity.MARGIN].points
        assert points is not None
        cells.append(f"{smallest_distance(points):.4f}")
        lines.append(f"| {count} | " + " | ".join(cells) + " |")
    return lines


def _angles() -> list[str]:
    places = {"quadrant": ("orthant", 2), "octant": ("orthant", 3), "circle": ("sphere", 2),
              "sphere": ("sphere", 3)}  # fmt: skip
    lines = ["| directions | " + " | ".join(places) + " |", "|---" * (len(places) + 1) + "|"]
    for count in COUNTS:
        angles = [largest_angle(CONTAINERS[name], d, count) for name, d in places.values()]
        lines.append(f"| {count} | " + " | ".join(f"{np.round(a, 5):.5f}" for a in angles) + " |")
    return lines
