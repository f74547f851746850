"""The whole network at some epochs of a run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe.memory import MOST_SNAPSHOTS
from spiralcore.trajectory.play.motion import MotionMarks

Floats = NDArray[np.float32]

SNAPSHOT_MOTION = 0.02
"""Movement between two snapshots at first, root mean square, of the panel's width."""


class Snapshots:
    """Parameters at epochs between which the points moved about the same amount, and at the last.

    Parameters
    ----------
    most
        How many at most, the last one not counted.
    """

    def __init__(self, most: int = MOST_SNAPSHOTS) -> None:
        self._marks = MotionMarks(SNAPSHOT_MOTION, most)
        self._kept: dict[int, Floats] = {}

    def see(
        self, epoch: int, hidden: Floats, width: float, parameters: Callable[[], Floats], last: bool
    ) -> bool:
        """Take an epoch, and tell whether the points have moved since the last one that is kept.

        Parameters
        ----------
        epoch
            Which one; they come in order.
        hidden
            The layer, shape (N, D), in an array that stays as it is.
        width
            Of its panel.
        parameters
            Gives a copy of them, shape (P,).
        last
            Whether this is the last epoch, or may be.
        """
        marked = self._marks.see(epoch, hidden, width)
        if marked or last:
            self._kept[epoch] = parameters()
            wanted = {*self._marks.epochs, epoch}
            self._kept = {e: p for e, p in self._kept.items() if e in wanted}
        return marked

    @property
    def latest(self) -> Floats:
        """Parameters at the last epoch that is kept."""
        return self._kept[max(self._kept)]

    @property
    def size_bytes(self) -> int:
        """What they take in a file."""
        return sum(part.nbytes for part in self._kept.values())

    def arrays(self) -> tuple[Floats, NDArray[np.int64]]:
        """They, shape (S, P), and their epochs, shape (S,)."""
        kept = dict(sorted(self._kept.items()))
        return np.stack(list(kept.values())), np.array(list(kept), dtype=np.int64)
