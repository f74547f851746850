"""Measured values in place of classes, from the recorder to the film."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spiralcore import ArrayRecorder, Trajectory
from spiralcore.errors import SpiralError, TrajectoryError, UsageError
from spiralcore.gallery.colours import contrast
from spiralcore.registry.films import FILMS
from spiralcore.registry.themes import THEMES, rgb
from spiralcore.stage.marks.value_scale import ValueScale
from spiralcore.stage.marks.words import Words
from spiralcore.stage.panels.trajectory_cloud import TrajectoryCloud
from spiralcore.subjects.kinds import subject_of
from spiralcore.trajectory.compare.comparison import compare
from spiralcore.trajectory.summary import summary
from tests.stage.test_film import opened

X = np.random.default_rng(0).normal(size=(40, 2))
VALUES = np.linspace(-1.5, 2.5, 40)


def recorded(path: Path, epochs: int = 4, **options: Any) -> Trajectory:
    with ArrayRecorder(path, inputs=X, activation="tanh", **options) as rec:
        for epoch in range(epochs):
            hidden = np.tanh(X * (1 + epoch))
            rec.observe(hidden, outputs=hidden.sum(axis=1), loss=1 / (1 + epoch))
    return Trajectory.load(path)


@pytest.mark.parametrize(
    "options",
    [{"labels": VALUES}, {"labels": VALUES[:, None].astype(np.float32)}, {"targets": VALUES}],
)
def test_values_are_kept(options: dict[str, Any], tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.npz", **options)
    assert path.targets == pytest.approx(VALUES)
    assert not path.labels.any()
    assert not path.knows_readout
    assert np.isnan(path.accuracy).all()
    assert path.recipe["recorded"] == {
        "labels": "measured values from -1.5 to 2.5",
        "layer": "hidden, 2 units",
        "outputs": "1 number a point, and the labels are measured values: not taken for logits",
        "read-out": "none",
    }
    assert summary(path)["points"] == "40 with values from -1.5 to 2.5"
    told = subject_of(FILMS["bending"]).told([path])
    assert told.endswith(": 40 points, coloured by value.")


def test_whole_numbers_are_values_where_that_is_said(tmp_path: Path) -> None:
    ages = np.arange(40) % 17 + 30
    path = recorded(tmp_path / "a.npz", targets=ages)
    assert path.targets is not None
    assert path.targets.tolist() == ages.tolist()
    classes = recorded(tmp_path / "b.npz", labels=ages)
    assert classes.targets is None
    assert classes.recipe["recorded"]["outputs"] == (
        "1 number a point, and the labels have 17 classes: not taken for logits; "
        "if the labels are measured values: targets="
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"labels": VALUES, "targets": VALUES}, "There are labels and targets.\n"
         "expected: one of both."),
        ({"labels": VALUES, "class_names": ["a", "b"]},
         "There are class names, and the labels are measured values.\n"
         "expected: labels that are classes, or no class names."),
        ({"labels": VALUES, "classes": 3}, "The labels hold -1.5, which is a measured value and no "
         "class.\nexpected: integers, texts or truth values of the shape (40,), or one column for "
         "each class.\nnext: labels=None, or classes of them: numpy.digitize(labels, edges)"),
        ({"targets": np.stack([VALUES, VALUES], 1)}, "The targets have the shape (40, 2) and the "
         "type float64.\nexpected: finite numbers of the shape (40,).\n"
         "next: targets[:, 0], or another of the 2"),
        ({"targets": np.where(VALUES > 0, np.nan, VALUES)}, "The targets hold numbers that are not "
         "finite, or huge.\nexpected: finite numbers of the shape (40,)."),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(options: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        ArrayRecorder(tmp_path / "a.npz", inputs=X, **options)
    assert str(error.value) == said


def test_a_record_of_other_values_is_not_gone_on_with(tmp_path: Path) -> None:
    recorded(tmp_path / "a.npz", targets=VALUES)
    more = recorded(tmp_path / "a.npz", targets=VALUES, resume=True)
    assert more.targets == pytest.approx(VALUES)
    with pytest.raises(SpiralError, match="other labels"):
        recorded(tmp_path / "a.npz", targets=VALUES[::-1], resume=True)


def test_arrays_may_have_values(tmp_path: Path) -> None:
    arrays = {"epochs": [0, 1], "inputs": X, "hidden": np.tanh([X, 2 * X])}
    path = Trajectory.from_arrays({"activation": "tanh"}, targets=VALUES, **arrays)
    path.save(tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as plain:
        assert plain["targets"] == pytest.approx(VALUES)
        assert not plain["labels"].any()
    with pytest.raises(TrajectoryError) as error:
        Trajectory.from_arrays(targets=VALUES, labels=np.arange(40) % 3, **arrays)
    assert str(error.value) == (
        "the given arrays: there are classes in 'labels', and measured values in 'targets'.\n"
        "expected: one of both: 'labels' of 0 beside 'targets'."
    )


def test_other_values_are_a_difference() -> None:
    arrays = {"epochs": [0, 1], "inputs": X, "hidden": np.tanh([X, 2 * X])}
    one = Trajectory.from_arrays(targets=VALUES, **arrays)
    other = Trajectory.from_arrays(targets=np.where(VALUES > 2, 0, VALUES), **arrays)
    classes = Trajectory.from_arrays(labels=np.zeros(40, int), **arrays)
    assert compare(one, one, arrays=["labels"]).same
    for path, share in ((other, (VALUES > 2).mean()), (classes, 1.0)):
        found = compare(one, path, arrays=["labels"])
        assert not found.same
        assert found.deviations[0].worst == pytest.approx(share)


def test_the_film_has_the_scale_and_its_ends(tmp_path: Path) -> None:
    film = opened("bending", recorded(tmp_path / "a.npz", targets=VALUES))
    film.seek(film.frame_count // 2)
    assert [part for part in film.mobjects if isinstance(part, ValueScale)]
    words = [part.text for part in film.mobjects if isinstance(part, Words)]
    assert {"value: -1.5", "2.5"} <= set(words)
    wanted = film.theme.value_colours(np.linspace(0, 1, 40))
    clouds = [part for part in film.mobjects if isinstance(part, TrajectoryCloud)]
    assert clouds
    for cloud in clouds:
        assert cloud.colors == pytest.approx(wanted[cloud.order], abs=0.01)


@pytest.mark.parametrize("name", THEMES)
def test_the_scale_is_told_from_the_ground(name: str) -> None:
    theme = THEMES[name]
    colours = theme.value_colours(np.linspace(0, 1, 21))
    against = [contrast(colour, rgb(theme.panel)) for colour in colours]
    assert min(against) >= 3
    assert max(against) == pytest.approx(against[-1], rel=0.1)
