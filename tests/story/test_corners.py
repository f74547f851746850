"""Who has no corner: known answers of made-up ends, and several networks told in step."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.story.corners import cornerless, corners_of
from spiralcore.story.in_step import captions_in_step, in_step, words_of
from spiralcore.story.sentences import MOST_WORDS
from spiralcore.subjects.names import run_labels
from spiralcore.trajectory.play.pacing import timeline

CORNERS = [(1, 1), (-1, 1), (-1, -1), (1, -1)]


def ending(*means: tuple[float, float], activation: str = "tanh") -> Trajectory:
    """Four points a class that lie at its mean in the end."""
    count = len(means)
    labels = np.repeat(np.arange(count), 4)
    final = np.array(means, np.float32)[labels]
    return Trajectory.from_arrays(
        {"activation": activation},
        epochs=np.array([0, 100]),
        inputs=np.zeros((len(labels), 2)) + np.arange(len(labels))[:, None],
        labels=labels,
        hidden=np.stack([0.1 * final, final]),
        readout_weight=np.tile(np.array(means), (2, 1, 1)),
        readout_bias=np.zeros((2, count)),
        cross_entropy=np.linspace(1, 0, 101),
        loss=np.linspace(1, 0, 101),
        accuracy=np.linspace(0, 1, 101),
    )


@pytest.mark.parametrize(
    ("means", "wanted"),
    [
        (CORNERS, ()),
        (CORNERS[:2], ()),
        ([*CORNERS, (1.0, 0.0)], (4,)),
        ([(0.0, 1.0), *CORNERS, (0.0, 0.0)], (0, 5)),
        ([(0.9, 0.9), (0.7, 0.8)], (1,)),  # two in one corner: the nearer one has it
        ([(0.0, 1.0), (0.0, -1.0)], (0, 1)),
        ([(0.5, 0.5), (1.0, -1.0)], (0,)),  # not near enough
    ],
)
def test_who_has_no_corner_of_a_square(
    means: list[tuple[float, float]], wanted: tuple[int, ...]
) -> None:
    assert cornerless(ending(*means)) == wanted


def test_the_unit_square_has_corners_too() -> None:
    places = [(0.95, 0.95), (0.05, 0.95), (0.5, 0.02)]
    assert cornerless(ending(*places, activation="sigmoid")) == (2,)


@pytest.mark.parametrize("activation", ["relu", "disk", "sphere", "leaky_relu", "gelu"])
def test_where_there_are_no_corners_nobody_lacks_one(activation: str) -> None:
    path = ending((0.6, 0.8), (0.8, 0.6), (0.0, 1.0), activation=activation)
    assert corners_of(path) is None
    assert cornerless(path) == ()


def test_networks_in_step_take_turns(trajectory: Trajectory, relu_trajectory: Trajectory) -> None:
    paths = [trajectory, relu_trajectory]
    found = in_step(paths)
    assert {told.network for told in found} == {0, 1}
    assert [told.importance for told in found] == sorted(
        (told.importance for told in found), reverse=True
    )
    best = max(found, key=lambda told: told.event.importance)
    assert found[0].event.importance == best.event.importance
    only = in_step(paths, ("all_right",))
    assert {told.event.kind for told in only} <= {"all_right"}
    clock = timeline(paths, 12.0)
    track = captions_in_step(paths, found, clock, LANGUAGES["en"], ("tanh", "ReLU").__getitem__)
    assert {caption.text.split(":")[0] for caption in track.captions} <= {"tanh", "ReLU"}
    assert all(words_of(caption.line) <= MOST_WORDS for caption in track.captions)


def test_networks_of_one_activation_are_numbered(
    trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    assert run_labels([trajectory, relu_trajectory]) == ["tanh", "ReLU"]
    names = run_labels([trajectory, relu_trajectory, trajectory])
    assert names == ["tanh 1", "ReLU", "tanh 2"]
