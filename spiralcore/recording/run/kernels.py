"""What is computed at every step of somebody's training, in one pass over the points each.

As arrays of NumPy the same takes some thirty of them; a step would cost several forward passes of
a small network.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]


@njit(cache=True, nogil=True, error_model="numpy")
def gives(
    points: Floats, weight: Floats, bias: Floats, rows: Doubles, unit: float, single: float,
    safety: float,
) -> bool:  # fmt: skip
    """Whether a read-out gives outputs as they are, as `spiralcore.recording.readout` means it.

    Parameters
    ----------
    points, weight, bias
        Shapes (N, D), (K, D) and (K,).
    rows
        The outputs, shape (N, K).
    unit, single, safety
        Unit roundoffs of what computed them and of float32, and times how much may be missed.
    """
    root = np.sqrt(points.shape[1]) * single
    for i in range(points.shape[0]):
        for k in range(weight.shape[0]):
            total = np.float64(bias[k])
            reach, squares = abs(total), total * total
            for d in range(points.shape[1]):
                part = np.float64(points[i, d]) * np.float64(weight[k, d])
                total += part
                reach += abs(part)
                squares += part * part
            said = rows[i, k]
            near = safety * (unit * np.sqrt(squares) + root * reach) + safety * unit * abs(said)
            if not abs(total - said) <= near:  # nor where one is no number
                return False
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def judged(rows: Doubles, labels: NDArray[np.int64]) -> tuple[float, float]:
    """Cross-entropy in nats, and share of the points whose largest logit is that of their class.

    Parameters
    ----------
    rows
        Logits, shape (N, K). Where one of them is NaN both are.
    labels
        Shape (N,).
    """
    entropy, right = 0.0, 0
    for i in range(rows.shape[0]):
        for k in range(rows.shape[1]):
            if rows[i, k] != rows[i, k]:
                return np.nan, np.nan
        best = 0
        for k in range(1, rows.shape[1]):
            if rows[i, k] > rows[i, best]:
                best = k
        total = 0.0
        for k in range(rows.shape[1]):
            total += np.exp(rows[i, k] - rows[i, best])
        entropy -= rows[i, labels[i]] - rows[i, best] - np.log(total)
        right += best == labels[i]
    return entropy / rows.shape[0], right / rows.shape[0]


@njit(cache=True, nogil=True, error_model="numpy")
def product_of(values: Floats, weight: Floats) -> Floats:
    """The product of two matrices, shapes (N, I) and (I, O), in one thread."""
    made = np.zeros((values.shape[0], weight.shape[1]), np.float32)
    for n in range(values.shape[0]):
        for i in range(values.shape[1]):
            value = values[n, i]
            for o in range(weight.shape[1]):
                made[n, o] += value * weight[i, o]
    return made
