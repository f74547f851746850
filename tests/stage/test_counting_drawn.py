"""Films of trainings that count steps, batches or samples, and have a best state."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.figures.loss_figure import draw_loss
from spiralcore.registry.aspects import ASPECTS, AspectName
from spiralcore.registry.films import FILMS
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.registry.themes import THEMES
from spiralcore.stage.film import Film
from spiralcore.stage.marks.borders import Bar
from spiralcore.stage.marks.words import Words
from spiralcore.talk.notes import speaker_notes
from spiralcore.trajectory.play.counting import UNITS
from spiralcore.video.opening import open_film
from tests.conftest import NETWORK_FILMS, shown_by
from tests.stage.test_aspects import check_layout
from tests.stage.test_film import SETTINGS, opened


def counted(path: Trajectory, unit: str = "batch", every: int = 32, **more: object) -> Trajectory:
    """The same run, of which each state is after so many of a unit."""
    counts = every * np.arange(path.trained_epochs + 1)
    recipe = {**path.recipe, "unit": unit, **more}
    return dataclasses.replace(path, recipe=recipe, counts=counts)


def texts(film: Film, frame: int = -1) -> list[str]:
    film.seek(frame % film.frame_count)
    return [m.text for m in film.mobjects if isinstance(m, Words) and m.text]


@pytest.mark.parametrize("name", NETWORK_FILMS)
def test_no_film_says_epoch_where_batches_are_counted(
    name: str, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    paths = [counted(path) for path in shown_by(name, trajectory, relu_trajectory)]
    film = opened(name, *paths)
    every = [texts(film, frame) for frame in (0, film.frame_count // 2, film.frame_count - 11)]
    for said in every:
        assert not [text for text in said if "epoch" in text.lower()], said
    said = [text for texts in every for text in texts]
    if name != "layers":  # it may have no room for the numbers
        assert "batch" in said
        assert f"{32 * paths[0].trained_epochs:,}" in said, said
    check_layout(film)


@pytest.mark.parametrize(("unit", "aspect"), list(zip(UNITS, ASPECTS, strict=False)))
def test_the_number_that_runs_is_what_is_counted(
    unit: str, aspect: AspectName, trajectory: Trajectory
) -> None:
    film = opened("bending", counted(trajectory, unit, 1000), aspect=aspect)
    seen = set()
    for frame in range(2, film.frame_count, 3):
        said = texts(film, frame)
        assert unit in said
        second = film.slowly(film.action_second)
        epoch = min(film.timeline.epoch_at(second) + 1e-6, trajectory.trained_epochs)
        assert f"{int(1000 * epoch + 1e-3):,}" in said or f"{int(1000 * epoch):,}" in said
        seen.add(int(epoch))
    assert len(seen) > 4
    check_layout(film)


@pytest.mark.parametrize(
    ("share", "aspect"), list(zip((0.0, 0.02, 0.5, 1.0), 2 * list(ASPECTS), strict=False))
)
def test_the_best_state_has_a_line_that_lies_where_it_was(
    share: float, aspect: AspectName, trajectory: Trajectory
) -> None:
    best = int(share * trajectory.trained_epochs)
    usual = opened("bending", trajectory, aspect=aspect)
    marked = opened("bending", counted(trajectory, "epoch", 1, best_epoch=best), aspect=aspect)
    said = [text for text in texts(marked) if text not in texts(usual)]
    assert said in ([], ["best"])
    bars = [len([m for m in film.mobjects if isinstance(m, Bar)]) for film in (usual, marked)]
    assert bars[1] == bars[0] + 1
    check_layout(marked)


def told(pair: tuple[Trajectory, Trajectory], code: str) -> str:
    settings = SETTINGS.model_copy(update={"language": code})
    return open_film("difference", pair, settings, 120, 5).captions.captions[0].text


def test_comparisons_say_it_in_every_language(trajectory: Trajectory) -> None:
    hidden = trajectory.hidden.copy()
    hidden[20:, 0] += 0.3
    other = dataclasses.replace(trajectory, hidden=hidden, hidden_mean=None)
    for unit, code in zip(UNITS, LANGUAGES, strict=True):
        pair = counted(trajectory, unit), counted(other, unit)
        first = told(pair, code)
        word, number = first.partition(":")[0].split(maxsplit=1)
        assert word == LANGUAGES[code].units[unit]
        assert int("".join(filter(str.isdigit, number))) % 32 == 0
        same = told((pair[0], pair[0]), code)
        said = LANGUAGES[code].sentences["differ_never" if unit == "epoch" else "differ_agree"]
        assert same == said
    assert all(entry.units.keys() == UNITS.keys() for entry in LANGUAGES.values())


def test_speakers_and_figures_say_it(trajectory: Trajectory) -> None:
    path = counted(trajectory, "step", best_epoch=100)
    notes = speaker_notes(opened("bending", path), FILMS["bending"])
    assert "Step " in notes
    assert f"After {32 * path.trained_epochs:,} steps." in notes
    assert "epoch" not in notes.lower()
    figure = draw_loss(path, THEMES["dark"])
    said = [text.get_text() for text in figure.findobj(lambda part: hasattr(part, "get_text"))]
    assert "step" in said
    assert "best" in said
    assert "Cross-entropy over the steps, both axes logarithmic" in said
    (line,) = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 100]
    assert line.get_xdata()[-1] == 32 * path.trained_epochs
