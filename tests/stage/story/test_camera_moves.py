"""A film whose camera moves: what it sees, in any order, and under Manim's own command."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
import pytest
from manim import tempconfig

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.borders import Bar
from spiralcore.stage.story.camera_path import CameraPath, Shot
from tests import warm

SETTINGS = FilmSettings(seconds=3.0, hold=0.5)
NEAR = Box(1440, 540, 480, 270)

SCENE = """
from tests.stage.story.test_camera_moves import Zooming


class Again(Zooming):
    pass
"""


class Zooming(Film):
    """A bar that stands still, and one that moves."""

    def build(self) -> None:
        self.place(Bar(Box(1440, 540, 240, 135), "#ff0000"))
        moving = Bar(Box(0, 0, 100, 100), "#00ff00")
        self.place_live(moving, lambda second: moving.set_box(Box(200 * second, 0, 100, 100)))

    @cached_property
    def camera_path(self) -> CameraPath:
        return CameraPath(self.aspect, [Shot(1.0, 1.6, NEAR)], move=0.5)


class Still(Zooming):
    """The same without a camera that moves."""

    camera_path = None  # type: ignore[assignment]


@pytest.fixture
def films(trajectory: Trajectory) -> Iterator[list[Film]]:
    with tempconfig({"pixel_width": 640, "pixel_height": 360, "frame_rate": 10}):
        yield [kind(sources=[trajectory], settings=SETTINGS) for kind in (Zooming, Zooming, Still)]


def test_a_shot_shows_its_box_and_the_rest_all_of_the_frame(films: list[Film]) -> None:
    film, _, still = films
    near = film.show(17).copy()  # 1.2 seconds of the action
    red = (near[..., :3] == (255, 0, 0)).all(axis=2)
    assert red[:180, :320].all()  # a quarter of what is seen
    assert not red[181:].any()
    assert not red[:, 321:].any()
    for frame in (0, 3, 30, 34):
        np.testing.assert_array_equal(film.show(frame), still.show(frame))


def test_frames_are_the_same_in_any_order(films: list[Film]) -> None:
    one, other, _ = films
    count = one.frame_count
    forwards = [one.show(frame).copy() for frame in range(count)]
    backwards = [other.show(frame).copy() for frame in reversed(range(count))][::-1]
    for frame, (a, b) in enumerate(zip(forwards, backwards, strict=True)):
        np.testing.assert_array_equal(a, b, err_msg=str(frame))


def test_all_of_the_frame_changes_while_the_camera_moves(films: list[Film]) -> None:
    film = films[0]
    assert film.picture(16).changed.tolist() == [[0, 360, 0, 640]]
    assert film.picture(30).changed.tolist() == [[0, 360, 0, 640]]


def test_manims_command_shows_the_same(
    films: list[Film], trajectory: Trajectory, tmp_path: Path
) -> None:
    scene, saved = tmp_path / "scene.py", tmp_path / "some.npz"
    scene.write_text(SCENE, encoding="utf-8")
    trajectory.save(saved)
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("[film]\nseconds = 3.0\nhold = 0.5\n", encoding="utf-8")
    root = Path(__file__).parents[3]
    variables = {
        "SPIRAL_TRAJECTORY": str(saved), "SPIRAL_RECIPE": str(recipe), "PYTHONPATH": str(root),
    }  # fmt: skip
    command = [
        "-m", "manim", "render", "--media_dir", str(tmp_path / "media"),
        "--resolution", "640,360", "--fps", "10", "--format", "png-sequence",
        str(scene), "Again",
    ]  # fmt: skip
    ran = warm.run(*command, folder=tmp_path, variables=variables)
    assert ran.returncode == 0, ran.stderr
    pictures = sorted((tmp_path / "media").rglob("*.png"))
    assert len(pictures) == films[0].frame_count
    for frame in (0, 8, 12, 17, 23, 30):
        drawn = imageio.imread(pictures[frame])[..., :3]
        np.testing.assert_array_equal(drawn, films[0].show(frame)[..., :3], err_msg=str(frame))
