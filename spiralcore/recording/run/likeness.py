"""Whether outputs that could be logits turn out to be something else: inputs again, or labels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.recording.classes import Labels

Doubles = NDArray[np.float64]

SHARE = 0.9
"""Of the variance of what is learned, from which on outputs are taken for it."""

SLIP, TIMES = 1e-4, 3
"""By which part a loss may miss a mean of squares, and at how many steps in a row it has to be it:
another loss is that near by chance once in thousands of steps, and not so often in a row."""

STAYS = 12
"""States in a row at which outputs have to be near: those of a classifier only pass."""

LEAST = 1e-9


def learnable(inputs: NDArray[Any], labels: Labels, columns: int) -> dict[str, Doubles]:
    """Numbers of the outputs' shape that a regression may learn, by what they are called."""
    found = {}
    if inputs.ndim == 2 and inputs.shape[1] == columns:
        found["the inputs"] = inputs.astype(np.float64)
    if columns == 1 and labels.given and labels.numbers and not labels.signed:
        values = np.array(labels.values, np.float64)[labels.codes]
        found["the numbers of the labels"] = values[:, None]
    return found


def is_near(rows: Doubles, values: Doubles) -> bool:
    """Whether outputs have learned numbers, shape (N, K) both: `SHARE` of their variance."""
    variance = float(np.square(values - values.mean(axis=0)).mean())
    return float(np.square(rows - values).mean()) <= (1 - SHARE) * variance


def mean_square(missing: Doubles) -> float:
    """The mean of the squares of what is missing, any shape."""
    return float(np.square(missing).mean())


def is_mean_square(loss: float, part: float, columns: int) -> bool:
    """Whether a loss is a mean of squares over points and columns, or that of sums over columns.

    Some take half of it.
    """
    return any(_is_loss(loss, half * part, columns) for half in (1, 0.5) if part > LEAST)


def _is_loss(loss: float, part: float, columns: int) -> bool:
    """Whether a loss is the mean of some squares, or that of their sums over so many columns."""
    return any(abs(loss - scale * part) <= SLIP * scale * part for scale in (1, columns))


class Likeness:
    """Compares outputs with numbers that a regression would learn.

    An autoencoder of as many inputs as there are classes, or a regression on 0 and 1, has the
    shape of a classifier. What it is shows while it learns: its outputs come near to the numbers
    that it learns, or its loss is the mean of the squares of what is missing.

    Parameters
    ----------
    numbers
        What may be learned, shapes (N, K), by what it is called.
    """

    def __init__(self, numbers: dict[str, Doubles]) -> None:
        self._numbers = {
            name: (values, float(np.square(values - values.mean(axis=0)).mean()))
            for name, values in numbers.items()
        }
        self._before: dict[str, float] = {}
        self._hits = dict.fromkeys(numbers, 0)
        self._near = dict.fromkeys(numbers, 0)

    def found(self, rows: Doubles, loss: float) -> str:
        """What outputs, shape (N, K), are with this loss; an empty text where that is not seen.

        A loss is that of the outputs before or after the step of the optimiser, or NaN.
        """
        for name, (values, variance) in self._numbers.items():
            missing = float(np.square(rows - values).mean())
            near = missing <= (1 - SHARE) * variance
            self._near[name] = self._near[name] + 1 if near else 0
            if self._near[name] >= STAYS:
                return name
            known = (missing, self._before.get(name, np.nan))
            hit = any(_is_loss(loss, part, rows.shape[1]) for part in known if part > LEAST)
            self._before[name] = missing
            self._hits[name] = self._hits[name] + 1 if hit else 0
            if self._hits[name] >= TIMES:
                return name
        return ""
