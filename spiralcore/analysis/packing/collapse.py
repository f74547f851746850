"""Neural collapse, NC1 to NC4, after Papyan, Han and Donoho 2020, PNAS 117:24652.

With the K class means m_k, their mean m, and c_k = m_k - m. Classes count the same however many
points they have, which for classes of equal size is the definition of that paper. All seven
numbers are 0 at collapse.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.packing.class_points import Layer

Doubles = NDArray[np.float64]

RANK = 1e-10
"""Singular values below this part of the largest one are rounding."""


class Collapse(NamedTuple):
    """How far a layer is from neural collapse; 0 is collapsed.

    One number each, or one for each epoch, shape (T,).

    Attributes
    ----------
    nc1
        ``tr(S_W S_B^+) / K``, with the covariances within and between classes, and the
        pseudo-inverse: the scatter of points around their class means, in units of that of the
        class means. nan where all class means are equal.
    nc2_equinorm
        Standard deviation of ``|c_k|`` over its mean.
    nc2_equiangular
        Standard deviation of the cosines between the c_k, over all pairs.
    nc2_simplex_angle
        Mean of ``|cos + 1 / (K - 1)|`` over all pairs: distance of the angles from those of the
        regular simplex.
    nc2_simplex_distance
        ``|G / |G| - P / |P||`` in the Frobenius norm, with the Gram matrix G of the c_k, and that
        of the simplex, ``P = I - 1 1^T / K`` (Zhu et al. 2021, arXiv 2105.02375, for the head).
        The simplex needs K - 1 dimensions; in fewer, `least_simplex_distance` is what can be
        reached.
    nc3
        ``|W / |W| - C / |C||^2`` in the Frobenius norm, with the c_k as rows of C: whether rows of
        the head and class means are the same up to one scale.
    nc4
        Share of points where the head and the nearest class mean decide differently. As ``nc3``,
        nan where the head was not recorded.
    """

    nc1: Any
    nc2_equinorm: Any
    nc2_equiangular: Any
    nc2_simplex_angle: Any
    nc2_simplex_distance: Any
    nc3: Any
    nc4: Any


def measure_collapse(layer: Layer) -> Collapse:
    """Neural collapse of a layer at each of its epochs."""
    centred = layer.means - layer.means.mean(axis=1, keepdims=True)
    gram = centred @ np.swapaxes(centred, 1, 2)
    norms = np.sqrt(np.diagonal(gram, axis1=1, axis2=2))
    pairs = np.triu_indices(layer.classes, 1)
    products = norms[:, pairs[0]] * norms[:, pairs[1]]
    cosines = _divide(gram[:, pairs[0], pairs[1]], products)
    simplex = np.eye(layer.classes) - 1 / layer.classes
    spread = _over_its_norm(gram) - _over_its_norm(simplex[None])
    duality = _over_its_norm(layer.head.weight) - _over_its_norm(centred)
    return Collapse(
        nc1=_within_between(layer, centred),
        nc2_equinorm=_divide(norms.std(axis=1), norms.mean(axis=1)),
        nc2_equiangular=cosines.std(axis=1),
        nc2_simplex_angle=np.abs(cosines + 1 / (layer.classes - 1)).mean(axis=1),
        nc2_simplex_distance=np.sqrt((spread * spread).sum(axis=(1, 2))),
        nc3=np.asarray((duality * duality).sum(axis=(1, 2))),
        nc4=_disagreement(layer),
    )


def least_simplex_distance(classes: int, dimension: int) -> float:
    """The smallest ``nc2_simplex_distance`` that a dimension allows.

    ``sqrt(2 - 2 sqrt(D / (K - 1)))`` for D < K - 1, otherwise 0. With G of rank D at most,
    ``<G / |G|, P>`` is at most ``tr G / |G| <= sqrt(D)``, with equality for centred class means
    that form a tight frame, for example regular polygons in the plane.
    """
    return float(np.sqrt(max(2 - 2 * np.sqrt(min(dimension / (classes - 1), 1.0)), 0.0)))


def _within_between(layer: Layer, centred: Doubles) -> Doubles:
    """NC1 along the principal axes of the class means, outside of which S_B^+ is 0."""
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    counts = sizes > RANK * sizes[:, :1]
    weights = np.divide(1.0, sizes**2, out=np.zeros_like(sizes), where=counts)
    found = np.zeros(len(centred))
    for epochs, points in layer.parts():
        away = points - np.repeat(layer.means[epochs], layer.sizes, axis=1)
        along = away @ np.swapaxes(axes[epochs], 1, 2)
        squares = np.add.reduceat(along * along, layer.starts, axis=1) / layer.sizes[:, None]
        found[epochs] = (squares.mean(axis=1) * weights[epochs]).sum(axis=1)
    # S_B has 1 / K of the squares of the singular values, which the K of the formula undoes.
    return np.where(counts.any(axis=1), found, np.nan)


def _disagreement(layer: Layer) -> Doubles:
    weight, bias = layer.head
    found = np.zeros(len(weight))
    offsets = 0.5 * (layer.means**2).sum(axis=2)
    for epochs, points in layer.parts():
        by_head = points @ np.swapaxes(weight[epochs], 1, 2) + bias[epochs, None, :]
        nearest = points @ np.swapaxes(layer.means[epochs], 1, 2) - offsets[epochs, None, :]
        found[epochs] = (by_head.argmax(axis=2) != nearest.argmax(axis=2)).mean(axis=1)
    return np.where(np.isnan(bias).any(axis=1), np.nan, found)


def _over_its_norm(matrices: Doubles) -> Doubles:
    norm = np.sqrt((matrices * matrices).sum(axis=(1, 2), keepdims=True))
    return _divide(matrices, norm)


def _divide(above: Doubles, below: Doubles) -> Doubles:
    """Divide; nan where there is nothing to divide by."""
    found = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=found, where=below > 0.0)
    return found
