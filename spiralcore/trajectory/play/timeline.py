"""Film time: which epoch is shown when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Timeline:
    """A strictly increasing, piecewise linear map between film time and epochs.

    Attributes
    ----------
    seconds
        Film times of the knots, from 0 to the duration.
    epochs
        Epochs of the knots, from 0 to the last one.
    """

    seconds: Doubles
    epochs: Doubles

    @property
    def duration(self) -> float:
        """Seconds from the first epoch to the last."""
        return float(self.seconds[-1])

    def epoch_at(self, second: float) -> float:
        """The epoch at a film time; stands still before the start and after the end."""
        return float(np.interp(second, self.seconds, self.epochs))

    def seconds_at(self, epochs: NDArray[np.int64]) -> Doubles:
        """Film times of epochs."""
        return np.interp(epochs, self.epochs, self.seconds)
