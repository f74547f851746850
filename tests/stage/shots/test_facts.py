"""What the explaining film says of networks, with known answers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.stage.shots import facts
from spiralcore.trajectory.unrecorded import GAPS
from tests.story.made import training

FOUR = [(-1, -1), (1, -1), (1, 1), (-1, 1)]


def ended(*places: tuple[float, float], activation: str = "tanh", **more: object) -> Trajectory:
    """A network whose class means end at some places."""
    ways = [[(0, (0.0, 0.0)), (100, place)] for place in places]
    return training(ways, activation=activation, spread=0.0, **more)  # type: ignore[arg-type]


def with_inputs(*groups: np.ndarray) -> Trajectory:
    path = ended(*FOUR[: len(groups)])
    each = path.points // len(groups)
    inputs = np.concatenate([np.resize(group, (each, 2)) for group in groups])
    return dataclasses.replace(path, inputs=inputs.astype(np.float32))


def test_classes_are_tangled_where_no_line_separates_any_two() -> None:
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], float)
    inner = 0.5 * square
    assert facts.is_tangled(with_inputs(square, inner))
    assert not facts.is_tangled(with_inputs(square, inner + 3))
    # Two of three that can be separated are enough for the sentence to be untrue.
    assert not facts.is_tangled(with_inputs(square, inner, square + 5))


@pytest.mark.parametrize(
    ("places", "fill"),
    [
        (FOUR, True),
        ([*FOUR[:3], (-1, 0)], False),  # one of four is on a side
        (FOUR[:3], False),  # a corner is empty
        ([*FOUR, (0, 1)], False),
    ],
)
def test_corners_are_filled_by_as_many_classes(places: list[tuple[int, int]], fill: bool) -> None:
    assert facts.fills_corners(ended(*places)) == fill


def test_two_classes_are_opposite_on_a_diagonal_only() -> None:
    assert facts.is_opposite(ended((-1, 1), (1, -1)))
    assert not facts.is_opposite(ended((-1, 1), (1, 1)))
    assert not facts.is_opposite(ended((-0.1, 0.1), (1, -1)))
    assert facts.is_opposite(ended((0, 1), (1, 0), activation="sigmoid"))


def test_walls_are_lined_and_the_middle_is_empty_together() -> None:
    ring = [*FOUR, (0, 1), (0.95, 0)]
    assert facts.lines_walls(ended(*ring))
    assert not facts.lines_walls(ended(*ring, (0, 0)))
    assert not facts.lines_walls(ended(*ring, (0.7, 0)))
    assert not facts.lines_walls(ended((0.6, 0.8), (-0.6, -0.8), activation="disk"))


def test_a_ring_is_far_from_the_middle_of_a_disk() -> None:
    angles = 2 * np.pi * np.arange(5) / 5
    ring = [(float(np.cos(a)), float(np.sin(a))) for a in angles]
    assert facts.makes_ring(ended(*ring, activation="disk"))
    assert not facts.makes_ring(ended(*ring, (0.0, 0.1), activation="disk"))
    assert not facts.makes_ring(ended(*ring))


@pytest.mark.parametrize(
    ("places", "fan"),
    [
        ([(5, 0), (4, 4), (0, 5)], True),
        ([(5, 0), (4, 4), (0, 5), (0, 0)], True),  # one at the origin
        ([(5, 0), (4, 4), (0, 0.1), (0, 0)], False),  # two there
        ([(5, 0), (4, 0.2), (0, 5)], False),  # two of one direction
    ],
)
def test_a_fan_has_a_direction_for_each_class(places: list[tuple[float, float]], fan: bool) -> None:
    assert facts.fans_out(ended(*places, activation="relu")) == fan


def test_distances_are_parts_of_the_largest() -> None:
    path = ended(*FOUR)
    assert facts.closest(path) == pytest.approx(1 / np.sqrt(2), abs=1e-6)
    assert facts.best_closest(path) == pytest.approx(1 / np.sqrt(2), abs=1e-6)
    assert facts.nearness(path) == pytest.approx(1.0, abs=1e-6)
    half = ended((-1, -1), (0, 1))
    assert facts.nearness(half) == pytest.approx(np.sqrt(5) / np.sqrt(8), abs=1e-6)


def test_what_was_not_recorded_is_not_known() -> None:
    path = ended(*FOUR)
    curve = np.full_like(path.accuracy, np.nan)
    unknown = dataclasses.replace(path, recipe={**path.recipe, GAPS: ["accuracy"]}, accuracy=curve)
    assert np.isnan(facts.accuracy(unknown))
    assert facts.accuracy(path) == 1.0
