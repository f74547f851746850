"""What is measured of the arrangement of classes: an entry for each number.

One entry of `METRICS` is all that a new metric needs: `spiral info --packing`, the columns of
studies, the film of the packing, the page and the tables of the documentation follow from it.
"""

from __future__ import annotations

from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.arrangement import Quantity
from spiralcore.analysis.optima.containers import container_of, directions_of
from spiralcore.analysis.optima.table import largest_angle, optimum
from spiralcore.analysis.packing import collapse, separation
from spiralcore.analysis.packing.class_angles import measure_angles
from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.margins import Bias
from spiralcore.analysis.packing.metric import FilmPanel, Metric, Optimum
from spiralcore.registry.spaces import Space


def _largest(quantity: Quantity) -> Optimum:
    """What the table of the best packings has."""

    def best(space: Space, units: int, count: int) -> float:
        container = container_of(space)
        return nan if container is None else optimum(quantity, container, units, count).value

    return best


def _largest_angle(space: Space, units: int, count: int) -> float:
    return largest_angle(directions_of(space), units, count)


def _zero(space: Space, units: int, count: int) -> float:
    return 0.0


def _least_simplex_distance(space: Space, units: int, count: int) -> float:
    return collapse.least_simplex_distance(count, units)


def _smallest_angle(layer: Layer, space: Space) -> NDArray[np.float64]:
    return np.asarray(measure_angles(layer.means, space).smallest)


def _parked(layer: Layer, space: Space) -> NDArray[np.bool_]:
    return measure_angles(layer.means, space).parked


def _directions(layer: Layer, space: Space) -> NDArray[np.int64]:
    return np.asarray(layer.classes - _parked(layer, space).sum(axis=1))


CRAMMER_SINGER = "Crammer and Singer 2001, JMLR 2:265"
PAPYAN = "Papyan, Han and Donoho 2020, PNAS 117:24652"
ZHU = "Zhu et al. 2021, arXiv 2105.02375"

METRICS: dict[str, Metric] = {
    entry.name: entry
    for entry in (
        Metric(
            name="distance",
            label="distance",
            about="smallest distance between class means",
            formula="min over pairs of |m_k - m_j|",
            points_formula="the smallest distance between points of different classes",
            source="the packing of points, see below",
            measure=separation.smallest_distance,
            measure_points=separation.closest_points,
            optimum=_largest(Quantity.DISTANCE),
            best_in="bounded",
            film=FilmPanel(("smallest distance between classes", "smallest distance"), "bounded"),
        ),
        Metric(
            name="one_vs_rest",
            label="one versus rest",
            about="smallest distance of a class mean from the hull of the others",
            formula="min over k of the distance of m_k from the convex hull of the other means",
            points_formula="min over k of the distance of the hull of a class from the hull of all "
            "other points; 0 if they meet",
            source="Jiang et al. 2023, arXiv 2310.05351",
            measure=separation.hull_distance,
            measure_points=separation.closest_hulls,
            optimum=_largest(Quantity.ONE_VS_REST),
            best_in="bounded",
            film=FilmPanel(
                (
                    "distance of a class to the hull of the others",
                    "distance to the hull",
                    "to the hull",
                ),
                "bounded",
            ),
        ),
        Metric(
            name="margin",
            label="margin",
            about="softmax margin of the read-out",
            formula="min over k and j ≠ k of (w_k - w_j) · m_k + b_k - b_j, with |W|² + |b|² = 1",
            points_formula="the same at the worst point; negative if one is not recognised",
            source=CRAMMER_SINGER,
            measure=separation.margin_of(Bias.COUNTED),
            measure_points=separation.points_margin_of(Bias.COUNTED),
            optimum=_largest(Quantity.MARGIN),
            range=(-inf, inf),
            best_in="bounded",
            film=FilmPanel(("softmax margin of the read-out", "softmax margin"), "bounded"),
        ),
        Metric(
            name="margin_without_bias",
            label="margin without bias",
            about="softmax margin of the read-out without its biases",
            formula="the same without b, |W|² = 1",
            points_formula="the same at the worst point",
            source=CRAMMER_SINGER,
            measure=separation.margin_of(Bias.ABSENT),
            measure_points=separation.points_margin_of(Bias.ABSENT),
            optimum=_largest(Quantity.MARGIN_WITHOUT_BIAS),
            range=(-inf, inf),
            best_in="bounded",
        ),
        Metric(
            name="margin_free_bias",
            label="margin, bias free",
            about="softmax margin of the read-out, with biases that cost nothing",
            formula="the same with b, |W|² = 1",
            points_formula="the same at the worst point",
            source=CRAMMER_SINGER,
            measure=separation.margin_of(Bias.FREE),
            measure_points=separation.points_margin_of(Bias.FREE),
            optimum=_largest(Quantity.MARGIN_FREE_BIAS),
            range=(-inf, inf),
            best_in="bounded",
        ),
        Metric(
            name="angle",
            label="smallest angle",
            about="smallest angle between class means",
            formula="the smallest angle between directions of class means, seen from the corner of "
            "the space (leaky ReLU: from the origin)",
            source="the packing of directions, see below",
            measure=_smallest_angle,
            optimum=_largest_angle,
            placed=_directions,
            range=(0.0, 180.0),
            unit="°",
            spaces="unbounded",
            best_in="unbounded",
            film=FilmPanel(("smallest angle between classes", "smallest angle"), "unbounded"),
        ),
        Metric(
            name="parked",
            label="parked at the corner",
            about="classes whose mean is at the corner of the space",
            formula="how many class means are at the corner, closer than 5 % of the farthest one's "
            "distance; they have no direction and do not enter the angle; none in a space with a "
            "border",
            source="spiralcore",
            which=_parked,
            larger_is_better=False,
            unit="classes",
            column="parked_classes",
        ),
        Metric(
            name="evenness",
            label="evenness",
            about="smallest over largest distance between class means",
            formula="min of |m_k - m_j| / max of |m_k - m_j| over all pairs",
            source="spiralcore",
            measure=separation.evenness,
            range=(0.0, 1.0),
            at_best="all equally far apart",
            film=FilmPanel(
                ("smallest distance over the largest", "smallest / largest"), "unbounded"
            ),
        ),
        Metric(
            name="nc1",
            label="NC1, scatter within classes over between",
            about="scatter around the class means, in units of that of the class means",
            formula="tr(S_W S_B⁺) / K, with the covariances within and between classes and the "
            "pseudo-inverse",
            source=PAPYAN,
            measure=collapse.scatter_ratio,
            optimum=_zero,
            larger_is_better=False,
            group="collapse",
        ),
        Metric(
            name="nc2_equinorm",
            label="NC2, spread of the lengths of class means",
            about="whether class means are equally far from their middle",
            formula="standard deviation of |c_k| / mean of |c_k|",
            source=PAPYAN,
            measure=collapse.length_spread,
            optimum=_zero,
            larger_is_better=False,
            group="collapse",
        ),
        Metric(
            name="nc2_equiangular",
            label="NC2, spread of the cosines between them",
            about="whether all angles are equal",
            formula="standard deviation of cos(c_k, c_j) over all pairs",
            source=PAPYAN,
            measure=collapse.cosine_spread,
            optimum=_zero,
            larger_is_better=False,
            group="collapse",
        ),
        Metric(
            name="nc2_simplex_angle",
            label="NC2, cosines off those of a simplex",
            about="whether they are those of the regular simplex",
            formula="mean of |cos(c_k, c_j) + 1 / (K - 1)| over all pairs",
            source=PAPYAN,
            measure=collapse.simplex_cosine_error,
            optimum=_zero,
            larger_is_better=False,
            group="collapse",
        ),
        Metric(
            name="nc2_simplex_distance",
            label="NC2, distance from a simplex",
            about="distance from the simplex",
            formula="|G / |G| - P / |P||, with G_kj = c_k · c_j, P = I - 11ᵀ / K, Frobenius norm",
            source=ZHU,
            measure=collapse.simplex_distance,
            optimum=_least_simplex_distance,
            larger_is_better=False,
            group="collapse",
        ),
        Metric(
            name="nc3",
            label="NC3, head off the class means",
            about="whether rows of the head are class means, up to one scale",
            formula="|W / |W| - C / |C||², with the c_k as rows of C",
            source=PAPYAN,
            measure=collapse.duality_error,
            optimum=_zero,
            larger_is_better=False,
            range=(0.0, 4.0),
            group="collapse",
        ),
        Metric(
            name="nc4",
            label="NC4, head and nearest mean disagree",
            about="whether the head decides as the nearest class mean does",
            formula="share of points where the largest logit and the nearest class mean name "
            "different classes",
            source=PAPYAN,
            measure=collapse.disagreement,
            optimum=_zero,
            larger_is_better=False,
            range=(0.0, 1.0),
            group="collapse",
        ),
    )
}
"""By their names, in the order of tables."""


def leading(space: Space) -> Metric:
    """The one number that says how well classes are packed: the first that has an optimum there."""
    return next(entry for entry in METRICS.values() if entry.has_best_in(space))
