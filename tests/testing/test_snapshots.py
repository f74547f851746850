"""The pytest plugin, as it is installed, in runs of pytest of their own."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import pytest_spiralcore
from spiralcore import Trajectory
from spiralcore.testing.excerpt import snapshot_of

pytest_plugins = ["pytester"]

TESTS = """
import sys
import numpy as np
import pytest
from spiralcore import Trajectory

def made(moved=0.0, points=30, epochs=41):
    t = np.linspace(0, 1, epochs)[:, None, None]
    place = np.stack([np.linspace(-1, 1, points), np.linspace(1, -1, points) ** 2], axis=1)
    hidden = 0.8 * t * place
    hidden[21, 12, 0] += moved  # an epoch that the snapshot keeps
    return Trajectory.from_arrays(
        {"activation": "tanh", "made": {"versions": {"numpy": np.__version__}}},
        epochs=np.arange(epochs), inputs=place, labels=np.arange(points) % 3, hidden=hidden,
    )
"""


def one(changes: str = "") -> str:
    """A test file with one test, of a trajectory that may be changed."""
    return f"{TESTS}\ndef test_it(trajectory_snapshot):\n    trajectory_snapshot(made({changes}))\n"


UPDATE = "--trajectory-update"
SNAPSHOT = "trajectory_snapshots/test_run/test_it.npz"


@pytest.fixture
def run(pytester: pytest.Pytester):
    """Runs pytest with the plugins that are installed, within this process."""

    def start(test: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_run=test)
        return pytester.runpytest_inprocess(*options)

    return start


@pytest.fixture
def start(pytester: pytest.Pytester):
    """The same in a process of its own, where nothing is loaded yet."""

    def start(test: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_run=test)
        return pytester.runpytest_subprocess(*options)

    return start


def errors(result: pytest.RunResult) -> list[str]:
    """The lines of the failure."""
    return [line[1:].strip() for line in result.outlines if line.startswith("E   ")]


def test_the_entry_point_is_installed(run) -> None:
    result = run(one(), "--fixtures")
    found = [line for line in result.outlines if line.startswith("trajectory_snapshot -- ")]
    assert len(found) == 1
    assert "pytest_spiralcore.py" in found[0]
    assert any(UPDATE in line for line in run("", "--help").outlines)


def test_a_missing_snapshot_fails_with_the_line_to_type(run, pytester: pytest.Pytester) -> None:
    result = run(one())
    result.assert_outcomes(failed=1)
    assert errors(result) == [
        f"spiralcore.testing.snapshots.SnapshotMismatch: There is no snapshot {SNAPSHOT}.",
        f"next: pytest test_run.py::test_it {UPDATE}",
    ]
    assert not (pytester.path / "trajectory_snapshots").exists()


def test_what_was_accepted_passes_and_is_left_alone(run, pytester: pytest.Pytester) -> None:
    first = run(one(), UPDATE)
    first.assert_outcomes(passed=1)
    size = (pytester.path / SNAPSHOT).stat().st_size
    line = f"new     {SNAPSHOT}, {size / 1e3:.1f} kB"
    assert line in first.outlines
    assert f"1 written, 0 as before; {size / 1e3:.1f} kB in all" in first.outlines
    before = (pytester.path / SNAPSHOT).read_bytes()
    run(one()).assert_outcomes(passed=1)
    # Within the tolerance of 0.01 of a panel's width of 2.
    again = run(one("0.019"), UPDATE)
    again.assert_outcomes(passed=1)
    assert f"0 written, 1 as before; {size / 1e3:.1f} kB in all" in again.outlines
    assert (pytester.path / SNAPSHOT).read_bytes() == before


def test_a_moved_point_fails_with_all_that_is_known_of_it(run, pytester: pytest.Pytester) -> None:
    run(one(), UPDATE)
    result = run(one("0.3"))
    result.assert_outcomes(failed=1)
    picture = ".pytest_cache/d/trajectory-snapshots/test_run/test_it.png"
    assert errors(result) == [
        "spiralcore.testing.snapshots.SnapshotMismatch: The trajectory is not that of its snapshot "
        f"{SNAPSHOT}.",
        "worst: hidden at epoch 21, point 12 of class 0: off by 0.15 of the panel's width, "
        "15 times the tolerance of 0.01",
        "first: epoch 21, hidden",
        f"picture: {picture}",
        f"look closer: spiral diff {SNAPSHOT} {picture[:-4]}.npz --film difference.mp4",
        f"next: if this is how it should be, pytest test_run.py::test_it {UPDATE}",
    ]
    with Image.open(pytester.path / picture) as drawn:
        assert drawn.width > 1000
        assert len(drawn.convert("RGB").getcolors(1 << 20) or []) > 20
    assert Trajectory.load(pytester.path / f"{picture[:-4]}.npz").points == 30
    accepted = run(one("0.3"), UPDATE)
    assert f"changed {SNAPSHOT}, " in accepted.stdout.str()
    assert (
        "        worst: hidden at epoch 21, point 12 of class 0: off by 0.15 of the panel's width, "
        "15 times the tolerance of 0.01"
    ) in accepted.outlines
    run(one("0.3")).assert_outcomes(passed=1)


def test_without_matplotlib_the_failure_says_how_to_get_a_picture(
    run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(one(), UPDATE)
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec",
        lambda name, *rest: None if name == "matplotlib" else found(name, *rest),
    )
    result = run(one("0.3"), "-p", "no:cacheprovider")
    assert ("picture: none, as matplotlib is not installed: pip install matplotlib") in errors(
        result
    )
    assert any("test_it0/test_it.npz --film" in line for line in errors(result))


def test_another_shape_and_a_broken_file_fail_and_can_be_replaced(
    run, pytester: pytest.Pytester
) -> None:
    run(one(), UPDATE)
    result = run(one("points=31"))
    assert errors(result) == [
        "spiralcore.testing.snapshots.SnapshotMismatch: The trajectory cannot be compared with its "
        f"snapshot: {pytester.path / SNAPSHOT} and the given arrays cannot be compared: 30 and 31 "
        "points.",
        f"next: pytest test_run.py::test_it {UPDATE}",
    ]
    run(one("points=31"), UPDATE).assert_outcomes(passed=1)
    (pytester.path / SNAPSHOT).write_bytes(b"no archive")
    result = run(one("points=31"))
    assert "cannot be compared with its snapshot" in errors(result)[0]
    assert "is not a readable .npz file" in errors(result)[0]
    replaced = run(one("points=31"), UPDATE)
    replaced.assert_outcomes(passed=1)
    assert f"changed {SNAPSHOT}, " in replaced.stdout.str()


def test_tests_and_their_parameters_have_snapshots_of_their_own(
    run, pytester: pytest.Pytester
) -> None:
    test = TESTS + (
        "\nclass TestAll:\n"
        "    @pytest.mark.parametrize('moved', [0.0, 0.5])\n"
        "    def test_many(self, moved, trajectory_snapshot):\n"
        "        trajectory_snapshot(made(moved))\n"
        "        trajectory_snapshot(made(2 * moved), 'double', arrays=['hidden'])\n"
        "\n@pytest.mark.parametrize('name', ['a/b', 'a b'])\n"
        "def test_odd(name, trajectory_snapshot):\n    trajectory_snapshot(made())\n"
        "\ndef test_twice(trajectory_snapshot):\n"
        "    trajectory_snapshot(made())\n    trajectory_snapshot(made())\n"
    )
    result = run(test, UPDATE)
    result.assert_outcomes(passed=4, failed=1)
    files = sorted(
        path.name for path in (pytester.path / "trajectory_snapshots/test_run").iterdir()
    )
    many = [name for name in files if name.startswith("TestAll")]
    assert many == [
        "TestAll.test_many-0.0-double.npz", "TestAll.test_many-0.0.npz",
        "TestAll.test_many-0.5-double.npz", "TestAll.test_many-0.5.npz",
    ]  # fmt: skip
    assert sum(bool(re.fullmatch(r"test_odd-a-b-[0-9a-f]{8}\.npz", name)) for name in files) == 2
    assert errors(result) == [
        "spiralcore.errors.UsageError: Two snapshots of this test are called 'test_twice'.",
        "expected: a name for each.",
        'next: trajectory_snapshot(trajectory, "another name")',
    ]


def test_neither_torch_nor_manim_is_needed(
    start, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = pytester.mkdir("hidden")
    for name in ("torch", "manim", "numba", "matplotlib"):
        (hidden / f"{name}.py").write_text(f"raise ModuleNotFoundError('gone', name='{name}')\n")
    monkeypatch.setenv("PYTHONPATH", str(hidden))
    test = one() + "    assert not {'torch', 'manim', 'matplotlib'} & {*sys.modules}\n"
    start(test, UPDATE).assert_outcomes(passed=1)


def test_the_plugin_alone_loads_nothing_of_the_package(start) -> None:
    test = (
        "import sys\n"
        "def test_it():\n"
        "    loaded = [n for n in sys.modules if n.split('.')[0] in ('spiralcore', 'numpy')]\n"
        "    assert 'pytest_spiralcore' in sys.modules\n"
        "    assert loaded == []\n"
    )
    start(test, "-p", "no:hypothesispytest").assert_outcomes(passed=1)


def test_coverage_sees_all_of_the_package(start, pytester: pytest.Pytester) -> None:
    pytester.makefile(".ini", pytest="[pytest]\nfilterwarnings = error\n")
    result = start(one(), UPDATE, "--cov=spiralcore", "--cov-report=term")
    result.assert_outcomes(passed=1)
    assert "previously imported" not in result.stdout.str() + result.stderr.str()
    first = next(line for line in result.outlines if re.search(r"spiralcore/__init__\.py ", line))
    assert not first.rstrip().endswith(" 0%")


def test_a_snapshot_is_small_and_says_nothing_of_its_machine(trajectory: Trajectory) -> None:
    small = snapshot_of(trajectory, 5)
    assert len(small.epochs) == 5
    assert (small.epochs[0], small.epochs[-1]) == (trajectory.epochs[0], trajectory.epochs[-1])
    assert "made" in trajectory.recipe
    assert "made" not in small.recipe
    assert {"parameters", "hidden_mean", "fidelity"} & {*small.arrays()} == set()
    assert {array.dtype for array in (small.hidden, small.readout_bias, small.loss)} == {
        np.dtype(np.float32)
    }


@pytest.mark.parametrize(
    ("test", "stem"),
    [
        ("test_k", "test_k"),
        ("test_k[3-tanh]", "test_k-3-tanh"),
        ("TestA.test_k[0.5]", "TestA.test_k-0.5"),
    ],
)
def test_a_test_names_its_file(test: str, stem: str) -> None:
    assert pytest_spiralcore.file_stem(test) == stem
    assert len(pytest_spiralcore.file_stem("x" * 300)) < 120


def test_default_networks_have_small_snapshots() -> None:
    folder = (
        Path(__file__).parents[1] / "training" / "trajectory_snapshots" / "test_default_networks"
    )
    files = sorted(folder.glob("*.npz"))
    assert len(files) == 12
    assert sum(path.stat().st_size for path in files) < 400_000
