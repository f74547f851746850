"""Many arrangements at once, moved uphill: the first half of the search for an optimum.

The smallest of many numbers has kinks, so its smooth version is climbed,
``-log(sum(exp(-b m))) / b`` over all pairs' numbers m, with b rising until the smallest ones
decide alone. Each step is along a running mean of the gradient, with lengths that shrink to
nothing, and back into the container.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.arrangement import Quantity
from spiralcore.analysis.optima.containers import LEAST, Container
from spiralcore.analysis.packing.margins import Bias

Doubles = NDArray[np.float64]

FIRST_SHARPNESS, LAST_SHARPNESS = (10.0, 1000.0), 3000.0
"""b, in units of one over the smallest number. Half of the starts begin with the lowest, from
which few and good hills are reached; the others with all up to the highest, which spreads them
over more hills, as the best one is not always reached from afar."""

FIRST_STEP, LAST_STEP = 0.1, 0.001
"""Length of a step, in half widths of the container; the last one shrinks to 0 besides."""

TOUCHING = 1e-12
"""Added to distances, whose slope would otherwise be infinite where points touch."""

MEMORY, SQUARE_MEMORY = 0.9, 0.99
"""Of the running means of the gradient and of its square (Kingma and Ba 2015)."""


class Candidates(NamedTuple):
    """S arrangements that are searched together.

    Attributes
    ----------
    points
        Shape (S, n, D).
    weight, bias
        Shapes (S, n, D) and (S, n), as in an `Arrangement`; None where there are none.
    smallest
        The quantity, for these heads, shape (S,).
    """

    points: Doubles
    weight: Doubles | None
    bias: Doubles | None
    smallest: Doubles


def climb(
    quantity: Quantity,
    container: Container,
    shape: tuple[int, int, int],
    steps: int,
    rng: np.random.Generator,
) -> Candidates:
    """Start at random, and move uphill.

    Parameters
    ----------
    quantity
        What is to become large.
    container
        Where the points may be.
    shape
        Numbers S of arrangements, n of points in each, and D of dimensions.
    steps
        How many.
    rng
        For the first points and heads.
    """
    parts = _first_parts(quantity, container, shape, rng)
    means = [np.zeros_like(part) for part in parts]
    squares = [np.zeros(part.shape[0]) for part in parts]
    width = 0.5 * (container.upper - container.lower) if container.shape == "box" else 1.0
    units = [width, 1.0, 1.0]
    low, high = FIRST_SHARPNESS
    spread = np.clip(2 * np.arange(shape[0]) / shape[0] - 1, 0, 1)[:, None, None]
    first = low * (high / low) ** spread
    for step in range(steps):
        done = step / steps
        sharpness = first * (LAST_SHARPNESS / first) ** done
        length = (1 - done) * FIRST_STEP * (LAST_STEP / FIRST_STEP) ** done
        gradients = _gradients(quantity, parts, sharpness)[1]
        for i, gradient in enumerate(gradients):
            means[i] = MEMORY * means[i] + (1 - MEMORY) * gradient
            square = (gradient * gradient).reshape(len(gradient), -1).mean(axis=1)
            squares[i] = SQUARE_MEMORY * squares[i] + (1 - SQUARE_MEMORY) * square
            along = means[i] / (1 - MEMORY ** (step + 1))
            scale = np.sqrt(squares[i] / (1 - SQUARE_MEMORY ** (step + 1))) + LEAST
            shaped = scale.reshape(-1, *(1,) * (gradient.ndim - 1))
            parts[i] = parts[i] + units[i] * length * along / shaped
        _bring_back(quantity, container, parts)
    smallest = _gradients(quantity, parts, first)[0]
    weight = parts[1] if len(parts) > 1 else None
    return Candidates(parts[0], weight, parts[2] if len(parts) > 2 else None, smallest)


def _first_parts(
    quantity: Quantity, container: Container, shape: tuple[int, int, int], rng: np.random.Generator
) -> list[Doubles]:
    points = container.scatter(rng, shape)
    if quantity is Quantity.DISTANCE:
        return [points]
    weight = points - points.mean(axis=1, keepdims=True) + 0.3 * rng.normal(size=shape)
    parts = [points, weight]
    if quantity.kind in (Bias.COUNTED, Bias.FREE):
        parts.append(np.zeros(shape[:2]))
    _bring_back(quantity, container, parts)
    return parts


def _bring_back(quantity: Quantity, container: Container, parts: list[Doubles]) -> None:
    """Points into the container, heads to norm 1."""
    parts[0] = container.project(parts[0])
    if quantity is Quantity.DISTANCE:
        return
    square = (parts[1] * parts[1]).sum(axis=-1)
    if quantity is not Quantity.ONE_VS_REST:
        square = square.sum(axis=-1, keepdims=True)
        if quantity.kind is Bias.COUNTED:
            square = square + (parts[2] * parts[2]).sum(axis=-1, keepdims=True)
    norm = np.sqrt(square) + LEAST
    parts[1] = parts[1] / norm[..., None]
    if len(parts) > 2:
        parts[2] = parts[2] / norm


def _gradients(
    quantity: Quantity, parts: list[Doubles], sharpness: Doubles
) -> tuple[Doubles, list[Doubles]]:
    """The smallest number of each arrangement, and the gradients of its smooth version."""
    points = parts[0]
    same = np.eye(points.shape[1], dtype=bool)
    if quantity is Quantity.DISTANCE:
        between = points[:, :, None] - points[:, None]
        numbers = np.sqrt((between * between).sum(axis=-1)) + TOUCHING
    else:
        first, second = parts[1], points
        if quantity.kind is not None:
            first, second = second, first
        products = first @ second.transpose(0, 2, 1)
        if len(parts) > 2:
            products = products + parts[2][:, None, :]
        numbers = products[:, same][:, :, None] - products
    numbers[:, same] = np.inf
    smallest = numbers.min(axis=(1, 2), keepdims=True)
    unit = np.maximum(np.abs(smallest), 0.05)
    share = np.exp(-sharpness * (numbers - smallest) / unit)
    share /= share.sum(axis=(1, 2), keepdims=True)
    if quantity is Quantity.DISTANCE:
        pull = share / numbers
        pull = pull + pull.transpose(0, 2, 1)
        return smallest[:, 0, 0], [pull.sum(axis=-1)[..., None] * points - pull @ points]
    slope = -share
    slope[:, same] += share.sum(axis=-1)
    of_first, of_second = slope @ second, slope.transpose(0, 2, 1) @ first
    if quantity is Quantity.ONE_VS_REST:
        return smallest[:, 0, 0], [of_second, of_first]
    gradients = [of_first, of_second, slope.sum(axis=1)]
    return smallest[:, 0, 0], gradients[: len(parts)]
