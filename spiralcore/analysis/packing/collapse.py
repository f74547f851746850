"""Neural collapse, NC1 to NC4, after Papyan, Han and Donoho 2020, PNAS 117:24652.

With the K class means m_k, their mean m, and c_k = m_k - m. Classes count the same however many
points they have, which for classes of equal size is the definition of that paper. All seven
numbers are 0 at collapse.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.packing.class_points import Layer
from spiralcore.registry.spaces import Space

Doubles = NDArray[np.float64]

RANK = 1e-10
"""Singular values below this part of the largest one are rounding."""


def scatter_ratio(layer: Layer, space: Space) -> Doubles:
    """NC1, ``tr(S_W S_B^+) / K``, shape (T,); nan where all class means are equal.

    With the covariances within and between classes, and the pseudo-inverse: the scatter of points
    around their class means, in units of that of the class means. It is taken along the principal
    axes of the class means, outside of which S_B^+ is 0.
    """
    centred = _centred(layer)
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


def length_spread(layer: Layer, space: Space) -> Doubles:
    """NC2, the standard deviation of ``|c_k|`` over its mean, shape (T,)."""
    norms = _norms(_gram(layer))
    return _divide(norms.std(axis=1), norms.mean(axis=1))


def cosine_spread(layer: Layer, space: Space) -> Doubles:
    """NC2, the standard deviation of the cosines between the c_k, over all pairs, shape (T,)."""
    return np.asarray(_cosines(layer).std(axis=1))


def simplex_cosine_error(layer: Layer, space: Space) -> Doubles:
    """NC2, the mean of ``|cos + 1 / (K - 1)|`` over all pairs, shape (T,).

    That is the distance of the angles from those of the regular simplex.
    """
    return np.asarray(np.abs(_cosines(layer) + 1 / (layer.classes - 1)).mean(axis=1))


def simplex_distance(layer: Layer, space: Space) -> Doubles:
    """NC2, ``|G / |G| - P / |P||`` in the Frobenius norm, shape (T,).

    With the Gram matrix G of the c_k, and that of the simplex, ``P = I - 1 1^T / K`` (Zhu et al.
    2021, arXiv 2105.02375, for the head). The simplex needs K - 1 dimensions; in fewer,
    `least_simplex_distance` is what can be reached.
    """
    simplex = np.eye(layer.classes) - 1 / layer.classes
    spread = _over_its_norm(_gram(layer)) - _over_its_norm(simplex[None])
    return np.asarray(np.sqrt((spread * spread).sum(axis=(1, 2))))


def duality_error(layer: Layer, space: Space) -> Doubles:
    """NC3, ``|W / |W| - C / |C||^2`` in the Frobenius norm, shape (T,).

    With the c_k as rows of C: whether rows of the head and class means are the same up to one
    scale. nan where the head was not recorded.
    """
    duality = _over_its_norm(layer.head.weight) - _over_its_norm(_centred(layer))
    return np.asarray((duality * duality).sum(axis=(1, 2)))


def disagreement(layer: Layer, space: Space) -> Doubles:
    """NC4, the share of points where the head and the nearest class mean differ, shape (T,).

    nan where the head was not recorded.
    """
    weight, bias = layer.head
    found = np.zeros(len(weight))
    offsets = 0.5 * (layer.means**2).sum(axis=2)
    for epochs, points in layer.parts():
        by_head = points @ np.swapaxes(weight[epochs], 1, 2) + bias[epochs, None, :]
        nearest = points @ np.swapaxes(layer.means[epochs], 1, 2) - offsets[epochs, None, :]
        found[epochs] = (by_head.argmax(axis=2) != nearest.argmax(axis=2)).mean(axis=1)
    return np.where(np.isnan(bias).any(axis=1), np.nan, found)


def least_simplex_distance(classes: int, dimension: int) -> float:
    """The smallest ``nc2_simplex_distance`` that a dimension allows.

    ``sqrt(2 - 2 sqrt(D / (K - 1)))`` for D < K - 1, otherwise 0. With G of rank D at most,
    ``<G / |G|, P>`` is at most ``tr G / |G| <= sqrt(D)``, with equality for centred class means
    that form a tight frame, for example regular polygons in the plane.
    """
    return float(np.sqrt(max(2 - 2 * np.sqrt(min(dimension / (classes - 1), 1.0)), 0.0)))


def _centred(layer: Layer) -> Doubles:
    """Class means less their mean: the c_k, shape (T, K, D)."""
    return np.asarray(layer.means - layer.means.mean(axis=1, keepdims=True))


def _gram(layer: Layer) -> Doubles:
    """Products of the c_k, shape (T, K, K)."""
    centred = _centred(layer)
    return np.asarray(centred @ np.swapaxes(centred, 1, 2))


def _norms(gram: Doubles) -> Doubles:
    """Lengths of the c_k, shape (T, K)."""
    return np.sqrt(np.diagonal(gram, axis1=1, axis2=2))


def _cosines(layer: Layer) -> Doubles:
    """Cosines between the c_k, shape (T, pairs)."""
    gram = _gram(layer)
    norms, pairs = _norms(gram), np.triu_indices(layer.classes, 1)
    products = norms[:, pairs[0]] * norms[:, pairs[1]]
    return _divide(gram[:, pairs[0], pairs[1]], products)


def _over_its_norm(matrices: Doubles) -> Doubles:
    norm = np.sqrt((matrices * matrices).sum(axis=(1, 2), keepdims=True))
    return _divide(matrices, norm)


def _divide(above: Doubles, below: Doubles) -> Doubles:
    """Divide; nan where there is nothing to divide by."""
    found = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=found, where=below > 0.0)
    return found
