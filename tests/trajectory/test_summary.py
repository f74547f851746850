"""What a trajectory is, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.system.printable import printable, short_name
from spiralcore.trajectory.moment import Fidelity
from spiralcore.trajectory.summary import notes, summary
from tests.conftest import made_trajectory


def run_of(**changes: object) -> Trajectory:
    """1,500 points that stay where they are for 2,000 epochs, two of which are kept."""
    path = made_trajectory(np.ones((2, 1500, 2)), epochs=np.array([0, 2000]))
    return replace(path, recipe={"activation": "tanh", "seed": 7}, **changes)


def test_every_line_and_their_order() -> None:
    path = run_of(
        accuracy=np.full(2001, 0.98761, np.float32),
        cross_entropy=np.full(2001, 0.0123, np.float32),
        fidelity=Fidelity(0.001234, 0.02, 0.3),
    )
    assert list(summary(path).items()) == [
        ("points", "1,500 in 2 classes"),
        ("activation", "tanh"),
        ("seed", "7"),
        ("epochs", "2,000 trained, 2 kept"),
        ("accuracy", "0.9876"),
        ("cross-entropy", "0.0123"),
        ("dead units", "none"),
        (
            "fidelity",
            "worst point of an epoch off by 0.12 % of the panel (median), 2.00 % (99 %), "
            "30.00 % (worst)",
        ),
    ]


def test_words_from_files_are_short_and_harmless() -> None:
    assert short_name("tanh\x1b[31m", 9) == "tanh?[31m"
    assert short_name("tanh\x1b[31m", 8) == "tanh?[3…"
    assert short_name("x" * 24) == "x" * 24
    assert short_name("x" * 25) == "x" * 23 + "…"
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    assert printable(nested) == "too long to show"
    assert printable(None) == "unknown"
    assert printable("x\n" * 50) == "x?" * 40


def test_what_a_file_does_not_say_is_unknown() -> None:
    path = Trajectory.from_arrays(
        epochs=np.array([0, 3]), inputs=np.ones((4, 2)), labels=np.arange(4) % 2,
        hidden=np.ones((2, 4, 2)),
    )  # fmt: skip
    lines = summary(path)
    unknown = {name for name, value in lines.items() if value == "unknown"}
    assert unknown == {"activation", "seed", "accuracy", "cross-entropy", "fidelity"}


def test_dead_units_are_told() -> None:
    hidden = np.ones((3, 4, 2))
    hidden[1:, :, 0] = 0
    assert summary(made_trajectory(hidden))["dead units"] == "unit 1 since epoch 1"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (None, "unknown"),
        (0, "0"),
        ("", ""),
        ("Übung é 漢", "Übung é 漢"),
        ("\x1b[2Jgone\nnext\u202e", "?[2Jgone?next?"),
        ("x" * 81, "x" * 80),
        (["a"], "['a']"),
    ],
)
def test_nothing_that_a_terminal_would_obey_is_printed(value: object, printed: str) -> None:
    assert printable(value) == printed


def test_notes_are_printable_too() -> None:
    made = {"earlier_attempts": [{"trouble": "\x1b[31mred"}]}
    path = replace(run_of(), recipe={"made": made})
    assert notes(path) == ["attempt 1: ?[31mred", "attempt 2, this one, went well"]
    assert notes(run_of()) == []
