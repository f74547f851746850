"""What the states of a record are counted in: epochs, or steps, batches or samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import TrajectoryError
from spiralcore.system.phrase import Phrase

if TYPE_CHECKING:
    from spiralcore.trajectory.trajectory import Trajectory

UNITS = {"epoch": "epochs", "step": "steps", "batch": "batches", "sample": "samples"}
"""What one may count, and several of it."""

UNIT, BEST = "unit", "best_epoch"
"""Where recipes keep what is counted, and the number of the state that was the best."""

MOST = 2**62
"""Counts are below this."""


class Counting(NamedTuple):
    """What films show as the time of a training.

    Attributes
    ----------
    unit
        One of `UNITS`.
    counts
        For each state of the run how much of it was over, shape (E + 1,), strictly increasing;
        None where that is the number of the state.
    """

    unit: str = "epoch"
    counts: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, trajectories: Sequence[Trajectory]) -> Self:
        """What several trainings that are shown in step are counted in.

        The longest tells it, if the others agree as far as they go; otherwise states are counted,
        as epochs are.
        """
        if not trajectories:
            return cls()
        longest = max(trajectories, key=lambda path: path.trained_epochs)
        for path in trajectories:
            if path.unit != longest.unit or (path.counts is None) != (longest.counts is None):
                return cls()
            if path.counts is not None and longest.counts is not None:
                here = longest.counts[: len(path.counts)]
                if not np.array_equal(path.counts, here):
                    return cls()
        return cls(longest.unit, longest.counts)

    @property
    def units(self) -> str:
        """Several of it."""
        return UNITS[self.unit]

    def at(self, epoch: float) -> int:
        """How much is over at the time of a state, or between two of them."""
        if self.counts is None:
            return int(epoch)
        last = len(self.counts) - 1
        before = min(max(int(epoch), 0), last)
        share = min(max(epoch - before, 0.0), 1.0)
        first, second = int(self.counts[before]), int(self.counts[min(before + 1, last)])
        return first + int(share * (second - first) + 1e-6)

    def state(self, count: int) -> float:
        """When so much is over: the opposite of `at`."""
        if self.counts is None:
            return float(count)
        return float(np.interp(count, self.counts, np.arange(len(self.counts))))

    def named(self, epoch: float) -> str:
        """A moment in words: ``step 1,200``."""
        return Phrase("{unit} {n}", unit=self.unit, n=f"{self.at(epoch):,}")


class Counted:
    """What a trajectory says of how its states are counted."""

    recipe: Mapping[str, Any]
    counts: NDArray[np.int64] | None
    accuracy: NDArray[np.float32]

    @property
    def unit(self) -> str:
        """What is counted: one of `UNITS`, epochs where the file does not say it."""
        unit = self.recipe.get(UNIT)
        return unit if isinstance(unit, str) and unit in UNITS else "epoch"

    @property
    def counting(self) -> Counting:
        """What films show as the time of this training."""
        return Counting(self.unit, self.counts)

    @property
    def best_epoch(self) -> int | None:
        """Number of the state that the training took for the best; None if that is not known."""
        best = self.recipe.get(BEST)
        if isinstance(best, bool) or not isinstance(best, int):
            return None
        return best if 0 <= best <= self.trained_epochs else None

    @property
    def trained_epochs(self) -> int:
        """Number of the last epoch of the run, E; of the last state where others are counted."""
        return len(self.accuracy) - 1


def check_counts(source: str, counts: NDArray[np.int64], states: int) -> None:
    """Verify that counts are those of a run of so many states.

    Raises
    ------
    TrajectoryError
        If there are more or fewer, or they do not increase from 0 or more.
    """
    if len(counts) != states:
        raise TrajectoryError(
            f"{source}: the array 'counts' has the shape ({len(counts)},).",
            f"({states},): a number for every state of the run.",
        )
    if counts[0] < 0 or counts[-1] > MOST or not (counts[1:] > counts[:-1]).all():
        increases = "increases" if (counts[1:] > counts[:-1]).all() else "does not increase"
        raise TrajectoryError(
            f"{source}: the array 'counts' goes from {counts[0]} to {counts[-1]} and {increases} "
            "throughout.",
            "strictly increasing numbers from 0 on.",
        )
