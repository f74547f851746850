"""Files that are saved in between, gone on with, joined, and not lost when a process is killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spiralcore import ArrayRecorder, Trajectory
from spiralcore.errors import TrajectoryError, UsageError
from spiralcore.recipe import RecordingSettings
from tests.conftest import spiral

EVERY = RecordingSettings(keep="every")
X = np.random.default_rng(0).normal(size=(12, 2)).astype(np.float32)
Y = np.arange(12) % 3
WEIGHT = np.random.default_rng(1).normal(size=(3, 2)).astype(np.float32)


def state(epoch: int) -> np.ndarray:
    return np.tanh(X * (1 + 0.1 * epoch)).astype(np.float32)


def observe(rec: ArrayRecorder, epoch: int) -> None:
    hidden = state(epoch)
    rec.observe(hidden, readout=(WEIGHT, None), outputs=hidden @ WEIGHT.T, loss=1 / (1 + epoch))


def recorded(path: Path, first: int, last: int, **options: Any) -> Trajectory:
    options = {"settings": EVERY, "activation": "tanh", **options}
    with ArrayRecorder(path, X, Y, **options) as rec:
        for epoch in range(first, last + 1):
            observe(rec, epoch)
    return Trajectory.load(path)


def equal(one: Trajectory, other: Trajectory) -> None:
    for name, values in one.arrays().items():
        if name == "fidelity":  # of two parts it is that of the worse one
            np.testing.assert_allclose(values, other.arrays()[name], rtol=0.1)
            continue
        assert np.array_equal(values, other.arrays()[name], equal_nan=True), name


def test_a_file_is_not_overwritten_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    recorded(path, 0, 3)
    before = path.read_bytes()
    with pytest.raises(UsageError) as raised:
        ArrayRecorder(path, X, Y)
    assert str(raised.value) == (
        f"{path} is there already: 12 points, 3 epochs.\n"
        "expected: a new file, or a word of what becomes of this one.\n"
        "next: resume=True to go on with it, or overwrite=True to replace it"
    )
    assert path.read_bytes() == before
    assert recorded(path, 0, 2, overwrite=True).trained_epochs == 2
    path.write_text("mine")
    with pytest.raises(UsageError, match="is there already, and is no trajectory"):
        ArrayRecorder(path, X, Y)
    with pytest.raises(TrajectoryError, match="is not a readable"):
        ArrayRecorder(path, X, Y, resume=True)
    with pytest.raises(UsageError, match="overwrite=True and resume=True are given"):
        ArrayRecorder(path, X, Y, resume=True, overwrite=True)


def test_a_record_that_is_gone_on_with_is_the_whole_one(tmp_path: Path) -> None:
    whole = recorded(tmp_path / "whole.npz", 0, 9)
    path = tmp_path / "parts.npz"
    recorded(path, 0, 4, resume=True)
    equal(recorded(path, 4, 9, resume=True), whole)
    assert Trajectory.load(path).recipe["joined_at"] == [4]


def test_epochs_that_are_done_again_are_recorded_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last checkpoint of a training is often older than its record."""
    path = tmp_path / "a.npz"
    recorded(path, 0, 8)
    capsys.readouterr()
    equal(recorded(path, 5, 9, resume=True), recorded(tmp_path / "b.npz", 0, 9))
    assert "a.npz: resumed: goes on at epoch 5 of 8\n" in capsys.readouterr().err
    recorded(path, 20, 21, resume=True)
    told = "a.npz: resumed: goes on after epoch 9 in another state; what is between is missing\n"
    assert told in capsys.readouterr().err
    assert Trajectory.load(path).trained_epochs == 11


def test_what_is_gone_on_with_has_to_be_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    recorded(path, 0, 3)

    def refused(inputs: np.ndarray, labels: Any, hidden: np.ndarray, **options: Any) -> str:
        with (
            pytest.raises(UsageError) as raised,
            ArrayRecorder(path, inputs, labels, resume=True, **options) as rec,
        ):
            rec.observe(hidden)
        return str(raised.value)

    rest = (
        "\nexpected: the same points, labels and layer.\n"
        "next: overwrite=True to begin anew, or another file"
    )
    begins = f"{path} cannot be gone on with: it has "
    tanh = {"activation": "tanh"}
    assert refused(X + 1, Y, state(3), **tanh) == begins + "other points." + rest
    assert refused(X, 2 - Y, state(3), **tanh) == begins + "other labels." + rest
    assert refused(X[:9], Y[:9], state(3)[:9], **tanh) == begins + "12 points, and not 9." + rest
    assert refused(X, Y, state(3)[:, :1], **tanh) == begins + "2 units, and not 1." + rest
    wrong = begins + "the activation 'tanh', and not 'relu'." + rest
    assert refused(X, Y, abs(state(3)), activation="relu") == wrong
    assert Trajectory.load(path).trained_epochs == 3


def test_what_there_is_can_be_looked_at_and_closed_without_a_block(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    rec = ArrayRecorder(path, X, Y, settings=EVERY, activation="tanh", save_every=0)
    assert not hasattr(rec, "trajectory")
    for epoch in range(4):
        observe(rec, epoch)
        assert rec.trajectory.trained_epochs == epoch
        np.testing.assert_allclose(rec.trajectory.hidden[-1], state(epoch), atol=1e-3)
    rec.close()
    rec.close()
    equal(Trajectory.load(path), recorded(tmp_path / "b.npz", 0, 3))
    with pytest.raises(UsageError, match="The recorder is closed"):
        observe(rec, 4)


def test_a_file_is_saved_in_between(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with ArrayRecorder(path, X, Y, save_every=0) as rec:
        observe(rec, 0)
        assert Trajectory.load(path).trained_epochs == 0
    rare = tmp_path / "b.npz"
    with ArrayRecorder(rare, X, Y) as rec:
        observe(rec, 0)
        assert not rare.exists()


TRAINING = """
import sys, time
import numpy as np
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.recording.test_keeping_on import EVERY, X, Y, observe
from spiralcore import ArrayRecorder
rec = ArrayRecorder("a.npz", X, Y, settings=EVERY, activation="tanh", resume=True, save_every=0.02)
first = max(rec.epoch - 1, 0)
for epoch in range(first, 100_000):
    observe(rec, epoch)
    print(epoch, flush=True)
    time.sleep(0.002)
"""


def training(folder: Path) -> subprocess.Popen[str]:
    code = TRAINING.format(root=str(Path(__file__).parents[2]))
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=folder, stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def ended(process: subprocess.Popen[str], number: int, wait: float) -> int:
    """Stop a training a while after its first epoch; the last epoch that it said it had."""
    assert process.stdout is not None
    lines = [process.stdout.readline()]
    time.sleep(wait)
    process.send_signal(number)
    lines += process.stdout.read().splitlines()
    process.wait(60)
    process.stdout.close()
    return int([line for line in lines if line.strip()][-1])


def test_a_killed_training_leaves_a_whole_file_and_is_gone_on_with(tmp_path: Path) -> None:
    """``KILLS`` says how often; a hundred times in what it withstands."""
    chance, before = random.Random(3), 0
    for _ in range(int(os.environ.get("RECORDING_KILLS", "3"))):
        last = ended(training(tmp_path), signal.SIGKILL, chance.uniform(0.05, 0.5))
        path = tmp_path / "a.npz"
        if path.exists():
            kept = Trajectory.load(path)
            assert before <= kept.trained_epochs <= last + 1
            np.testing.assert_allclose(
                kept.hidden[-1], state(kept.trained_epochs), atol=1e-3, err_msg="no epoch is lost"
            )
            before = kept.trained_epochs
    last = ended(training(tmp_path), signal.SIGTERM, 0.3)
    kept = Trajectory.load(tmp_path / "a.npz")
    assert last <= kept.trained_epochs <= last + 1
    np.testing.assert_allclose(kept.hidden[:, 0], [state(e)[0] for e in kept.epochs], atol=1e-3)
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"], "nothing is left behind"


def test_a_block_that_is_asked_to_end_saves_and_leaves(tmp_path: Path) -> None:
    code = TRAINING.format(root=str(Path(__file__).parents[2])).replace("save_every=0.02", "")
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    last = ended(process, signal.SIGTERM, 0.2)
    assert process.returncode == 143
    assert last <= Trajectory.load(tmp_path / "a.npz").trained_epochs <= last + 1


def test_two_files_are_joined(tmp_path: Path) -> None:
    whole = recorded(tmp_path / "whole.npz", 0, 9)
    recorded(tmp_path / "a.npz", 0, 4)
    recorded(tmp_path / "b.npz", 4, 9)
    recorded(tmp_path / "c.npz", 5, 9)
    ran = spiral(tmp_path, "join", "a.npz", "b.npz")
    assert (ran.returncode, ran.stdout) == (0, "a-joined.npz: 4 and 5 epochs, 10 kept\n")
    equal(Trajectory.load(tmp_path / "a-joined.npz"), whole)
    ran = spiral(tmp_path, "join", "b.npz", "a.npz", "--out", "d.npz")
    assert (ran.returncode, ran.stderr) == (
        2,
        "spiral: a.npz does not begin with the state with which b.npz ends.\n"
        "expected: two parts of one training, in their order.\nnext: spiral join a.npz b.npz\n",
    )
    ran = spiral(tmp_path, "join", "a.npz", "c.npz", "--out", "d.npz")
    assert ran.stderr.startswith("spiral: c.npz does not begin with the state with which a.npz")
