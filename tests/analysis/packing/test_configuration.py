from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.analysis.optima.arrangement import Quantity
from spiralcore.analysis.optima.containers import CONTAINERS, container_of
from spiralcore.analysis.optima.table import optimum
from spiralcore.analysis.packing.configuration import Packing, measure_packing
from spiralcore.analysis.packing.margins import Bias, best_head
from spiralcore.errors import UsageError
from spiralcore.registry.spaces import DISK, PLANE, QUADRANT, SPHERE, SQUARE, UNIT_SQUARE, Space
from tests.analysis.configurations import SQUARE_CORNERS, polygon, simplex, turn

ROUND = {"disk": DISK, "sphere": SPHERE}


def pack(means: np.ndarray, space: Space, scale: float = 1.0, shift: float = 0.0) -> Packing:
    """Class means with the head that is best for them."""
    head = best_head(means)
    weight = scale * head.weight + shift
    return measure_packing(means, np.arange(len(means)), weight, scale * head.bias + shift, space)


def test_four_corners_of_the_square_are_the_optimum() -> None:
    packing = pack(SQUARE_CORNERS, SQUARE, scale=30, shift=2)
    assert packing.means == pytest.approx((2, np.sqrt(2), np.sqrt(0.5), np.sqrt(0.5), np.sqrt(0.5)))
    assert packing.parts == pytest.approx((1,) * 5)
    assert packing.point_parts == pytest.approx((1,) * 5)
    assert packing.evenness == pytest.approx(np.sqrt(0.5))
    assert np.isnan([packing.angles.smallest, packing.angles.best, packing.angles.part]).all()
    assert not packing.angles.parked.any()


def test_half_the_size_is_half_as_good() -> None:
    packing = pack(SQUARE_CORNERS / 2, SQUARE)
    assert packing.parts == pytest.approx((0.5,) * 5)


@pytest.mark.parametrize("count", range(2, 13))
@pytest.mark.parametrize("name", ROUND)
def test_polygons_in_disk_and_circle(name: str, count: int) -> None:
    parts = pack(polygon(count), ROUND[name]).parts
    if name == "sphere":
        assert parts == pytest.approx((1,) * 5, rel=1e-6)
    assert parts.one_vs_rest == pytest.approx(1)
    assert parts.margin_without_bias == pytest.approx(1)
    # From seven points on, one of them belongs into the middle of the disk.
    assert (parts.distance == pytest.approx(1)) == (count < 7 or name == "sphere")


@pytest.mark.parametrize("dimension", range(1, 9))
def test_the_simplex_in_ball_and_sphere(dimension: int) -> None:
    for space in ROUND.values():
        packing = pack(simplex(dimension + 1, dimension) @ turn(dimension, 2), space)
        assert packing.parts == pytest.approx((1,) * 5)
        assert packing.evenness == pytest.approx(1)


@pytest.mark.parametrize("space", [SQUARE, UNIT_SQUARE, DISK, SPHERE])
@pytest.mark.parametrize("quantity", Quantity)
def test_every_optimum_in_two_and_three_dimensions_is_one(space: Space, quantity: Quantity) -> None:
    container = container_of(space)
    assert container is not None
    for dimension in (2, 3):
        for count in range(2, 13):
            points = optimum(quantity, container, dimension, count).points
            assert points is not None
            parts = pack(points, space).parts._asdict()
            # The head is the best one with biases that count.
            if quantity.kind in (None, Bias.COUNTED):
                assert parts[quantity.value] == pytest.approx(1, rel=1e-7)
            assert all(part <= 1 + 1e-7 for part in parts.values())


def test_a_head_of_the_network_is_worse_than_the_best_one() -> None:
    head = best_head(SQUARE_CORNERS)
    turned = head.weight @ np.array([[0.8, 0.6], [-0.6, 0.8]])
    packing = measure_packing(SQUARE_CORNERS, np.arange(4), turned, head.bias, SQUARE)
    # (w_k - w_j) . h_k: 0.8 - 0.6 of what it was, with the next corner on one side.
    assert packing.parts.margin == pytest.approx(0.2)
    assert packing.parts.distance == pytest.approx(1)
    wrong = measure_packing(SQUARE_CORNERS, np.arange(4), -head.weight, head.bias, SQUARE)
    assert wrong.parts.margin == pytest.approx(-2)


def test_points_of_a_class_spread_and_its_mean_does_not_move() -> None:
    apart = np.array([[0.1, 0.0], [-0.1, 0.0]])
    points = (0.9 * SQUARE_CORNERS[:, None] + apart).reshape(-1, 2)
    head = best_head(SQUARE_CORNERS)
    packing = measure_packing(points, np.repeat(np.arange(4), 2), *head, SQUARE)
    assert packing.means.distance == pytest.approx(1.8)
    assert packing.points.distance == pytest.approx(1.6)
    assert packing.means.one_vs_rest == pytest.approx(0.9 * np.sqrt(2))
    # Hull of (0.8, 0.9) and (1, 0.9), and that of the others with the corner (-0.8, 0.9),
    # (1, -0.9) in front of it.
    normal = np.array([1.8, 1.8]) / np.hypot(1.8, 1.8)
    assert packing.points.one_vs_rest == pytest.approx(normal @ [0.8 - 1.0, 0.9 + 0.9])
    assert packing.means.margin == pytest.approx(0.9 * np.sqrt(0.5))
    assert packing.points.margin == pytest.approx(0.8 * np.sqrt(0.5))


def test_points_among_others_and_points_at_the_same_place() -> None:
    points = np.vstack([SQUARE_CORNERS, 0.1 * SQUARE_CORNERS])
    labels = np.repeat([0, 1], 4)
    packing = measure_packing(points, labels, np.eye(2), np.zeros(2), SQUARE)
    assert packing.means == pytest.approx((0,) * 5)
    assert packing.points.distance == pytest.approx(0.9 * np.sqrt(2))
    assert packing.points.one_vs_rest == 0
    assert np.isnan(packing.evenness)
    same = measure_packing(np.zeros((4, 2)), [0, 0, 1, 1], np.eye(2), np.zeros(2), SQUARE)
    assert same.point_parts == pytest.approx((0,) * 5)


@given(seed=st.integers(0, 10_000), name=st.sampled_from(["square", *ROUND]),
       count=st.integers(2, 6), dimension=st.integers(1, 4))  # fmt: skip
def test_points_never_beat_their_means_nor_the_optimum(
    seed: int, name: str, count: int, dimension: int
) -> None:
    space = {"square": SQUARE, **ROUND}[name]
    rng = np.random.default_rng(seed)
    container = container_of(space)
    assert container is not None
    points = container.project(
        rng.normal(size=(count, dimension))[np.arange(20) % count]
        + 0.1 * rng.normal(size=(20, dimension))
    )
    labels = np.arange(20) % count
    weight, bias = rng.normal(size=(count, dimension)), rng.normal(size=count)
    packing = measure_packing(points, labels, weight, bias, space)
    if name != "sphere":
        assert packing.points.one_vs_rest <= packing.means.one_vs_rest + 1e-9
        for own, mean in zip(packing.points[2:], packing.means[2:], strict=True):
            assert own <= mean + 1e-9
    for part in (*packing.parts, *packing.point_parts):
        assert np.isnan(part) or part <= 1 + 1e-6


@given(seed=st.integers(0, 10_000), name=st.sampled_from(list(ROUND)),
       dimension=st.integers(2, 4))  # fmt: skip
def test_turning_and_renaming_changes_nothing(seed: int, name: str, dimension: int) -> None:
    rng = np.random.default_rng(seed)
    points = CONTAINERS["ball"].project(rng.normal(size=(24, dimension)))
    labels = np.arange(24) % 4
    weight, bias = rng.normal(size=(4, dimension)), rng.normal(size=4)
    before = measure_packing(points, labels, weight, bias, ROUND[name])
    turned, renamed, order = turn(dimension, seed), rng.permutation(4), rng.permutation(24)
    back = np.argsort(renamed)
    after = measure_packing(
        (points @ turned)[order],
        renamed[labels][order],
        (weight @ turned)[back],
        bias[back],
        ROUND[name],
    )
    for one, other in ((before.row(), after.row()),):
        assert other == {
            key: pytest.approx(value, abs=1e-8, nan_ok=True) for key, value in one.items()
        }


def test_classes_without_points_are_left_out() -> None:
    head = best_head(SQUARE_CORNERS)
    weight = np.vstack([head.weight[:2], [[9.0, 9.0]], head.weight[2:]])
    bias = np.insert(head.bias, 2, 50.0)
    packing = measure_packing(SQUARE_CORNERS, [0, 1, 3, 4], weight, bias, SQUARE)
    assert packing.parts == pytest.approx((1,) * 5)


def test_a_sphere_is_measured_by_mean_directions() -> None:
    around = np.array([-0.3, 0.3])
    angles = (2 * np.pi * np.arange(4)[:, None] / 4 + around).ravel()
    points = np.column_stack([np.cos(angles), np.sin(angles)])
    head = best_head(polygon(4))
    packing = measure_packing(points, np.repeat(np.arange(4), 2), *head, SPHERE)
    assert packing.parts == pytest.approx((1,) * 5)
    assert packing.point_parts.distance == pytest.approx(
        2 * np.sin((np.pi / 2 - 0.6) / 2) / np.sqrt(2)
    )


def test_the_row_of_a_table() -> None:
    row = pack(SQUARE_CORNERS, SQUARE).row()
    assert row["distance"] == pytest.approx(2)
    assert row["best_distance"] == pytest.approx(2)
    assert row["points_margin_part"] == pytest.approx(1)
    assert row["parked"] == 0
    assert np.isnan(row["angle_part"])
    assert all(type(value) is float for value in row.values())
    quadrant = pack(polygon(5) + 1, QUADRANT)
    assert set(quadrant.row()) == set(row)
    kinds = ("distance", "one_vs_rest", "margin", "margin_free_bias", "margin_without_bias")
    names = {
        *(f"{prefix}{kind}{part}" for kind in kinds for part in ("", "_part")
          for prefix in ("", "points_")),
        *(f"best_{kind}" for kind in kinds),
        "angle", "best_angle", "angle_part", "parked", "evenness",
    }  # fmt: skip
    assert set(row) == names
    for name, value in (("angle", quadrant.angles.smallest), ("best_angle", quadrant.angles.best),
                        ("angle_part", quadrant.angles.part)):  # fmt: skip
        assert quadrant.row()[name] == value > 0


def test_mistakes_are_named() -> None:
    with pytest.raises(UsageError) as error:
        measure_packing(np.zeros((4, 2)), [0, 1, 2], np.zeros((3, 2)), np.zeros(3), PLANE)
    assert str(error.value) == (
        "Points of the shape (1, 4, 2) do not fit labels, weight and bias of the shapes (3,), "
        "(1, 3, 2) and (1, 3).\n"
        "expected: the shapes (T, N, D), (N,), (T, K, D) and (T, K), and labels from 0 to K - 1."
    )
    with pytest.raises(UsageError) as error:
        measure_packing(np.zeros((2, 2)), [1, 1], np.zeros((3, 2)), np.zeros(3), PLANE)
    assert str(error.value) == (
        "All points are of one class.\nexpected: points of two classes or more."
    )
