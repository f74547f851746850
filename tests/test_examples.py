"""The examples run, and what they write can be filmed."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiralcore import Trajectory
from tests import warm
from tests.conftest import spiral

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.mark.parametrize(
    ("name", "epochs", "points", "inputs", "kept_more_than"),
    [
        ("two_moons", "15", 400, 2, 5),
        ("digits", "1", 500, 64, 5),
        ("numpy_network", "200", 300, 2, 5),
    ],
)
def test_an_example_makes_a_trajectory_that_can_be_filmed(
    name: str, epochs: str, points: int, inputs: int, kept_more_than: int, tmp_path: Path
) -> None:
    command = (str(EXAMPLES / f"{name}.py"), "--epochs", epochs, "--out", "a.npz")
    ran = warm.run(*command, folder=tmp_path, variables={"OMP_NUM_THREADS": "1"})
    assert ran.returncode == 0, ran.stderr
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.inputs.shape == (points, inputs)
    assert path.units == 2
    assert path.knows_readout
    assert path.knows_loss
    assert len(path.epochs) > kept_more_than
    assert path.cross_entropy[-1] < path.cross_entropy[0]
    assert f"accuracy {path.accuracy[-1]:.3f}" in ran.stdout
    poster = ["render", "bending", "a.npz", "--quality", "240p10", "--out", "a.png"]
    assert spiral(tmp_path, *poster).returncode == 0


def test_every_example_is_tested_and_named_in_the_readme() -> None:
    names = {path.stem for path in EXAMPLES.glob("*.py")}
    assert names == {"two_moons", "digits", "numpy_network", "jax_network"}
    readme = (EXAMPLES.parent / "README.md").read_text(encoding="utf-8")
    assert all(f"examples/{name}.py" in readme for name in names)
