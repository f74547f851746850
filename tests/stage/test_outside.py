"""Points outside of the space of their activation: the picture says how many there are."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.figures.catalogue import FIGURES, figure_entry
from spiralcore.registry.aspects import ASPECTS, AspectName
from spiralcore.registry.films import FILMS
from spiralcore.registry.themes import theme
from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.film import Film
from spiralcore.stage.marks.borders import Outline
from spiralcore.stage.marks.ghosts import Ghosts
from spiralcore.stage.marks.words import Words
from spiralcore.stage.space.deep_cloud import SpacePoints
from spiralcore.talk.notes import speaker_notes
from tests.conftest import NETWORK_FILMS, made_trajectory, of_width, shown_by
from tests.stage.test_aspects import _edges, check_layout
from tests.stage.test_film import opened


def astray(path: Trajectory, epochs: slice = slice(None)) -> Trajectory:
    """Every second point 3 farther to the left and below."""
    hidden = path.hidden.copy()
    hidden[epochs, ::2] -= 3
    return dataclasses.replace(path, hidden=hidden, hidden_mean=None)


def said_by(film: Film) -> list[str]:
    film.seek(0)
    return [m.text for m in film.mobjects if isinstance(m, Words) and m.text]


@pytest.mark.parametrize("aspect", list(ASPECTS))
@pytest.mark.parametrize("name", NETWORK_FILMS)
def test_every_film_says_how_many_points_are_outside(
    name: str, aspect: AspectName, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    paths = [astray(path) for path in shown_by(name, relu_trajectory, trajectory)]
    film = opened(name, *paths, height=180, aspect=aspect)
    said = " ".join(said_by(film))
    space = paths[0].space.name(paths[0].units)
    assert f"60 of 120 points lie outside the {space}" in said
    check_layout(film)
    clean = opened(name, *shown_by(name, relu_trajectory, trajectory), height=180, aspect=aspect)
    assert not any("outside the square:" not in text and "lie outside" in text
                   for text in said_by(clean))  # fmt: skip


@pytest.mark.parametrize(
    ("activation", "units", "space"),
    [("tanh", 2, "square"), ("relu", 2, "quadrant"), ("sigmoid", 2, "unit square"),
     ("disk", 2, "disk"), ("sphere", 2, "circle"), ("gelu", 2, "GELU quadrant"),
     ("tanh", 3, "cube"), ("ball", 3, "ball"), ("sphere", 3, "sphere"), ("relu", 3, "octant")],
)  # fmt: skip
def test_whatever_the_space(activation: str, units: int, space: str) -> None:
    if units == 3:
        path, name = astray(of_width(3, activation)), "space"
    else:
        hidden = np.full((5, 120, 2), -3.0, np.float32)
        hidden[:, 1::2] = (0.6, 0.8)
        path, name = made_trajectory(hidden, activation=activation), "bending"
    assert f"60 of 120 points lie outside the {space}" in said_by(opened(name, path))


def test_a_square_that_nothing_is_in(trajectory: Trajectory) -> None:
    hidden = np.full_like(trajectory.hidden, 3.0)
    path = dataclasses.replace(trajectory, hidden=hidden, hidden_mean=None)
    film = opened("bending", path)
    assert "120 of 120 points lie outside the square" in said_by(film)
    notes = speaker_notes(film, film_entry_of("bending"))
    assert (
        "120 of 120 points lie outside the square, where the activation cannot put them." in notes
    )


def film_entry_of(name: str):  # type: ignore[no-untyped-def]

    return FILMS[name]


def test_some_that_are_outside_for_a_while(trajectory: Trajectory) -> None:
    film = opened("bending", astray(trajectory, slice(10, 20)))
    assert "up to 60 of 120 points lie outside the square" in said_by(film)


def test_of_other_layers_too(stacked_trajectory: Trajectory) -> None:
    layers = {n: values - 3 for n, values in stacked_trajectory.layers.items()}
    film = opened("stack", dataclasses.replace(stacked_trajectory, layers=layers))
    assert f"layer {min(layers)}: 120 of 120 points lie outside the square" in said_by(film)


@pytest.mark.parametrize("name", ["bending", "space", "row", "stack", "packing", "difference"])
def test_points_outside_are_not_drawn_over_other_things(
    name: str, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    """Outside of panels the picture is the same as without any points."""
    paths = [astray(path) for path in shown_by(name, relu_trajectory, trajectory)]
    film, bare = (opened(name, *paths, height=540) for _ in range(2))
    bare.seek(0)
    hidden = [m for m in bare.mobjects if isinstance(m, PointCloud | SpacePoints | Ghosts)]
    assert hidden
    for mobject in hidden:
        mobject.opacity = 0.0
    scale = film.stage_camera.pixel_width / film.aspect.width
    for frame in (0, 15, 25):
        seen = (film.show(frame) != bare.show(frame)).any(axis=-1)
        assert seen.any()
        for mobject in film.mobjects:
            if isinstance(mobject, Outline):
                left, top, right, bottom = (round(scale * edge) for edge in _edges(mobject))
                seen[top - 1 : bottom + 1, left - 1 : right + 1] = False
        assert not seen.any(), frame


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("name", list(FIGURES))
def test_figures_say_so_too(name: str, look: str, trajectory: Trajectory) -> None:
    figure = figure_entry(name).draw(astray(trajectory), theme(look))
    texts = [text.get_text() for text in figure.texts]
    assert "60 of 120 points lie outside the square" in texts
    clean = figure_entry(name).draw(trajectory, theme(look))
    assert not any("lie outside" in text.get_text() for text in clean.texts)


def test_the_figure_of_a_layer_shows_them_where_they_are(trajectory: Trajectory) -> None:
    figure = figure_entry("hidden").draw(astray(trajectory), theme("dark"))
    (axes,) = figure.axes
    low, high = axes.get_xlim()
    assert low < -3
    assert high > 1
    points = np.concatenate([c.get_offsets() for c in axes.collections])
    assert ((points > low) & (points < high)).all()
