"""Loops with arrays: what is recorded, what is refused, and that nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spiralcore import ArrayRecorder, Trajectory
from spiralcore.errors import DivergenceError, SpiralError, TrajectoryError, UsageError
from spiralcore.recipe import RecordingSettings
from spiralcore.trajectory.compare.comparison import compare
from tests.conftest import spiral

EVERY = RecordingSettings(keep="every")
N, D, K = 30, 2, 3
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, 2))
Y = np.arange(N) % K


class Loop:
    """A network of one layer that moves a little at every step."""

    def __init__(self) -> None:
        rng = np.random.default_rng(1)
        self.w1, self.w2 = rng.normal(size=(2, D)), rng.normal(size=(D, K))
        self.b2 = rng.normal(size=K)

    def step(self) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], np.ndarray]:
        self.w1 = self.w1 * 1.05
        self.w2 = self.w2 + 0.1
        hidden = np.tanh(X @ self.w1)
        return hidden, (self.w2.T, self.b2), hidden @ self.w2 + self.b2


def test_what_is_observed_is_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loop, seen = Loop(), []
    with ArrayRecorder(
        tmp_path / "a.npz", X, Y, activation="tanh", settings=EVERY, layer="fc2",
        recipe={"seed": 4},
    ) as rec:  # fmt: skip
        for epoch in range(6):
            hidden, readout, logits = loop.step()
            rec.observe(hidden, readout=readout, outputs=logits, loss=0.1 * epoch, at=epoch)
            seen.append((hidden, readout, logits))
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.trained_epochs == 5
    np.testing.assert_allclose(path.hidden, [hidden for hidden, _, _ in seen], atol=1e-3)
    np.testing.assert_allclose(path.readout_weight, [w for _, (w, _), _ in seen], rtol=1e-6)
    np.testing.assert_allclose(path.loss, 0.1 * np.arange(6), rtol=1e-6)
    for epoch, (_, _, logits) in enumerate(seen):
        shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        entropy = -np.log(shares[np.arange(N), Y]).mean()
        assert path.cross_entropy[epoch] == pytest.approx(entropy, rel=1e-5)
        assert path.accuracy[epoch] == pytest.approx((logits.argmax(1) == Y).mean())
    assert path.recipe["seed"] == 4
    assert path.recipe["layer"] == "fc2"
    assert "torch" not in path.recipe["made"]["versions"]
    assert capsys.readouterr().err == (
        "a.npz: read-out: readout: gives the model's output\n"
        "a.npz: outputs: logits of 3 classes\na.npz: layer: fc2, 2 units\n"
    )
    said = spiral(tmp_path, "info", "a.npz").stdout
    assert "read-out       readout: gives the model's output\n" in said
    assert "outputs        logits of 3 classes\n" in said


def test_a_read_out_that_stops_holding_is_dropped_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loop = Loop()
    with ArrayRecorder(tmp_path / "a.npz", X, Y, settings=EVERY) as rec:
        for epoch in range(6):
            hidden, readout, logits = loop.step()
            rec.observe(hidden, readout=readout, outputs=logits + (epoch > 3) * hidden[:, :1] ** 2)
    path = Trajectory.load(tmp_path / "a.npz")
    assert not path.knows_readout
    assert path.knows_loss
    assert np.isfinite(path.accuracy).all()
    told = "none: from epoch 4 on readout does not give the model's output"
    assert path.recipe["recorded"]["read-out"] == told
    assert f"a.npz: read-out: {told}\n" in capsys.readouterr().err
    assert f"read-out       {told}\n" in spiral(tmp_path, "info", "a.npz").stdout


def test_one_logit_has_its_boundary_in_the_file(tmp_path: Path) -> None:
    hidden = np.tanh(X)
    weight, bias, labels = np.array([[2.0, -1.0]]), np.array([0.3]), X[:, 0] > 0
    logits = (hidden @ weight.T + bias)[:, 0]
    with ArrayRecorder(tmp_path / "a.npz", X, labels, activation="tanh") as rec:
        rec.observe(hidden, readout=(weight, bias), outputs=logits)
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.classes == 2
    assert path.recipe["class_names"] == ["False", "True"]
    ours = path.hidden[0] @ path.readout_weight[0].T + path.readout_bias[0]
    sure = np.abs(logits) > 0.01
    assert ((ours[:, 1] > ours[:, 0]) == (logits > 0))[sure].all()
    assert path.accuracy[0] == pytest.approx(((logits > 0) == labels).mean())
    arrays = {"epochs": [0], "inputs": X, "labels": labels, "hidden": hidden[None]}
    given = Trajectory.from_arrays(
        {}, **arrays, readout_weight=weight[None], readout_bias=bias[None]
    )
    np.testing.assert_array_equal(given.readout_weight, path.readout_weight)
    np.testing.assert_array_equal(given.readout_bias, path.readout_bias)


def test_one_logit_without_both_classes_is_refused() -> None:
    arrays = {"epochs": [0], "inputs": X, "labels": np.zeros(N, int), "hidden": X[None]}
    with pytest.raises(TrajectoryError, match="there is one class only"):
        Trajectory.from_arrays(
            {}, **arrays, readout_weight=np.ones((1, 1, 2)), readout_bias=np.ones((1, 1))
        )


def test_layers_of_as_many_units_share_a_file(tmp_path: Path) -> None:
    with ArrayRecorder(tmp_path / "a.npz", X, Y, settings=EVERY) as rec:
        for scale in (1.0, 1.5):
            rec.observe([np.tanh(scale * X), np.tanh(2 * scale * X)])
    path = Trajectory.load(tmp_path / "a.npz")
    np.testing.assert_allclose(path.layers[1][1], np.tanh(1.5 * X), atol=1e-3)
    np.testing.assert_allclose(path.hidden[1], np.tanh(3 * X), atol=1e-3)
    with pytest.raises(UsageError) as error, ArrayRecorder(tmp_path / "b.npz", X, Y) as rec:
        rec.observe([X, X[:, :1]])
    assert str(error.value) == (
        "The layers have 2, 1 units.\nexpected: layers of as many units, to be recorded in one "
        "file.\nnext: one recorder for each of them"
    )


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, DivergenceError, UsageError])
def test_whatever_goes_wrong_later_what_was_recorded_is_saved(
    tmp_path: Path, error: type[BaseException]
) -> None:
    def train() -> None:
        with ArrayRecorder(tmp_path / "a.npz", X, Y) as rec:
            rec.observe(X)
            rec.observe(X + 1)
            if error is DivergenceError:
                rec.observe(X * np.nan)
            if error is UsageError:
                rec.observe(X[:5])
            raise error

    with pytest.raises(error):
        train()
    assert Trajectory.load(tmp_path / "a.npz").trained_epochs == 1


def test_a_file_that_cannot_be_written_is_kept_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "away"

    def train() -> None:
        with ArrayRecorder(folder / "a.npz", X, Y) as rec:
            rec.observe(X)
            folder.rmdir()
            folder.write_text("a file")

    with pytest.raises(SpiralError) as error:
        train()
    assert str(error.value).startswith(f"{folder / 'a.npz'} cannot be written: ")
    kept = Path(error.value.found.partition("The record is in ")[2].removesuffix("."))
    assert Trajectory.load(kept).points == N
    assert error.value.next_step == f"mv {kept} {folder / 'a.npz'}"
    kept.unlink()
    kept.parent.rmdir()


@pytest.mark.parametrize("given", [1.5, np.float32(1.5), np.array([1.5]), np.array(1.5)])
def test_losses_are_kept_as_they_are_given(tmp_path: Path, given: Any) -> None:
    with ArrayRecorder(tmp_path / "a.npz", X, Y) as rec:
        rec.observe(X)
        rec.observe(X, loss=given)
        rec.observe(X, loss=float("nan"))
        rec.observe(X, loss=float("inf"))
    path = Trajectory.load(tmp_path / "a.npz")
    np.testing.assert_array_equal(path.loss, [np.nan, 1.5, np.nan, np.nan])
    assert not path.knows_loss, "a loss is no cross-entropy"
    assert path.recipe["gaps"] == ["loss"]
    path.save(tmp_path / "b.npz")
    again = Trajectory.load(tmp_path / "b.npz")
    assert compare(path, again).same
    changed = np.array([1.0, 1.5, np.nan, np.nan])
    assert [d.array for d in compare(path, replace(again, loss=changed)).differing] == ["loss"]


def test_a_gap_that_is_not_announced_is_damage(tmp_path: Path) -> None:
    with ArrayRecorder(tmp_path / "a.npz", X, Y) as rec:
        rec.observe(X)
        rec.observe(X, loss=1.0)
    with pytest.raises(TrajectoryError) as error:
        replace(rec.trajectory, recipe={})
    assert str(error.value) == (
        "the given arrays: the array 'loss' holds nan at [0].\n"
        "expected: finite numbers below 1e+15."
    )


def refused(tmp_path: Path, **observed: Any) -> str:
    hidden = observed.pop("hidden", np.tanh(X))
    options = {name: observed.pop(name) for name in ("activation",) if name in observed}
    recorder = ArrayRecorder(tmp_path / "a.npz", X, Y, **options)
    with pytest.raises(UsageError) as error, recorder as rec:
        rec.observe(hidden, **observed)
    assert not (tmp_path / "a.npz").exists()
    return str(error.value)


def test_what_cannot_be_recorded_is_refused_at_the_first_step(tmp_path: Path) -> None:
    _, (weight, bias), logits = Loop().step()
    assert refused(tmp_path, readout=(weight, bias)) == (
        "There is a read-out and no outputs, so that it cannot be checked.\n"
        "expected: what the network says of the points.\n"
        "next: observe(hidden, readout=..., outputs=logits)"
    )
    assert refused(tmp_path, readout=(weight.T, bias), outputs=logits) == (
        "The weight of the read-out has the shape (2, 3).\n"
        "expected: (3, 2): outputs and units.\nnext: readout=(weight.T, bias)"
    )
    assert refused(tmp_path, readout=(weight, bias + 1 + Y[:3]), outputs=logits) == (
        "The read-out does not give the outputs; outputs: logits of 3 classes.\n"
        "expected: outputs = hidden @ weight.T + bias, or what softmax, log-softmax or a positive "
        "scale makes of it.\nnext: observe(hidden, outputs=...) without a read-out"
    )
    assert refused(tmp_path, loss=[1.0, 2.0]) == (
        "The loss is a list that is no number: float() argument must be a string or a real number, "
        "not 'list'.\nexpected: one number, or a tensor of one.\nnext: step(loss.mean())"
    )
    assert refused(tmp_path, at=3) == (
        "Epoch 3 was given.\nexpected: epoch 0, which comes next.\n"
        "next: a recorder with unit='epoch', or 'step', 'batch' or 'sample', counts what at= says"
    )
    assert refused(tmp_path, hidden=X[:4]) == (
        "The layer 'hidden' gives the shape (4, 2) for 30 points.\n"
        "expected: one row for each point."
    )
    assert refused(tmp_path, hidden=9 * X, activation="tanh").startswith(
        "The layer 'hidden' leaves the space of the activation 'tanh': "
    )
    with pytest.raises(UsageError) as error:
        ArrayRecorder(tmp_path, X, Y)
    assert str(error.value) == (
        f"{tmp_path} is a folder.\nexpected: the name of a file.\nnext: {tmp_path / 'record.npz'}"
    )


def test_arrays_of_other_frameworks_are_taken(tmp_path: Path) -> None:
    class OnDevice:
        """As CuPy has them: `numpy.asarray` refuses, `get` brings them."""

        __cuda_array_interface__ = ()
        dtype = np.dtype("float32")

        def __init__(self, array: np.ndarray) -> None:
            self._array = array

        def __array__(self) -> np.ndarray:
            raise TypeError("Implicit conversion is not allowed.")

        def get(self) -> np.ndarray:
            return self._array

    hidden, (weight, bias), logits = Loop().step()
    with ArrayRecorder(tmp_path / "a.npz", OnDevice(X), Y) as rec:
        rec.observe(
            OnDevice(hidden), readout=(OnDevice(weight), OnDevice(bias)), outputs=OnDevice(logits)
        )
    assert rec.trajectory.knows_readout


def test_recording_arrays_needs_no_torch(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "import numpy as np\nfrom spiralcore import ArrayRecorder\n"
        "x = np.random.rand(9, 2)\n"
        "with ArrayRecorder('a.npz', x, np.arange(9) % 3) as rec:\n    rec.observe(x)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert Trajectory.load(tmp_path / "a.npz").points == 9


def test_without_numba_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['numba'] = None\n"
        "try:\n    from spiralcore import ArrayRecorder\n"
        "except Exception as error:\n    print(error)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout == (
        "Recording a network needs the package 'numba', which is not installed.\n"
        "expected: an installation with the extra 'record'.\n"
        'next: pip install "spiralcore[record]"\n'
    )
