"""When which step of a way is made: moves with rests between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spiralcore.trajectory.play.easing import eased


class Itinerary:
    """Moves from whole position to whole position, eased at both ends.

    Parameters
    ----------
    moves
        How long each move takes, in proportion.
    rests
        How long to stand still after each of them, in proportion; that after the last is cut.
    duration
        Seconds that everything takes.
    """

    def __init__(self, moves: Sequence[float], rests: Sequence[float], duration: float) -> None:
        pace = np.array([*zip(moves, [*rests[: len(moves) - 1], 0.0], strict=True)], np.float64)
        ends = np.cumsum(pace.ravel() * duration / pace.sum()).reshape(-1, 2)
        self._starts = np.append(0.0, ends[:-1, 1])
        self._ends = ends[:, 0]

    @property
    def middles(self) -> list[float]:
        """A film time within each move."""
        return [float(middle) for middle in (self._starts + self._ends) / 2]

    @property
    def ends(self) -> list[float]:
        """The film time at which each move ends."""
        return [float(end) for end in self._ends]

    def position(self, second: float) -> float:
        """How many moves are over at a film time, the present one in part."""
        move = max(int(np.searchsorted(self._starts, second, side="right")) - 1, 0)
        start, end = self._starts[move], self._ends[move]
        return float(move + eased((second - start) / (end - start)))
