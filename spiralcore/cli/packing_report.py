"""What `spiral info --packing` tells."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import click
import numpy as np

from spiralcore.analysis.optima.containers import container_of, directions_of
from spiralcore.analysis.optima.table import is_tabled
from spiralcore.analysis.packing.collapse import Collapse, least_simplex_distance
from spiralcore.analysis.packing.configuration import Packing
from spiralcore.analysis.packing.over_epochs import measure
from spiralcore.trajectory import Trajectory

QUANTITIES = {
    "distance": "distance",
    "one_vs_rest": "one versus rest",
    "margin": "margin",
    "margin_without_bias": "margin without bias",
    "margin_free_bias": "margin, bias free",
}

COLLAPSE = {
    "nc1": "NC1, scatter within classes over between",
    "nc2_equinorm": "NC2, spread of the lengths of class means",
    "nc2_equiangular": "NC2, spread of the cosines between them",
    "nc2_simplex_angle": "NC2, cosines off those of a simplex",
    "nc2_simplex_distance": "NC2, distance from a simplex",
    "nc3": "NC3, head off the class means",
    "nc4": "NC4, head and nearest mean disagree",
}


class Measured(NamedTuple):
    """The last epoch of a trajectory.

    Attributes
    ----------
    packing, collapse
        What is measured; each number of `Collapse` is one.
    epoch
        Which one it is.
    space
        What the space is called.
    classes, units
        Numbers of classes that have points, and of units.
    parked
        Classes at the corner.
    """

    packing: Packing
    collapse: Collapse
    epoch: int
    space: str
    classes: int
    units: int
    parked: list[int]


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
    present = np.unique(trajectory.labels)
    packing = measured.packing()
    return Measured(
        packing,
        Collapse(*(float(values[-1]) for values in measured.collapse)),
        int(measured.epochs[-1]),
        trajectory.space.name(trajectory.units),
        len(present),
        trajectory.units,
        [int(label) for label in present[packing.angles.parked]],
    )


def facts_of(measured: Measured) -> dict[str, Any]:
    """For JSON, which has no nan: what is undefined is null."""
    numbers = measured.packing.row() | measured.collapse._asdict()
    facts: dict[str, Any] = {"epoch": measured.epoch, "space": measured.space}
    facts |= {key: value if math.isfinite(value) else None for key, value in numbers.items()}
    return facts | {"parked": measured.parked}


def as_table(measured: Measured) -> str:
    """For people."""
    packing = measured.packing
    columns = (packing.means, packing.best, packing.parts, packing.points, packing.point_parts)
    lines = [
        f"{measured.classes} classes in the {measured.space}, epoch {measured.epoch:,}",
        f"{'':23}{'means':>9}{'best':>9}{'part':>9}{'points':>10}{'part':>9}",
    ]
    for key, name in QUANTITIES.items():
        own, best, part, points, points_part = (getattr(column, key) for column in columns)
        lines.append(
            f"{name:23}{_number(own):>9}{_number(best):>9}{_share(part):>9}"
            f"{_number(points):>10}{_share(points_part):>9}"
        )
    angles = packing.angles
    if math.isfinite(angles.smallest):
        lines.append(
            f"{'smallest angle':23}{angles.smallest:>7.1f} °{angles.best:>7.1f} °"
            f"{_share(angles.part):>9}"
        )
    lines.append(f"{'evenness':23}{_number(packing.evenness):>9}")
    if measured.parked:
        parked = ", ".join(map(str, measured.parked))
        lines.append(f"{'parked at the corner':26}class {parked}")
    least = least_simplex_distance(measured.classes, measured.units)
    units = f"{measured.units} unit" + "s" * (measured.units > 1)
    notes = {"nc2_simplex_distance": f" (at least {least:.3f} with {units})" if least else ""}
    lines.append("")
    for key, name in COLLAPSE.items():
        value = _number(getattr(measured.collapse, key))
        lines.append(f"{name:42}{value:>9}{notes.get(key, '')}")
    return "\n".join(lines)


def _number(value: float) -> str:
    # Adding 0.0 makes a rounded -0.0 a plain zero.
    return f"{round(value, 3) + 0.0:.3f}" if math.isfinite(value) else "-"


def _share(value: float) -> str:
    return f"{round(100 * value, 1) + 0.0:.1f} %" if math.isfinite(value) else "-"
