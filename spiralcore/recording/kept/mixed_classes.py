"""The classes that a mix of networks gives to places: two loops, compiled by numba.

Sums are taken in the order of the networks and of the units, and not by a product of matrices: so
they are the same on every machine.
"""

# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Classes = NDArray[np.int64]


@njit(cache=True, nogil=True, error_model="numpy")
def mixed(weights: Floats, values: Floats) -> Floats:
    """The sum of M rows by their weights: shapes (M,), (M, S) and (S,)."""
    total: Floats = values[0] * weights[0]
    for m in range(1, len(weights)):
        weight = weights[m]
        if weight != 0:
            for i in range(len(total)):
                total[i] += weight * values[m, i]
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def owners(places: Floats, weight: Floats, bias: Floats) -> Classes:
    """The class of each place, the first of equals: shapes (N, D), (D, K), (K,) and (N,)."""
    found = np.zeros(len(places), np.int64)
    for n in range(len(places)):
        best = np.float32(0.0)
        for k in range(len(bias)):
            logit = np.float32(0.0)
            for d in range(places.shape[1]):
                logit += places[n, d] * weight[d, k]
            logit += bias[k]
            if k == 0 or logit > best:
                best, found[n] = logit, k
    return found
