"""Motion that begins and ends gently, as a function of film time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple


def eased(share: float) -> float:
    """A share of a way, 0 to 1, with no speed at both ends; beyond them it stands still."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


class Key(NamedTuple):
    """A value that is reached at a time."""

    second: float
    value: float


class Keys:
    """A number over film time: eased from each key to the next, constant before and after.

    Parameters
    ----------
    keys
        Times, not decreasing, with their values. Two keys of one value are a rest.
    """

    def __init__(self, keys: Sequence[tuple[float, float]]) -> None:
        self.keys = [Key(*key) for key in keys]
        self._seconds = [key.second for key in self.keys]
        if not self.keys or self._seconds != sorted(self._seconds):
            raise ValueError(f"keys have to be in the order of time, and one at least: {keys}")

    def __call__(self, second: float) -> float:
        """The value at a film time."""
        after = bisect_right(self._seconds, second)
        if after == 0 or after == len(self.keys):
            return self.keys[min(after, len(self.keys) - 1)].value
        start, end = self.keys[after - 1], self.keys[after]
        share = eased((second - start.second) / (end.second - start.second))
        return start.value + share * (end.value - start.value)
