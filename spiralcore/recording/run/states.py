"""What is known of each state of a record beside where its points are."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import UsageError, lookup
from spiralcore.recording.checks import as_number
from spiralcore.recording.outputs import Verdict
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.counting import BEST, MOST, UNIT, UNITS
from spiralcore.trajectory.schema import LARGEST
from spiralcore.trajectory.unrecorded import CURVES


class States:
    """Cross-entropy, loss and accuracy of each state, and how many epochs or steps were over.

    Parameters
    ----------
    unit
        What is counted, one of `spiralcore.trajectory.play.counting.UNITS`; None where states are
        the epochs, and a number that is given is to be that of the state.

    Attributes
    ----------
    unit
        What is counted.
    revision
        Another number whenever something has changed.
    """

    def __init__(self, unit: str | None) -> None:
        if unit is not None:
            lookup(dict.fromkeys(UNITS), unit, "unit")
        self._given, self.unit = unit is not None, unit or "epoch"
        self._counts: list[int] = []
        self._first = self.revision = 0
        self._curves: list[tuple[float, float, float]] = []
        self._best: int | None = None

    def __len__(self) -> int:
        return len(self._curves)

    @property
    def curves(self) -> Sequence[tuple[float, float, float]]:
        """Cross-entropy, loss and accuracy of each state."""
        return self._curves

    def check(self, at: Any, state: int) -> None:
        """See to it that a number can be that of the next state.

        Raises
        ------
        UsageError
            If it is not.
        """
        if at is None:
            return
        if not self._given:
            if at != state:
                raise UsageError(
                    f"Epoch {at} was given.",
                    f"epoch {state}, which comes next.",
                    "a recorder with unit='epoch', or 'step', 'batch' or 'sample', counts what "
                    "at= says",
                )
            return
        count = _whole(at, self.unit)
        if not 0 <= count < MOST:
            raise UsageError(f"{self.unit.capitalize()} {count} was given.", "0 or more.")
        if self._counts and count <= self._counts[-1]:
            raise UsageError(
                f"{self.unit.capitalize()} {count:,} was given after {self._counts[-1]:,}.",
                "a larger number at each step.",
            )

    def begin(self, before: Trajectory | None, state: int, at: Any) -> None:
        """See how many are over at the first state.

        Parameters
        ----------
        before
            What is gone on with.
        state
            Number of the first state in it.
        at
            What was given for it.

        Raises
        ------
        UsageError
            If that does not fit what is gone on with.
        """
        first = 0 if at is None or not self._given else _whole(at, self.unit)
        if before is not None:
            last = before.trained_epochs
            usual = before.counting.at(min(state, last)) + max(state - last, 0)
            if at is not None and self._given and first != usual and state <= last:
                raise UsageError(
                    f"{self.unit.capitalize()} {first:,} was given.",
                    f"{usual:,}, at which the file has this state.",
                    "the first step without at=",
                )
            first = max(first, usual)
        self._first = first

    def add(self, loss: float, at: Any, verdict: Verdict | None = None) -> None:
        """Take one more state; what was given for it is checked already.

        Of one whose layer was not looked at there is no verdict.
        """
        if not self._counts:
            self._counts = [self._first]
        elif at is None or not self._given:
            self._counts.append(self._counts[-1] + 1)
        else:
            self._counts.append(_whole(at, self.unit))
        entropy, accuracy = (
            (verdict.cross_entropy, verdict.accuracy) if verdict else (np.nan, np.nan)
        )
        self._curves.append((entropy, loss, accuracy))
        self.revision += 1

    def disclaim(self, curves: Sequence[str]) -> None:
        """Take back cross-entropies or accuracies: outputs were no probabilities after all."""
        if not curves:
            return
        entropy, accuracy = "cross-entropy" in curves, "accuracy" in curves
        self._curves = [
            (np.nan if entropy else before, loss, np.nan if accuracy else right)
            for before, loss, right in self._curves
        ]
        self.revision += 1

    def report(self, loss: Any) -> None:
        """Say afterwards what the loss of the last state is."""
        if self._curves:
            entropy, _, accuracy = self._curves[-1]
            self._curves[-1] = (entropy, as_number(loss), accuracy)
            self.revision += 1

    def best(self) -> None:
        """Take the last state for the best one so far."""
        if self._curves:
            self._best = len(self._curves) - 1
            self.revision += 1

    def forget(self) -> None:
        """Take nothing of it."""
        self._counts, self._curves, self._best = [], [], None

    def arrays(self, states: int) -> dict[str, NDArray[Any]]:
        """What a file has of the first states, shape (states,) each.

        With none it is that of a file of one state, of which nothing is known.
        """
        known = np.array(self._curves[:states] or [(np.nan,) * 3], dtype=np.float32).T
        found = {
            name: np.where(np.abs(curve) < LARGEST, curve, np.float32(np.nan))
            for name, curve in zip(CURVES, known, strict=True)
        }
        counts = np.array(self._counts[:states], np.int64)
        if self._given and not np.array_equal(counts, np.arange(len(counts))):
            found["counts"] = counts
        return found

    def entries(self) -> dict[str, Any]:
        """What the recipe says of it."""
        unit = {UNIT: self.unit} if self.unit != "epoch" else {}
        return unit if self._best is None else {**unit, BEST: self._best}


def _whole(at: Any, unit: str) -> int:
    try:
        return operator.index(at)
    except TypeError:
        raise UsageError(
            f"at is {at!r:.80}.", f"a whole number: how many {UNITS[unit]} are over."
        ) from None
