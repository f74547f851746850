"""What moves stays where a film says: frames drawn one after the other are those drawn whole."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.aspects import AspectName
from spiralcore.registry.films import FILMS, Needs
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import UNIT, Box, scene_point
from spiralcore.stage.marks.words import Words, text_width, widest
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.changes import ReservedBoxes, pixel_boxes
from spiralcore.study.crowd import Crowd
from spiralcore.video.opening import open_film
from tests.conftest import shown_by
from tests.stage.test_aspects import STUDY

SETTINGS = FilmSettings(seconds=2.0, hold=0.5, timeline="linear")


def running(trajectory: Trajectory) -> Trajectory:
    """The same run with numbers of all lengths.

    More and more points lie at the origin and then fewer again, and curves have large values.
    """
    hidden = trajectory.hidden.copy()
    shares = 1.5 * np.sin(np.linspace(0, np.pi, len(hidden)))
    rank = np.random.default_rng(0).permutation(trajectory.points) / trajectory.points
    hidden[rank[None] < shares[:, None]] = 0
    steps = np.linspace(0, 1, trajectory.trained_epochs + 1, dtype=np.float32)
    return dataclasses.replace(
        trajectory,
        hidden=hidden,
        hidden_mean=None,
        accuracy=steps,
        cross_entropy=np.float32(4e4) * (1 - steps) ** 2,
    )


def opened(
    name: str, paths: list[Trajectory], aspect: AspectName = "16:9", height: int = 240
) -> Film:
    settings = SETTINGS.model_copy(update={"aspect": aspect})
    sources = [Crowd.load(STUDY)] if FILMS[name].needs is Needs.STUDY else shown_by(name, *paths)
    return open_film(name, sources, settings, height, 10)


def check_frames(name: str, paths: list[Trajectory], aspect: AspectName, height: int) -> None:
    film, fresh = (opened(name, paths, aspect, height) for _ in range(2))
    told = film.show(0).copy()
    last = film.frame_count - 1
    for frame in (0, *range(6, last - 5, 2), last, 17, 9):
        picture = film.picture(frame)
        for top, bottom, left, right in picture.changed:
            told[top:bottom, left:right] = picture.pixels[top:bottom, left:right]
        fresh.drawer.forget()
        whole = fresh.show(frame)
        np.testing.assert_array_equal(picture.pixels, whole, f"frame {frame}")
        np.testing.assert_array_equal(told, whole, f"changes of frame {frame}")


@pytest.mark.parametrize(("aspect", "height"), [("16:9", 240), ("9:16", 200)])
@pytest.mark.parametrize("first", ["tanh", "relu"])
@pytest.mark.parametrize("name", list(FILMS))
def test_a_frame_after_others_is_the_one_drawn_whole(
    name: str,
    first: str,
    aspect: AspectName,
    height: int,
    trajectory: Trajectory,
    relu_trajectory: Trajectory,
) -> None:
    paths = [trajectory, relu_trajectory] if first == "relu" else [relu_trajectory, trajectory]
    check_frames(name, [running(path) for path in paths], aspect, height)


@pytest.mark.parametrize(("aspect", "height"), [("16:9", 240), ("4:3", 200), ("1:1", 300)])
def test_two_of_one_space_zoom_together_and_leave_no_numbers_behind(
    aspect: AspectName, height: int, relu_trajectory: Trajectory
) -> None:
    grown = dataclasses.replace(
        relu_trajectory, hidden=12 * relu_trajectory.hidden, hidden_mean=None
    )
    check_frames("difference", [relu_trajectory, running(grown)], aspect, height)


@pytest.mark.parametrize("aspect", ["16:9", "4:3", "1:1", "9:16"])
@pytest.mark.parametrize("first", ["tanh", "relu"])
@pytest.mark.parametrize("name", list(FILMS))
def test_texts_stay_in_what_was_reserved_for_them(
    name: str,
    first: str,
    aspect: AspectName,
    trajectory: Trajectory,
    relu_trajectory: Trajectory,
) -> None:
    paths = [trajectory, relu_trajectory] if first == "relu" else [relu_trajectory, trajectory]
    film = opened(name, [running(path) for path in paths], aspect, 180)
    film.seek(0)
    rooms = dict(film._reserved.of_words())
    assert rooms
    for frame in range(film.frame_count):
        film.seek(frame)
        for words, area in rooms.items():
            if words.text and words.opacity > 0:
                assert area.holds(words.reserved()), (frame, words.text, area, words.reserved())


def test_the_directions_of_a_class_never_leave_something_behind(
    relu_trajectory: Trajectory,
) -> None:
    """A class with points at the origin: the number of these comes, grows and goes."""
    path = running(relu_trajectory)
    film = opened("angles", [path], height=1080)
    said = set()
    for frame in range(film.frame_count):
        film.seek(frame)
        said |= {words.text for words, _ in film._reserved.of_words()}
    assert any(text.endswith("nowhere, 40 at 0") for text in said)
    assert any("±" in text and "at 0" not in text for text in said)


def test_a_text_that_outgrows_its_room_takes_more() -> None:
    rooms, words = ReservedBoxes(), Words("9", 100, 100, 50)
    rooms.reserve(words, words.reserved())
    reserved = words.reserved()
    before = rooms.pixels(240, 426, 0.25)
    rooms.follow()
    np.testing.assert_array_equal(rooms.pixels(240, 426, 0.25), before)
    words.text = "12,345"
    rooms.follow()
    grown = rooms.pixels(240, 426, 0.25)
    np.testing.assert_array_equal(
        grown, pixel_boxes([words.reserved().around(reserved)], 240, 426, 0.25)
    )
    assert grown[0, 3] > before[0, 3]
    words.text = "1"
    rooms.follow()
    np.testing.assert_array_equal(rooms.pixels(240, 426, 0.25), grown)


@pytest.mark.parametrize("height", [120, 180, 240, 270, 480, 1080])
@pytest.mark.parametrize("text", ["358.8° ± 288.8°, 1,000 at 0", "0", "WQjg|ÅÇ", "12,345.67 %"])
def test_no_pixel_of_a_text_lies_outside_of_its_room(text: str, height: int) -> None:
    places = ((24, 301.3, 200.7, "left"), (84, 1500, 333, "right"), (41.3, 960, 900.2, "centre"))
    for size, x, y, side in places:
        pixels = np.zeros((height, height * 16 // 9 // 2 * 2, 4), np.uint8)
        left, top, _ = scene_point(0, 0)
        words = Words(text, x, y, size, side=side)  # type: ignore[arg-type]
        words.paint(Canvas(pixels, height / 1080 / UNIT, left, top))
        inked = pixels.any(axis=-1)
        assert inked.any()
        for box in pixel_boxes([words.reserved()], *inked.shape, height / 1080):
            inked[box[0] : box[1], box[2] : box[3]] = False
        assert not inked.any(), (size, side)


def test_the_widest_text_is_not_the_one_with_most_letters() -> None:
    assert text_width("WWW", 30) > text_width("iiii", 30)
    assert widest(["iiii", "WWW", ""], 30) == "WWW"


def test_boxes_hold_and_go_around_others() -> None:
    box = Box(10, 20, 30, 40)
    assert box.holds(Box(10, 20, 30, 40))
    assert box.holds(Box(11, 21, 5, 5))
    assert not box.holds(Box(11, 21, 29.5, 5))
    assert not box.holds(Box(9.9, 21, 5, 5))
    assert box.around(Box(0, 50, 5, 30)) == Box(0, 20, 40, 60)
