"""The tables of docs/study.md and docs/packing.md, as Markdown, from the Parquet of a study."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.study.crowd import packing_part
from spiralcore.study.seed_spread import Cell, Spread, cells, column, members, spread

LEARNED = 0.99
"""Accuracy from which on a network has learned its spirals."""

PACKED = 0.5
"""Part of the best distance below which class means count as crowded."""

PLANE = 2

Values = NDArray[np.float64]


def about(table: pa.Table) -> str:
    """What was trained."""
    counts = {name: table.column(name).to_pylist() for name in ("status", "activation", "units")}
    status = {name: counts["status"].count(name) for name in dict.fromkeys(counts["status"])}
    lines = [f"{table.num_rows:,} networks: " + ", ".join(f"{n:,} {s}" for s, n in status.items())]
    found = members(table)
    rows = []
    for name in dict.fromkeys(counts["activation"]):
        own = {cell: len(seeds) for cell, seeds in found.items() if cell.activation == name}
        planar = [n for cell, n in own.items() if cell.units == PLANE]
        others = [n for cell, n in own.items() if cell.units != PLANE]
        units = sorted({cell.units for cell in own})
        classes = sorted({cell.classes for cell in own})
        rows.append(
            [
                label(name),
                f"{units[0]} to {units[-1]}",
                f"{classes[0]} to {classes[-1]}",
                _range(planar),
                _range(others),
                f"{sum(own.values()):,}",
            ]
        )
    head = ["activation", "D", "K", "seeds a cell, D = 2", "seeds a cell, other D", "networks"]
    return "\n".join([lines[0] + ".", "", markdown(head, rows)])


def crowded_from(table: pa.Table) -> str:
    """At which K the median accuracy falls below `LEARNED`."""
    return _first_table(table, column(table, "accuracy"), lambda s: s.median < LEARNED)


def packed_until(table: pa.Table) -> str:
    """At which K the median packing falls below `PACKED`."""
    values = packing_part(table)
    return _first_table(table, values, lambda s: s.median < PACKED)


def _first_table(table: pa.Table, values: Values, crowded: Callable[[Spread], bool]) -> str:
    found = cells(table, values)
    units = sorted({cell.units for cell in found})
    most = max(cell.classes for cell in found)
    rows = []
    for name in dict.fromkeys(cell.activation for cell in found):
        row = [label(name)]
        for unit in units:
            own = sorted(
                (cell.classes, s)
                for cell, s in found.items()
                if cell.activation == name and cell.units == unit and s.networks
            )
            # Crowded from here on for good: a cell that recovers was a matter of training.
            free = [k for k, s in own if not crowded(s)]
            first = [k for k, _ in own if k > max(free, default=0)]
            row.append("" if not own else str(first[0]) if first else f"> {most}")
        rows.append(row)
    return markdown(["", *(f"D = {unit}" for unit in units)], rows)


def plane(table: pa.Table) -> str:
    """Three measures of packing in the plane, K by K: median and quartiles."""
    names = ("distance_part", "one_vs_rest_part", "margin_free_bias_part")
    parts = {name: cells(table, column(table, name)) for name in names}
    accuracy = cells(table, column(table, "accuracy"))
    rows = []
    for cell, spread_ in accuracy.items():
        if cell.units == PLANE and parts[names[0]][cell].networks:
            rows.append(
                [
                    label(cell.activation),
                    str(cell.classes),
                    str(spread_.networks),
                    quartiles(spread_),
                    *(quartiles(parts[name][cell]) for name in names),
                ]
            )
    head = ["", "K", "networks", "accuracy", "distance", "one-vs-rest", "margin"]
    return markdown(head, rows)


def quadrant(table: pa.Table) -> str:
    """The ReLU quadrant: angles, parked classes, dead units."""
    angle = cells(table, column(table, "angle_part"))
    accuracy = cells(table, column(table, "accuracy"))
    parked = cells(table, column(table, "parked_classes"))
    dead = cells(table, np.asarray(column(table, "dead_units") > 0, dtype=np.float64))
    share = _shares(table, column(table, "dead_units") > 0)
    rows = [
        [
            str(cell.classes), str(accuracy[cell].networks), quartiles(accuracy[cell]),
            quartiles(angle[cell]), str(angle[cell].networks), quartiles(parked[cell], 1),
            f"{share[cell]:.2f}",
        ]
        for cell in dead
        if cell.activation == "relu" and cell.units == PLANE
    ]  # fmt: skip
    head = [
        "K", "networks", "accuracy", "angle", "of so many", "parked classes",
        "share with a dead unit",
    ]  # fmt: skip
    return markdown(head, rows)


def dead(table: pa.Table) -> str:
    """Share of ReLU networks with dead units, over K and D."""
    share = _shares(table, column(table, "dead_units") > 0)
    return _grid({cell: f"{s:.2f}" for cell, s in share.items() if cell.activation == "relu"})


def over_units(table: pa.Table) -> str:
    """Accuracy, packing, evenness and speed over D, all K together."""
    packing = packing_part(table)
    measures = {
        "accuracy": column(table, "accuracy"),
        "packing": packing,
        "margin": column(table, "margin_free_bias_part"),
        "evenness": column(table, "evenness"),
        "epochs to 99 %": column(table, "epochs_to_99"),
        "learned": np.asarray(column(table, "accuracy") >= LEARNED, dtype=np.float64),
    }
    found = members(table)
    rows = []
    for name in dict.fromkeys(cell.activation for cell in found):
        for unit in sorted({cell.units for cell in found if cell.activation == name}):
            own = [rows_ for cell, rows_ in found.items()
                   if cell.activation == name and cell.units == unit]  # fmt: skip
            texts = []
            for title, values in measures.items():
                # Medians of the cells, so that every K counts the same.
                medians = [_median(values[rows_]) for rows_ in own]
                if title == "learned":
                    medians = [float(np.nanmean(values[rows_])) for rows_ in own]
                    texts.append(f"{np.nanmean(medians):.2f}")
                else:
                    known = [value for value in medians if not np.isnan(value)]
                    digits = 0 if title.startswith("epochs") else 3
                    texts.append(quartiles(spread(known), digits))
            rows.append([label(name), str(unit), *texts])
    head = ["", "D", *measures]
    return markdown(head, rows)


def disk(table: pa.Table) -> str:
    """The disk against the square, network by network: the same points and first weights."""
    keys = list(zip(*(table.column(n).to_pylist() for n in ("units", "classes", "seed")),
                    strict=True))  # fmt: skip
    names = table.column("activation").to_pylist()
    measures = {
        "accuracy": column(table, "accuracy"),
        "packing": column(table, "distance_part"),
        "one-vs-rest": column(table, "one_vs_rest_part"),
        "margin": column(table, "margin_free_bias_part"),
        "epochs to 99 %": column(table, "epochs_to_99"),
        "NC1": column(table, "nc1"),
    }
    rows = []
    for unit in sorted({key[0] for key in keys}):
        places = {
            name: {key: row for row, (key, own) in enumerate(zip(keys, names, strict=True))
                   if own == name and key[0] == unit}
            for name in ("disk", "tanh")
        }  # fmt: skip
        pairs = [(places["disk"][key], row) for key, row in places["tanh"].items()
                 if key in places["disk"]]  # fmt: skip
        if not pairs:
            continue
        row = [str(unit), str(len(pairs))]
        for title, values in measures.items():
            differences = [float(values[a] - values[b]) for a, b in pairs]
            known = [d for d in differences if not np.isnan(d)]
            digits = 0 if title.startswith("epochs") else 3
            row.append(quartiles(spread(known), digits, sign=True))
        rows.append(row)
    return markdown(["D", "pairs", *measures], rows)


STUDY_BLOCKS: Mapping[str, Callable[[pa.Table], str]] = {
    "about": about,
    "crowded": crowded_from,
    "packed": packed_until,
    "plane": plane,
    "quadrant": quadrant,
    "dead": dead,
    "units": over_units,
    "disk": disk,
}

"""Tables of docs/study.md."""

PACKING_BLOCKS: Mapping[str, Callable[[pa.Table], str]] = {
    "reached": plane,
    "reached angles": quadrant,
}
"""Tables of docs/packing.md."""


def label(name: str) -> str:
    """What pages call an activation."""
    return ACTIVATIONS[name].label


def quartiles(s: Spread, digits: int = 3, *, sign: bool = False) -> str:
    """Median and quartiles: ``0.512 [0.500, 0.530]``."""
    if not s.networks:
        return ""
    form = f"{'+' if sign else ''}.{digits}f"
    return f"{s.median:{form}} [{s.lower:{form}}, {s.upper:{form}}]"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _grid(texts: Mapping[Cell, str]) -> str:
    units = sorted({cell.units for cell in texts})
    by_place = {(cell.classes, cell.units): text for cell, text in texts.items()}
    rows = [
        [f"K = {k}", *(by_place.get((k, unit), "") for unit in units)]
        for k in sorted({cell.classes for cell in texts})
    ]
    return markdown(["", *(f"D = {unit}" for unit in units)], rows)


def _shares(table: pa.Table, which: NDArray[np.bool_]) -> dict[Cell, float]:
    return {cell: float(which[rows].mean()) for cell, rows in members(table).items()}


def _median(values: Values) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _range(counts: Sequence[int]) -> str:
    if not counts:
        return ""
    least, most = min(counts), max(counts)
    return str(least) if least == most else f"{least} to {most}"
