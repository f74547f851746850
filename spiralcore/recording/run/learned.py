"""What outputs that look like logits are trained as, where that is seen."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.recording.run.likeness import TIMES, is_mean_square, is_near, mean_square

Doubles = NDArray[np.float64]

UNKNOWN, CLASSES, SCORES, OTHER = "", "classes", "scores", "other"
"""Nothing is told; shares of one probability; numbers of classes that are no logits of it; none."""

NUMBER = "number"
"""Nothing is told, as the loss was given as a number where it could have been given with its graph:
that of an embedding looks the same."""

SEPARATE, MISSED, NEARER = 0.9, 0.75, 3.0
"""Part of the points that are nearest to the mean of their class; part of these from which on
classes are also where the outputs are largest; and how much less classes are spread than at first:
outputs of which the first two hold and not the third have learned classes, but not as logits do."""

SLACK = 5e-3
"""By how much rows may miss the length 1: bfloat16 has no more digits."""


def of_length_one(rows: Doubles) -> bool:
    """Whether rows, shape (N, K), all have the length 1, as embeddings have, and no shares have."""
    if rows.shape[1] < 2 or (rows.min() >= 0 and (np.abs(rows.sum(axis=1) - 1) <= SLACK).all()):
        return False
    lengths = np.sqrt((rows * rows).sum(axis=1))
    return bool((np.abs(lengths - 1) <= SLACK).all())


def entropy_of_guessing(labels: NDArray[np.int64]) -> float:
    """In nats, in the know of how many points each class has."""
    shares = np.unique(labels, return_counts=True)[1] / len(labels)
    return float(-(shares * np.log(shares)).sum())


class Separation(NamedTuple):
    """How far outputs of a class are from those of others.

    Attributes
    ----------
    spread
        Mean square distance from the means of the classes, over that between these.
    nearest
        Share of the points that are nearest to the mean of their own class.
    """

    spread: float
    nearest: float

    @classmethod
    def of(cls, rows: Doubles, labels: NDArray[np.int64]) -> Separation:
        """That of rows (N, K) by labels (N,)."""
        present, codes = np.unique(labels, return_inverse=True)
        sums = np.zeros((len(present), rows.shape[1]))
        np.add.at(sums, codes, rows)
        means = sums / np.bincount(codes)[:, None]
        within = float(((rows - means[codes]) ** 2).sum(axis=1).mean())
        between = float(((means[codes] - rows.mean(axis=0)) ** 2).sum(axis=1).mean())
        # The square of a row itself is the same for all means.
        distances = (means**2).sum(axis=1) - 2 * rows @ means.T
        nearest = float((distances.argmin(axis=1) == codes).mean())
        return cls(within / max(between, 1e-300), nearest)

    def is_no_classifier(self, first: Separation, accuracy: float, worse: bool) -> bool:
        """Whether outputs have learned to keep classes apart, but not by which one is largest.

        Parameters
        ----------
        first
            The same before the training.
        accuracy
            Share of the points whose largest output is that of their class.
        worse
            Whether they say less of the classes, as logits, than guessing does.
        """
        learned = self.nearest >= SEPARATE and self.spread * NEARER <= first.spread
        return learned and worse and accuracy <= MISSED * self.nearest


class Training:
    """How outputs of classes are seen to be trained.

    Parameters
    ----------
    ones
        Rows with a single 1 at the class of the point, shape (N, K); None where that is no matter.

    Attributes
    ----------
    by_itself
        Whether each class is taken by itself: then outputs are no logits of one probability.
    """

    def __init__(self, ones: Doubles | None) -> None:
        self._ones = ones
        self._before: Doubles | None = None
        self._part: float | None = None
        self._hits = 0
        self.by_itself = False

    def told(self, rows: Doubles, loss: float, learned: str, declared: bool) -> str:
        """What is newly known: `SCORES`, `OTHER`, or nothing.

        Parameters
        ----------
        rows, loss
            The outputs, shape (N, K), and a loss of them, or of those before, or NaN.
        learned
            What the loss says of itself.
        declared
            Whether somebody has said that outputs are classes.
        """
        if self.by_itself:
            return UNKNOWN
        squares = self._is_of_squares(rows, loss)
        self._hits = self._hits + 1 if squares else 0
        self._before = rows
        if learned == OTHER and not squares and not declared:
            return OTHER
        self.by_itself = learned in (SCORES, OTHER) or self._hits >= TIMES
        return SCORES if self.by_itself else UNKNOWN

    def _is_of_squares(self, rows: Doubles, loss: float) -> bool:
        """Whether a loss is the mean square of what misses a 1 at the class and 0 elsewhere."""
        before, self._part = self._part, None
        if self._ones is None or not math.isfinite(loss):
            return False
        if before is None and self._before is not None:
            before = mean_square(self._before - self._ones)
        self._part = mean_square(rows - self._ones)
        known = [part for part in (self._part, before) if part is not None]
        return any(is_mean_square(loss, part, rows.shape[1]) for part in known)

    def is_near(self, rows: Doubles) -> bool:
        """Whether outputs have come near to the rows with a single 1."""
        return self._ones is not None and is_near(rows, self._ones)
