"""What a trajectory is, in a few lines for people."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from spiralcore.system.phrase import Phrase
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
        "points": _in_classes(trajectory),
        "activation": printable(trajectory.recipe.get("activation")),
        "seed": printable(trajectory.recipe.get("seed")),
        trajectory.counting.units: _counted(trajectory),
        "accuracy": _number(trajectory.accuracy[-1]),
        "cross-entropy": _number(trajectory.cross_entropy[-1]),
        "dead units": "unknown" if trajectory.is_projection else dead_units(trajectory) or "none",
        "fidelity": "unknown"
        if fidelity is None
        else Phrase(
            "worst point of an epoch off by {n} of the panel (median), {m} (99 %), {k} (worst)",
            n=percent(fidelity.p50, 2),
            m=percent(fidelity.p99, 2),
            k=percent(fidelity.max, 2),
        ),
    }
    if why := limited(trajectory):
        lines[LIMITED] = printable(why, LONGEST_DOUBT)
    return {**lines, **_regions(trajectory), **_recorded(trajectory)}


def _counted(trajectory: Trajectory) -> str:
    """How long the training was, how many of its states are kept, and which was the best."""
    counting, last = trajectory.counting, trajectory.trained_epochs
    trained, kept = f"{counting.at(last):,}", f"{len(trajectory.epochs):,}"
    found = Phrase("{n} trained, {m} kept", n=trained, m=kept)
    if counting.counts is not None:
        of = f"{last + 1:,}"
        found = Phrase("{n} trained, {k} recorded, {m} kept", n=trained, k=of, m=kept)
    best = trajectory.best_epoch
    if best is None:
        return found
    return Phrase("{v}; the best is {name}", v=found, name=counting.named(best))


def _regions(trajectory: Trajectory) -> dict[str, str]:
    """How true the regions behind the data are in a film, where there are any."""
    wrong = trajectory.region_fidelity
    if wrong is None:
        return {"regions": "not measured"} if trajectory.parameters is not None else {}
    return {
        "regions": Phrase(
            "{n} of the plane of the data in another class than in the run (median of a film), "
            "{m} (90 %), {k} (worst)",
            n=percent(wrong.p50, 2),
            m=percent(wrong.p90, 2),
            k=percent(wrong.max, 2),
        )
    }


def _in_classes(trajectory: Trajectory) -> str:
    points = f"{trajectory.points:,}"
    if (targets := trajectory.targets) is not None:
        least, most = f"{targets.min():,.4g}", f"{targets.max():,.4g}"
        return Phrase("{n} with values from {v} to {w}", n=points, v=least, w=most)
    if is_unlabelled(trajectory):
        return Phrase("{n}, without labels", n=points)
    return Phrase("{n} in {m} classes", n=points, m=str(trajectory.classes))


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
    return [*history(trajectory), *doubts(trajectory)]


def _number(value: np.float32) -> str:
    return "unknown" if np.isnan(value) else fixed(float(value), 4)
