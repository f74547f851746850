from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.packing.over_epochs import measure
from spiralcore.recipe import FilmSettings
from spiralcore.registry.films import FILMS, Needs, film_entry
from spiralcore.stage.clock.pauses import APART, Pause, spaced
from spiralcore.study.crowd import Crowd
from spiralcore.talk.notes import clock, speaker_notes, title_of
from spiralcore.video.opening import open_film
from tests.conftest import NETWORK_FILMS, shown_by
from tests.talk.conftest import HOSTILE, opened

STUDY = Path(__file__).parents[2] / "docs" / "study.parquet"


def notes_of(film: str, *trajectories: Trajectory, **settings: object) -> str:
    return speaker_notes(opened(film, *trajectories, **settings), film_entry(film))


def test_it_is_said_of_every_film_where_to_look() -> None:
    for entry in FILMS.values():
        assert entry.look[0].isupper()
        assert entry.look.endswith((".", "!"))


@pytest.mark.parametrize("film", NETWORK_FILMS)
def test_moments_are_in_order_and_within_the_film(film: str, trajectory: Trajectory) -> None:
    drawn = opened(film, *shown_by(film, trajectory, trajectory))
    moments = drawn.moments()
    seconds = [moment.second for moment in moments]
    assert seconds[0] == drawn.time_of.start
    assert seconds[-1] == drawn.time_of.action_over
    assert (np.diff(seconds) >= APART - 1e-9).all()
    assert all(moment.text.endswith(".") for moment in moments)


def test_what_is_close_together_is_told_at_once_and_the_end_stays() -> None:
    given = [Pause(5.0, "b."), Pause(1.0, "a."), Pause(5.2, "c."), Pause(9.9, "d."),
             Pause(10.0, "e.")]  # fmt: skip
    assert spaced(given) == [Pause(1.0, "a."), Pause(5.0, "b. c."), Pause(10.0, "d. e.")]
    assert spaced([Pause(0.0, "a."), Pause(0.1, "b.")]) == [Pause(0.0, "a."), Pause(0.1, "b.")]


def test_moments_are_when_the_film_shows_their_epoch(trajectory: Trajectory) -> None:
    film = opened("bending", trajectory)
    told = [
        (moment.second, int(found[1].replace(",", "")))
        for moment in film.moments()
        if (found := re.match(r"Epoch ([\d,]+):", moment.text))
    ]
    assert told
    for second, epoch in told:
        assert film.timeline.epoch_at(second - film.time_of.start) == pytest.approx(epoch, abs=1e-6)


def test_notes_tell_numbers_from_the_file(trajectory: Trajectory) -> None:
    notes = notes_of("bending", trajectory)
    first, last = (f"{100 * trajectory.accuracy[epoch]:.1f} %" for epoch in (0, -1))
    part = measure(trajectory, kept=slice(-1, None)).packing().parts.distance
    assert notes.startswith(
        "A tanh network bends the spirals into the square: 120 points in 3 classes.\n\n"
    )
    assert f"0:04  Before the training. {first} of the points are right." in notes
    assert f"0:16  After 300 epochs. {last} of the points are right." in notes
    assert f"as far apart as {100 * part:.0f} % of the largest distance that the square" in notes
    assert "can be repeated without a seam" in notes
    assert "repeated" not in notes_of("bending", trajectory, loop=False)
    assert "do not run evenly" not in notes_of("bending", trajectory, timeline="log")


def test_notes_of_several_networks_name_them(
    trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    film = opened("row", trajectory, relu_trajectory)
    assert title_of(film, film_entry("row")) == "Row: 3 classes, tanh, ReLU"
    notes = speaker_notes(film, film_entry("row"))
    assert notes.startswith("2 networks learn 3 classes of spirals, in step.")
    assert "With tanh the two closest class means" in notes
    twice = notes_of("difference", trajectory, trajectory)
    assert "With network A the two closest class means" in twice


def test_a_failed_run_is_called_one(relu_trajectory: Trajectory) -> None:
    hidden = relu_trajectory.hidden.copy()
    hidden[-3:, :, 1] = 0
    made = {"earlier_attempts": [{"trouble": "dead"}]}
    dead = replace(relu_trajectory, hidden=hidden, recipe={**relu_trajectory.recipe, "made": made})
    notes = notes_of("bending", dead)
    since = dead.dead_since[1]
    assert f"failed, so this is no result: dead: unit 2 since epoch {since:,}." in notes
    assert "The training had failed once before, with other first weights." in notes


def test_layers_and_studies_have_moments_of_their_own(trajectory: Trajectory) -> None:
    path = notes_of("layers", trajectory)
    assert "Hidden layer 1, 2 → 120 units: weights, biases, then tanh." in path
    assert "The read-out, 2 → 3 classes: each point goes to the largest of W x + b." in path
    assert "class means" not in path
    study = open_film("crowding", [Crowd.load(STUDY)], FilmSettings(), 240, 10)
    notes = speaker_notes(study, film_entry("crowding"))
    assert FILMS["crowding"].needs is Needs.STUDY
    assert "A study of networks that tell 2 to 12 classes apart with two units" in notes
    median = study.study.accuracy["tanh", 12].median
    assert (
        f"The accuracy with 12 classes, median over the seeds: tanh {100 * median:.0f} %" in notes
    )


def test_what_was_not_recorded_is_left_out() -> None:
    rng = np.random.default_rng(0)
    path = Trajectory.from_arrays(
        {}, epochs=[0, 1], inputs=rng.normal(size=(40, 2)), labels=np.arange(40) % 2,
        hidden=rng.normal(size=(2, 40, 2)),
    )  # fmt: skip
    notes = notes_of("bending", path)
    assert "0:04  Before the training." in notes
    assert "of the points are right" not in notes
    assert "nan" not in notes.lower()


def test_hostile_names_are_printable(trajectory: Trajectory) -> None:
    path = replace(trajectory, recipe={"activation": HOSTILE + "\n\u202e\ud800"})
    film = opened("bending", path)
    title, notes = title_of(film, film_entry("bending")), speaker_notes(film, film_entry("bending"))
    assert title.isprintable()
    assert len(title) <= 120
    assert notes.replace("\n", "").isprintable()


def test_film_time_for_people() -> None:
    assert [clock(second) for second in (0.0, 9.99, 61.0, 600.0)] == [
        "0:00",
        "0:09",
        "1:01",
        "10:00",
    ]
