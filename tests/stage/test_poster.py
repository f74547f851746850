"""Posters: the spiral, where training brings it, and a number that is read from far."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.aspects import ASPECTS, AspectName
from spiralcore.registry.themes import rgb
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.pixels.canvas import Pixels
from spiralcore.stage.poster import arranged, poster, shown
from spiralcore.video.opening import open_film
from tests.conftest import of_width

SMALL = 180
"""Height of a picture of 320 pixels."""


def film(
    name: str,
    *paths: Trajectory,
    aspect: AspectName = "16:9",
    theme: Literal["dark", "light", "transparent"] = "dark",
) -> Film:
    settings = FilmSettings(seconds=1.0, aspect=aspect, theme=theme)
    return open_film(name, paths, settings, SMALL, 10)


def part(picture: Pixels, box: Box, shorter: int = SMALL) -> Pixels:
    scale = shorter / 1080
    rows = slice(round(box.top * scale), round((box.top + box.height) * scale))
    return picture[rows, round(box.left * scale) : round(box.right * scale), :3]


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("networks", [1, 2])
def test_nothing_overlaps_and_all_is_in_the_frame(
    networks: int, aspect: AspectName, trajectory: Trajectory
) -> None:
    places = arranged(film("row", trajectory, aspect=aspect), networks)
    frame = ASPECTS[aspect]
    boxes = [places.data, *places.layers, places.number]
    for i, one in enumerate(boxes):
        assert Box(0, 0, frame.width, frame.height).holds(one)
        for other in boxes[:i]:
            beside = one.right <= other.left + 0.1 or other.right <= one.left + 0.1
            above = one.bottom <= other.top + 0.1 or other.bottom <= one.top + 0.1
            assert beside or above, (one, other)
    assert min(box.width for box in boxes[:-1]) >= 300


@pytest.mark.parametrize("name", ["bending", "angles", "layers", "row", "classes"])
@pytest.mark.parametrize("aspect", ["16:9", "9:16"])
def test_a_thumbnail_tells_the_number_of_classes(
    name: str, aspect: AspectName, trajectory: Trajectory
) -> None:
    shown_film = film(name, trajectory, aspect=aspect)
    picture = poster(shown_film, 0)
    assert picture.shape[:2] == ((180, 320) if aspect == "16:9" else (320, 180))
    number = part(picture, arranged(shown_film, 1).number)
    ink = np.abs(number.astype(int) - rgb(shown_film.theme.ink)).max(axis=2) < 40
    rows = np.flatnonzero(ink.any(axis=1))
    # As high as a seventh of the shorter side: 26 pixels of a thumbnail.
    assert np.ptp(rows) >= SMALL / 7


def test_it_shows_the_data_and_the_end_of_the_training(trajectory: Trajectory) -> None:
    shown_film = film("bending", trajectory)
    picture, places = poster(shown_film, 0), arranged(shown_film, 1)
    look = shown_film.theme
    for box in (places.data, places.layers[0]):
        seen = part(picture, box).reshape(-1, 3).astype(int)
        for colours in (look.class_colours(3), look.region_colours(3)):
            for colour in colours:
                assert (np.abs(seen - colour).max(axis=1) < 30).sum() > 10
    np.testing.assert_array_equal(poster(shown_film, 0), poster(shown_film, 5))


def test_a_film_of_a_space_has_a_frame_of_it(trajectory: Trajectory) -> None:
    space = film("space", of_width(3, "tanh"))
    assert shown(space) == []
    np.testing.assert_array_equal(poster(space, 7), space.show(7))
    both = film("difference", trajectory, trajectory)
    np.testing.assert_array_equal(poster(both, 7), both.show(7))


def test_of_many_networks_those_with_the_most_classes_are_seen(trajectory: Trajectory) -> None:
    assert shown(film("row", *[trajectory] * 3)) == [trajectory] * 2


def test_a_poster_without_a_background_is_readable_on_any_slide(trajectory: Trajectory) -> None:
    picture = poster(film("bending", trajectory, theme="transparent"), 0)
    assert picture[..., 3].min() == 0
    assert picture[90, 160, 3] > 180
