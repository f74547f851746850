"""Names of classes and of runs on the picture: at their places and in the legend."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.errors import UsageError
from spiralcore.figures.catalogue import figure_entry
from spiralcore.recipe import FilmSettings
from spiralcore.registry.aspects import ASPECTS, AspectName
from spiralcore.registry.themes import theme
from spiralcore.stage.cloud.class_names import ClassNames
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box, scene_point
from spiralcore.stage.marks.words import Words
from spiralcore.stage.panels.trajectory_cloud import STEPPED_BACK, TrajectoryCloud
from spiralcore.subjects.names import highlighted, run_labels, short_names
from spiralcore.video.opening import open_film
from tests.stage.test_aspects import check_layout
from tests.stage.test_film import opened
from tests.stage.test_many_classes import PLAIN, many

ANIMALS = ["cat", "dog", "a very long name of an animal", "bee"]


def named(names: list[str], **recipe: str) -> Trajectory:
    path = many(len(names))
    return replace(path, recipe={**path.recipe, "class_names": names, **recipe})


def texts(film: Film) -> list[str]:
    return [m.text for m in film.mobjects if isinstance(m, Words)]


def at_places(film: Film) -> list[list[str]]:
    return [m.seen for m in film.mobjects if isinstance(m, ClassNames)]


@pytest.mark.parametrize("aspect", list(ASPECTS))
@pytest.mark.parametrize("name", PLAIN)
def test_films_have_a_legend_and_nothing_overlaps(name: str, aspect: AspectName) -> None:
    path = named(ANIMALS)
    paths = [path, path] if name == "difference" else [path]
    film = opened(name, *paths, height=180, aspect=aspect)
    film.seek(0)
    check_layout(film)
    assert {"cat", "dog", "a very long name …", "bee"} <= {*texts(film)}


def test_names_are_where_the_points_are() -> None:
    film = opened("bending", named(ANIMALS), height=180)
    film.seek(film.frame_count // 2)
    assert at_places(film) == [["cat", "dog", "a very long name …", "bee"]]
    assert at_places(opened("bending", many(4), height=180)) == []


def test_a_name_that_has_no_room_is_left_out_and_fades_on_the_way() -> None:
    box = Box(0, 0, 600, 600)
    names = ClassNames(["one", "two"], np.array([0, 1]), box, 30, "#ffffff", "#000000")
    opacities = []
    for apart in range(0, 120, 2):
        places = np.array([scene_point(300, 300), scene_point(300 + apart, 300)])
        names.follow(places)
        opacities.append(sum(opacity for *_, opacity in names._seen) - 1)
    assert opacities[0] == 0
    assert opacities[-1] == 1
    assert np.all(np.diff(opacities) >= 0)
    assert max(np.diff(opacities)) <= 0.25
    names.follow(np.array([scene_point(300, 300), scene_point(300, 300)]))
    assert names.seen == ["one"]


@pytest.mark.parametrize("classes", [20, 100])
def test_many_names_stay_readable(classes: int) -> None:
    film = opened("bending", named([f"category {i}" for i in range(classes)]), height=180)
    film.seek(film.frame_count // 2)
    (seen,) = at_places(film)
    assert 8 <= len(seen) <= 30
    assert not any(text.startswith("category") for text in texts(film)), "no legend of so many"


def test_some_classes_stand_out() -> None:
    path = named([f"category {i}" for i in range(20)])
    settings = FilmSettings(quality="180p10", seconds=2, highlight=("category 7", "3"))
    film = open_film("bending", [path], settings, 180, 10)
    film.seek(film.frame_count // 2)
    assert {*at_places(film)[0]} == {"category 3", "category 7"}
    assert {"category 3", "category 7"} <= {*texts(film)}
    clouds = [m for m in film.mobjects if isinstance(m, TrajectoryCloud)]
    assert clouds
    for cloud in clouds:
        assert cloud.strengths is not None
        strong = np.isin(path.labels[cloud.order], [3, 7])
        assert np.all(cloud.strengths[strong] > 2 * STEPPED_BACK)
        assert np.all(cloud.strengths[~strong] <= STEPPED_BACK)
        assert np.all(np.diff(strong.astype(int)) >= 0), "they lie above the others"


def test_a_class_to_highlight_has_to_be_one() -> None:
    path = named(ANIMALS)
    assert highlighted(path, ["bee", "0", "bee"]) == [3, 0]
    with pytest.raises(UsageError) as raised:
        highlighted(path, ["catt"])
    assert str(raised.value) == (
        "--highlight: there is no class 'catt' in the given arrays. Did you mean 'cat'?\n"
        "expected: some of cat, dog, a very long name of an animal, bee, or numbers from 0 to 3."
    )
    with pytest.raises(UsageError, match="numbers from 0 to 3"):
        highlighted(many(4), ["4"])


def test_shortened_names_stay_different() -> None:
    long = ["category of the first kind", "category of the second kind", "x"]
    short = short_names(named(long))
    assert len({*short}) == 3
    assert max(map(len, short)) <= 18
    assert short_names(named(["a\nb", "\x1b[2J", "c"])) == ["a?b", "?[2J", "c"]


def test_runs_are_called_by_their_names_or_their_files() -> None:
    plain = many(3)
    first, second = (replace(plain, source=f"runs/{name}.npz") for name in ("adam", "sgd"))
    relu = replace(plain, recipe={"activation": "relu"}, source="runs/relu-1.npz")
    assert run_labels([first, second]) == ["adam", "sgd"]
    assert run_labels([first, relu]) == ["tanh", "ReLU"]
    assert run_labels([plain, plain]) == ["tanh 1", "tanh 2"]
    mine = replace(second, recipe={**plain.recipe, "run_name": "with SGD"})
    assert run_labels([first, mine]) == ["tanh", "with SGD"]
    film = opened("row", first, mine, height=180)
    film.seek(0)
    assert "learned with tanh and with SGD" in " ".join(texts(film))
    assert {"tanh", "with SGD"} <= {*texts(film)}


def test_figures_name_classes_at_their_places() -> None:
    path = named(ANIMALS, run_name="with Adam")
    figure = figure_entry("hidden").draw(path, theme("light"))
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert words == ["cat", "dog", "a very long name …", "bee"]
    crowded = replace(path, hidden=0.01 * path.hidden)
    figure = figure_entry("hidden").draw(crowded, theme("light"))
    assert [text.get_text() for axes in figure.axes for text in axes.texts] == ["cat"]
