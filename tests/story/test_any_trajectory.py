"""Whatever a file holds, its story is told, and nothing is told that is unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.story.captions import caption_track
from spiralcore.story.sentences import MOST_WORDS, Speaker, text_of
from spiralcore.story.telling import ranked, story
from spiralcore.trajectory.play.pacing import timeline


def random_run(
    random: np.random.Generator, activation: str, units: int, classes: int, kept: int
) -> dict[str, Any]:
    points = 5 * classes
    raw = np.cumsum(random.normal(scale=0.3, size=(kept, points, units)), axis=0)
    entry = ACTIVATIONS[activation]
    epochs = np.cumsum(random.integers(1, 60, kept)) - 1
    epochs[0] = 0
    epochs = np.unique(epochs)
    last = int(epochs[-1])
    return {
        "recipe": {"activation": activation},
        "epochs": epochs,
        "inputs": random.normal(size=(points, 2)),
        "labels": np.arange(points) % classes,
        "hidden": entry.apply(raw[: len(epochs)].astype(np.float32)),
        "readout_weight": random.normal(size=(len(epochs), classes, units)),
        "readout_bias": random.normal(size=(len(epochs), classes)),
        "accuracy": random.uniform(size=last + 1),
        "cross_entropy": random.uniform(0.01, 2, size=last + 1),
        "loss": random.uniform(0.01, 2, size=last + 1),
    }


def told(run: dict[str, Any]) -> list[str]:
    path = Trajectory.from_arrays(**run)
    events = story(path)
    assert [event.epoch for event in events] == sorted(event.epoch for event in events)
    for event in events:
        assert 0 <= event.epoch <= event.end <= path.trained_epochs
        assert 0 <= event.importance <= 1
    texts = []
    for language in LANGUAGES.values():
        speaker = Speaker.of(path, language)
        texts = [text_of(speaker.line(event)) for event in events]
        assert all(len(text.split()) <= MOST_WORDS + 3 for text in texts)
        assert not [text for text in texts if "nan" in text]
    return texts


def check_pace(run: dict[str, Any], seconds: float) -> None:
    path = Trajectory.from_arrays(**run)
    paced = timeline([path], seconds, stops=[event.epoch for event in ranked(path)])
    assert paced.duration == pytest.approx(seconds)
    assert (np.diff(paced.seconds) > 0).all()
    assert (np.diff(paced.epochs) > 0).all()
    caption_track(path, paced, LANGUAGES["en"], until=seconds)


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("units", [1, 2, 3, 5])
def test_random_walks(activation: str, units: int) -> None:
    told(random_run(np.random.default_rng(units), activation, units, 3, 40))


@pytest.mark.parametrize(("classes", "kept"), [(2, 1), (3, 40), (25, 12)])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_film_time_of_random_walks(activation: str, classes: int, kept: int) -> None:
    run = random_run(np.random.default_rng(kept), activation, 2, classes, kept)
    told(run)
    for seconds in (1.0, 20.0):
        check_pace(run, seconds)


def test_files_that_lack_something() -> None:
    random = np.random.default_rng(9)
    whole = random_run(random, "tanh", 2, 4, 60)
    for missing in (
        ["accuracy", "cross_entropy", "loss"],
        ["readout_weight", "readout_bias"],
        ["accuracy"],
    ):
        told({name: array for name, array in whole.items() if name not in missing})
    one_class = {**whole, "labels": np.zeros(20, np.int64)}
    told(one_class)
    gaps = whole["accuracy"].copy()
    gaps[3:9] = np.nan
    told({**whole, "accuracy": gaps, "recipe": {"activation": "tanh", "gaps": ["accuracy"]}})
    told({**whole, "recipe": {"class_names": ["a", "b{x}", "c%", 4]}})
    told({**whole, "recipe": {"class_names": "no list"}})
    still = np.repeat(whole["hidden"][:1], len(whole["epochs"]), axis=0)
    told({**whole, "hidden": still})


def test_names_of_classes_are_told_as_they_are() -> None:
    random = np.random.default_rng(9)
    run = random_run(random, "tanh", 2, 3, 60)
    names = ["{all}", "R&D <b>", "x"]
    texts = told({**run, "recipe": {"activation": "tanh", "class_names": names}})
    assert any("{all}" in text or "R&D <b>" in text for text in texts)
