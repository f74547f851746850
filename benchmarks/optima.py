"""Search for the best packings, and write them into the table that spiralcore ships.

Run by `make optima`; writes spiralcore/analysis/optima.json and the tables in docs/packing.md.
With --docs, only the latter, from the table as it is. What an earlier run found that is better is
kept: all values are lower bounds, and the table holds the best of all runs. Another --seed looks
elsewhere.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from benchmarks.optima_tables import DOCUMENT, renewed
from spiralcore import __version__
from spiralcore.analysis.arrangement import Arrangement, Quantity, assess
from spiralcore.analysis.containers import CONTAINERS, Container
from spiralcore.analysis.optima import (
    DRAWN_DIMENSIONS,
    MOST_DIMENSIONS,
    MOST_POINTS,
    SCALING,
    SCHEMA,
    SEED,
    TABLE,
)
from spiralcore.analysis.search import Effort, search
from spiralcore.files import whole_file

OWN_TABLE = Path("spiralcore/analysis") / TABLE

EFFORTS = {1: Effort(24, 400, 4), 2: Effort(200, 500, 24), 3: Effort(160, 500, 12)}
WIDE = Effort(36, 500, 4)
"""For 4 dimensions and more."""

ORDER = ("orthant", "sphere", "ball", "cube", "unit_cube")
"""Whatever holds another container comes after it, and is told what was found there."""

QUANTITIES = (
    Quantity.DISTANCE,
    Quantity.ONE_VS_REST,
    Quantity.MARGIN_WITHOUT_BIAS,
    Quantity.MARGIN,
    Quantity.MARGIN_FREE_BIAS,
)
"""Margins with more freedom come after those with less."""

Cell = tuple[str, Quantity, int, int]


def main() -> None:
    """Renew table and document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", action="store_true", help="renew the document only")
    parser.add_argument("--dimensions", type=int, default=MOST_DIMENSIONS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--table", type=Path, default=OWN_TABLE)
    options = parser.parse_args()
    if not options.docs:
        begin = time.process_time()
        found = search_all(options.dimensions, options.seed)
        seconds = time.process_time() - begin
        write(found, options.table, options.seed, seconds)
    if options.docs or options.table == OWN_TABLE:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(renewed(text), encoding="utf-8")


def write(found: dict[Cell, Arrangement], table: Path, seed: int, seconds: float) -> None:
    """Write a table that keeps the best of what is found and what was there."""
    rows = {
        (name, quantity.value, dimension): row_of(found, name, quantity, dimension)
        for name, quantity, dimension, _ in found
    }
    earlier = json.loads(table.read_text(encoding="utf-8"))["optima"] if table.exists() else {}
    for (name, quantity, dimension), row in rows.items():
        old = earlier.get(name, {}).get(quantity, {}).get(str(dimension))
        if old is not None:
            keep_better(row, old)
    with whole_file(table) as part:
        part.write_text(as_text(rows, seed, seconds), encoding="utf-8")


def keep_better(row: dict[str, Any], old: dict[str, Any]) -> None:
    """Put the better values of another row, and their points, into a row."""
    for index, value in enumerate(old["values"]):
        if value > row["values"][index] + 1e-9:
            for key in row:
                row[key][index] = old[key][index]


def search_all(dimensions: int, seed: int) -> dict[Cell, Arrangement]:
    """Every cell of the table, those with more points first."""
    found: dict[Cell, Arrangement] = {}
    for dimension in range(1, dimensions + 1):
        for count in range(MOST_POINTS, 1, -1):
            begin = time.process_time()
            for name in ORDER:
                for quantity in quantities_of(CONTAINERS[name]):
                    cell = name, quantity, dimension, count
                    found[cell] = search_cell(cell, found, seed)
            took = time.process_time() - begin
            print(f"{dimension} dimensions, {count} points: {took:.1f} s", flush=True)
    return found


def quantities_of(container: Container) -> list[Quantity]:
    """What is searched for in a container, and not known from another one."""
    if container.shape == "orthant":
        return [Quantity.DISTANCE]
    if container.name == "unit_cube":
        return [quantity for quantity in QUANTITIES if quantity not in SCALING]
    return list(QUANTITIES)


def search_cell(cell: Cell, found: dict[Cell, Arrangement], seed: int) -> Arrangement:
    """One optimum."""
    name, quantity, dimension, count = cell
    seeds = [seed, ORDER.index(name), list(Quantity).index(quantity), dimension, count]
    return search(
        quantity,
        CONTAINERS[name],
        dimension,
        count,
        EFFORTS.get(dimension, WIDE),
        seeds,
        related(cell, found),
    )


def related(cell: Cell, found: dict[Any, Arrangement]) -> Iterator[np.ndarray]:
    """Optima of related problems, as arrangements of this one."""
    name, quantity, dimension, count = cell
    inner = {"ball": "sphere", "cube": "ball", "unit_cube": "cube"}.get(name)
    for other in QUANTITIES:
        if (name, other, dimension, count) in found:
            yield found[name, other, dimension, count].points
        if (inner, other, dimension, count) in found:
            points = found[inner, other, dimension, count].points
            yield 0.5 * (points + 1) if name == "unit_cube" else points
    flatter = found.get((name, quantity, dimension - 1, count))
    if flatter is not None:
        yield np.column_stack([flatter.points, np.zeros(count)])
    larger = found.get((name, quantity, dimension, count + 1))
    if larger is not None:
        rests = [np.delete(larger.points, k, axis=0) for k in range(count + 1)]
        yield max(rests, key=lambda points: assess(quantity, points).value)


def as_text(rows: dict[tuple[str, str, int], dict[str, Any]], seed: int, seconds: float) -> str:
    """The file: JSON, a line for each container, quantity and dimension."""
    about = {
        "what": "best values found for 2 to 12 points; lower bounds of the optima",
        "method": "spiralcore.analysis.search: random starts, of which the best are polished, and "
        "the optima of related cells; the best of several runs, of which this was the last",
        "effort": {
            str(dimension): EFFORTS.get(dimension, WIDE)._asdict()
            for dimension in sorted({dimension for _, _, dimension in rows})
        },
        "seed": seed,
        "cpu_seconds": round(seconds),
        "versions": {
            "spiralcore": __version__,
            "numpy": np.__version__,
            "scipy": scipy.__version__,
        },
    }
    lines = []
    for name in ORDER:
        quantities = []
        for quantity in quantities_of(CONTAINERS[name]):
            own = {d: row for (n, q, d), row in rows.items() if (n, q) == (name, quantity.value)}
            entries = [
                f"{json.dumps(str(dimension))}: {json.dumps(own[dimension], separators=(',', ':'))}"
                for dimension in sorted(own)
            ]
            quantities.append(f"{json.dumps(quantity.value)}: {{\n" + ",\n".join(entries) + "}")
        lines.append(f"{json.dumps(name)}: {{\n" + ",\n".join(quantities) + "}")
    head = json.dumps({"schema": SCHEMA, "about": about}, indent=1)[:-2]
    return head + ',\n "optima": {\n' + ",\n".join(lines) + "}\n}\n"


def row_of(
    found: dict[Cell, Arrangement], name: str, quantity: Quantity, dimension: int
) -> dict[str, Any]:
    """Values, and points where films draw them; rounded so that nothing visible is lost."""
    cells = [found[name, quantity, dimension, n] for n in range(2, MOST_POINTS + 1)]
    row: dict[str, Any] = {"values": [float(f"{cell.value:.12g}") for cell in cells]}
    if dimension in DRAWN_DIMENSIONS:
        row["points"] = [(np.round(cell.points, 10) + 0.0).ravel().tolist() for cell in cells]
    return row


if __name__ == "__main__":
    main()
