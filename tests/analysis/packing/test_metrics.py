"""The registry of metrics: what each entry says of itself holds for what it measures."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.metrics import METRICS, leading
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.spaces import DISK, PLANE, QUADRANT, SPHERE, SQUARE, Space
from spiralcore.study.measures import LATER_MEASURES, MEASURES

SPACES = [SQUARE, DISK, SPHERE, QUADRANT, PLANE]


def layer_in(space: Space, seed: int, units: int = 2) -> Layer:
    """Three epochs of points of four classes, and a head."""
    rng = np.random.default_rng(seed)
    points = space.nearest(rng.normal(size=(3, 40, units)))
    weight, bias = rng.normal(size=(3, 4, units)), rng.normal(size=(3, 4))
    return Layer.of_arrays(points, np.arange(40) % 4, weight, bias)


@pytest.mark.parametrize("name", METRICS)
def test_values_are_in_the_range_that_is_told_and_no_better_than_the_best(name: str) -> None:
    metric = METRICS[name]
    for space in SPACES:
        for seed in range(5):
            layer = layer_in(space, seed)
            values = metric.values(layer, space)
            assert values.shape == (3,)
            known = values[~np.isnan(values)]
            assert (known >= metric.range[0] - 1e-9).all()
            assert (known <= metric.range[1] + 1e-9).all()
            best = np.broadcast_to(metric.best(layer, space), 3)[~np.isnan(values)]
            if not np.isnan(best).all():
                better = known - best if metric.larger_is_better else best - known
                assert (better <= 1e-6).all()


@pytest.mark.parametrize("name", METRICS)
def test_where_it_means_nothing_it_is_no_number(name: str) -> None:
    metric = METRICS[name]
    for space in SPACES:
        kind = "bounded" if space.bounded else "unbounded"
        layer = layer_in(space, 1)
        if metric.spaces not in ("all", kind):
            assert np.isnan(metric.values(layer, space)).all()
        if metric.optimum is not None:
            known = metric.best_in in ("all", kind)
            assert np.isfinite(metric.best(layer, space)).all() == known
            assert np.isfinite(metric.best_for(space, 2, 4)) == known


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_one_metric_leads_in_each_space(name: str) -> None:
    space = ACTIVATIONS[name].space
    assert leading(space).name == ("distance" if space.bounded else "angle")


def test_names_are_not_used_twice() -> None:
    assert len({metric.label for metric in METRICS.values()}) == len(METRICS)
    names = [
        name
        for metric in METRICS.values()
        for name in (metric.name, metric.best_name, metric.part_name, metric.points_name,
                     metric.points_part_name)
    ]  # fmt: skip
    assert len(set(names)) == len(names)
    assert not set(LATER_MEASURES) - set(MEASURES)


def test_studies_have_the_columns_that_they_always_had() -> None:
    kinds = ["distance", "one_vs_rest", "margin", "margin_without_bias", "margin_free_bias"]
    assert list(MEASURES) == [
        "dead_units", "parked_classes",
        *kinds, *(f"{kind}_part" for kind in kinds),
        *(f"points_{kind}" for kind in kinds), *(f"points_{kind}_part" for kind in kinds),
        "angle", "angle_part", "evenness",
        "nc1", "nc2_equinorm", "nc2_equiangular", "nc2_simplex_angle", "nc2_simplex_distance",
        "nc3", "nc4",
    ]  # fmt: skip
    assert [name for name, kind in MEASURES.items() if kind is int] == [
        "dead_units", "parked_classes"
    ]  # fmt: skip
