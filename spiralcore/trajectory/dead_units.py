"""Units of a layer that have died."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def dead_since(hidden: NDArray[Any], epochs: NDArray[np.int64]) -> dict[int, int]:
    """Units that are 0 for all points until the end, and the first epoch from which on they are.

    Parameters
    ----------
    hidden
        The layer, shape (T, N, D).
    epochs
        The kept epochs, shape (T,).
    """
    dead: dict[int, int] = {}
    for unit in np.flatnonzero(~hidden[-1].any(axis=0)):
        lived = np.flatnonzero(hidden[:, :, unit].any(axis=1))
        first = 0 if len(lived) == 0 else int(lived[-1]) + 1
        dead[int(unit)] = int(epochs[first])
    return dead
