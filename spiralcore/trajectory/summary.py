"""What a trajectory is, in a few lines for people."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from spiralcore.system.printable import printable
from spiralcore.system.rounding import fixed, percent
from spiralcore.trajectory.given import CLASS_NAMES, LONGEST_DOUBT, doubts
from spiralcore.trajectory.trajectory import Trajectory
from spiralcore.trajectory.trouble import dead_units, history
from spiralcore.trajectory.unrecorded import LIMITED, is_unlabelled, limited

LONGEST_TAKEN, MOST_TAKEN = 14, 12
"""Letters of what a recorder calls something, and how many such lines a file may have."""


def summary(trajectory: Trajectory) -> dict[str, str]:
    """Name and value of each line, in their order; anything in a file is made `printable`."""
    fidelity = trajectory.fidelity
    lines = {
        **({"name": printable(trajectory.run_name)} if trajectory.run_name else {}),
        "points": f"{trajectory.points:,}{_in_classes(trajectory)}",
        "activation": printable(trajectory.recipe.get("activation")),
        "seed": printable(trajectory.recipe.get("seed")),
        trajectory.counting.units: _counted(trajectory),
        "accuracy": _number(trajectory.accuracy[-1]),
        "cross-entropy": _number(trajectory.cross_entropy[-1]),
        "dead units": "unknown" if trajectory.is_projection else dead_units(trajectory) or "none",
        "fidelity": "unknown"
        if fidelity is None
        else f"worst point of an epoch off by {percent(fidelity.p50, 2)} of the panel "
        f"(median), {percent(fidelity.p99, 2)} (99 %), {percent(fidelity.max, 2)} (worst)",
    }
    if why := limited(trajectory):
        lines[LIMITED] = printable(why, LONGEST_DOUBT)
    return {**lines, **_regions(trajectory), **_recorded(trajectory)}


def _counted(trajectory: Trajectory) -> str:
    """How long the training was, how many of its states are kept, and which was the best."""
    counting, last = trajectory.counting, trajectory.trained_epochs
    recorded = "" if counting.counts is None else f", {last + 1:,} recorded"
    best = trajectory.best_epoch
    marked = "" if best is None else f"; the best is {counting.named(best)}"
    return f"{counting.at(last):,} trained{recorded}, {len(trajectory.epochs):,} kept{marked}"


def _regions(trajectory: Trajectory) -> dict[str, str]:
    """How true the regions behind the data are in a film, where there are any."""
    wrong = trajectory.region_fidelity
    if wrong is None:
        return {"regions": "not measured"} if trajectory.parameters is not None else {}
    return {
        "regions": f"{percent(wrong.p50, 2)} of the plane of the data in another class than in "
        f"the run (median of a film), {percent(wrong.p90, 2)} (90 %), "
        f"{percent(wrong.max, 2)} (worst)"
    }


def _in_classes(trajectory: Trajectory) -> str:
    if (targets := trajectory.targets) is not None:
        return f" with values from {targets.min():,.4g} to {targets.max():,.4g}"
    unlabelled = is_unlabelled(trajectory)
    return ", without labels" if unlabelled else f" in {trajectory.classes} classes"


def _recorded(trajectory: Trajectory) -> dict[str, str]:
    """What a recorder took of somebody's network, and what the classes are called."""
    lines = {}
    names = trajectory.recipe.get(CLASS_NAMES)
    if isinstance(names, list):
        lines["class names"] = printable(", ".join(map(str, names)), LONGEST_DOUBT)
    taken = trajectory.recipe.get("recorded")
    for name, value in taken.items() if isinstance(taken, Mapping) else ():
        lines[printable(name, LONGEST_TAKEN)] = printable(value, LONGEST_DOUBT)
    return dict(list(lines.items())[:MOST_TAKEN])


def notes(trajectory: Trajectory) -> list[str]:
    """What became of earlier attempts, and what is wrong with this run or its file; `printable`."""
    return [*(printable(line) for line in history(trajectory)), *doubts(trajectory)]


def _number(value: np.float32) -> str:
    return "unknown" if np.isnan(value) else fixed(float(value), 4)
