"""Piecewise linear approximation: straight lines between kept epochs, close to what happened.

A run is a path in time; the kept epochs cut it into segments. `swing_filter` ends a segment where
it has to end: it is that of Elmeleegy et al. 2009 (Proc. VLDB 2:145), applied to all coordinates
of all points at once and restricted to segments that end on an epoch which really happened.
"""

# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.trajectory.moment import Fidelity

Floats = NDArray[np.float32]

LONGEST_SEGMENT = 1024
"""Epochs that a segment spans at most."""

LOOKAHEAD = 64
"""Epochs that the filter waits for a better end; those after the end are looked at again."""


class PiecewiseLinear(NamedTuple):
    """A run, cut at the kept epochs. T kept epochs, E trained epochs, N points, D units.

    Where several layers of D units were recorded, N counts their points together.

    Attributes
    ----------
    epochs
        The kept epochs, shape (T,).
    hidden
        The run at these epochs, rounded to float16, shape (T, N, D).
    means
        For each kept epoch the mean of the run over the epochs since the one before, that one
        excluded, rounded to float16; shape (T, N, D).
    errors
        For each epoch of the run: the largest distance of a point from its place on the segment,
        as a part of the panel's width; shape (E + 1,).
    """

    epochs: NDArray[np.int64]
    hidden: Floats
    means: Floats
    errors: Floats

    def fidelity(self) -> Fidelity:
        """The errors in three numbers."""
        p50, p99 = np.quantile(self.errors, [0.5, 0.99])
        return Fidelity(float(p50), float(p99), float(self.errors.max()))


def swing_filter(run: Floats, widths: Floats, tolerance: float) -> NDArray[np.int64]:
    """Keep as few epochs as a tolerance allows.

    Parameters
    ----------
    run
        The layer at every epoch, shape (E + 1, N, D).
    widths
        The panel's width at every epoch, for each of L layers that share the points of the run
        evenly: shape (E + 1, L).
    tolerance
        Largest error of a coordinate, as a part of the panel's width at that epoch.

    Returns
    -------
    NDArray
        The epochs, from the first to the last one.
    """
    flat = run.reshape(len(run), -1)
    lower, upper = np.empty((2, flat.shape[1]), dtype=np.float32)
    kept = [0]
    while kept[-1] < len(run) - 1:
        anchor = in_half_precision(flat[kept[-1]])
        kept.append(_reach(flat, widths, anchor, kept[-1], tolerance, lower, upper))
    return np.array(kept)


@njit(cache=True, error_model="numpy")
def _reach(
    run: Floats,
    widths: Floats,
    anchor: Floats,
    start: int,
    tolerance: float,
    lower: Floats,
    upper: Floats,
) -> int:
    """Last epoch to which a segment from ``anchor`` passes all epochs within the tolerance.

    The cone of slopes that pass within the tolerance of all epochs so far gets narrower with
    each of them; a segment may end where its own slope lies in the cone.
    """
    lower[:] = -np.inf
    upper[:] = np.inf
    end = start
    layers = widths.shape[1]
    size = run.shape[1] // layers
    for epoch in range(start + 1, min(start + LONGEST_SEGMENT, len(run) - 1) + 1):
        share = np.float32(1.0 / (epoch - start))
        outside, closed = 0, 0
        for layer in range(layers):
            slack = np.float32(tolerance) * widths[epoch, layer] * share
            for i in range(layer * size, (layer + 1) * size):
                slope = (run[epoch, i] - anchor[i]) * share
                outside += (slope < lower[i]) | (slope > upper[i])
                lower[i] = max(lower[i], slope - slack)
                upper[i] = min(upper[i], slope + slack)
                closed += lower[i] > upper[i]
        if outside == 0:
            end = epoch
        if closed > 0 or epoch - end >= LOOKAHEAD:
            break
    return end


def approximate(run: Floats, widths: Floats, epochs: NDArray[np.int64]) -> PiecewiseLinear:
    """Take straight lines between epochs, and measure against every epoch what this loses.

    Parameters
    ----------
    run, widths
        See `swing_filter`.
    epochs
        The epochs to keep, the first and the last one among them.
    """
    hidden = in_half_precision(run[epochs])
    means = np.empty_like(hidden)
    errors = np.empty(len(run), dtype=np.float32)
    means[0] = run[0]
    squared = ((run[0] - hidden[0]) ** 2).sum(axis=1).reshape(widths.shape[1], -1)
    errors[0] = (np.sqrt(squared.max(axis=1)) / widths[0]).max()
    _measure(run, widths, epochs, hidden, means, errors)
    return PiecewiseLinear(epochs, hidden, in_half_precision(means), errors)


@njit(cache=True, error_model="numpy")
def _measure(
    run: Floats,
    widths: Floats,
    epochs: NDArray[np.int64],
    hidden: Floats,
    means: Floats,
    errors: Floats,
) -> None:
    """Fill in the means and the errors of all segments."""
    _, points, units = run.shape
    layers = widths.shape[1]
    size = points // layers
    for t in range(1, len(epochs)):
        start, length = epochs[t - 1], epochs[t] - epochs[t - 1]
        means[t] = 0
        for epoch in range(start + 1, epochs[t] + 1):
            share = np.float32((epoch - start) / length)
            errors[epoch] = 0
            for layer in range(layers):
                worst = np.float32(0.0)
                for n in range(layer * size, (layer + 1) * size):
                    squared = np.float32(0.0)
                    for d in range(units):
                        value, before = run[epoch, n, d], hidden[t - 1, n, d]
                        off = value - before - share * (hidden[t, n, d] - before)
                        squared += off * off
                        means[t, n, d] += value
                    worst = max(worst, squared)
                errors[epoch] = max(errors[epoch], np.sqrt(worst) / widths[epoch, layer])
        means[t] /= np.float32(length)


def in_half_precision(values: Floats) -> Floats:
    """Round to what a float16 can hold; values beyond its range stay as they are."""
    rounded = np.empty_like(values, order="C")
    flat = np.ascontiguousarray(values).reshape(-1)
    _round_to_half(flat, flat.view(np.uint32), rounded.reshape(-1), rounded.reshape(-1).view("u4"))
    return rounded


LEAST_NORMAL = np.float32(2.0**-14)
"""Smaller numbers have as a float16 the distance 2**-24, whatever their size (IEEE 754)."""

HALF_ULP = np.float32(0.5)
"""The numbers of 32 bits from here to 1 have that distance, too: adding this rounds to it."""

TOO_LARGE = np.uint32(0x477FF000)
"""Bits of 65520, which is rounded to infinity."""


@njit(cache=True, error_model="numpy")
def _round_to_half(
    values: Floats, bits: NDArray[np.uint32], rounded: Floats, rounded_bits: NDArray[np.uint32]
) -> None:
    """Round to nearest, ties to even, on the bits: NumPy's own way takes ten times as long."""
    for i in range(len(values)):
        size = bits[i] & np.uint32(0x7FFFFFFF)
        if size >= TOO_LARGE:
            rounded[i] = values[i]
        elif abs(values[i]) < LEAST_NORMAL:
            small = (abs(values[i]) + HALF_ULP) - HALF_ULP
            rounded[i] = -small if bits[i] >> np.uint32(31) else small
        else:
            odd = (bits[i] >> np.uint32(13)) & np.uint32(1)
            up = bits[i] + np.uint32(0x0FFF) + odd
            rounded_bits[i] = up & np.uint32(0xFFFFE000)
