from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spiralcore.analysis.network.decision_polygons import decision_polygons


def area(polygon: np.ndarray) -> float:
    if len(polygon) < 3:
        return 0.0
    x, y = polygon.T
    return 0.5 * float(x @ np.roll(y, -1) - y @ np.roll(x, -1))


def test_two_classes_share_the_square() -> None:
    weight, bias = np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([0.0, 1.0])
    right, left = decision_polygons(weight, bias, (-1, -1), (1, 1))
    assert area(right) == 1.0
    assert area(left) == 3.0
    assert right[:, 0].min() == 0.5


def test_a_class_that_never_wins_has_no_corners() -> None:
    weight, bias = np.zeros((3, 2)), np.array([0.0, 1.0, -1.0])
    polygons = decision_polygons(weight, bias, (-1, -1), (1, 1))
    assert [polygon.shape for polygon in polygons] == [(0, 2), (4, 2), (0, 2)]


values = st.floats(-3, 3, allow_subnormal=False)


@given(data=st.data(), classes=st.integers(2, 9))
def test_polygons_tile_the_rectangle_by_the_largest_logit(
    data: st.DataObject, classes: int
) -> None:
    weight = data.draw(arrays(np.float64, (classes, 2), elements=values))
    bias = data.draw(arrays(np.float64, classes, elements=values))
    polygons = decision_polygons(weight, bias, (-1, -2), (1, 2))
    areas = [area(polygon) for polygon in polygons]
    assert min(areas) >= -1e-9
    # Classes with equal functions share their region, and then it counts more than once.
    if len(np.unique(np.column_stack([weight, bias]), axis=0)) == classes:
        assert sum(areas) >= 8 - 1e-6
    for label, polygon in enumerate(polygons):
        if area(polygon) > 1e-6:
            logits = weight @ polygon.mean(axis=0) + bias
            assert logits[label] >= logits.max() - 1e-9


def test_one_class_has_the_whole_rectangle() -> None:
    (everything, nothing) = decision_polygons(
        np.zeros((2, 2)), np.array([1.0, 0]), (-3, -1), (5, 2)
    )
    assert everything.tolist() == [[-3, -1], [5, -1], [5, 2], [-3, 2]]
    assert nothing.shape == (0, 2)
    assert everything.dtype == np.float64
