"""What keeps a run from being a result: units that died, a network that got stuck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.system.phrase import Phrase
from spiralcore.system.printable import printable

if TYPE_CHECKING:
    from spiralcore.trajectory.trajectory import Trajectory

ENOUGH = 0.99
"""Accuracy from which on a network has learned the spirals."""

FULL_TRAINING, FULL_TRAINING_PER_CLASS = 10_000, 1_000
"""Epochs after which a lower accuracy means that a network is stuck, and not that it is young."""


def trouble(trajectory: Trajectory) -> str:
    """Say for people what is wrong with a run; an empty text where nothing is.

    Dead is a unit of the drawn layer that is 0 for all points until the end. Stuck is a network
    without dead units that ends below an accuracy of `ENOUGH` after a full training: 10,000 epochs,
    and for more than ten classes 1,000 each.
    """
    if trajectory.dead_since:
        return Phrase("dead: {v}", v=dead_units(trajectory))
    accuracy = float(trajectory.accuracy[-1])
    full = max(FULL_TRAINING, FULL_TRAINING_PER_CLASS * trajectory.classes)
    if accuracy < ENOUGH and trajectory.trained_epochs >= full:
        return Phrase("stuck at an accuracy of {n}", n=f"{accuracy:.3f}")
    return ""


def dead_since(hidden: NDArray[Any], epochs: NDArray[np.int64]) -> dict[int, int]:
    """Units that are 0 for all points until the end, and the first epoch from which on they are.

    Parameters
    ----------
    hidden
        The layer, shape (T, N, D).
    epochs
        The kept epochs, shape (T,).
    """
    dead: dict[int, int] = {}
    for unit in np.flatnonzero(~hidden[-1].any(axis=0)):
        lived = np.flatnonzero(hidden[:, :, unit].any(axis=1))
        first = 0 if len(lived) == 0 else int(lived[-1]) + 1
        dead[int(unit)] = int(epochs[first])
    return dead


def dead_units(trajectory: Trajectory) -> str:
    """Dead units for people, counted from 1: ``unit 2 since epoch 1,234``."""
    named = trajectory.counting.named
    dead = trajectory.dead_since.items()
    each = (Phrase("unit {n} since {v}", n=str(unit + 1), v=named(epoch)) for unit, epoch in dead)
    return Phrase.joined(", ", each)


def earlier_attempts(trajectory: Trajectory) -> list[Mapping[str, Any]]:
    """What the file says of earlier attempts at the same recipe, which died or got stuck."""
    made = trajectory.recipe.get("made")
    earlier = made.get("earlier_attempts") if isinstance(made, dict) else None
    return [part for part in earlier if isinstance(part, dict)] if isinstance(earlier, list) else []


def history(trajectory: Trajectory) -> list[str]:
    """Lines for people: what became of earlier attempts, and what is wrong with this run."""
    lines: list[str] = [
        Phrase("attempt {n}: {v}", n=str(number), v=printable(attempt.get("trouble", "failed")))
        for number, attempt in enumerate(earlier_attempts(trajectory), 1)
    ]
    present = trouble(trajectory)
    if present:
        number = str(len(lines) + 1)
        lines.append(Phrase("attempt {n}: {v}", n=number, v=present) if lines else present)
    elif lines:
        lines.append(Phrase("attempt {n}, this one, went well", n=str(len(lines) + 1)))
    return lines
