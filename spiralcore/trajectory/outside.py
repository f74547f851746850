"""Which points of a trajectory lie outside of the space of its activation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.spaces import Space
from spiralcore.system.phrase import Phrase
from spiralcore.system.printable import printable

if TYPE_CHECKING:
    from spiralcore.trajectory.trajectory import Trajectory

TOLERANCE = 0.005
"""Distance from the space up to which a point counts as inside: what half precision leaves of a
vector of length 1 (2**-8), and less than can be seen."""

BLOCK = 64
"""Epochs that are looked at together."""


@dataclass(frozen=True, eq=False)
class Outside:
    """Points outside of a space.

    Attributes
    ----------
    space
        Which one.
    units
        Of the layer.
    counts
        How many there are at each kept epoch, shape (T,).
    ever
        Which points are outside at any of these epochs, shape (N,).
    """

    space: Space
    units: int
    counts: NDArray[np.int64]
    ever: NDArray[np.bool_]

    @classmethod
    def of(cls, hidden: NDArray[np.float32], space: Space) -> Outside:
        """Look for them, shape (T, N, D)."""
        counts = np.zeros(len(hidden), np.int64)
        ever = np.zeros(hidden.shape[1], bool)
        if not _is_all_inside(hidden, space):
            for start in range(0, len(hidden), BLOCK):
                outside = space.distance(hidden[start : start + BLOCK]) > TOLERANCE
                counts[start : start + BLOCK] = outside.sum(axis=1)
                ever |= outside.any(axis=0)
        return cls(space, hidden.shape[2], counts, ever)

    @property
    def points(self) -> int:
        """How many points are outside at some kept epoch."""
        return int(self.ever.sum())

    @property
    def first(self) -> int:
        """The first of the kept epochs at which one is, as an index; 0 if none ever is."""
        return int((self.counts > 0).argmax())

    @property
    def text(self) -> str:
        """What is wrong, for people: ``412 of 800 points lie outside the square``, or nothing."""
        most = int(self.counts.max())
        return self.said(most, always=bool((self.counts == most).all()))

    def __str__(self) -> str:
        return self.text

    def said(self, count: int, *, always: bool = True) -> str:
        """The same for a number of points; an empty text for none."""
        if not count:
            return ""
        total = len(self.ever)
        fields = {"n": f"{count:,}", "m": f"{total:,}", "space": self.space.name(self.units)}
        if total == 1:
            return Phrase("{n} of {m} point lies outside the {space}", **fields)
        if always:
            return Phrase("{n} of {m} points lie outside the {space}", **fields)
        return Phrase("up to {n} of {m} points lie outside the {space}", **fields)


def leaving(made: Trajectory) -> str:
    """How many points leave the space of their layer's activation, and since when."""
    points, first = made.outside.points, made.counting.named(int(made.epochs[made.outside.first]))
    if not points:
        return ""
    fields = {
        "n": f"{points:,}",
        "m": f"{made.points:,}",
        "space": made.space.name(made.units),
        "name": printable(made.activation_label),
        "v": first,
    }
    if points == 1:
        return Phrase(
            "{n} of {m} points leaves the {space} of the activation {name}, the first at {v}",
            **fields,
        )
    return Phrase(
        "{n} of {m} points leave the {space} of the activation {name}, the first at {v}", **fields
    )


def _is_all_inside(hidden: NDArray[np.float32], space: Space) -> bool:
    """Whether a look at the extremes says so; it takes a tenth of the time of one at each point."""
    if space.shape != "box":
        return False
    return (space.lower is None or bool(hidden.min(initial=space.lower) >= space.lower)) and (
        space.upper is None or bool(hidden.max(initial=space.upper) <= space.upper)
    )
