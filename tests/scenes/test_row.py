"""The film of a row: large squares of one size, its end as hollow circles, one strip of losses."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.errors import UsageError
from spiralcore.recipe import FilmSettings, Recipe
from spiralcore.registry.aspects import ASPECTS, AspectName
from spiralcore.registry.films import check_layout
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box, to_design
from spiralcore.stage.layout.row_boxes import RowBoxes
from spiralcore.stage.marks.borders import Outline
from spiralcore.stage.marks.curve import EpochCurve
from spiralcore.stage.marks.regions import HiddenRegions
from spiralcore.stage.panels.hidden_panel import GHOSTS
from spiralcore.stage.panels.trajectory_cloud import TrajectoryCloud
from spiralcore.stage.story.caption_line import CaptionLine
from spiralcore.story.sentences import MOST_WORDS, Speaker, text_of
from spiralcore.story.telling import story
from spiralcore.video.opening import open_film
from spiralcore.video.production import film_orders, film_settings
from tests.stage.test_aspects import check_layout as check_places
from tests.stage.test_film import opened


def edges(outline: Outline) -> Box:
    (left, top), (right, bottom) = (to_design(point) for point in outline.points[:2])
    return Box(left, top, right - left, bottom - top)


def shown(trajectory: Trajectory, relu: Trajectory, **changes: object) -> Film:
    settings = FilmSettings(seconds=8.0, hold=1.0, **changes)  # type: ignore[arg-type]
    film = open_film("row", [trajectory, relu], settings, 240, 10)
    film.seek(0)
    return film


def test_two_networks_have_large_squares_and_the_data_a_smaller_one(
    trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    film = shown(trajectory, relu_trajectory)
    squares = [edges(m) for m in film.mobjects if isinstance(m, Outline)]
    squares = sorted((box for box in squares if abs(box.width - box.height) < 1),
                     key=lambda box: box.left)  # fmt: skip
    assert len(squares) == 3
    data, *layers = squares
    # A caption of two lines takes a little of them.
    assert 395 <= data.width <= 423
    assert all(540 <= box.width <= 640 for box in layers)
    assert layers[0].width == pytest.approx(layers[1].width)
    assert len([m for m in film.mobjects if isinstance(m, HiddenRegions)]) == 2
    one, other = (m for m in film.mobjects if isinstance(m, EpochCurve))
    assert one.box == other.box
    assert one.dashes != other.dashes


def test_hollow_circles_are_where_points_end(
    trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    film = opened("row", trajectory, relu_trajectory, height=540)
    for frame in (0, 15, 25):
        film.seek(frame)
        clouds = [m for m in film.mobjects if isinstance(m, TrajectoryCloud)]
        ghosts = [m for m in clouds if m.opacity == GHOSTS]
        points = [m for m in clouds if m.playback is not None]
        assert len(ghosts) == len(points) == 2
        assert all((ghost.marks == 1).all() for ghost in ghosts)
        regions = [m for m in film.mobjects if isinstance(m, HiddenRegions)]
        for ghost, plane, path in zip(
            ghosts, (r.plane for r in regions), film.trajectories, strict=True
        ):
            np.testing.assert_allclose(
                ghost.points, plane.to_scene(path.hidden[-1])[ghost.order], atol=1e-6
            )
    # At the end the points lie on them.
    film.seek(film.frame_count - 12)
    for ghost, cloud in zip(ghosts, points, strict=True):
        np.testing.assert_allclose(ghost.points, cloud.points, atol=1e-6)


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_captions_say_in_which_network_what_happens(
    code: str, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    film = shown(trajectory, relu_trajectory, language=code)
    said = film.captions.captions
    assert said
    for caption in said:
        path, event = film.trajectories[caption.network], caption.event
        assert event in story(path)
        line = text_of(Speaker.of(path, LANGUAGES[code]).line(event))
        assert caption.text == f"{path.activation_label}: {line}"
        assert len(caption.text.replace(" :", ":").split()) <= MOST_WORDS + 1
    for before, after in pairwise(said):
        assert before.end <= after.start
    (line,) = [m for m in film.mobjects if isinstance(m, CaptionLine)]
    assert line.reserved().bottom <= 1080
    alone = open_film("row", [trajectory], FilmSettings(seconds=8.0, hold=1.0), 240, 10)
    assert not any(":" in caption.text.split()[0] for caption in alone.captions.captions)


def test_only_the_network_that_is_spoken_of_steps_back(
    trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    film = shown(trajectory, relu_trajectory)
    caption = next(c for c in film.captions.captions if c.event and 0 < len(c.event.classes) < 3)
    film.seek(round(10 * (caption.start + 1)))
    regions = [m for m in film.mobjects if isinstance(m, HiddenRegions)]
    opacities = [region.opacity for region in regions]
    assert opacities[caption.network] == pytest.approx(0.5)
    assert opacities[1 - caption.network] == 1.0


def test_the_columns_are_an_option(trajectory: Trajectory, relu_trajectory: Trajectory) -> None:
    film = shown(trajectory, relu_trajectory, layout="columns")
    assert len([m for m in film.mobjects if isinstance(m, HiddenRegions)]) == 4
    one, other = (m for m in film.mobjects if isinstance(m, EpochCurve))
    assert one.box != other.box
    assert not film.captions.captions
    check_places(film)


def test_a_layout_that_a_film_has_not() -> None:
    with pytest.raises(UsageError) as caught:
        check_layout("bending", "columns")
    assert str(caught.value) == (
        "The film 'bending' has no layout 'columns'.\n"
        "expected: story; columns is one of row.\n"
        "next: --layout story"
    )
    with pytest.raises(UsageError) as caught:
        check_layout("row", "table")
    assert str(caught.value) == (
        "The film 'row' has no layout 'table'.\n"
        "expected: story or columns; table is one of classes.\n"
        "next: --layout columns"
    )
    check_layout("row", "columns")
    check_layout("bending", "story")


def test_in_a_run_each_film_takes_the_layout_that_it_has() -> None:
    recipe = Recipe(film=FilmSettings(layout="columns"))
    layouts = {name: film_settings(recipe, name).layout for name in recipe.films}
    assert layouts == {"classes": "story", "row": "columns", "bending": "story"}
    with pytest.raises(UsageError) as caught:
        film_orders(Recipe(films=("bending",), film=FilmSettings(layout="table")))
    assert "The film 'bending' has no layout 'table'." in str(caught.value)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 10])
@pytest.mark.parametrize("aspect", list(ASPECTS))
def test_the_parts_of_a_row_fill_the_frame_and_lie_apart(aspect: AspectName, count: int) -> None:
    frame, text = ASPECTS[aspect], {"1:1": 1.1, "9:16": 1.35}.get(aspect, 1.0)
    area = Box(50, 150, frame.width - 100, frame.height - 300)
    boxes = RowBoxes.within(area, count, text)
    parts = [boxes.data, *boxes.squares, boxes.strip]
    assert len(boxes.squares) == count
    for i, part in enumerate(parts):
        assert area.holds(part, 1.0)
        for other in parts[:i]:
            assert (part.left >= other.right or other.left >= part.right
                    or part.top >= other.bottom or other.top >= part.bottom)  # fmt: skip
    # No empty band across: heads of panels and the legend have 90 at most.
    spans = sorted((part.top, part.bottom) for part in parts)
    reached = area.top
    for top, bottom in [*spans, (area.bottom, area.bottom)]:
        assert top - reached <= 0.09 * frame.height + 20
        reached = max(reached, bottom)


def test_a_trajectory_file_says_how_many_classes_it_has(
    trajectory: Trajectory, tmp_path: Path
) -> None:
    from spiralcore.trajectory.file import class_count

    path = tmp_path / "k3.npz"
    trajectory.save(path)
    assert class_count(path) == 3
