"""Films in all shapes of a frame: drawn things are asked where they are."""

from __future__ import annotations

import dataclasses
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from manim import tempconfig
from spiralcore.scenes.bending import Bending

from spiralcore import Trajectory
from spiralcore.errors import UsageError
from spiralcore.recipe import FilmSettings
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.aspects import ASPECTS, AspectName, aspect_of
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import to_design
from spiralcore.stage.marks.borders import Outline
from spiralcore.stage.marks.words import Words
from spiralcore.stage.shots.ground import Ground
from spiralcore.study.crowd import Crowd
from spiralcore.video.opening import open_film
from tests.conftest import NETWORK_FILMS, shown_by
from tests.stage.test_film import SETTINGS, check_texts, opened

NARROW = [name for name in ASPECTS if name != "16:9"]
STUDY = Path(__file__).parents[2] / "docs" / "study.parquet"

PHONE = 390
"""Width of a phone in its own pixels, of which a text needs 12 to be read."""


@pytest.mark.parametrize("aspect", NARROW)
@pytest.mark.parametrize("name", NETWORK_FILMS)
def test_a_film_is_laid_out_anew(
    name: str, aspect: AspectName, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    for paths in ((relu_trajectory, trajectory), (trajectory, relu_trajectory)):
        check_layout(opened(name, *shown_by(name, *paths), height=180, aspect=aspect))


@pytest.mark.parametrize("aspect", NARROW)
def test_a_film_about_a_study_is_laid_out_anew(aspect: AspectName) -> None:
    settings = SETTINGS.model_copy(update={"aspect": aspect})
    check_layout(open_film("crowding", [Crowd.load(STUDY)], settings, 180, 10))


@pytest.mark.parametrize("aspect", NARROW)
@pytest.mark.parametrize("count", [1, 3, 7, 10])
@pytest.mark.parametrize("name", ["row", "classes"])
def test_any_list_of_activations_finds_room(
    name: str, count: int, aspect: AspectName, trajectory: Trajectory
) -> None:
    paths = [
        dataclasses.replace(trajectory, recipe={**trajectory.recipe, "activation": activation})
        for activation in list(ACTIVATIONS)[:count]
    ]
    check_layout(opened(name, *paths, height=180, aspect=aspect))


def check_layout(film: Film) -> None:
    """Panels lie within the margins and apart, and no text crosses the border of one."""
    check_texts(film)
    wide, high = film.aspect.width, film.aspect.height
    panels = {
        _edges(m)
        for m in film.mobjects
        if isinstance(m, Outline) or (isinstance(m, Ground) and m.shown)
    }
    texts = [
        m for m in film.mobjects if isinstance(m, Words) and m.text and m.opacity > 0 and m.shown
    ]
    assert panels
    for left, top, right, bottom in panels:
        assert left >= 0.03 * wide - 1
        assert right <= 0.97 * wide + 1
        assert top >= 0.03 * high
        assert bottom <= 0.97 * high + 1
    for one, other in combinations(panels, 2):
        assert _apart(one, other), (one, other)
    for words in texts:
        left, right, top, bottom = words.extent()
        for panel in panels:
            inside = panel[0] <= left and right <= panel[2] and panel[1] <= top <= panel[3]
            assert inside or _apart((left, top, right, bottom), panel), (words.text, panel)
        if film.aspect.name == "9:16":
            assert words.size * PHONE / wide >= 11.5, words.text


def _edges(outline: Outline | Ground) -> tuple[float, float, float, float]:
    (left, top), (right, bottom) = to_design(outline.points[0]), to_design(outline.points[1])
    return round(left, 3), round(top, 3), round(right, 3), round(bottom, 3)


def _apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


def test_the_shorter_side_is_what_the_quality_says() -> None:
    sizes = {name: aspect.pixels(1080) for name, aspect in ASPECTS.items()}
    assert sizes == {
        "16:9": (1920, 1080), "4:3": (1440, 1080), "1:1": (1080, 1080), "9:16": (1080, 1920),
    }  # fmt: skip
    assert ASPECTS["9:16"].pixels(480) == (480, 854)
    for name, aspect in ASPECTS.items():
        for shorter in (120, 180, 240, 360, 480, 720, 1080, 2160):
            assert aspect_of(*aspect.pixels(shorter)).name == name


def test_films_of_several_aspects_do_not_disturb_each_other(trajectory: Trajectory) -> None:
    """One worker draws one after the other."""
    alone = opened("bending", trajectory, height=120, aspect="9:16").show(15).copy()
    upright = opened("bending", trajectory, height=120, aspect="9:16")
    wide = opened("bending", trajectory, height=120)
    first = wide.show(15).copy()
    np.testing.assert_array_equal(upright.show(15), alone)
    wide.show(3)
    np.testing.assert_array_equal(wide.show(15), first)
    assert upright.show(15).shape == (214, 120, 4)


def test_nothing_is_cropped_at_odd_sizes(trajectory: Trajectory) -> None:
    """The corners of the frame are those of the design, to half a pixel."""
    for aspect in ASPECTS.values():
        film = opened("bending", trajectory, height=122, aspect=aspect.name)
        camera = film.stage_camera
        scale = camera.pixel_width / camera.frame_width
        assert camera.frame_center[0] - camera.frame_width / 2 == pytest.approx(-64 / 9)
        assert camera.frame_height * scale == pytest.approx(camera.pixel_height)


def under_manim(settings: FilmSettings, trajectory: Trajectory, width: int, height: int) -> Film:
    with tempconfig({"pixel_width": width, "pixel_height": height}):
        return Bending(sources=[trajectory], settings=settings)


def test_the_resolution_of_the_manim_command_tells_the_aspect(trajectory: Trajectory) -> None:
    assert under_manim(SETTINGS, trajectory, 240, 426).aspect.name == "9:16"
    upright = SETTINGS.model_copy(update={"aspect": "9:16"})
    with pytest.raises(UsageError) as caught:
        under_manim(upright, trajectory, 854, 480)
    assert str(caught.value) == (
        "The recipe asks for 9:16, the command for 854 x 480 pixels.\n"
        "expected: a resolution of that aspect.\n"
        "next: manim render --resolution 480,854"
    )
    with pytest.raises(UsageError) as caught:
        under_manim(SETTINGS, trajectory, 1000, 480)
    assert str(caught.value) == (
        "Films are not laid out for pictures of 1000 x 480 pixels.\n"
        "expected: one of the aspects 16:9, 4:3, 1:1, 9:16.\n"
        "next: manim render --resolution 854,480 or 640,480 or 480,480 or 480,854"
    )
