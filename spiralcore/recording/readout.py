"""Whether a linear read-out gives what the network really says.

A read-out is a claim: ``weight @ hidden + bias`` are the logits. It is tried on all points. Both
sides come from the same numbers by different ways, so that they differ by rounding alone. With the
unit roundoff u of what the network computes in (2**-24 for float32, 2**-11 for half precision and
TF32, 2**-8 for bfloat16) each factor of the D products of a logit is rounded, which with errors of
random signs puts it off by about u times the root of the sum of their squares; and they are summed
up in float32, which is sqrt(D) 2**-24 times the sum of their sizes (Higham 2002, Accuracy and
Stability of Numerical Algorithms, sections 2.8 and 3.1). `SAFETY` times both together is allowed,
and an output may itself be rounded. What else stands between layer and output, such as a residual,
a mask or a norm, is off by many times that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.recording.outputs import LOG_PROBABILITIES, LOGITS, PROBABILITIES, SINGLE
from spiralcore.recording.run.head import Head
from spiralcore.recording.run.kernels import gives

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]

SAFETY = 4

CLEAR = 10
"""Outputs have to differ by so many times the tolerance before a scale is believed."""

FEWEST = 4
"""Outputs from which on a scale can be told; with fewer any would do."""

LEAST, MOST = 1e-6, 1 - 1e-3
"""Shares between these tell the ratio of logits, in whatever precision: small ones have as many
digits as large ones, those near 1 have lost them."""


MANY = 200_000
"""Values of a layer from which on a read-out is tried in float32 first."""

EVERY_UNIT = 8
"""Every so many units are looked at there for how far rounding may go."""


class Reproduction(NamedTuple):
    """How a read-out gives the outputs.

    Attributes
    ----------
    head
        With the scale folded in; of two classes where there is one logit.
    kind
        What the outputs are: logits, log-probabilities or probabilities.
    scale
        By which the logits of the read-out are multiplied, positive.
    """

    head: Head
    kind: str
    scale: float


class Link(NamedTuple):
    """A way from the logits of a read-out to the outputs.

    Attributes
    ----------
    kind
        What the outputs are.
    apply
        From logits, shape (N, K), to outputs.
    undo
        From outputs to logits, up to what a link forgets; NaN where they cannot be told.
    slack
        From the largest errors of logits, shape (N, K), to those of outputs.
    """

    kind: str
    apply: Callable[[Doubles], Doubles]
    undo: Callable[[Doubles], Doubles]
    slack: Callable[[Doubles], Doubles]


def _centred(rows: Doubles) -> Doubles:
    return np.asarray(rows - rows.mean(axis=1, keepdims=True))


def _log_softmax(logits: Doubles) -> Doubles:
    lowered = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(lowered - np.log(np.exp(lowered).sum(axis=1, keepdims=True)))


def _softmax(logits: Doubles) -> Doubles:
    return np.asarray(np.exp(_log_softmax(logits)))


def _log_ratios(shares: Doubles) -> Doubles:
    """Logarithms of shares beside the largest one of the point; NaN where they are too small."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(shares) - np.log(shares.max(axis=1, keepdims=True))
    return np.where(shares >= LEAST, found, np.nan)


def _sigmoid(logits: Doubles) -> Doubles:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)))


def _log_odds(shares: Doubles) -> Doubles:
    seen = (shares >= LEAST) & (shares <= MOST)
    safe = np.where(seen, shares, 0.5)
    return np.where(seen, np.log(safe) - np.log1p(-safe), np.nan)


def _of_row(errors: Doubles) -> Doubles:
    return np.asarray(2 * errors.max(axis=1, keepdims=True) + 0 * errors)


AS_IT_IS = Link(LOGITS, lambda z: z, lambda o: o, lambda e: e)
OF_MANY = (
    AS_IT_IS,
    Link(LOG_PROBABILITIES, _log_softmax, _centred, _of_row),
    Link(PROBABILITIES, _softmax, _log_ratios, _of_row),
)
OF_ONE = (AS_IT_IS, Link(PROBABILITIES, _sigmoid, _log_odds, lambda e: e))


def reproduce(
    hidden: NDArray[np.floating], head: Head, rows: Doubles, unit: float
) -> Reproduction | None:
    """Try a read-out on all points.

    Parameters
    ----------
    hidden
        The layer, shape (N, D).
    head
        The read-out, of K classes, or of one logit.
    rows
        What the network says, shape (N, K).
    unit
        Unit roundoff of what computed both.

    Returns
    -------
    Reproduction
        None if the read-out is not what the outputs come from.
    """
    if head.weight.shape != (rows.shape[1], hidden.shape[1]) or not np.isfinite(rows).all():
        return None
    if _gives_logits(hidden, head, rows, unit):
        return _found(head, AS_IT_IS, 1.0)
    points, weight, bias = (np.asarray(part, np.float64) for part in (hidden, *head))
    logits = points @ weight.T + bias
    if not np.isfinite(logits).all():
        return None
    reach = np.abs(points) @ np.abs(weight.T) + np.abs(bias)
    spread = np.sqrt(points**2 @ weight.T**2 + bias**2)
    slack = SAFETY * (unit * spread + np.sqrt(hidden.shape[1]) * SINGLE * reach)
    for link in OF_MANY if rows.shape[1] > 1 else OF_ONE:
        if _agree(link, logits, _tolerance(link, slack, rows, unit), rows):
            return _found(head, link, 1.0)
    for link in OF_MANY if rows.shape[1] > 1 else OF_ONE:
        scale = _scale(link, logits, rows)
        if scale <= 0:
            continue
        near = _tolerance(link, 2 * scale * slack, rows, unit)
        # A scale bends much into what is coarse: it has to be told by far more than rounding.
        if near.max() * CLEAR <= np.ptp(rows) and _agree(link, scale * logits, near, rows):
            return _found(head, link, scale)
    return None


def _gives_logits(hidden: NDArray[np.floating], head: Head, rows: Doubles, unit: float) -> bool:
    """Whether outputs are logits that a read-out gives, as most are: the quickest way to know."""
    if hidden.size >= MANY:
        return _agrees_in_single(hidden, head, rows, unit)
    points, weight, bias = (np.ascontiguousarray(part, np.float32) for part in (hidden, *head))
    return gives(points, weight, bias, np.ascontiguousarray(rows), unit, SINGLE, SAFETY)


def _agrees_in_single(hidden: NDArray[np.floating], head: Head, rows: Doubles, unit: float) -> bool:
    """Whether a read-out gives logits, tried in float32, which is many times as quick.

    That rounds by less than is allowed; what does not agree here is tried again in float64.
    """
    points, (weight, bias) = np.asarray(hidden, np.float32), head
    with np.errstate(over="ignore", invalid="ignore"):
        logits = points @ weight.T + bias
        # Some of the products are a part of what may be missed, which is enough for most points.
        root = SAFETY * np.sqrt(hidden.shape[1]) * SINGLE
        some = slice(None, None, EVERY_UNIT)
        reach = np.abs(points[:, some]) @ np.abs(weight[:, some].T)
        least = root * reach + SAFETY * unit * np.abs(rows)
        far = ~(np.abs(logits - rows) <= least).all(axis=1)
        if not far.any():
            return True
        points, logits, rows = points[far], logits[far], rows[far]
        reach = np.abs(points) @ np.abs(weight.T) + np.abs(bias)
        spread = np.sqrt((points * points) @ (weight * weight).T + bias * bias)
        slack = SAFETY * (unit * spread + np.sqrt(hidden.shape[1]) * SINGLE * reach)
        near = _tolerance(AS_IT_IS, slack.astype(np.float64), rows, unit)
        return _agree(AS_IT_IS, logits.astype(np.float64), near, rows)


def _tolerance(link: Link, slack: Doubles, rows: Doubles, unit: float) -> Doubles:
    """How far outputs may be from what logits with such errors give."""
    errors, rounding = link.slack(slack), SAFETY * unit
    if link.kind == PROBABILITIES:
        # Errors of logits are factors of probabilities.
        return np.asarray(np.abs(rows) * (np.expm1(errors) + rounding) + LEAST)
    near = errors + rounding * np.abs(rows)
    return near if link.kind == LOGITS else near + rounding


def _agree(link: Link, logits: Doubles, near: Doubles, rows: Doubles) -> bool:
    return bool((np.abs(link.apply(logits) - rows) <= near).all())


def _scale(link: Link, logits: Doubles, rows: Doubles) -> float:
    """The factor that brings logits nearest to what outputs say of them; 0 if it is not told."""
    if link.kind == PROBABILITIES and not (rows.min() >= 0 and rows.max() <= 1.01):
        return 0.0
    wanted = link.undo(rows)
    if rows.shape[1] > 1 and link.kind == PROBABILITIES:
        logits = logits - np.take_along_axis(logits, rows.argmax(axis=1)[:, None], axis=1)
    elif link.kind == LOG_PROBABILITIES:
        logits = _centred(logits)
    seen = np.isfinite(wanted)
    size = float((logits[seen] ** 2).sum())
    if seen.sum() < FEWEST or size == 0:
        return 0.0
    scale = float((logits[seen] * wanted[seen]).sum()) / size
    return scale if np.isfinite(scale) else 0.0


def _found(head: Head, link: Link, scale: float) -> Reproduction:
    return Reproduction(two_classes(head, scale), link.kind, scale)


def two_classes(head: Head, scale: float = 1.0) -> Head:
    """A read-out as files have it, times a scale: one logit is two classes.

    Its boundary, where the logit is 0, is that of the logits 0 and ``weight @ hidden + bias``.
    """
    weight, bias = (np.asarray(part, np.float32) * np.float32(scale) for part in head)
    if len(bias) == 1:
        weight = np.concatenate([np.zeros_like(weight), weight])
        bias = np.concatenate([np.zeros_like(bias), bias])
    return Head(weight, bias)
