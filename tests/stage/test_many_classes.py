"""More classes than colours: told apart by marks, and the picture says so."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.optima import table
from spiralcore.analysis.optima.search import Effort
from spiralcore.figures.catalogue import FIGURES, figure_entry
from spiralcore.recipe import FilmSettings
from spiralcore.registry.aspects import ASPECTS, AspectName
from spiralcore.registry.themes import theme
from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.layout.box import UNIT, scene_point
from spiralcore.stage.marks.words import Words
from spiralcore.stage.pixels.blend_kernels import HOLE
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.study.crowd import Crowd
from spiralcore.video.opening import open_film
from tests.stage.test_aspects import STUDY, check_layout
from tests.stage.test_film import opened

PLAIN = ["bending", "angles", "packing", "row", "classes", "difference"]
"""Films that need no network."""


@pytest.fixture(scope="module", autouse=True)
def hasty() -> Iterator[None]:
    """Let the search for the best packing, which is not looked at here, end soon."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "QUICK", Effort(starts=2, steps=20, polished=1))
        table.optimum.cache_clear()
        yield
    table.optimum.cache_clear()


def many(classes: int, points: int = 4, units: int = 2) -> Trajectory:
    """Classes around a circle in the square."""
    labels = np.arange(classes * points) % classes
    turn = 2 * np.pi * labels / classes
    ends = np.stack([np.cos(turn), np.sin(turn), np.cos(3 * turn)][:units], axis=1)
    shares = np.linspace(0.1, 0.9, 5)
    weight = np.zeros((5, classes, units))
    weight[:] = ends[:classes]
    return Trajectory.from_arrays(
        {"activation": "tanh"},
        epochs=np.arange(5) * 20,
        inputs=ends[:, :2] * (1 + np.arange(len(labels))[:, None] / len(labels)),
        labels=labels,
        hidden=shares[:, None, None] * ends,
        readout_weight=weight,
        readout_bias=np.zeros((5, classes)),
        cross_entropy=np.linspace(3, 0, 81),
        loss=np.linspace(3, 0, 81),
        accuracy=np.linspace(0, 1, 81),
    )


def said(name: str, classes: int, aspect: AspectName = "16:9") -> str:
    paths = [many(classes), many(classes)]
    film = opened(name, *(paths if name == "difference" else paths[:1]), height=180, aspect=aspect)
    film.seek(0)
    if classes <= 24:
        check_layout(film)
    return " ".join(m.text for m in film.mobjects if isinstance(m, Words))


@pytest.mark.parametrize("aspect", list(ASPECTS))
@pytest.mark.parametrize("name", PLAIN)
def test_a_film_says_from_which_class_on_colours_repeat(name: str, aspect: AspectName) -> None:
    words = "colours repeat after 20 classes, then points have a hole"
    assert words in said(name, 24, aspect)
    assert "repeat" not in said(name, 20, aspect)


@pytest.mark.parametrize("classes", [41, 64])
def test_it_says_so_of_all_marks(classes: int) -> None:
    assert theme("dark").repeated(classes) in said("bending", classes)


def test_where_there_are_no_marks_it_says_so_without() -> None:
    film = opened("space", many(24, units=3))
    film.seek(0)
    texts = [m.text for m in film.mobjects if isinstance(m, Words)]
    assert "colours repeat after 20 classes" in texts


def test_a_film_about_a_study_of_fewer_classes_says_nothing() -> None:
    film = open_film("crowding", [Crowd.load(STUDY)], FilmSettings(), 180, 10)
    film.seek(0)
    assert not any("repeat" in m.text for m in film.mobjects if isinstance(m, Words))


def centres(pixels: np.ndarray, places: np.ndarray) -> np.ndarray:
    return pixels[places[:, 1].astype(int), places[:, 0].astype(int), :3].astype(int)


@pytest.mark.parametrize("radius", [12, 40])
def test_points_with_marks_look_different(radius: int) -> None:
    """Small ones that are stamped and large ones that are painted."""
    pixels = np.zeros((216, 384, 4), np.uint8)
    pixels[..., 3] = 255
    left, top, _ = scene_point(0, 0)
    canvas = Canvas(pixels, 0.2 / UNIT, left, top)
    x = np.array([240.0, 720, 1200, 1680])
    cloud = PointCloud(
        np.stack([scene_point(at, 540) for at in x]),
        np.tile(np.array([[250.0, 200, 100]], np.float32), (4, 1)),
        radius=5 * radius * UNIT,
        outline=5 * UNIT,
        outline_color="#101317",
        marks=np.arange(4, dtype=np.uint8),
    )
    cloud.paint(canvas)
    places = np.column_stack([0.2 * x, np.full(4, 108.0)])
    middle = centres(pixels, places)
    assert (np.abs(middle - [[250, 200, 100], *[[16, 19, 23]] * 3]) <= 2).all()
    reach = 0.5 * (1 + HOLE) * (radius - 1)
    across = centres(pixels, places + np.array([reach, 0]))
    below = centres(pixels, places + np.array([0, reach]))
    full, empty = [250, 200, 100], [16, 19, 23]
    assert (np.abs(across - [full, full, empty, full]) <= 2).all()
    assert (np.abs(below - [full, full, full, empty]) <= 2).all()


def test_the_points_of_a_film_have_the_marks_of_their_classes() -> None:
    path = many(64)
    film = opened("bending", path, height=540)
    film.seek(0)
    clouds = [m for m in film.mobjects if isinstance(m, PointCloud)]
    assert len(clouds) == 3  # data, layer, and on the way from the one to the other
    for cloud in clouds:
        assert cloud.marks is not None
        order = cloud.order  # type: ignore[attr-defined]
        np.testing.assert_array_equal(cloud.marks, path.labels[order] // 20)


@pytest.mark.parametrize("name", ["input", "hidden", "angles", "loss"])
def test_figures_say_so_too(name: str) -> None:
    assert name in FIGURES
    figure = figure_entry(name).draw(many(24), theme("light"))
    words = "colours repeat after 20 classes, then points have a hole"
    assert words in [text.get_text() for text in figure.texts]
    figure = figure_entry(name).draw(many(20), theme("light"))
    assert not any("repeat" in text.get_text() for text in figure.texts)
