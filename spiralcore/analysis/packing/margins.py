"""Softmax margins: by how much the logit of the right class is larger than all others.

The margin of a head (w_k, b_k) at class means (or points) h_k is
``min_k min_{j != k} (w_k - w_j) . h_k + b_k - b_j``. It grows with the head, so heads are scaled
to norm 1 first. Adding the same vector to all w_k, or the same number to all b_k, changes no
probability and no margin; heads are therefore centred over the classes before their norm is
taken, which gives the smallest norm of all heads that say the same.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.packing.nearest_in_hull import nearest_weights

Doubles = NDArray[np.float64]


class Bias(Enum):
    """What becomes of the biases of a head.

    COUNTED: they are used, and count in the norm, ``|W|^2 + |b|^2 = 1``. ABSENT: they are left
    out, ``|W|^2 = 1``. FREE: they are used and cost nothing, ``|W|^2 = 1``, as in a training
    whose weight decay leaves biases alone.
    """

    COUNTED = "counted"
    ABSENT = "absent"
    FREE = "free"


class ScaledHead(NamedTuple):
    """A linear read-out.

    Attributes
    ----------
    weight, bias
        Shapes (..., K, D) and (..., K).
    """

    weight: Doubles
    bias: Doubles


def scaled_head(weight: Doubles, bias: Doubles, kind: Bias) -> ScaledHead:
    """Centre a head over its classes, and scale it to norm 1.

    Parameters
    ----------
    weight, bias
        Shapes (..., K, D) and (..., K).
    kind
        What becomes of the biases.

    Returns
    -------
    ScaledHead
        All zeros where there is nothing to scale.
    """
    weight = weight - weight.mean(axis=-2, keepdims=True)
    bias = bias - bias.mean(axis=-1, keepdims=True)
    if kind is Bias.ABSENT:
        bias = np.zeros_like(bias)
    square = (weight * weight).sum(axis=(-2, -1))
    if kind is Bias.COUNTED:
        square = square + (bias * bias).sum(axis=-1)
    norm = np.sqrt(square)
    scale = np.divide(1.0, norm, out=np.zeros_like(norm), where=norm > 0.0)
    return ScaledHead(weight * scale[..., None, None], bias * scale[..., None])


def smallest_margin(head: ScaledHead, means: Doubles) -> Doubles:
    """The margin of a head at class means, shape (...).

    Parameters
    ----------
    head
        As it is; see `scaled_head`.
    means
        Shape (..., K, D).
    """
    logits = means @ np.swapaxes(head.weight, -1, -2) + head.bias[..., None, :]
    own = np.diagonal(logits, axis1=-2, axis2=-1)[..., None]
    gaps = own - logits
    gaps[..., np.eye(gaps.shape[-1], dtype=bool)] = np.inf
    return np.asarray(gaps.min(axis=(-2, -1)))


def best_head(means: Doubles, with_bias: bool = True, bias_unit: float = 1.0) -> ScaledHead:
    """The head of norm 1 that has the largest margin at given class means.

    The margins are products of the head with K (K - 1) fixed vectors, so the largest smallest
    one is the distance of their convex hull from the origin, and the head points to its closest
    point: the multi-class machine of Crammer and Singer 2001, JMLR 2:265, with a hard margin.

    Parameters
    ----------
    means
        Shape (K, D).
    with_bias
        Whether the head has biases; they count in its norm.
    bias_unit
        What the biases are multiplied with in the logits. A large unit makes them cheap, and
        the margin approaches that with free biases from below.

    Returns
    -------
    ScaledHead
        Zeros if no head has a positive margin. The bias is the one that is added to the logits.
    """
    count, dimension = means.shape
    features = means
    if with_bias:
        features = np.column_stack([means, np.full(count, bias_unit)])
    right, wrong = np.nonzero(~np.eye(count, dtype=bool))
    rows = np.arange(len(right))
    vectors = np.zeros((len(right), *features.shape))
    vectors[rows, right] = features[right]
    vectors[rows, wrong] = -features[right]
    flat = vectors.reshape(len(right), -1)
    way = nearest_weights(flat) @ flat
    norm = float(np.sqrt(way @ way))
    if norm <= 1e-9 * float(np.abs(flat).max()):
        return ScaledHead(np.zeros((count, dimension)), np.zeros(count))
    found = (way / norm).reshape(count, -1)
    bias = found[:, dimension] * bias_unit if with_bias else np.zeros(count)
    return ScaledHead(found[:, :dimension], bias)
