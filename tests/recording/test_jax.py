"""The example in JAX, run for real: in an environment of its own, see CONTRIBUTING.md."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from spiralcore import ArrayRecorder, Trajectory

jax = pytest.importorskip("jax", reason="jax is no part of the environment, see CONTRIBUTING.md")

EXAMPLE = Path(__file__).parents[2] / "examples" / "jax_network.py"


def test_the_example_makes_a_trajectory(tmp_path: Path) -> None:
    command = [sys.executable, str(EXAMPLE), "--epochs", "300", "--out", "a.npz"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.trained_epochs == 300
    assert len(path.epochs) > 20
    assert path.knows_readout
    assert path.accuracy[-1] > 0.9
    logits = path.hidden[-1] @ path.readout_weight[-1].T + path.readout_bias[-1]
    assert (logits.argmax(1) == path.labels).mean() == pytest.approx(path.accuracy[-1], abs=0.01)
    np.testing.assert_allclose(path.loss, path.cross_entropy, rtol=1e-4)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_arrays_of_jax_in_any_precision(dtype: str, tmp_path: Path) -> None:
    keys = jax.random.split(jax.random.PRNGKey(0), 3)
    shapes = (40, 2), (2, 3), (3,)
    hidden, weight, bias = (
        jax.random.normal(key, shape).astype(dtype) for key, shape in zip(keys, shapes, strict=True)
    )
    logits = hidden @ weight + bias
    with ArrayRecorder(tmp_path / "a.npz", hidden, np.arange(40) % 3) as rec:
        rec.observe(hidden, readout=(weight.T, bias), outputs=jax.nn.softmax(logits))
    path = rec.trajectory
    assert path.knows_readout
    right = (np.asarray(logits, np.float32).argmax(1) == path.labels).mean()
    assert path.accuracy[0] == pytest.approx(right, abs=0.03)
