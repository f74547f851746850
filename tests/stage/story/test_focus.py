"""Who acts stands out; the drawn things are asked for their places and colours."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore.registry.themes import rgb, theme
from spiralcore.stage.cloud.focus_cloud import FocusCloud
from spiralcore.stage.layout.box import UNIT, Box, scene_point
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.panels.trajectory_cloud import TrajectoryCloud
from spiralcore.stage.story.focus import DIMMED, REGIONS, Focus, Span
from spiralcore.stage.story.links import Links, followed
from spiralcore.stage.story.trails import SECONDS, MeanPaths, Trails, tapered
from spiralcore.story.captions import FADE, Caption, CaptionTrack
from spiralcore.story.event import Event
from spiralcore.story.sentences import Run
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.timeline import Timeline
from tests.stage.test_drawn import canvas
from tests.story.made import training

SQUARE = Plane(Box(100, 100, 400, 400), (-1.0, 1.0))


def test_others_step_back_while_somebody_acts() -> None:
    focus = Focus([Span(2.0, 5.0, (1,))], 3)
    np.testing.assert_array_equal(focus.strengths(1.0), [1, 1, 1])
    np.testing.assert_allclose(focus.strengths(3.0), [DIMMED, 1, DIMMED])
    assert focus.regions(3.0) == pytest.approx(REGIONS)
    np.testing.assert_allclose(focus.acting(3.0), [0, 1, 0])
    half = focus.strengths(2.0 + FADE / 2)
    np.testing.assert_allclose(half, [(1 + DIMMED) / 2, 1, (1 + DIMMED) / 2])
    np.testing.assert_allclose(focus.strengths(5.0 + FADE), [1, 1, 1], atol=1e-12)
    assert (DIMMED, REGIONS) == (0.35, 0.5)


def test_focus_passes_from_one_to_the_next_without_a_flash() -> None:
    focus = Focus([Span(2.0, 5.0, (0,)), Span(5.0, 8.0, (2,))], 3)
    for second in np.linspace(3, 7, 81):
        strengths = focus.strengths(float(second))
        assert strengths[1] == pytest.approx(DIMMED)
        assert strengths.max() >= 0.6
        assert focus.regions(float(second)) == pytest.approx(REGIONS)


def test_what_all_do_is_no_focus() -> None:
    line = (Run("x"),)
    track = CaptionTrack(
        [
            Caption(0.0, 3.0, line, Event(0, 0, "together", (0, 1, 2))),
            Caption(3.0, 6.0, line, Event(5, 5, "all_right")),
            Caption(6.0, 9.0, line),
            Caption(9.0, 12.0, line, Event(7, 7, "right", (2,))),
        ]
    )
    assert Focus.of(track, 3).spans == [Span(9.0, 12.0, (2,))]


def test_faint_points_lie_below_and_are_mixed_with_what_is_there() -> None:
    places = np.array([scene_point(300, 300), scene_point(306, 300), scene_point(500, 500)])
    colours = np.array([[255.0, 0, 0], [0, 255, 0], [0, 0, 255]])
    cloud = FocusCloud(places, colours, radius=10 * UNIT, outline=0.0)
    cloud.strengths = np.array([1.0, 0.5, 0.0])
    paper = canvas()
    cloud.paint(paper)
    np.testing.assert_allclose(paper.pixels[300, 306, :3], [255, 0, 0], atol=1)
    np.testing.assert_allclose(paper.pixels[300, 313, :3], [0, 128, 0], atol=4)
    assert not paper.pixels[490:510, 490:510, :3].any()
    cloud.strengths = None
    cloud.paint(paper)
    np.testing.assert_allclose(paper.pixels[300, 306, :3], [0, 255, 0], atol=1)


def test_strengths_are_those_of_the_points_in_whatever_order_they_are_drawn() -> None:
    random = np.random.default_rng(2)
    places = np.stack([scene_point(*place) for place in random.uniform(100, 900, (40, 2))])
    strengths, colours = random.uniform(0, 1, 40), random.uniform(0, 255, (40, 3))
    order = random.permutation(40)
    pictures = []
    for chosen in (np.arange(40), order):
        cloud = TrajectoryCloud(places, chosen, colours, radius=4 * UNIT)
        cloud.emphasise(strengths)
        paper = canvas()
        cloud.paint(paper)
        pictures.append(paper.pixels)
    far_apart = np.abs(pictures[0].astype(int) - pictures[1]).max(axis=2) > 3
    assert far_apart.mean() < 1e-4


def played() -> Playback:
    ways = [
        [(0, (-0.9, -0.9)), (500, (-0.9, -0.9)), (600, (-0.9, 0.9)), (2000, (-0.9, 0.9))],
        [(0, (0.9, 0.5)), (2000, (0.9, 0.5))],
    ]
    path = training(ways, spread=0.1)
    return Playback(path, Timeline(np.array([0.0, 20.0]), np.array([0.0, 2000.0])))


def test_the_mean_paths_are_the_means_of_the_smoothed_points() -> None:
    playback = played()
    paths, labels = MeanPaths(playback), playback.trajectory.labels
    for second in (-0.5, 4.0, 5.3, 5.77, 19.0, 30.0):
        hidden = playback.at(second).hidden
        means = [hidden[labels == label].mean(axis=0) for label in (0, 1)]
        np.testing.assert_allclose(paths.at(second), means, atol=1e-5)


def test_a_trail_is_the_way_of_its_last_seconds() -> None:
    paths = MeanPaths(played())
    way = paths.way(5.8)
    np.testing.assert_allclose(way[-1], paths.at(5.8), atol=1e-6)
    np.testing.assert_allclose(way[0], paths.at(5.8 - SECONDS), atol=2e-2)
    assert (np.diff(way[:, 0, 1]) >= -1e-6).all()
    assert way[-1, 0, 1] - way[0, 0, 1] > 1.2
    np.testing.assert_allclose(np.ptp(way[:, 1], axis=0), 0, atol=1e-6)


def test_trails_taper_and_discs_lie_at_the_means() -> None:
    trails = Trails(SQUARE, MeanPaths(played()), theme("dark"))
    trails.second = 5.6
    paper = canvas()
    trails.paint(paper)
    x, y = trails.places()[-1, 0]
    blue = rgb(theme("dark").classes[0])
    np.testing.assert_allclose(paper.pixels[round(y), round(x), :3], blue, atol=2)
    widths = [
        int((paper.pixels[row, :300, :3].max(axis=1) > 40).sum())
        for row in range(round(y) + 40, 470, 30)
    ]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > widths[-1] > 0
    trails.strengths = np.array([0.0, 1.0])
    clean = canvas()
    trails.paint(clean)
    assert not clean.pixels[:, :300, :3].any()
    assert tapered(np.full((9, 2), 7.0), 5.0, SQUARE.box) is None


def test_three_points_of_each_arm_are_followed_from_its_inner_end_to_its_outer_one() -> None:
    path = training([[(0, (0, 0)), (10, (1, 1))], [(0, (0, 0)), (10, (-1, 0))]])
    chosen = followed(path)
    assert chosen.shape == (2, 3)
    away = np.linalg.norm(path.inputs - path.inputs.mean(axis=0), axis=1)
    for label, row in enumerate(chosen):
        assert (path.labels[row] == label).all()
        assert len(set(row.tolist())) == 3
        assert (np.diff(away[row]) >= 0).all()
        ranks = np.searchsorted(np.sort(away[path.labels == label]), away[row])
        np.testing.assert_array_equal(ranks, [2, 6, 10])  # of 12: the middles of the thirds


def test_links_join_the_same_point_in_both_planes() -> None:
    other = Plane(Box(700, 100, 300, 300), (-2.0, 2.0))
    links = Links(
        SQUARE, other, np.array([[0.0, 0.0]]), np.array([1]), theme("dark"), 2, radius=12.0
    )
    links.ends = np.array([[1.0, -1.0]])
    ((start, end),) = links.ways()
    np.testing.assert_allclose(start, [300, 300])
    np.testing.assert_allclose(end, [925, 325])
    paper = canvas()
    links.paint(paper)
    for x, y in (start, end):
        for angle in np.linspace(0, 2 * np.pi, 9):
            ring = paper.pixels[round(y + 12 * np.sin(angle)), round(x + 12 * np.cos(angle)), :3]
            assert ring.max() > 100
        assert not paper.pixels[round(y) - 2 : round(y) + 2, round(x) - 2 : round(x) + 2, :3].any()
    middle = paper.pixels[308:318, 612, :3]
    assert middle.max() > 40
    links.strengths = np.array([1.0, 0.0])
    clean = canvas()
    links.paint(clean)
    assert not clean.pixels[..., :3].any()
