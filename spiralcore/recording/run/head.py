"""A linear read-out, as those who only show it need it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Head(NamedTuple):
    """A read-out of K classes from D units: shapes (K, D) and (K,)."""

    weight: Floats
    bias: Floats
