"""One arrangement, brought to the top of its hill: the second half of the search.

In epigraph form the problem is smooth: the largest t that no pair's number is below, with the
points in the container and the head in its ball. Sequential quadratic programming (SLSQP, Kraft
1988) with exact derivatives then converges fast.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from spiralcore.analysis.optima.arrangement import Arrangement, Quantity, assess
from spiralcore.analysis.optima.containers import Container
from spiralcore.analysis.packing.margins import Bias, ScaledHead

Doubles = NDArray[np.float64]

MOST_VARIABLES = 250
"""SLSQP works on dense matrices; larger problems are left as they are."""

MOST_PAIRS = 200
"""Pairs that enter, the closest ones; the others are looked at afterwards."""

ITERATIONS = 200

PRECISION = 1e-15
"""Change of the value at which SLSQP stops."""


def polish(quantity: Quantity, container: Container, start: Arrangement) -> Arrangement:
    """Improve an arrangement until it is a local optimum.

    Returns
    -------
    Arrangement
        Inside the container, and at least as good as the start.
    """
    problem = _Problem(quantity, container, start)
    if problem.size > MOST_VARIABLES:
        return start
    objective = np.zeros(problem.size)
    objective[-1] = -1.0
    # Several threads on matrices of this size wait for each other most of the time.
    with _threads().limit(limits=1, user_api="blas"):
        found = scipy.optimize.minimize(
            lambda x: -x[-1],
            problem.start,
            jac=lambda x: objective,
            method="SLSQP",
            bounds=problem.bounds,
            constraints=problem.constraints,
            options={"ftol": PRECISION, "maxiter": ITERATIONS},
        )
    if not np.isfinite(found.x).all():
        return start
    points, weight, bias = problem.split(found.x)
    head = None if quantity.kind is None else ScaledHead(weight, bias)
    better = assess(quantity, container.project(points), head)
    return better if better.value > start.value else start


@cache
def _threads() -> ThreadpoolController:
    """Made once, as it looks through all loaded libraries."""
    return ThreadpoolController()


class _Problem:
    """The variables are points, head, and t, in one vector."""

    def __init__(self, quantity: Quantity, container: Container, start: Arrangement) -> None:
        self.quantity, self.container = quantity, container
        self.count, self.dimension = start.points.shape
        self.has_weight = quantity is not Quantity.DISTANCE
        self.has_bias = quantity.kind in (Bias.COUNTED, Bias.FREE)
        block = self.count * self.dimension
        self.points_end, self.weight_end = block, block * (1 + self.has_weight)
        self.size = self.weight_end + self.count * self.has_bias + 1
        head = start.head
        parts = [start.points.ravel()]
        if self.has_weight:
            parts.append(head.weight.ravel())
        if self.has_bias:
            parts.append(head.bias)
        self.start = np.concatenate([*parts, [0.0]])
        one, other = np.nonzero(~np.eye(self.count, dtype=bool))
        if quantity is Quantity.DISTANCE:
            one, other = one[one < other], other[one < other]
        self.one, self.other = one, other
        numbers = self.numbers(self.start)
        self.start[-1] = numbers.min()
        closest = np.argsort(numbers, kind="stable")[:MOST_PAIRS]
        self.one, self.other = one[closest], other[closest]

    def split(self, x: Doubles) -> tuple[Doubles, Doubles, Doubles]:
        """Points, weight and bias, shapes (n, D), (n, D) and (n,)."""
        shape = self.count, self.dimension
        points = x[: self.points_end].reshape(shape)
        weight: Doubles = np.zeros(shape)
        bias: Doubles = np.zeros(self.count)
        if self.has_weight:
            weight = x[self.points_end : self.weight_end].reshape(shape)
        if self.has_bias:
            bias = x[self.weight_end : -1]
        return points, weight, bias

    @property
    def bounds(self) -> list[tuple[float | None, float | None]] | None:
        if self.container.shape not in ("box", "orthant"):
            return None
        own = (self.container.lower, self.container.upper)
        return [own] * self.points_end + [(None, None)] * (self.size - self.points_end)

    @property
    def constraints(self) -> list[dict[str, Any]]:
        found = [{"type": "ineq", "fun": self._kept, "jac": self._kept_slopes}]
        if self.container.shape in ("sphere", "orthant"):
            found.append({"type": "eq", "fun": self._lengths, "jac": self._length_slopes})
        return found

    def numbers(self, x: Doubles) -> Doubles:
        """The number of each pair; for distances their squares, which have no kink."""
        points, weight, bias = self.split(x)
        if self.quantity is Quantity.DISTANCE:
            return np.asarray(((points[self.one] - points[self.other]) ** 2).sum(axis=1))
        if self.quantity is Quantity.ONE_VS_REST:
            ways = points[self.one] - points[self.other]
            return np.asarray((weight[self.one] * ways).sum(axis=1))
        turns = weight[self.one] - weight[self.other]
        products = (turns * points[self.one]).sum(axis=1)
        return np.asarray(products + bias[self.one] - bias[self.other])

    def _number_slopes(self, x: Doubles) -> Doubles:
        points, weight, _ = self.split(x)
        one, other, rows = self.one, self.other, np.arange(len(self.one))
        by_points = np.zeros((len(rows), self.count, self.dimension))
        by_weight = np.zeros_like(by_points)
        if self.quantity is Quantity.DISTANCE:
            by_points[rows, one] = 2 * (points[one] - points[other])
            by_points[rows, other] = -by_points[rows, one]
        elif self.quantity is Quantity.ONE_VS_REST:
            by_points[rows, one], by_points[rows, other] = weight[one], -weight[one]
            by_weight[rows, one] = points[one] - points[other]
        else:
            by_points[rows, one] = weight[one] - weight[other]
            by_weight[rows, one], by_weight[rows, other] = points[one], -points[one]
        slopes = np.zeros((len(rows), self.size))
        slopes[:, : self.points_end] = by_points.reshape(len(rows), -1)
        if self.has_weight:
            slopes[:, self.points_end : self.weight_end] = by_weight.reshape(len(rows), -1)
        if self.has_bias:
            slopes[rows, self.weight_end + one] = 1.0
            slopes[rows, self.weight_end + other] = -1.0
        return slopes

    def _kept(self, x: Doubles) -> Doubles:
        """What may not become negative."""
        points, weight, bias = self.split(x)
        kept = [self.numbers(x) - x[-1]]
        if self.quantity is Quantity.ONE_VS_REST:
            kept.append(1 - (weight * weight).sum(axis=1))
        elif self.has_weight:
            counted = bias @ bias if self.quantity.kind is Bias.COUNTED else 0.0
            kept.append(np.array([1 - (weight * weight).sum() - counted]))
        if self.container.shape == "ball":
            kept.append(1 - (points * points).sum(axis=1))
        return np.concatenate(kept)

    def _kept_slopes(self, x: Doubles) -> Doubles:
        _, weight, bias = self.split(x)
        slopes = self._number_slopes(x)
        slopes[:, -1] = -1.0
        kept = [slopes]
        if self.quantity is Quantity.ONE_VS_REST:
            kept.append(-self._square_slopes(x, self.points_end))
        elif self.has_weight:
            row = np.zeros((1, self.size))
            row[0, self.points_end : self.weight_end] = -2 * weight.ravel()
            if self.quantity.kind is Bias.COUNTED:
                row[0, self.weight_end : -1] = -2 * bias
            kept.append(row)
        if self.container.shape == "ball":
            kept.append(-self._square_slopes(x, 0))
        return np.vstack(kept)

    def _lengths(self, x: Doubles) -> Doubles:
        points = self.split(x)[0]
        return np.asarray((points * points).sum(axis=1) - 1)

    def _length_slopes(self, x: Doubles) -> Doubles:
        return self._square_slopes(x, 0)

    def _square_slopes(self, x: Doubles, begin: int) -> Doubles:
        """Derivatives of the n squared lengths of the vectors that begin there."""
        rows = np.repeat(np.arange(self.count), self.dimension)
        columns = begin + np.arange(self.count * self.dimension)
        slopes = np.zeros((self.count, self.size))
        slopes[rows, columns] = 2 * x[columns]
        return slopes
