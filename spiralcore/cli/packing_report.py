"""What `spiral info --packing` tells."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import click
import numpy as np

from spiralcore.analysis.optima.containers import container_of, directions_of
from spiralcore.analysis.optima.table import is_tabled
from spiralcore.analysis.packing.configuration import Packing
from spiralcore.analysis.packing.metric import Metric
from spiralcore.analysis.packing.over_epochs import measure
from spiralcore.analysis.packing.readings import COLLAPSE, SEPARATIONS, SHAPES, Readings
from spiralcore.registry.spaces import Space
from spiralcore.system.rounding import fixed, percent
from spiralcore.trajectory import Trajectory


class Measured(NamedTuple):
    """The last epoch of a trajectory.

    Attributes
    ----------
    packing, collapse
        What is measured, one number of each metric.
    epoch, when
        Which one it is, and for people.
    space
        Where the layer lies.
    units
        Its number of units.
    present
        The classes that have points.
    """

    packing: Packing
    collapse: Readings
    epoch: int
    when: str
    space: Space
    units: int
    present: list[int]

    def which(self, metric: Metric) -> list[int]:
        """The classes that count for a number of classes."""
        chosen = self.packing.classes[metric.name]
        return [label for label, counts in zip(self.present, chosen, strict=True) if counts]


def of_last_epoch(trajectory: Trajectory) -> Measured:
    """Measure the last kept epoch."""
    container = container_of(trajectory.space) or directions_of(trajectory.space)
    if not is_tabled(container, trajectory.units, trajectory.classes):
        click.echo(
            f"spiral: searching for the best packing of {trajectory.classes} classes with "
            f"{trajectory.units} units, which is not in the table; this can take a minute",
            err=True,
        )
    measured = measure(trajectory, kept=slice(-1, None))
    return Measured(
        measured.packing(),
        measured.collapse.at(-1),
        int(measured.epochs[-1]),
        trajectory.counting.named(int(measured.epochs[-1])),
        trajectory.space,
        trajectory.units,
        np.unique(trajectory.labels).tolist(),
    )


def facts_of(measured: Measured) -> dict[str, Any]:
    """For JSON, which has no nan: what is undefined is null."""
    numbers = measured.packing.row() | measured.collapse._asdict()
    facts: dict[str, Any] = {
        "epoch": measured.epoch,
        "space": measured.space.name(measured.units),
    }
    facts |= {key: value if math.isfinite(value) else None for key, value in numbers.items()}
    which = {entry.name: measured.which(entry) for entry in SHAPES if entry.which is not None}
    return facts | which


def as_table(measured: Measured) -> str:
    """For people."""
    classes, space = len(measured.present), measured.space
    lines = [
        f"{classes} classes in the {space.name(measured.units)}, {measured.when}",
        f"{'':23}{'means':>9}{'best':>9}{'part':>9}{'points':>10}{'part':>9}",
    ]
    row = measured.packing.row()
    lines += [_line(entry, row) for entry in SEPARATIONS]
    counts = []
    for entry in SHAPES:
        if entry.which is not None:
            which = ", ".join(map(str, measured.which(entry)))
            counts += [f"{entry.label:26}class {which}"] if which else []
        elif entry.spaces == "all" or math.isfinite(row[entry.name]):
            lines.append(_line(entry, row))
    lines += [*counts, ""]
    units = f"{measured.units} unit" + "s" * (measured.units > 1)
    for entry in COLLAPSE:
        value, least = measured.collapse[entry.name], entry.best_for(space, measured.units, classes)
        note = f" (at least {least:.3f} with {units})" if least else ""
        lines.append(f"{entry.label:42}{_number(value):>9}{note}")
    return "\n".join(lines)


def _line(metric: Metric, row: dict[str, float]) -> str:
    """A metric of the packing: of the means, the best, the part of it, the same of the points."""
    line = f"{metric.label:23}" + _value(metric, row[metric.name])
    if metric.has_part:
        line += _value(metric, row[metric.best_name]) + f"{_share(row[metric.part_name]):>9}"
    if metric.measure_points is not None:
        line = f"{line:50}" + f"{_number(row[metric.points_name]):>10}"
    if metric.measure_points is not None and metric.has_part:
        line += f"{_share(row[metric.points_part_name]):>9}"
    return line


def _value(metric: Metric, value: float) -> str:
    if metric.unit == "°" and math.isfinite(value):
        return f"{value:>7.1f} °"
    return f"{_number(value):>9}"


def _number(value: float) -> str:
    return fixed(value, 3) if math.isfinite(value) else "-"


def _share(value: float) -> str:
    return percent(value) if math.isfinite(value) else "-"
