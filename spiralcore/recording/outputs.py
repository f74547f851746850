"""What a network says of points: logits, log-probabilities or probabilities of classes."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.recording.run.kernels import judged

Doubles = NDArray[np.float64]

LOGITS, LOG_PROBABILITIES, PROBABILITIES = "logits", "log-probabilities", "probabilities"

SINGLE = 2.0**-24
"""Unit roundoff of float32."""

ROUNDING = 8
"""Times the rounding of one probability, and of a sum of K in float32: how far they may miss 1."""


class Verdict(NamedTuple):
    """What outputs say of the points.

    Attributes
    ----------
    cross_entropy
        Mean over the points, in nats; NaN where that is no finite number.
    accuracy
        Share of the points whose largest output is that of their class.
    """

    cross_entropy: float
    accuracy: float


def plain_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of outputs of a point each, without dimensions of one: (N, K), if they are that.

    A convolution that reads a layer gives (N, K, 1, 1), a sequence of one (N, 1, K).
    """
    wide = [size for size in shape[1:] if size != 1]
    return (shape[0], *(wide or [1])) if shape else shape


def as_rows(outputs: NDArray[np.generic], points: int) -> Doubles | None:
    """Numbers of each point, shape (N, K); None where outputs are something else."""
    outputs = outputs.reshape(plain_shape(outputs.shape))
    fits = outputs.ndim == 2 and len(outputs) == points and outputs.shape[1] > 0
    if not fits or outputs.dtype.kind not in "fiub":
        return None
    return outputs.astype(np.float64)


def kind_of(rows: Doubles, unit: float) -> str:
    """What outputs are, as their numbers tell.

    Parameters
    ----------
    rows
        Shape (N, K); K = 1 where one number stands for two classes.
    unit
        Unit roundoff of what computed them.

    Returns
    -------
    str
        Empty where they cannot be told: numbers of several classes of which none is negative, and
        that do not add up to 1, may be shares, distances or evidence.
    """
    if not rows.min() >= 0 or (rows.shape[1] == 1 and rows.max() > 1 + ROUNDING * unit):
        return LOG_PROBABILITIES if _add_up(np.exp(np.minimum(rows, 1)), unit) else LOGITS
    if rows.shape[1] == 1 or _add_up(rows, unit):
        return PROBABILITIES
    return ""


def _add_up(shares: Doubles, unit: float) -> bool:
    slack = ROUNDING * (unit + shares.shape[1] * SINGLE)
    return shares.shape[1] > 1 and bool((np.abs(shares.sum(axis=1) - 1) <= slack).all())


def two_columns(rows: Doubles, kind: str) -> Doubles:
    """Two classes of one number: the second one is what a positive logit means."""
    if rows.shape[1] > 1:
        return rows
    first = 1 - rows if kind == PROBABILITIES else np.zeros_like(rows)
    return np.concatenate([first, rows], axis=1)


def judge(rows: Doubles, kind: str, labels: NDArray[np.int64]) -> Verdict:
    """Compare outputs with classes, shapes (N, K) and (N,)."""
    columns = two_columns(rows, kind)
    if kind != PROBABILITIES:
        entropy, accuracy = judged(np.ascontiguousarray(columns), labels)
        return Verdict(max(entropy, 0.0) if math.isfinite(entropy) else np.nan, accuracy)
    if np.isnan(rows).any():
        return Verdict(np.nan, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.log(columns[np.arange(len(labels)), labels])
        entropy = max(-float(shares.mean()), 0.0) if np.isfinite(shares).all() else np.nan
    return Verdict(entropy, float((columns.argmax(axis=1) == labels).mean()))
