"""Trajectories that know less: no read-out, no curves, inputs that are no points of a plane."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.errors import TrajectoryError
from spiralcore.recipe import FilmSettings
from tests.conftest import spiral


def least(**changes: Any) -> Trajectory:
    rng = np.random.default_rng(0)
    arrays = {
        "epochs": np.array([0, 3, 9]),
        "inputs": rng.normal(size=(12, 5)),
        "labels": np.arange(12) % 3,
        "hidden": rng.normal(size=(3, 12, 2)),
    }
    return Trajectory.from_arrays(**{**arrays, **changes})


def test_what_was_not_recorded_is_nan_and_takes_no_memory() -> None:
    path = least()
    assert not path.knows_readout
    assert not path.knows_loss
    assert path.readout_weight.shape == (3, 3, 2)
    assert path.accuracy.shape == (10,)
    assert np.isnan(path.readout_bias).all()
    assert np.isnan(path.evaluate(4.5).readout_weight).all()
    assert (path.classes, path.trained_epochs) == (3, 9)
    assert sum(path.readout_weight.strides) == 0


def test_it_is_left_out_of_the_file_and_still_unknown_after_loading(tmp_path: Path) -> None:
    least().save(tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as file:
        assert sorted(file.files) == ["epochs", "hidden", "inputs", "labels", "recipe", "schema"]
    path = Trajectory.load(tmp_path / "a.npz")
    assert not path.knows_readout
    np.testing.assert_array_equal(path.hidden, least().hidden)


def test_a_known_curve_gives_the_others_their_length() -> None:
    path = least(accuracy=np.linspace(0, 1, 31))
    assert path.trained_epochs == 30
    assert path.cross_entropy.shape == (31,)
    assert not path.knows_loss
    assert float(path.accuracy[-1]) == 1


def test_half_a_readout_is_refused() -> None:
    with pytest.raises(TrajectoryError) as raised:
        least(readout_bias=np.zeros((3, 3)))
    assert str(raised.value) == (
        "the given arrays: only one of 'readout_weight' and 'readout_bias' is there.\n"
        "expected: both or neither."
    )


def test_more_classes_than_points_are_refused_without_making_room_for_them() -> None:
    with pytest.raises(TrajectoryError) as raised:
        least(labels=np.array([0] * 11 + [2**40]))
    assert str(raised.value) == (
        f"the given arrays: the labels go from 0 to {2**40}.\n"
        "expected: 0 to 11 at most, as there are 12 points."
    )


@pytest.mark.parametrize("last", [10**9 + 1, 2**62])
def test_endless_runs_are_refused(last: int) -> None:
    with pytest.raises(TrajectoryError, match="expected: strictly increasing epochs from 0 to"):
        least(epochs=np.array([0, 1, last]))


def test_info_says_unknown(tmp_path: Path) -> None:
    least().save(tmp_path / "a.npz")
    facts = json.loads(spiral(tmp_path, "info", "a.npz", "--json").stdout)
    assert (facts["accuracy"], facts["cross_entropy"], facts["fidelity"]) == (None, None, None)
    text = spiral(tmp_path, "info", "a.npz").stdout
    assert "accuracy       unknown\n" in text


@pytest.mark.parametrize("name", ["bending", "row", "classes"])
def test_films_show_what_is_there_and_say_what_is_missing(name: str) -> None:
    from spiralcore.stage.marks.words import Words
    from spiralcore.video.opening import open_film

    film = open_film(
        name,
        [least()],
        FilmSettings(
            seconds=1.0, hold=1.0, layout={"row": "columns", "classes": "table"}.get(name, "story")
        ),
        240,
        10,
    )
    frames = [film.show(frame).copy() for frame in (0, 15, 25)]
    assert not np.array_equal(frames[0], frames[1])
    texts = " ".join(mobject.text for mobject in film.mobjects if isinstance(mobject, Words))
    assert "5 inputs a point: principal plane," in texts
    assert "% of the variance" in texts
    assert "no loss was" in texts
    small = "no read-out: no regions"  # in panels that have no room for more
    assert (small if name == "row" else "no read-out was recorded: no regions") in texts
    assert "predicts there" not in texts
    assert "nan" not in texts


def test_a_film_shows_another_loss_and_calls_it_so() -> None:
    from spiralcore.stage.marks.words import Words
    from spiralcore.video.opening import open_film

    def texts(loss: np.ndarray) -> str:
        path = least(recipe={"gaps": ["loss"]}, loss=loss)
        film = open_film("bending", [path], FilmSettings(seconds=1.0, hold=1.0), 240, 10)
        film.show(12)
        return " ".join(mobject.text for mobject in film.mobjects if isinstance(mobject, Words))

    loss = np.full(least().trained_epochs + 1, np.nan)
    loss[1:] = np.linspace(7.25, 1, len(loss) - 1)
    said = texts(loss)
    assert " loss " in said
    assert "cross-entropy" not in said
    assert "the loss of the training, up to 7.25" in said
    assert "nan" not in said
    assert "no cross-entropy was recorded, and the loss is not positive" in texts(-loss)
