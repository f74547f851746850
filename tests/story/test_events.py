from __future__ import annotations

import numpy as np
import pytest

from spiralcore.story.event import Event
from spiralcore.story.telling import highlights, spaced, story
from spiralcore.trajectory.play.timeline import Timeline
from tests.story.made import training

BL, BR, TL, TR = (-0.95, -0.95), (0.95, -0.95), (-0.95, 0.95), (0.95, 0.95)
NIGH = (0.0, 0.0)


def kinds(path, *wanted: str) -> list[Event]:  # type: ignore[no-untyped-def]
    return [event for event in story(path) if event.kind in wanted]


def test_a_class_takes_the_corner_that_another_one_has_left() -> None:
    path = training(
        [
            [(0, NIGH), (100, BL), (2000, BL)],
            [(0, NIGH), (100, BR), (1000, BR), (1100, TR), (2000, TR)],
            [(0, NIGH), (100, (-0.2, -1)), (1200, (-0.2, -1)), (1300, BR), (2000, BR)],
        ]
    )
    climbs, takes = kinds(path, "moves", "takes")
    assert (climbs.kind, climbs.classes) == ("moves", (1,))
    assert climbs.places == ("bottom right corner", "top right corner")
    assert 1000 <= climbs.epoch <= 1040
    # Arrived where it is within 0.45 of the corner: after 0.79 of the way, which is 1.9 long.
    assert climbs.end == pytest.approx(1079, abs=5)
    assert (takes.kind, takes.classes) == ("takes", (2,))
    assert takes.places == ("bottom left corner", "bottom right corner")
    assert 1200 <= takes.epoch < takes.end <= 1300


def test_two_classes_that_change_places_and_a_corner_that_was_free() -> None:
    path = training(
        [
            [(0, NIGH), (60, TL), (800, TL), (900, TR), (2000, TR)],
            [(0, NIGH), (60, BL), (2000, BL)],
        ]
    )
    (move,) = kinds(path, "moves", "takes", "heads")
    assert (move.kind, move.places) == ("moves", ("top left corner", "top right corner"))


def test_who_only_comes_nearer_to_a_corner_heads_for_it() -> None:
    path = training(
        [
            [(0, NIGH), (60, (-0.9, -1)), (800, (-0.9, -1)), (900, (0.3, -1)), (2000, (0.3, -1))],
            [(0, NIGH), (60, TR), (2000, TR)],
        ]
    )
    (event,) = kinds(path, "moves", "takes", "heads")
    assert (event.kind, event.classes) == ("heads", (0,))
    assert event.places == ("bottom left corner", "bottom right corner")


@pytest.mark.parametrize("tremble", [0.03, 0.08])
def test_trembling_about_the_middle_between_two_corners_is_no_move(tremble: float) -> None:
    path = training(
        [
            [(0, NIGH), (60, (0.05, -1)), (2000, (-0.05, -1))],
            [(0, NIGH), (60, TR), (2000, TR)],
        ],
        tremble=tremble,
    )
    assert kinds(path, "moves", "takes", "heads") == []


def test_an_excursion_that_does_not_last_is_no_move() -> None:
    way = [(0, NIGH), (60, BL), (1500, BL), (1505, BR), (1520, BR), (1525, BL), (3000, BL)]
    path = training([way, [(0, NIGH), (60, TR), (3000, TR)]])
    assert kinds(path, "moves", "takes", "heads") == []


def test_classes_that_settle_at_once_are_told_in_one_breath() -> None:
    path = training(
        [
            [(0, NIGH), (20, (-0.9, 0)), (1000, (-0.9, 0))],
            [(0, NIGH), (20, (0.9, 0)), (1000, (0.9, 0))],
            [(0, NIGH), (30, TR), (1000, TR)],
            [(0, NIGH), (400, NIGH), (420, (0, -1)), (1000, (0, -1))],
        ]
    )
    first, later = kinds(path, "settle")
    assert dict(zip(first.classes, first.places, strict=True)) == {
        0: "left", 1: "right", 2: "top right corner"
    }  # fmt: skip
    assert (later.classes, later.places) == ((3,), ("bottom",))


def test_land_stuck_and_right_are_those_of_the_arrays() -> None:
    ways = [
        [(0, BL), (2000, BL)],
        [(0, TR), (2000, TR)],
        [(0, (0.9, -0.95)), (2000, (0.9, -0.95))],
    ]
    path = training(ways, wrong={2: [(0, 1000)]})
    (landless,), (land,) = kinds(path, "landless"), kinds(path, "land")
    assert (landless.epoch, landless.classes, landless.values) == (0, (2,), (0.0,))
    assert (land.epoch, land.classes) == (1000, (2,))
    assert land.values[0] == pytest.approx(0.30, abs=0.06)
    (stuck,) = kinds(path, "stuck")
    assert (stuck.classes, stuck.places, stuck.values) == ((2,), ("bottom right corner",), (0.0,))
    assert 0 < stuck.epoch < stuck.end == 995
    assert [(event.epoch, event.classes) for event in kinds(path, "right")] == [(1000, (2,))]
    (everything,) = kinds(path, "all_right")
    assert 995 < everything.epoch <= 1000
    assert everything.values[0] >= 0.99


def test_two_that_are_stuck_at_once_are_told_together() -> None:
    corners = [BL, BR, TL, TR, (0.0, 0.97), (0.97, 0.0), (-0.97, 0.0), (0.0, -0.97)]
    ways = [[(0, place), (3000, place)] for place in corners]
    path = training(ways, wrong={4: [(0, 2000)], 5: [(0, 1500)]})
    (stuck,) = kinds(path, "stuck")
    assert (stuck.classes, stuck.places, stuck.end) == ((4, 5), ("top", "right"), 1495)


def test_short_troubles_and_those_of_all_are_not_being_stuck() -> None:
    ways = [[(0, place), (2000, place)] for place in (BL, BR, TR)]
    assert kinds(training(ways, wrong={1: [(900, 1200)]}), "stuck") == []
    everyone = {label: [(100, 2000)] for label in range(3)}
    assert kinds(training(ways, wrong=everyone), "stuck") == []


def test_the_last_pair_that_parts() -> None:
    path = training(
        [
            [(0, NIGH), (50, BL), (2000, BL)],
            [(0, NIGH), (50, TR), (2000, TR)],
            [(0, (0.01, 0)), (50, (0.9, 0.9)), (1000, (0.9, 0.9)), (1100, BR), (2000, BR)],
        ]
    )
    (parts,), (together,) = kinds(path, "parts"), kinds(path, "together")
    assert parts.classes == (1, 2)
    assert parts.epoch == pytest.approx(1015, abs=10)  # 0.3 of a way of 1.85
    assert together.classes == (0, 1, 2)


def test_who_has_no_corner_rests_on_a_side() -> None:
    ways = [[(0, NIGH), (50, place), (2000, place)] for place in (BL, BR, TL, TR)]
    ways.append([(0, NIGH), (50, BR), (700, BR), (800, (0.95, 0.0)), (2000, (0.95, 0.0))])
    (edge,) = kinds(training(ways), "edge")
    assert (edge.classes, edge.places) == ((4,), ("right",))
    # From within half of the square on: 0.45 of a way of 0.95.
    assert edge.epoch == pytest.approx(750, abs=5)


def test_a_unit_that_dies_and_a_loss_spike() -> None:
    ways = [
        [(0, (1, 1)), (500, (4, 0)), (1000, (4, 0))],
        [(0, (2, 1)), (500, (1, 0)), (1000, (1, 0))],
    ]
    loss = np.linspace(0.7, 0.2, 1001)
    loss[700:705] = 1.5
    path = training(ways, activation="relu", spread=0.0, cross_entropy=loss)
    (dies,), (spike,) = kinds(path, "dies"), kinds(path, "spike")
    assert (dies.epoch, dies.values) == (500, (2.0,))
    assert (spike.epoch, spike.end) == (699, 700)
    assert spike.values == (pytest.approx(loss[699]), pytest.approx(1.5))


@pytest.mark.parametrize(
    ("activation", "start", "end", "names"),
    [
        ("relu", (4, 0.1), (0.1, 4), ("horizontal axis", "vertical axis")),
        ("disk", (0.9, 0), (0, 0.9), ("right", "top")),
        ("sphere", (1, 0), (-1, 0), ("right", "left")),
    ],
)
def test_elsewhere_directions_take_the_place_of_corners(
    activation: str, start: tuple[float, float], end: tuple[float, float], names: tuple[str, str]
) -> None:
    if activation == "sphere":
        quarter = [(800 + 10 * i, (np.cos(np.pi * i / 20), np.sin(np.pi * i / 20)))
                   for i in range(21)]  # fmt: skip
        way = [(0, start), (5, start), *quarter, (3000, end)]
        other = [(0, (0, -1)), (3000, (0, -1))]
    else:
        way = [(0, (0.1, 0.1)), (60, start), (800, start), (1000, end), (3000, end)]
        other = [(0, (0.1, 0.1)), (60, (0.9, 0.9) if activation == "relu" else (0, -0.9)),
                 (3000, (0.9, 0.9) if activation == "relu" else (0, -0.9))]  # fmt: skip
    path = training([way, other], activation=activation, spread=0.0)
    found = [event for event in kinds(path, "moves", "heads", "takes") if event.classes == (0,)]
    assert {event.kind for event in found} == {"moves"}
    assert (found[0].places[0], found[-1].places[-1]) == names


def test_without_a_readout_nobody_is_right_and_nobody_has_land() -> None:
    path = training([[(0, NIGH), (60, BL), (900, BL)], [(0, NIGH), (60, TR), (900, TR)]])
    arrays = {name: value for name, value in path.arrays().items() if "readout" not in name}
    bare = type(path).from_arrays(path.recipe, **{**arrays, "labels": path.labels})
    assert not bare.knows_readout
    assert {event.kind for event in story(bare)} <= {"together", "settle", "all_right"}


def test_the_most_important_events_have_their_time() -> None:
    happening = [
        Event(epoch, epoch, "right", (0,), (), (), importance)
        for epoch, importance in ((0, 0.2), (100, 0.9), (200, 0.5), (330, 0.8), (700, 0.1))
    ]
    told = spaced(happening, Timeline(np.array([0.0, 10.0]), np.array([0.0, 1000.0])))
    # 2.0 would be too close to 1.0 and to 3.3, early or late; 0.0 is too close to 1.0.
    assert [(round(second, 2), event.epoch) for second, event in told] == [
        (1.0, 100), (3.55, 330), (7.0, 700)
    ]  # fmt: skip


def test_highlights_are_the_most_important_ones_in_order() -> None:
    path = training(
        [
            [(0, NIGH), (100, BL), (2000, BL)],
            [(0, NIGH), (100, BR), (1000, BR), (1100, TR), (2000, TR)],
        ]
    )
    found = highlights(path, 2)
    assert len(found) == 2
    assert [event.epoch for event in found] == sorted(event.epoch for event in found)
    rest = [event for event in story(path) if event not in found]
    assert min(event.importance for event in found) >= max(event.importance for event in rest)
