from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.trajectory.trouble import FULL_TRAINING, earlier_attempts, history, trouble
from tests.conftest import made_trajectory


def ended(accuracy: float, epochs: int) -> Trajectory:
    """A run of so many epochs that ends with an accuracy, all of its units alive."""
    path = made_trajectory(np.ones((2, 3, 2)), epochs=np.array([0, epochs]))
    return replace(path, accuracy=np.full(epochs + 1, accuracy, dtype=np.float32))


def test_a_full_training_below_the_mark_is_stuck() -> None:
    assert trouble(ended(0.868, FULL_TRAINING)) == "stuck at an accuracy of 0.868"
    assert trouble(ended(0.995, FULL_TRAINING)) == ""


def test_a_short_training_is_young_and_not_stuck() -> None:
    assert trouble(ended(0.5, FULL_TRAINING - 1)) == ""


def test_dead_units_are_counted_from_one() -> None:
    hidden = np.ones((4, 3, 2))
    hidden[2:, :, 1] = 0
    assert trouble(made_trajectory(hidden)) == "dead: unit 2 since epoch 2"


@pytest.mark.parametrize(
    "made", [None, 3, "text", [], {}, {"earlier_attempts": 7}, {"earlier_attempts": ["x", 1]}]
)
def test_files_of_others_need_not_know_of_attempts(made: object) -> None:
    path = replace(made_trajectory(np.ones((2, 3, 2))), recipe={"made": made})
    assert earlier_attempts(path) == []
    assert history(path) == []


def test_history_tells_of_all_attempts() -> None:
    made = {"earlier_attempts": [{"trouble": "stuck at an accuracy of 0.868"}, {}]}
    path = replace(ended(0.9, FULL_TRAINING), recipe={"made": made})
    assert history(path) == [
        "attempt 1: stuck at an accuracy of 0.868",
        "attempt 2: failed",
        "attempt 3: stuck at an accuracy of 0.900",
    ]


def test_the_mark_itself_is_enough_and_a_first_attempt_has_no_number() -> None:
    path = ended(0.5, FULL_TRAINING)
    at_the_mark = np.full(FULL_TRAINING + 1, 0.99, dtype=np.float64)
    assert trouble(replace(path, accuracy=at_the_mark)) == ""
    assert history(path) == ["stuck at an accuracy of 0.500"]
