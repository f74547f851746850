"""Search for the best packings, and write them into the table that spiralcore ships.

Run by `make optima`; writes spiralcore/analysis/optima/table.json and the tables in
docs/packing.md. With --docs, only the latter, from the table as it is. What an earlier run found
that is better is kept: all values are lower bounds, and the table holds the best of all runs.
Another --seed looks elsewhere.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from benchmarks.facts.optima_tables import DOCUMENT, renewed
from spiralcore import __version__
from spiralcore.analysis.optima.arrangement import Arrangement, Quantity, assess
from spiralcore.analysis.optima.containers import CONTAINERS, Container
from spiralcore.analysis.optima.search import Effort, search
from spiralcore.analysis.optima.table import (
    DRAWN_DIMENSIONS,
    MOST_DIMENSIONS,
    MOST_POINTS,
    SCALING,
    SCHEMA,
    SEED,
    TABLE,
)
from spiralcore.system.files import whole_file

OWN_TABLE = Path("spiralcore/analysis/optima") / TABLE

EFFORTS = {
    1: Effort(24, 400, 4),
    2: Effort(48, 400, 8, rounds=6),
    3: Effort(48, 400, 8, rounds=6),
}
WIDE = Effort(24, 400, 3, rounds=6)
"""For 4 dimensions and more."""

DISTANCES = {
    2: Effort(96, 400, 24, rounds=16, enough=60),
    3: Effort(96, 400, 24, rounds=16, enough=60),
    4: Effort(96, 400, 16, rounds=16, enough=40),
    5: Effort(96, 400, 16, rounds=16, enough=40),
}
WIDE_DISTANCES = Effort(96, 400, 8, rounds=16, enough=20)
"""Distances have many hills that are nearly as high as the highest, and few starts reach that."""

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
    parser.add_argument("--dimensions", type=int, default=MOST_DIMENSIONS, help="up to so many")
    parser.add_argument("--distances", action="store_true", help="search for these only")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--table", type=Path, default=OWN_TABLE)
    options = parser.parse_args()
    if not options.docs:
        seconds = 0.0
        for found, took in search_all(options.dimensions, options.seed, options.distances):
            seconds += took
            write(found, options.table, options.seed, seconds)
    if options.docs or options.table == OWN_TABLE:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(renewed(text), encoding="utf-8")


def write(found: dict[Cell, Arrangement], table: Path, seed: int, seconds: float) -> None:
    """Write a table that keeps the best of what is found and what was there."""
    earlier = json.loads(table.read_text(encoding="utf-8"))["optima"] if table.exists() else {}
    rows: dict[tuple[str, str, int], dict[str, Any]] = {
        (name, quantity, int(dimension)): row
        for name, by_quantity in earlier.items()
        for quantity, by_dimension in by_quantity.items()
        for dimension, row in by_dimension.items()
    }
    for name, quantity, dimension in {cell[:3] for cell in found}:
        row = row_of(found, name, quantity, dimension)
        key = (name, quantity.value, dimension)
        if key in rows:
            keep_better(row, rows[key])
        rows[key] = row
    with whole_file(table) as part:
        part.write_text(as_text(rows, searched(found), seed, seconds), encoding="utf-8")


def searched(found: dict[Cell, Arrangement]) -> str:
    """What a search was for."""
    return "all" if {cell[1] for cell in found} > {Quantity.DISTANCE} else "distances"


def keep_better(row: dict[str, Any], old: dict[str, Any]) -> None:
    """Put the better values of another row, and their points, into a row."""
    for index, value in enumerate(old["values"]):
        if value > row["values"][index] + 1e-9:
            for key in row:
                row[key][index] = old[key][index]


def search_all(
    dimensions: int, seed: int, distances: bool = False
) -> Iterator[tuple[dict[Cell, Arrangement], float]]:
    """The cells of each dimension, or those of distances, and the seconds that they took.

    Those that take longest come first. What comes out does not depend on how many processes there
    are.
    """
    with ProcessPoolExecutor() as pool:
        order = range(dimensions, 0, -1)
        yield from pool.map(search_dimension, order, repeat(seed), repeat(distances))


def search_dimension(
    dimension: int, seed: int, distances: bool
) -> tuple[dict[Cell, Arrangement], float]:
    """The cells of a dimension, those with more points first, and the seconds that it took."""
    found: dict[Cell, Arrangement] = {}
    begin = time.process_time()
    for count in range(MOST_POINTS, 1, -1):
        for name in ORDER:
            for quantity in quantities_of(CONTAINERS[name]):
                if distances and quantity is not Quantity.DISTANCE:
                    continue
                cell = name, quantity, dimension, count
                found[cell] = search_cell(cell, found, seed)
        took = time.process_time() - begin
        print(f"{dimension} dimensions, {count} points and more: {took:.0f} s", flush=True)
    return found, time.process_time() - begin


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
    effort = effort_for(quantity, dimension)
    others = related(cell, found)
    return search(quantity, CONTAINERS[name], dimension, count, effort, seeds, others)


def effort_for(quantity: Quantity, dimension: int) -> Effort:
    """How hard a cell is searched for."""
    if quantity is Quantity.DISTANCE and dimension > 1:
        return DISTANCES.get(dimension, WIDE_DISTANCES)
    return EFFORTS.get(dimension, WIDE)


def efforts(quantity: Quantity, dimensions: Iterable[int]) -> dict[str, dict[str, int]]:
    """`effort_for` each dimension, for the file."""
    return {str(dimension): effort_for(quantity, dimension)._asdict() for dimension in dimensions}


def related(cell: Cell, found: dict[Any, Arrangement]) -> Iterator[np.ndarray]:
    """Optima of related problems, as arrangements of this one."""
    name, quantity, dimension, count = cell
    inner = {"ball": "sphere", "cube": "ball", "unit_cube": "cube"}.get(name)
    # Distances are found without the others, so that they can be searched for alone.
    for other in QUANTITIES[:1] if quantity is Quantity.DISTANCE else QUANTITIES:
        if (name, other, dimension, count) in found:
            yield found[name, other, dimension, count].points
        if (inner, other, dimension, count) in found:
            points = found[inner, other, dimension, count].points
            yield 0.5 * (points + 1) if name == "unit_cube" else points
    larger = found.get((name, quantity, dimension, count + 1))
    if larger is not None:
        rests = [np.delete(larger.points, k, axis=0) for k in range(count + 1)]
        yield max(rests, key=lambda points: assess(quantity, points).value)


def as_text(
    rows: dict[tuple[str, str, int], dict[str, Any]], what: str, seed: int, seconds: float
) -> str:
    """The file: JSON, a line for each container, quantity and dimension."""
    dimensions = sorted({dimension for _, _, dimension in rows})
    about = {
        "what": "best values found for 2 to 12 points; lower bounds of the optima",
        "method": "spiralcore.analysis.optima.search: random starts, of which the best are "
        "polished, and the optima of related cells; the best of several runs, of which "
        "this was the last",
        "effort": efforts(Quantity.MARGIN, dimensions),
        "effort_for_distances": efforts(Quantity.DISTANCE, dimensions),
        "searched": what,
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
