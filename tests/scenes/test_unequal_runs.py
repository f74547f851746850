"""Films of runs of unequal length: what is beside each other belongs to one epoch, or says so."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.registry.aspects import ASPECTS, AspectName
from spiralcore.registry.films import FILMS
from spiralcore.stage.film import Film
from spiralcore.stage.marks.words import Words
from spiralcore.talk.notes import speaker_notes
from spiralcore.trajectory.compare.shared_epochs import part, values_at
from spiralcore.trajectory.play.motion import panel_width
from tests.stage.test_aspects import check_layout
from tests.stage.test_film import opened


def moved(trajectory: Trajectory, by: float = 0.05) -> Trajectory:
    """The same run with every second point farther and farther away."""
    hidden = trajectory.hidden.copy()
    hidden[:, ::2, 0] -= np.float32(by) * np.linspace(0, 1, len(hidden), dtype=np.float32)[:, None]
    return dataclasses.replace(trajectory, hidden=hidden, hidden_mean=None)


def texts(film: Film, frame: int) -> list[str]:
    film.seek(frame)
    return [m.text for m in film.mobjects if isinstance(m, Words) and m.text]


@pytest.mark.parametrize("aspect", list(ASPECTS))
@pytest.mark.parametrize("order", ["long first", "short first"])
def test_the_difference_stops_at_the_last_epoch_that_both_have(
    order: str, aspect: AspectName, trajectory: Trajectory
) -> None:
    runs = [trajectory, part(moved(trajectory), 0, 150)]
    film = opened("difference", *(runs if order == "long first" else runs[::-1]), aspect=aspect)
    assert film.timeline.epochs[-1] == 150
    said = texts(film, film.frame_count - 11)
    assert "stops at epoch 150, the last that both have" in said
    assert "150" in said
    assert "300" not in said
    check_layout(film)


def test_its_numbers_are_of_the_epoch_that_is_shown(trajectory: Trajectory) -> None:
    one, other = trajectory, part(moved(trajectory), 0, 150)
    film = opened("difference", one, other)
    allowed = film.trajectories[0].recipe.get("atol", 0.01)
    seen = set()
    for frame in range(10, 30):
        said = texts(film, frame)
        second = film.slowly(film.action_second)
        epoch = int(film.timeline.epoch_at(second) + 1e-6)
        a, b = (values_at(run, run.hidden, np.array([epoch]))[0] for run in (one, other))
        apart = np.linalg.norm(b - a, axis=1) / panel_width(a, one.space)
        assert f"{epoch:,}" in said
        assert f"{100 * apart.max():.2f} %" in said
        assert f"{(apart > allowed).sum()} of {one.points}" in said
        seen.add(epoch)
    assert len(seen) > 5
    assert max(seen) == 150


def test_it_begins_at_the_first_epoch_that_both_have(trajectory: Trajectory) -> None:
    film = opened("difference", part(trajectory, 40, 300), part(moved(trajectory), 0, 150))
    assert "epochs 40 to 150, those that both have" in texts(film, 0)
    assert "40" in texts(film, 0)
    assert (film.timeline.epochs[0], film.timeline.epochs[-1]) == (40, 150)
    assert (film.timeline.seconds[0], film.timeline.seconds[-1]) == (0, film.settings.seconds)
    film = opened("difference", part(trajectory, 40, 300), moved(trajectory))
    assert "begins at epoch 40, the first that both have" in texts(film, 0)


def test_a_single_common_epoch_stands_still(trajectory: Trajectory) -> None:
    film = opened("difference", part(trajectory, 0, 100), part(moved(trajectory), 100, 300))
    np.testing.assert_array_equal(film.show(12).copy(), film.show(25))
    assert "epochs 100 to 100, those that both have" in texts(film, 0)


def test_runs_of_equal_length_say_nothing_of_it(trajectory: Trajectory) -> None:
    film = opened("difference", trajectory, moved(trajectory))
    assert not film.leaves_out
    assert not any("both have" in text for text in texts(film, 0))
    assert "300" in texts(film, film.frame_count - 11)


def test_runs_that_differ_in_length_only_are_not_called_the_same(trajectory: Trajectory) -> None:
    said = texts(opened("difference", trajectory, part(trajectory, 0, 150)), 0)
    assert said[0] == "different"
    assert said[1] == "in length only: within 1 % of the panel at all epochs compared"


def test_a_speaker_is_told(trajectory: Trajectory) -> None:
    film = opened("difference", trajectory, part(moved(trajectory), 0, 150))
    notes = speaker_notes(film, FILMS["difference"])
    assert "The film stops at epoch 150, the last that both have." in notes
    assert "After 150 epochs." in notes
    assert "300" not in notes


@pytest.mark.parametrize("aspect", list(ASPECTS))
@pytest.mark.parametrize("name", ["row", "classes"])
def test_in_other_films_shorter_runs_say_that_they_stand_still(
    name: str, aspect: AspectName, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    film = opened(name, part(trajectory, 0, 150), relu_trajectory, aspect=aspect)
    said = " ".join(texts(film, 0))
    expected = "shorter runs stand still in the end" if name == "classes" else "ended at epoch 150"
    assert expected in said
    check_layout(film)
    film = opened(name, trajectory, relu_trajectory, aspect=aspect)
    assert "stand still" not in " ".join(texts(film, 0))


def test_a_part_of_a_run_is_what_happened_in_it(trajectory: Trajectory) -> None:
    kept = trajectory.epochs
    gap = int(np.flatnonzero(np.diff(kept) > 1)[-1])
    last = int(kept[gap]) + 1
    cut = part(trajectory, int(kept[3]), last)
    assert cut.trained_epochs == last
    assert cut.epochs.tolist() == [*kept[3 : gap + 1], last]
    for epoch in (int(kept[3]), int(kept[gap]), last):
        for a, b in zip(cut.evaluate(epoch), trajectory.evaluate(epoch), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)
    np.testing.assert_array_equal(cut.accuracy, trajectory.accuracy[: last + 1])
    np.testing.assert_array_equal(cut.hidden_mean[:-1], trajectory.hidden_mean[3 : gap + 1])
    # The mean of a straight line over one epoch is its end.
    np.testing.assert_allclose(cut.hidden_mean[-1], cut.hidden[-1], atol=1e-6)
    whole = part(trajectory, 0, trajectory.trained_epochs)
    np.testing.assert_array_equal(whole.hidden, trajectory.hidden)
    np.testing.assert_array_equal(whole.hidden_mean, trajectory.hidden_mean)
    np.testing.assert_array_equal(whole.parameters, trajectory.parameters)
