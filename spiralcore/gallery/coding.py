"""Whole numbers that change steadily, written so that deflate finds little in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

KNOT = 2.0**-20
"""What is less does not count between knots of a timeline: a millionth of a second or epoch."""


def coded(values: NDArray[Any], order: int) -> NDArray[np.uint8]:
    """Differences along the last axis, the sign in the lowest bit, low bytes apart from high ones.

    Parameters
    ----------
    values
        Whole numbers that fit into 16 bits, any shape. Differences wrap around.
    order
        How often the differences are taken: 1, or 2 for what moves evenly.

    Returns
    -------
    NDArray
        Shape (2, ...): low bytes, high bytes.
    """
    changes = values.astype(np.int32)
    for _ in range(order):
        changes = np.diff(changes, axis=-1, prepend=np.int32(0))
    wrapped = changes.astype(np.int16)
    folded = ((wrapped << 1) ^ (wrapped >> 15)).view(np.uint16)
    return np.stack([folded & 255, folded >> 8]).astype(np.uint8)


def coded_knots(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numbers that do not fall, as whole numbers: how many `KNOT` each is above the one before."""
    return np.diff(np.rint(values / KNOT), prepend=0.0)


def knots(codes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The numbers, as `coded_knots` has rounded them."""
    return np.asarray(np.cumsum(codes) * KNOT, np.float64)


def half_codes(values: NDArray[np.float32]) -> NDArray[np.int16] | None:
    """Numbers of the half precision floats, in order of their size.

    Returns
    -------
    NDArray
        The same shape; None where half precision would lose anything.
    """
    with np.errstate(over="ignore"):
        halves = values.astype(np.float16)
    if not np.array_equal(halves, values):
        return None
    bits = halves.view(np.int16)
    return np.where(bits < 0, -(bits & 0x7FFF), bits).astype(np.int16)
