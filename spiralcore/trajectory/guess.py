"""What is reached by guessing, beside which losses and accuracies are shown."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray


class Guess(NamedTuple):
    """The best that is possible without looking at a point.

    Attributes
    ----------
    cross_entropy
        That of the shares of the classes, their entropy in nats; ln K where they are equal.
    accuracy
        The share of the largest class.
    text
        The cross-entropy for people: ``ln 4 = 1.39``, or ``0.75`` where classes are unequal.
    """

    cross_entropy: float
    accuracy: float
    text: str

    @classmethod
    def among(cls, sizes: NDArray[Any]) -> Self:
        """What is reached where each class has so many points, shape (K,)."""
        classes, shares = len(sizes), sizes / max(sizes.sum(), 1)
        # Classes that the points do not show, and points without classes, say nothing of shares.
        shown = shares[shares > 0]
        if len(shown) < classes or (sizes == sizes[0]).all():
            value = float(np.log(classes))
            return cls(value, 1 / classes, f"ln {classes} = {value:.2f}")
        value = float(-(shown * np.log(shown)).sum())
        return cls(value, float(shown.max()), f"{value:.2f}")
