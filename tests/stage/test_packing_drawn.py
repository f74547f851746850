"""The film of the packing: ghosts lie at the optima, numbers are those that were measured."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.packing.over_epochs import measure
from spiralcore.recipe import FilmSettings
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.registry.spaces import SQUARE
from spiralcore.registry.themes import theme
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.curve import EpochCurve
from spiralcore.stage.marks.ghosts import Ghosts, Rays
from spiralcore.stage.marks.pointers import ClosestPairs
from spiralcore.stage.marks.words import Words
from spiralcore.stage.panels.ratio_panel import every_epoch
from spiralcore.story.sentences import Speaker, text_of
from spiralcore.video.opening import open_film
from tests.conftest import made_trajectory
from tests.stage.test_aspects import check_layout
from tests.stage.test_drawn import canvas
from tests.story.test_corners import CORNERS, ending

WHOLE = Box(0, 0, 1080, 1080)


def test_marks_lie_around_their_places_and_threads_lead_to_the_points() -> None:
    plane = Plane(WHOLE, (-2, 2), SQUARE)
    colours = theme("dark").class_colours(2)
    ghosts = Ghosts(plane, np.array([[-1.0, 0.0], [1.0, 0.0]]), colours, "ring", 40.0)
    ghosts.points_of = np.array([[-1.0, 1.0], [1.0, 0.0]])
    frame = canvas()
    ghosts.paint(frame)
    row, column = 540, 270
    lit = frame.pixels[..., :3].any(axis=2)
    assert not lit[row, column], "hollow"
    assert lit[row, column + 40]
    assert lit[row, column - 40]
    np.testing.assert_array_equal(frame.pixels[row, column + 40, :3], colours[0])
    assert lit[row - 150, column], "on the thread"
    assert not lit[row - 150, 810], "no thread where the point is at its place"


def test_rays_start_at_the_origin_and_end_at_the_edge() -> None:
    plane = Plane(WHOLE, (-1, 3))
    rays = Rays(plane, np.array([[0.6, 0.8]]), theme("dark").class_colours(1))
    frame = canvas()
    rays.paint(frame)
    places = np.argwhere(frame.pixels[..., 2] > 100).astype(float)
    x, y = places[:, 1] - 270, 810 - places[:, 0]
    assert np.abs(0.8 * x - 0.6 * y).max() < 4
    assert y.min() >= -3
    assert y.max() > 800


def test_values_between_kept_epochs_lie_on_straight_lines_and_gaps_stay() -> None:
    values = every_epoch(np.array([0, 2, 4, 8]), np.array([0.0, 1.0, np.nan, 0.5]), 8)
    np.testing.assert_allclose(values[:4], [0, 0.5, 1, 1 - 0.5 / 6])
    assert np.isnan(values[4:8]).all()
    assert values[8] == 0.5
    assert np.isnan(every_epoch(np.array([0]), np.array([np.nan]), 3)).all()


def film_texts(trajectory: Trajectory) -> list[str]:
    settings = FilmSettings(seconds=1.0, hold=1.0, layout="curves")
    film = open_film("packing", [trajectory], settings, 240, 10)
    film.show(film.frame_count - 15)
    return [mobject.text for mobject in film.mobjects if isinstance(mobject, Words)]


def test_the_numbers_on_screen_are_the_measured_ones(trajectory: Trajectory) -> None:
    parts = measure(trajectory).parts
    texts = film_texts(trajectory)
    for values in (parts.distance, parts.one_vs_rest, parts.margin):
        assert f"{values[-1]:.2f}" in texts
    assert "farthest apart" in texts


def test_corners_of_the_square_are_the_optimum() -> None:
    corners = np.array([[1, 1], [-1, -1]], dtype=float)
    hidden = np.stack([0.1 * corners, corners])[:, [0, 1, 0, 1]]
    texts = film_texts(made_trajectory(hidden))
    assert texts.count("1.00") >= 2


def test_classes_at_the_dead_corner_are_named() -> None:
    places = np.array([[4.0, 0.0], [0.0, 0.0]])
    hidden = np.stack([places, places])[:, [0, 1, 0, 1]]
    texts = film_texts(made_trajectory(hidden, activation="relu"))
    assert "one class ends at the corner" in texts


@pytest.mark.parametrize("theme_name", ["dark", "light"])
def test_threads_and_marks_stay_in_their_panel(trajectory: Trajectory, theme_name: str) -> None:
    settings = FilmSettings(seconds=1.0, hold=1.0, theme=theme_name)
    film = open_film("packing", [trajectory], settings, 270, 10)
    one, other = film.show(2).copy(), film.show(20).copy()
    moved = np.argwhere((one != other).any(axis=2))
    assert len(moved) > 100
    in_panel = moved[moved[:, 1] < 248]
    assert in_panel[:, 0].min() >= 31
    assert in_panel[:, 1].min() >= 16


def story_film(trajectory: Trajectory, **changes: object) -> Film:
    settings = FilmSettings(seconds=8.0, hold=1.0, **changes)  # type: ignore[arg-type]
    film = open_film("packing", [trajectory], settings, 240, 10)
    film.seek(film.frame_count - 12)
    return film


def said(film: Film) -> list[str]:
    return [caption.text for caption in film.captions.captions]


def texts(film: Film) -> list[str]:
    return [m.text for m in film.mobjects if isinstance(m, Words)]


def test_one_number_and_one_line_and_no_curve(trajectory: Trajectory) -> None:
    film = story_film(trajectory)
    part = measure(trajectory).parts.distance
    assert f"{round(100 * part[-1])} %" in texts(film)
    assert not [m for m in film.mobjects if isinstance(m, EpochCurve)]
    (pairs,) = [m for m in film.mobjects if isinstance(m, ClosestPairs)]
    means = pairs.places
    away = np.linalg.norm(means[:, None] - means[None], axis=2) + 9 * np.eye(len(means))
    one, other = sorted(int(i) for i in np.unravel_index(away.argmin(), away.shape))
    assert (one, other, 1.0) in pairs.pairs()
    curves = story_film(trajectory, layout="curves")
    assert len([m for m in curves.mobjects if isinstance(m, EpochCurve)]) == 3
    assert not said(curves)


def test_lines_fade_from_pair_to_pair() -> None:
    plane = Plane(WHOLE, (-2, 2), SQUARE)
    pairs = ClosestPairs(plane, theme("dark"), angles=False)
    pairs.places = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.1]])
    found = {(i, j): opacity for i, j, opacity in pairs.pairs()}
    assert found[0, 1] == 1.0
    assert 0 < found[0, 2] < 1
    assert (1, 2) not in found
    rays = ClosestPairs(plane, theme("dark"), angles=True)
    rays.places = np.array([[5.0, 0.0], [0.1, 0.1], [0.0, 3.0], [np.nan, np.nan]])
    assert {(i, j) for i, j, _ in rays.pairs()} == {(0, 1), (1, 2)}


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_the_end_says_how_near_and_whether_goals_contradict(code: str) -> None:
    speaker, language = Speaker(LANGUAGES[code], 5), LANGUAGES[code]
    goals = text_of(speaker.say("packing_goals"))
    full = text_of(speaker.say("packing_distance", v=language.percentage(1.0)))
    four = said(story_film(ending(*CORNERS), language=code))
    assert four[-1] == full
    assert goals not in four
    five = said(story_film(ending(*CORNERS, (0.0, 0.0)), language=code))
    assert five[-2:] == [full, goals]


def test_a_space_without_a_border_is_measured_by_its_angles() -> None:
    film = story_film(ending((4.0, 0.0), (0.0, 4.0), (0.0, 0.0), activation="relu"))
    assert said(film)[-1] == "In the end, the smallest angle is 100 % of the best."
    assert "one class ends at the corner" in texts(film)
    check_layout(film)
