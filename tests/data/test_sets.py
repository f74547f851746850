"""Data sets other than the spirals, and what all of them have in common."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore.data import (
    DATA_SETS,
    GENERATED,
    Checkerboard,
    GeneratedData,
    Points,
    Spirals,
    blobs,
    checkerboard,
    moons,
    rings,
)
from spiralcore.data.checkerboard import colours
from spiralcore.data.sets import noun_of

KINDS = pytest.mark.parametrize("kind", list(GENERATED.values()))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def nearest_other_class(points: Points) -> float:
    """The smallest distance between points of two classes."""
    apart = np.linalg.norm(points.inputs[:, None] - points.inputs, axis=-1)
    return float(apart[points.labels[:, None] != points.labels].min())


@KINDS
def test_points_come_class_by_class_and_from_the_seed_alone(kind: type[GeneratedData]) -> None:
    for classes in (2, 3, 7):
        data = kind(points_per_class=50)
        points = data.draw(classes, rng(3))
        assert points.inputs.shape == (50 * classes, 2)
        assert points.inputs.dtype == np.float32
        assert points.labels.dtype == np.int64
        assert (points.labels == np.repeat(np.arange(classes), 50)).all()
        assert (data.draw(classes, rng(3)).inputs == points.inputs).all()
        assert (data.draw(classes, rng(4)).inputs != points.inputs).any()
        # About as far from the centre as the spirals, for which the learning rate is chosen.
        assert 12 < np.abs(points.inputs).max() < 30


@KINDS
def test_classes_may_be_unequal(kind: type[GeneratedData]) -> None:
    data = kind(points_per_class=(40, 7, 1))
    points = data.draw(3, rng())
    assert np.bincount(points.labels).tolist() == [40, 7, 1] == list(data.class_sizes(3))
    # Each class ten times as large as the one after it.
    assert kind(points_per_class=200, imbalance=100.0).class_sizes(3) == (200, 20, 2)
    assert kind(points_per_class=200, imbalance=100.0).class_sizes(2) == (200, 2)
    assert kind(points_per_class=3, imbalance=100.0).class_sizes(2) == (3, 1)
    assert kind(points_per_class=9).class_sizes(4) == (9, 9, 9, 9)


def test_unequal_arms_are_the_same_arms() -> None:
    few = Spirals(points_per_class=(30, 60), noise=0.0).draw(2, rng())
    many = Spirals(points_per_class=60, noise=0.0).draw(2, rng())
    assert (few.inputs[30:] == many.inputs[60:]).all()
    assert few.inputs[29] == pytest.approx(many.inputs[59])


def test_rings_have_evenly_spaced_radii() -> None:
    points = rings(4, 500, rng=rng(), inner_radius=5, outer_radius=20, noise=0.3)
    radius = np.linalg.norm(points.inputs, axis=1)
    for label, expected in enumerate((5, 10, 15, 20)):
        own = radius[points.labels == label]
        assert own.mean() == pytest.approx(expected, abs=0.05)
        assert own.std() == pytest.approx(0.3, rel=0.1)
    angles = np.sort(np.arctan2(*points.inputs[points.labels == 2].T))
    assert np.diff(angles) == pytest.approx(2 * np.pi / 500, abs=1e-5)


def test_two_moons_are_those_of_the_literature() -> None:
    points = moons(2, 100, rng=rng(), extent=1.5, noise=0.0)
    upper, lower = points.inputs[:100], points.inputs[100:]
    # Unit half circles whose middles are (1, 0.5) apart.
    middle = np.array([-0.5, -0.25])
    away = middle + np.array([1.0, 0.5])
    assert np.linalg.norm(upper - middle, axis=1) == pytest.approx(np.ones(100), abs=1e-6)
    assert (upper[:, 1] >= middle[1] - 1e-6).all()
    assert np.linalg.norm(lower - away, axis=1) == pytest.approx(np.ones(100), abs=1e-6)
    assert (lower[:, 1] <= away[1] + 1e-6).all()


@pytest.mark.parametrize("classes", [3, 4, 7, 12])
def test_moons_of_a_chain_reach_into_each_other_and_do_not_touch(classes: int) -> None:
    points = moons(classes, 200, rng=rng(), extent=20, noise=0.0)
    radius = 40 / (2 + 1.3 * (classes - 1))
    assert nearest_other_class(points) > 0.25 * radius
    assert np.abs(points.inputs[:, 0]).max() == pytest.approx(20, abs=0.01)
    for label in range(classes - 1):
        one, after = (points.inputs[points.labels == which, 0] for which in (label, label + 1))
        assert after.min() < one.max() - 0.5 * radius


def test_blobs_take_turns_around_the_centre() -> None:
    points = blobs(3, 400, rng=rng(), clusters_per_class=2, radius=10, noise=0.1)
    angle = np.arctan2(points.inputs[:, 1], points.inputs[:, 0])
    sector = np.round(angle / (2 * np.pi / 6)).astype(int) % 6
    assert (sector % 3 == points.labels).all()
    assert np.bincount(sector).tolist() == [200] * 6
    for number in range(6):
        own = points.inputs[sector == number]
        middle = 10 * np.array([np.cos(np.pi / 3 * number), np.sin(np.pi / 3 * number)])
        assert own.mean(axis=0) == pytest.approx(middle, abs=0.3)
        # A tenth of the distance from middle to middle, which is the radius of a hexagon.
        assert own.std(axis=0) == pytest.approx([1, 1], rel=0.2)


@pytest.mark.parametrize("classes", range(2, 13))
def test_fields_of_a_class_never_share_an_edge(classes: int) -> None:
    board = colours(8, classes)
    assert (board[1:] != board[:-1]).all()
    assert (board[:, 1:] != board[:, :-1]).all()
    assert set(np.unique(board)) == set(range(classes))
    if classes > 3:
        assert (board[1:, 1:] != board[:-1, :-1]).all()
        assert (board[1:, :-1] != board[:-1, 1:]).all()


def test_points_of_a_checkerboard_lie_in_their_fields() -> None:
    points = checkerboard(2, 640, rng=rng(), fields=4, extent=8, gap=0.25)
    place = (points.inputs + 8) / 4
    column, row = np.floor(place).astype(int).T
    assert ((column + row) % 2 == points.labels).all()
    assert np.unique(4 * column + row, return_counts=True)[1].tolist() == [80] * 16
    # Half the gap at either edge.
    assert np.abs(place % 1 - 0.5).max() <= 0.5 * 0.75 + 1e-6
    with pytest.raises(ValueError, match="2 fields along a side are too few for 5 classes"):
        checkerboard(5, 10, rng=rng(), fields=2)


@pytest.mark.parametrize("classes", [5, 9, 20, 64])
def test_a_checkerboard_says_how_many_fields_it_needs(classes: int) -> None:
    with pytest.raises(ValueError, match="expected at least") as error:
        Checkerboard(fields=2).check(classes)
    fewest = int(str(error.value).rsplit(" ", 1)[1])
    Checkerboard(fields=fewest).check(classes)
    with pytest.raises(ValueError, match="expected at least"):
        Checkerboard(fields=fewest - 1).check(classes)


def test_a_number_of_sizes_that_is_not_that_of_the_classes() -> None:
    with pytest.raises(ValueError, match="2 class sizes for 3 classes"):
        rings(3, (5, 6), rng=rng())


def test_what_data_are_called() -> None:
    nouns = {name: kind.noun for name, kind in DATA_SETS.items()}
    assert nouns.items() >= {
        "spirals": "spirals", "rings": "rings", "moons": "moons", "blobs": "blobs",
        "checkerboard": "checkerboard", "table": "points",
    }.items()  # fmt: skip
    for kind in GENERATED.values():
        assert noun_of(kind().content()) == kind.noun
    # Files of before have no kind; those of somebody else have no data at all.
    assert noun_of({"turns": None, "noise": 0.17}) == "spirals"
    assert noun_of({"turns": None, "table_sha256": "00"}) == "points"
    for other in (None, {}, {"kind": "torus"}, {"kind": ["rings"]}, "rings", 3):
        assert noun_of(other) == "points"
