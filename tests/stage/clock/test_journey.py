"""The way through a network: its clock, its frame, its lines and its map."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.network.passage import Passage
from spiralcore.registry.themes import theme
from spiralcore.stage.clock.itinerary import Itinerary
from spiralcore.stage.clock.journey import BRIEFEST, LONGEST, MOVING, Journey, shares, ways
from spiralcore.stage.layout.box import Box, scene_point
from spiralcore.stage.marks.network_map import NetworkMap
from spiralcore.stage.marks.polylines import Polylines
from spiralcore.trajectory.play.view import Frame
from tests.stage.test_drawn import canvas


def test_an_itinerary_moves_and_rests() -> None:
    plan = Itinerary([2.0, 1.0], [1.0, 9.0], 8.0)
    assert plan.position(-1.0) == 0.0
    assert plan.position(2.0) == pytest.approx(0.5)
    assert plan.position(4.0) == plan.position(5.9) == 1.0
    assert plan.position(7.0) == pytest.approx(1.5)
    assert plan.position(8.0) == plan.position(99.0) == 2.0
    assert plan.middles == pytest.approx([2.0, 7.0])
    positions = [plan.position(second) for second in np.linspace(0, 8, 200)]
    assert (np.diff(positions) >= 0).all()


@pytest.fixture(scope="module", params=["tanh", "relu", "stacked"])
def journey(
    request: pytest.FixtureRequest,
    trajectory: Trajectory,
    relu_trajectory: Trajectory,
    stacked_trajectory: Trajectory,
) -> Journey:
    path = {"tanh": trajectory, "relu": relu_trajectory, "stacked": stacked_trajectory}
    chosen = path[request.param]
    return Journey(Passage(chosen), chosen.inputs, 20.0)


def test_steps_take_as_long_as_their_ways_none_brief_or_long() -> None:
    taken = shares([1.0, 2.0, 0.0, 99.0, 1.0, 1.0, 2.0, 0.5])
    assert taken[0] == pytest.approx(taken[4]) == pytest.approx(taken[1] / 2)
    assert (taken[2], taken[3]) == (BRIEFEST, LONGEST)
    assert sum(taken) == pytest.approx(MOVING, abs=1e-6)
    assert shares([0.0, 0.0]) == [BRIEFEST, BRIEFEST]
    for many in (30, 900):
        assert sum(shares([3.0] * many)) == pytest.approx(MOVING, abs=1e-6)


def test_what_only_grows_goes_no_way(journey: Journey) -> None:
    passage, pictures = journey.passage, journey._pictures.copy()
    there = ways(passage, pictures)
    assert len(there) == passage.steps
    assert min(there) >= 0
    # The first biases become a mere enlargement, and the first activation nothing.
    pictures[2] = 3 * pictures[1]
    pictures[3] = pictures[2]
    changed = ways(passage, pictures)
    assert changed[1:3] == pytest.approx([0, 0], abs=1e-9)
    assert changed[0] == pytest.approx(there[0])


def test_points_stay_in_the_picture_and_do_not_jump(journey: Journey) -> None:
    seconds = np.arange(0, 20.5, 1 / 60)
    places = []
    for second in seconds:
        (lower, upper), rise = journey.frame(float(second))
        points = journey.passage.at(journey.position(float(second)), journey._pictures)
        places.append((points - (lower, lower + rise)) / (upper - lower))
    everything = np.stack(places)
    assert everything.min() >= 0.05
    assert everything.max() <= 0.95
    # Points of a film of 60 frames a second: parts of the panel's width a frame.
    assert np.abs(np.diff(everything, axis=0)).max() < 0.05
    assert np.abs(np.diff(everything, 2, axis=0)).max() < 0.01


def test_the_journey_ends_in_the_space_of_the_last_layer(trajectory: Trajectory) -> None:
    journey = Journey(Passage(trajectory), trajectory.inputs, 20.0)
    assert journey.at_home(0.0, 4) == 0.0
    assert journey.at_home(20.0, 4) == 1.0
    (lower, upper), rise = journey.frame(20.5)
    assert (lower, upper) == pytest.approx((-1.14, 1.14), abs=1e-6)
    assert rise == 0.0
    assert journey.done(20.0, journey.passage.steps) == 1.0
    assert journey.layer(0.0) == 0.0
    assert journey.layer(20.0) == 5.0
    assert [journey.row(second) for second in journey.moments] == [-1, *4 * [0, 1, 2], 3]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_frame_has_everything_inside(share: float) -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        left, right, below, above = 10 ** rng.uniform(-2, 2, 4)
        (lower, upper), rise = Frame.around(left, right, below, above, share, 0.1)
        area = 0.1 * (upper - lower) / 1.2
        assert lower + area <= -left + 1e-9
        assert upper - area >= right - 1e-9
        assert lower + rise + area <= -below + 1e-9
        assert upper + rise - area >= above - 1e-9
    assert Frame.around(1, 1, 1, 1, 0.0, 0.07).limits == pytest.approx((-1.14, 1.14))
    assert Frame.around(2, 4, 1, 1, 1.0, 0.0).rise == pytest.approx(-1.0)


def line(*corners: tuple[float, float]) -> np.ndarray:
    return np.stack([scene_point(*corner) for corner in corners])[None]


def test_lines_are_as_thick_as_they_should_be_and_end_at_the_box() -> None:
    paper = canvas()
    lines = Polylines(line((0, 350), (1900, 350)), Box(100, 100, 500, 500), "#ffffff", 1.0, 3.0)
    lines.paint(paper)
    light = paper.pixels[..., 0] / 255
    assert light[:, 300].sum() == pytest.approx(3.0, abs=0.02)
    assert light[:, :100].max() == 0
    assert light[:, 600:].max() == 0
    assert light[:, 100].sum() == pytest.approx(3.0, abs=0.02)


def test_a_slanted_line_covers_its_area_once_however_many_points_it_has() -> None:
    totals = []
    for count in (2, 50, 4000):
        share = np.linspace(0, 1, count)
        points = [scene_point(110 + 300 * s, 120 + 400 * s) for s in share]
        paper = canvas()
        lines = np.stack([np.stack(points)] * 2)
        Polylines(lines, Box(100, 100, 500, 500), "#ffffff", 1.0, 2.0).paint(paper)
        totals.append(paper.pixels[..., 0].sum() / 255)
    assert totals[0] == pytest.approx(500 * 2.0, rel=0.02)
    np.testing.assert_allclose(totals, totals[0], rtol=0.005)


def test_thin_lines_are_fainter_and_not_thinner_than_a_pixel() -> None:
    paper = canvas(270)
    Polylines(line((100, 350), (600, 350)), Box(100, 100, 500, 500), "#ffffff").paint(paper)
    column = paper.pixels[:, 80, 0] / 255
    assert column.sum() == pytest.approx(1.6 / 4, abs=0.05)


def test_a_line_of_one_place_is_a_dot() -> None:
    paper = canvas()
    Polylines(line((300, 300), (300, 300)), Box(100, 100, 500, 500), "#ffffff").paint(paper)
    assert 0 < paper.pixels[..., 0].sum() / 255 < 8


def test_the_map_lights_up_where_we_have_been() -> None:
    chart = NetworkMap(Box(200, 200, 800, 130), [2, 120, 2], theme("dark"))
    assert [chart.middle(layer) for layer in (0, 1, 2)] == pytest.approx([213, 600, 987])
    chart.position = 1.0
    paper = canvas()
    chart.paint(paper)
    row = paper.pixels[225, :, 0]
    assert row[600] > 200
    assert row[213] == 0
    middle = paper.pixels[257, :, 0].astype(int)
    assert middle[205] > 200
    assert middle[987] < 120
