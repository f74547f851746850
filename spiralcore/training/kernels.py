"""The loops of training that are not matrix products, compiled by numba.

Eager torch takes as long for these as for the products: it makes one pass over memory for each
operation, and its tanh costs more than the product that feeds it.
"""

# mypy: disable-error-code="untyped-decorator, assignment, operator"

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spiralcore.registry.activations import Activation

Floats = NDArray[np.float32]

_ALGEBRA = {"contract", "nsz", "nnan", "arcp"}
"""What the compiler may assume, so that loops use vector instructions. Infinities stay."""

_SATURATED = 9.02
"""From here on tanh rounds to 1 in 32 bits."""

# x P(x^2) / Q(x^2): a minimax fit of the relative error on [0, 9.02], found by weighted least
# squares (Lawson 1961); the largest error in 32 bits is 3.6e-7, three units in the last place.
_P0, _P1, _P2, _P3, _P4 = (
    np.float32(c)
    for c in (9.999999790e-1, 1.337971709e-1, 3.494033584e-3, 2.058346645e-5, 1.331905351e-8)
)
_Q1, _Q2, _Q3, _Q4 = (
    np.float32(c) for c in (4.671303233e-1, 2.587106940e-2, 3.283091299e-4, 7.762011470e-7)
)


@njit(cache=True, fastmath=_ALGEBRA, error_model="numpy")
def tanh(values: Floats) -> None:
    """Replace numbers by their hyperbolic tangents; any shape, contiguous."""
    one, most = np.float32(1.0), np.float32(_SATURATED)
    flat = values.reshape(-1)
    for i in range(flat.size):
        x = min(max(flat[i], -most), most)
        s = x * x
        above = x * (_P0 + s * (_P1 + s * (_P2 + s * (_P3 + s * _P4))))
        below = one + s * (_Q1 + s * (_Q2 + s * (_Q3 + s * _Q4)))
        flat[i] = min(max(above / below, -one), one)


@njit(cache=True, fastmath=_ALGEBRA, error_model="numpy")
def tanh_pull_back(gradient: Floats, inputs: Floats, values: Floats) -> None:
    """Multiply a gradient by the derivative, 1 - value^2, in place."""
    one = np.float32(1.0)
    flat, reached = gradient.reshape(-1), values.reshape(-1)
    for i in range(flat.size):
        flat[i] *= one - reached[i] * reached[i]


@njit(cache=True, error_model="numpy")
def relu(values: Floats) -> None:
    """Replace negative numbers by 0."""
    zero = np.float32(0.0)
    flat = values.reshape(-1)
    for i in range(flat.size):
        flat[i] = max(flat[i], zero)


@njit(cache=True, error_model="numpy")
def relu_pull_back(gradient: Floats, inputs: Floats, values: Floats) -> None:
    """Set a gradient to 0 where the value is 0."""
    zero = np.float32(0.0)
    flat, reached = gradient.reshape(-1), values.reshape(-1)
    for i in range(flat.size):
        flat[i] = flat[i] if reached[i] > zero else zero


class InPlace(NamedTuple):
    """An activation as loops that overwrite their first argument.

    Attributes
    ----------
    apply
        ``apply(x)``: the values at the pre-activations.
    pull_back
        ``pull_back(gradient, x, value)``: see `spiralcore.registry.activations.Activation`.
    """

    apply: Callable[[Floats], None]
    pull_back: Callable[[Floats, Floats, Floats], None]


COMPILED = {
    "tanh": InPlace(tanh, tanh_pull_back),
    "relu": InPlace(relu, relu_pull_back),
}
"""Activations that have loops of their own."""


def in_place(activation: Activation) -> InPlace:
    """The loops of an activation; where it has none of its own, what NumPy makes of its entry."""
    if activation.name in COMPILED:
        return COMPILED[activation.name]

    def apply(values: Floats) -> None:
        values[:] = activation.apply(values)

    def pull_back(gradient: Floats, inputs: Floats, values: Floats) -> None:
        gradient[:] = activation.pull_back(gradient, inputs, values)

    return InPlace(apply, pull_back)


@njit(cache=True, error_model="numpy")
def softmax_cross_entropy(
    logits: Floats, labels: NDArray[np.int64], gradient: Floats
) -> tuple[float, int]:
    """Loss and accuracy of logits, and the gradient of the loss.

    Parameters
    ----------
    logits
        Shape (N, K).
    labels
        Shape (N,).
    gradient
        Gradient of the mean cross-entropy with respect to the logits, shape (N, K); written.

    Returns
    -------
    tuple
        The mean cross-entropy in nats, and how many points have their largest logit (the first
        of equals) at their label.
    """
    points, classes = logits.shape
    entropy, correct = 0.0, 0
    for n in range(points):
        best = 0
        for k in range(1, classes):
            if logits[n, k] > logits[n, best]:
                best = k
        total = np.float32(0.0)
        for k in range(classes):
            gradient[n, k] = math.exp(logits[n, k] - logits[n, best])
            total += gradient[n, k]
        label = labels[n]
        entropy += math.log(total) - (logits[n, label] - logits[n, best])
        correct += best == label
        share = np.float32(1.0) / (total * np.float32(points))
        for k in range(classes):
            gradient[n, k] *= share
        gradient[n, label] -= np.float32(1.0) / np.float32(points)
    return entropy / points, correct


@njit(cache=True, fastmath={"contract"}, error_model="numpy")
def adam(
    parameters: Floats,
    gradient: Floats,
    first: Floats,
    second: Floats,
    decays: tuple[float, float],
    rate: float,
    correction: float,
    epsilon: float,
) -> None:
    """One step of Adam (Kingma and Ba 2015, algorithm 1), in place.

    Parameters
    ----------
    parameters, gradient
        Shape (P,).
    first, second
        Moving averages of the gradient and of its square, shape (P,).
    decays
        Their decay rates.
    rate
        Learning rate over ``1 - decays[0]**step``.
    correction
        ``1 / sqrt(1 - decays[1]**step)``.
    epsilon
        Added to the root.
    """
    keep1, keep2 = np.float32(decays[0]), np.float32(decays[1])
    new1, new2 = np.float32(1 - decays[0]), np.float32(1 - decays[1])
    step, unbias, least = np.float32(rate), np.float32(correction), np.float32(epsilon)
    for i in range(parameters.size):
        slope = gradient[i]
        first[i] = keep1 * first[i] + new1 * slope
        second[i] = keep2 * second[i] + new2 * slope * slope
        parameters[i] -= step * first[i] / (np.sqrt(second[i]) * unbias + least)
