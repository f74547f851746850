"""Every text that films draw is read from the back of a room: the letters themselves are asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.aspects import ASPECTS, SHORTER, AspectName
from spiralcore.registry.films import FILMS, Needs
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import LEAST_TEXT, UNIT
from spiralcore.stage.marks import words
from spiralcore.stage.marks.borders import Outline
from spiralcore.stage.pixels.typeface import Typeface
from spiralcore.study.crowd import Crowd
from spiralcore.subjects.subject import Source
from spiralcore.video.opening import open_film
from tests.conftest import shown_by

STUDY = Path(__file__).parents[2] / "docs" / "study.parquet"
HEIGHT = 120

LEAST_PANEL = 100.0
"""Side of a panel at least, in pixels at 1080p."""

Letters = dict[str, float]
"""Texts that were drawn, with their smallest size in pixels at 1080p."""


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Iterator[Letters]:
    """All texts that are rasterised, as they are."""
    found: Letters = {}
    coverage = Typeface.coverage

    def noted(typeface: Typeface, text: str, size: float) -> Any:
        seen = size * SHORTER / HEIGHT
        found[text] = min(found.get(text, seen), seen)
        return coverage(typeface, text, size)

    monkeypatch.setattr(Typeface, "coverage", noted)
    words._rasterised.cache_clear()
    yield found
    words._rasterised.cache_clear()


def sources(film: str, *paths: Trajectory) -> list[Source]:
    if FILMS[film].needs is Needs.STUDY:
        return [Crowd.load(STUDY)]
    return [*shown_by(film, *paths)]


def check_sizes(film: Film, letters: Letters) -> None:
    """At the start, in the middle, at the end of the training."""
    over = round(film.time_of.action_over * film.stage_camera.frame_rate) - 1
    count = film.frame_count
    for frame in (0, count // 2, over):
        film.show(frame)
    assert letters
    # Sizes are rounded to hundredths of a pixel of this small picture.
    small = {text: size for text, size in letters.items() if size < LEAST_TEXT - 0.1}
    assert not small
    panels = [mobject for mobject in film.mobjects if isinstance(mobject, Outline)]
    for panel in panels:
        (left, top, _), (right, bottom, _) = panel.points / UNIT
        assert min(right - left, top - bottom) >= LEAST_PANEL - 0.01


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("name", FILMS)
def test_no_text_is_too_small(
    name: str,
    aspect: AspectName,
    letters: Letters,
    trajectory: Trajectory,
    relu_trajectory: Trajectory,
) -> None:
    for theme, paths in (
        ("dark", (trajectory, relu_trajectory)),
        ("light", (relu_trajectory, trajectory)),
    ):
        settings = FilmSettings(seconds=1.0, hold=0.5, theme=theme, aspect=aspect)
        check_sizes(open_film(name, sources(name, *paths), settings, HEIGHT, 5), letters)


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize(("name", "layout"), [(film.name, layout) for film in FILMS.values()
                                              for layout in film.layouts])  # fmt: skip
def test_nor_is_one_in_another_layout(
    name: str,
    layout: str,
    aspect: AspectName,
    letters: Letters,
    trajectory: Trajectory,
    relu_trajectory: Trajectory,
) -> None:
    settings = FilmSettings(seconds=2.0, hold=1.0, aspect=aspect, layout=layout)
    paths = sources(name, relu_trajectory, trajectory)
    check_sizes(open_film(name, paths, settings, HEIGHT, 5), letters)


def test_exact_paths_are_said_to_be_exact(letters: Letters, trajectory: Trajectory) -> None:
    for smoothing, said in ((0.12, "paths smoothed 0.12 s"), (0.0, "exact paths")):
        settings = FilmSettings(seconds=2.0, hold=4.0, smoothing=smoothing, captions=False)
        film = open_film("row", [trajectory], settings, HEIGHT, 5)
        film.show(round(film.time_of.action_over * 5) - 1)
        assert any(text.endswith(said) for text in letters), letters
