"""Records that count steps, batches or samples, mark their best state, or are made of every one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spiralcore import ArrayRecorder, Trajectory
from spiralcore.errors import TrajectoryError, UsageError
from spiralcore.recipe import RecordingSettings
from spiralcore.recording.joining import joined
from spiralcore.trajectory.play.counting import Counting
from tests.conftest import spiral

EVERY = RecordingSettings(keep="every")
N = 20
X = np.random.default_rng(0).normal(size=(N, 2)).astype(np.float32)
Y = np.arange(N) % 2


def recorded(path: Path, unit: str | None, at: list[int | None], **options: Any) -> Trajectory:
    with ArrayRecorder(path, X, Y, activation="tanh", unit=unit, settings=EVERY, **options) as rec:
        for step, count in enumerate(at):
            rec.observe(np.tanh(X * (1 + 0.1 * (rec.epoch or step))), at=count)
    return Trajectory.load(path)


@pytest.mark.parametrize("unit", ["epoch", "step", "batch", "sample"])
def test_what_is_counted_is_in_the_file_and_said(tmp_path: Path, unit: str) -> None:
    path = recorded(tmp_path / "a.npz", unit, [0, 32, 96, 1000])
    assert path.unit == unit
    assert path.counts is not None
    assert path.counts.tolist() == [0, 32, 96, 1000]
    assert path.trained_epochs == 3
    assert path.counting.named(2) == f"{unit} 96"
    with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
        assert file["counts"].dtype == np.int64
        assert json.loads(str(file["recipe"])).get("unit", "epoch") == unit
    units = {"epoch": "epochs", "step": "steps", "batch": "batches", "sample": "samples"}[unit]
    info = spiral(tmp_path, "info", "a.npz").stdout
    assert f"{units:15}1,000 trained, 4 recorded, 4 kept\n" in info
    facts = json.loads(spiral(tmp_path, "info", "a.npz", "--json").stdout)
    assert (facts["unit"], facts["counted"], facts["epochs"]) == (unit, 1000, 3)


def test_numbers_that_are_left_out_count_on(tmp_path: Path) -> None:
    assert recorded(tmp_path / "a.npz", "step", [None, None, None]).counts is None
    assert recorded(tmp_path / "b.npz", "step", [None] * 2).unit == "step"
    found = recorded(tmp_path / "c.npz", "batch", [5, None, 10, None]).counts
    assert found is not None
    assert found.tolist() == [5, 6, 10, 11]


@pytest.mark.parametrize(
    ("unit", "at", "said"),
    [
        (None, [0, 5], "Epoch 5 was given.\nexpected: epoch 1, which comes next.\n"
         "next: a recorder with unit='epoch', or 'step', 'batch' or 'sample', counts what at= "
         "says"),
        ("step", [0, 5, 5], "Step 5 was given after 5.\nexpected: a larger number at each step."),
        ("batch", [10, 3], "Batch 3 was given after 10.\nexpected: a larger number at each step."),
        ("sample", [-1], "Sample -1 was given.\nexpected: 0 or more."),
        ("step", [0, 1.5], "at is 1.5.\nexpected: a whole number: how many steps are over."),
        ("stpe", [0], "There is no unit 'stpe'. Did you mean 'step'?\n"
         "expected: one of epoch, step, batch, sample."),
    ],
)  # fmt: skip
def test_what_does_not_count_is_refused(
    tmp_path: Path, unit: str | None, at: list[Any], said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        recorded(tmp_path / "a.npz", unit, at)
    assert str(refused.value) == said
    if len(at) > 1:  # what came before is saved
        assert Trajectory.load(tmp_path / "a.npz").trained_epochs == len(at) - 2


def test_the_best_state_is_marked_and_the_last_mark_counts(tmp_path: Path) -> None:
    with ArrayRecorder(tmp_path / "a.npz", X, Y, unit="step", settings=EVERY) as rec:
        rec.best()  # nothing is recorded yet
        for step in range(5):
            rec.observe(X * (1 + step), at=10 * step)
            if step in (1, 3):
                rec.best()
                assert rec.trajectory.best_epoch == step
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.best_epoch == 3
    info = spiral(tmp_path, "info", "a.npz").stdout
    assert "steps          40 trained, 5 recorded, 5 kept; the best is step 30\n" in info
    for wrong in (True, -1, 5, "3", None, 2.0):
        other = Trajectory.of({"best_epoch": wrong}, **path.arrays())
        assert other.best_epoch is None


def test_a_loss_may_be_told_afterwards(tmp_path: Path) -> None:
    with ArrayRecorder(tmp_path / "a.npz", X, Y) as rec:
        rec.observe(X)
        rec.observe(2 * X, loss=3.0)
        assert rec.trajectory.loss[1] == 3
        rec.report(np.float64(2.0))
        assert rec.trajectory.loss[1] == 2
    assert Trajectory.load(tmp_path / "a.npz").loss[1] == 2


def test_a_record_that_is_gone_on_with_counts_on(tmp_path: Path) -> None:
    file = tmp_path / "a.npz"
    with ArrayRecorder(file, X, Y, unit="step", settings=EVERY) as rec:
        for step in range(4):
            rec.observe(X * (1 + step), at=10 * step)
        rec.best()
    with ArrayRecorder(file, X, Y, unit="step", settings=EVERY, resume=True) as rec:
        rec.observe(X * 3)  # that of step 20
        rec.observe(X * 9, at=25)
        rec.observe(X * 10)
    path = Trajectory.load(file)
    assert path.counts is not None
    assert path.counts.tolist() == [0, 10, 20, 25, 26]
    assert path.best_epoch is None  # its state was gone back behind
    with pytest.raises(UsageError) as refused, ArrayRecorder(file, X, Y, resume=True) as rec:
        rec.observe(X * 10)
    assert str(refused.value) == (
        f"{file} cannot be gone on with: it has the unit 'step', and not 'epoch'.\n"
        "expected: the same points, labels and layer.\n"
        "next: overwrite=True to begin anew, or another file"
    )
    with (
        pytest.raises(UsageError) as refused,
        ArrayRecorder(file, X, Y, unit="step", resume=True) as rec,
    ):
        rec.observe(X * 10, at=7)
    assert str(refused.value) == (
        "Step 7 was given.\nexpected: 26, at which the file has this state.\n"
        "next: the first step without at="
    )
    assert Trajectory.load(file).trained_epochs == 4


def test_two_parts_that_count_from_0_are_joined_behind_each_other(tmp_path: Path) -> None:
    one = recorded(tmp_path / "a.npz", "batch", [0, 10, 20])
    two = recorded(tmp_path / "b.npz", "batch", [0, 5, 15])
    whole = joined(one, two)
    assert whole.counts is not None
    assert whole.counts.tolist() == [0, 10, 20, 25, 35]
    apart = joined(one, two, shared=False)
    assert apart.counts is not None
    assert apart.counts.tolist() == [0, 10, 20, 21, 26, 36]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([0, 1], "the given arrays: the array 'counts' has the shape (2,).\n"
         "expected: (3,): a number for every state of the run."),
        ([0, 5, 5], "the given arrays: the array 'counts' goes from 0 to 5 and does not increase "
         "throughout.\nexpected: strictly increasing numbers from 0 on."),
        ([-3, 5, 6], "the given arrays: the array 'counts' goes from -3 to 6 and increases "
         "throughout.\nexpected: strictly increasing numbers from 0 on."),
    ],
)  # fmt: skip
def test_a_file_with_other_counts_is_refused(counts: list[int], said: str) -> None:
    arrays = {"epochs": [0, 2], "inputs": X, "labels": Y, "hidden": np.stack([X, X])}
    with pytest.raises(TrajectoryError) as refused:
        Trajectory.from_arrays({}, **arrays, counts=counts, accuracy=[0.5] * 3)
    assert str(refused.value) == said


def test_counts_alone_say_how_long_a_run_was() -> None:
    arrays = {"epochs": [0, 2], "inputs": X, "labels": Y, "hidden": np.stack([X, X])}
    path = Trajectory.from_arrays({"unit": "sample"}, **arrays, counts=[0, 64, 128, 192])
    assert path.trained_epochs == 3
    assert path.counting.at(2.5) == 160
    assert path.counting.state(160) == pytest.approx(2.5)


def test_several_networks_are_counted_alike_or_by_their_states() -> None:
    def made(unit: str, counts: list[int]) -> Trajectory:
        states = np.stack([X] * len(counts))
        return Trajectory.from_arrays(
            {"unit": unit}, epochs=np.arange(len(counts)), inputs=X, labels=Y, hidden=states,
            counts=counts,
        )  # fmt: skip

    long, short = made("step", [0, 5, 10]), made("step", [0, 5])
    assert Counting.of([short, long]).named(2) == "step 10"
    for other in (made("batch", [0, 5]), made("step", [0, 6])):
        assert Counting.of([long, other]) == Counting()
    assert Counting.of([]) == Counting()


def test_comparisons_say_what_is_counted(tmp_path: Path) -> None:
    recorded(tmp_path / "a.npz", "step", [0, 10, 20, 30])
    with ArrayRecorder(
        tmp_path / "b.npz", X, Y, activation="tanh", unit="step", settings=EVERY
    ) as rec:
        for step in range(4):
            off = 0.5 * (step == 2) * (np.arange(N) == 7)[:, None]
            rec.observe(np.tanh(X * (1 + 0.1 * step)) * (1 - off), at=10 * step)
    said = spiral(tmp_path, "diff", "a.npz", "b.npz").stdout
    assert "first step" in said
    assert "4 steps compared that A or B has kept, 4 of them kept by both\n" in said
    assert "different: from step 20 on, first in hidden\n" in said
    assert "worst: hidden at step 20, point 7 of class 1: off by " in said
    assert "epoch " not in said


def run(states: int = 200) -> dict[str, Any]:
    """A layer that turns, with a jerk in the middle, and what goes with it."""
    angle = 0.02 * np.arange(states) + (np.arange(states) > states // 2)
    turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], 1)
    hidden = np.tanh(X @ turn.reshape(-1, 2, 2))
    rng = np.random.default_rng(2)
    return {
        "inputs": X, "labels": Y, "hidden": hidden,
        "readout_weight": rng.normal(size=(states, 2, 2)), "readout_bias": np.zeros((states, 2)),
        "loss": np.linspace(2, 1, states),
    }  # fmt: skip


def test_a_run_of_every_epoch_is_thinned_and_says_how_far_it_is_from_it(tmp_path: Path) -> None:
    arrays = run()
    path = Trajectory.from_run({"activation": "tanh"}, **arrays)
    assert 4 < len(path.epochs) < 100
    assert path.trained_epochs == 199
    assert {100, 101} <= {*path.epochs.tolist()}
    off = [
        np.linalg.norm(path.evaluate(epoch).hidden - arrays["hidden"][epoch], axis=1).max() / 2
        for epoch in range(200)
    ]
    assert path.fidelity is not None
    assert path.fidelity.max == pytest.approx(max(off), rel=1e-3)
    assert path.fidelity.p50 == pytest.approx(np.median(off), rel=1e-3, abs=1e-5)
    assert max(off) < 0.015
    np.testing.assert_array_equal(
        path.readout_weight, arrays["readout_weight"][path.epochs].astype(np.float32)
    )
    np.testing.assert_allclose(path.loss, arrays["loss"], rtol=1e-6)
    path.save(tmp_path / "a.npz")
    assert Trajectory.load(tmp_path / "a.npz").fidelity == path.fidelity


def test_what_a_recorder_keeps_of_a_run_is_what_from_run_keeps(tmp_path: Path) -> None:
    arrays = run()
    with ArrayRecorder(tmp_path / "a.npz", X, Y, activation="tanh") as rec:
        for hidden in arrays["hidden"]:
            rec.observe(hidden)
    bare = {name: arrays[name] for name in ("inputs", "labels", "hidden")}
    path = Trajectory.from_run({"activation": "tanh"}, **bare)
    for name in ("epochs", "hidden", "hidden_mean"):
        np.testing.assert_array_equal(getattr(path, name), getattr(rec.trajectory, name))
    assert path.fidelity == rec.trajectory.fidelity


def test_layers_of_other_widths_and_settings_go_with_it() -> None:
    arrays = run(50)
    further = np.concatenate([arrays["hidden"]] * 2, axis=2)[:, :, :3]
    kept = Trajectory.from_run({}, **arrays, layer_1=further, settings=EVERY)
    assert kept.epochs.tolist() == list(range(50))
    np.testing.assert_allclose(kept.layers[1], further, atol=1e-3)
    path = Trajectory.from_run({}, **arrays, layer_1=further, counts=np.arange(50) * 7)
    assert path.layers[1].shape == (len(path.epochs), N, 3)
    assert path.counts is not None
    assert path.counts[-1] == 343


def test_arrays_of_kept_epochs_are_refused() -> None:
    with pytest.raises(TrajectoryError) as refused:
        Trajectory.from_run({}, **run(5), epochs=[0, 1, 2, 3, 9])
    assert str(refused.value) == (
        "the given arrays: the array 'epochs' is there.\n"
        "expected: arrays of every epoch, of which it is made.\n"
        "next: Trajectory.from_arrays, for arrays of kept epochs"
    )
    arrays = run(5)
    with pytest.raises(TrajectoryError, match="the array 'readout_weight' has the shape"):
        Trajectory.from_run({}, **{**arrays, "readout_weight": arrays["readout_weight"][:3]})
    with pytest.raises(TrajectoryError, match="the array 'hidden' is missing"):
        Trajectory.from_run({}, inputs=X, labels=Y)


def test_integrations_are_loaded_when_they_are_named() -> None:
    code = (
        "import sys, spiralcore.integrations as here\n"
        "print(sorted({'torch', 'sklearn', 'numba'} & set(sys.modules)), dir(here))\n"
        "here.SklearnRecorder\n"
        "print('torch' in sys.modules)\n"
        "try:\n"
        "    here.LightningRecorder\n"
        "except Exception as error:\n"
        "    print(error)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("[] ['FlaxRecorder', 'KerasRecorder', 'LightningRecorder', ")
    assert lines[1] == "False"
    assert "\n".join(lines[2:]) in ("", (
        "Recording a training of Lightning needs the package 'lightning', which is not installed.\n"
        "expected: an installation with the extra 'lightning'.\n"
        'next: pip install "spiralcore[lightning]"'
    ))  # fmt: skip
