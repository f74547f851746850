"""A record without labels speaks of points, and of no classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spiralcore import ArrayRecorder, Trajectory
from spiralcore.registry.films import FILMS
from spiralcore.stage.marks.words import Words
from spiralcore.story.telling import story
from spiralcore.subjects.kinds import subject_of
from spiralcore.subjects.sentences import counted, sentence
from spiralcore.trajectory.summary import summary
from tests.stage.test_film import opened


def _recorded(path: Path, labels: np.ndarray | None) -> Trajectory:
    rng = np.random.default_rng(0)
    inputs, layer = rng.normal(size=(60, 9)), rng.normal(size=(60, 2))
    with ArrayRecorder(path, inputs=inputs, labels=labels) as recorder:
        for step in range(30):
            recorder.observe(layer + 0.4 * step * np.sign(layer), loss=1 / (1 + step))
    return Trajectory.load(path)


def test_films_without_labels_speak_of_points(tmp_path: Path) -> None:
    path = _recorded(tmp_path / "none.npz", None)
    assert counted(path) == "60 points"
    assert sentence(path) == "a network bends the points in the plane"
    assert summary(path)["points"] == "60, without labels"
    film = FILMS["bending"]
    subject = subject_of(film)
    assert subject.told([path]) == (
        "A network bends the points in the plane: 60 points, without labels."
    )
    assert subject.heading(film, [path]) == "Bending: 60 points, hidden layer"
    assert not story(path)
    shown = opened("bending", path)
    shown.seek(shown.frame_count // 2)
    words = [part.text for part in shown.mobjects if isinstance(part, Words)]
    assert words[0] == "60 points"
    assert not [word for word in words if "class" in word]


def test_films_with_labels_speak_of_classes(tmp_path: Path) -> None:
    path = _recorded(tmp_path / "some.npz", np.arange(60) % 3)
    assert counted(path) == "3 classes"
    assert summary(path)["points"] == "60 in 3 classes"
    film = FILMS["bending"]
    assert subject_of(film).told([path]) == (
        "A network bends the points in the plane: 60 points in 3 classes."
    )
    assert story(path)
