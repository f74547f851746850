"""What a trajectory is, in a few lines for people."""

from __future__ import annotations

import numpy as np

from spiralcore.trajectory.given import doubts
from spiralcore.trajectory.printing import printable
from spiralcore.trajectory.trajectory import Trajectory
from spiralcore.trajectory.trouble import dead_units, history


def summary(trajectory: Trajectory) -> dict[str, str]:
    """Name and value of each line, in their order; anything in a file is made `printable`."""
    fidelity = trajectory.fidelity
    lines = {
        "points": f"{trajectory.points:,} in {trajectory.classes} classes",
        "activation": printable(trajectory.recipe.get("activation")),
        "seed": printable(trajectory.recipe.get("seed")),
        "epochs": f"{trajectory.trained_epochs:,} trained, {len(trajectory.epochs):,} kept",
        "accuracy": _number(trajectory.accuracy[-1]),
        "cross-entropy": _number(trajectory.cross_entropy[-1]),
        "dead units": dead_units(trajectory.dead_since) or "none",
        "fidelity": "unknown"
        if fidelity is None
        else f"worst point of an epoch off by {100 * fidelity.p50:.2f} % of the panel "
        f"(median), {100 * fidelity.p99:.2f} % (99 %), {100 * fidelity.max:.2f} % (worst)",
    }
    return lines


def notes(trajectory: Trajectory) -> list[str]:
    """What became of earlier attempts, and what is wrong with this run or its file; `printable`."""
    return [*(printable(line) for line in history(trajectory)), *doubts(trajectory)]


def _number(value: np.float32) -> str:
    return "unknown" if np.isnan(value) else f"{value:.4f}"
