"""A record that goes on with a file."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import UsageError
from spiralcore.recording.joining import difference, joined, same_state, up_to
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.file import to_bytes


class Continuation:
    """What a record goes on with, if it does.

    Parameters
    ----------
    before
        The trajectory of the file; None if a record is new.

    Attributes
    ----------
    first
        Number of the epoch of the first state that is observed.
    """

    def __init__(self, before: Trajectory | None) -> None:
        self._before = before
        self._shared = False
        self.first = 0 if before is None else before.trained_epochs + 1

    def begin(self, hidden: NDArray[np.float32], alone: Callable[[], Trajectory]) -> str:
        """See where the first state is in the file, and say it; empty for new records.

        Parameters
        ----------
        hidden
            The layer, shape (N, D).
        alone
            Makes a trajectory of the first state only.

        Raises
        ------
        UsageError
            If the file has other points, labels or another layer.
        """
        if self._before is None:
            return ""
        what = difference(self._before, alone())
        if what:
            raise UsageError(
                f"{self._before.source} cannot be gone on with: it has {what}.",
                "the same points, labels and layer.",
                "overwrite=True to begin anew, or another file",
            )
        last, place = self._before.trained_epochs, same_state(self._before, hidden)
        if place is None:
            return f"goes on after epoch {last:,} in another state; what is between is missing"
        self._before, self._shared = up_to(self._before, place), True
        self.first = self._before.trained_epochs
        return f"goes on at epoch {self.first:,}" + (f" of {last:,}" if self.first < last else "")

    def whole(self, made: tuple[Trajectory, bytes]) -> tuple[Trajectory, bytes]:
        """A trajectory and its file, with what was before."""
        if self._before is None:
            return made
        if self._shared and made[0].trained_epochs == 0:
            return self._before, to_bytes(self._before)
        path = joined(self._before, made[0], shared=self._shared)
        return path, to_bytes(path)
