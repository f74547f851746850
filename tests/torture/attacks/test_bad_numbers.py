"""Absurd numbers end in an error that says what to change, or in a correct film."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from spiralcore import Recorder, Trajectory
from spiralcore.cli import main
from spiralcore.errors import DivergenceError, TrajectoryError, UsageError
from spiralcore.recipe import load_recipe
from spiralcore.recipe.memory import machine_bytes, training_bytes
from tests.conftest import small_recipe
from tests.torture.attacks.drawing import draw_figures, draw_films, film_frames
from tests.torture.attacks.generated import each_of, odd_trajectories

GB = f"{machine_bytes() / 1e9:,.0f} GB"


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("data.points_per_class", 0, "found 0, expected greater than or equal to 1"),
        ("data.points_per_class", 10**9,
         "found 1000000000, expected less than or equal to 1000000"),
        ("data.noise", float("nan"), "found nan, expected a finite number"),
        ("data.noise", -1.0, "found -1.0, expected greater than or equal to 0"),
        ("data.outer_radius", 0.0, "found 0.0, expected greater than 0"),
        ("data.turns", float("inf"), "found inf, expected a finite number"),
        ("classes", [1], "found 1, expected greater than or equal to 2"),
        ("classes", [10**9], "found 1000000000, expected less than or equal to 64"),
        ("classes", [], "found [], expected at least 1 item"),
        ("network.widths", [], "found [], expected at least 1 item"),
        ("network.widths", [0], "found 0, expected greater than or equal to 1"),
        ("network.widths", [10**9, 2], "found 1000000000, expected less than or equal to 10000"),
        ("network.widths", [2] * 51, f"found {[2] * 51}, expected at most 50 items"),
        ("training.epochs", 10**12, "found 1000000000000, expected less than or equal to 10000000"),
        ("training.learning_rate", float("nan"), "found nan, expected a finite number"),
        ("training.learning_rate", -1.0, "found -1.0, expected greater than 0"),
        ("training.l2", -1.0, "found -1.0, expected greater than or equal to 0"),
        ("recording.max_megabytes", 0.0, "found 0.0, expected greater than 0"),
        ("film.seconds", 0.0, "found 0.0, expected greater than or equal to 1"),
        ("film.seconds", 1e9, "found 1000000000.0, expected less than or equal to 600"),
        ("film.quality", "99999p1", "found '99999p1', expected a height and a frame rate such as "
         "1080p60, 720p30 or 2160p60"),
        ("film.quality", "121p30", "found '121p30', expected an even height from 120 to 4320 and a "
         "rate from 1 to 240"),
        ("seed", -1, "found -1, expected greater than or equal to 0"),
    ],
)  # fmt: skip
def test_absurd_settings_are_named(setting: str, value: object, message: str) -> None:
    with pytest.raises(UsageError) as error:
        load_recipe(None, {setting: value})
    first, line = str(error.value).splitlines()
    assert first == "the default recipe, with the options, has a setting that cannot be used:"
    assert line.split(": ", 1)[1] == message
    assert line.strip().startswith(setting)


def ended(arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    """Exit code and message of a command."""
    with pytest.raises(SystemExit) as end:
        main(arguments.split())
    return end.value.code, capsys.readouterr().err


@pytest.mark.parametrize("verb", ["train", "render", "plot", "study"])
@pytest.mark.parametrize("jobs", ["0", "-1", "1000000"])
def test_no_processes_and_a_million(
    verb: str, jobs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, message = ended(f"{verb} --jobs {jobs}", capsys)
    assert code == 2
    assert f"Invalid value for '--jobs': {jobs} is not in the range 1<=x<=256." in message


def test_a_training_that_is_too_large_is_refused_before_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in (
        "train --points 1000000 --classes 64",
        "train --epochs 10000000 --classes 64 --widths 64",
        "render --classes 64 --widths " + "10000 " * 40 + "2",
    ):
        code, message = ended(arguments, capsys)
        assert code == 2
        assert "64 classes, tanh, seed 1: the training takes " in message
        assert message.endswith(
            f"expected: at most {GB}, all that this machine has.\n"
            "next: fewer points, narrower layers or fewer epochs\n"
        )
    assert list(tmp_path.rglob("*.npz")) == []


def test_a_study_that_is_too_large_is_refused_before_it_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grid = tmp_path / "grid.toml"
    grid.write_text(
        "batch = 64\n[data]\npoints_per_class = 1000000\n"
        '[[part]]\nclasses = [64]\nunits = [2]\nactivations = ["relu"]\nseeds = 64\n'
    )
    code, message = ended(f"study {grid}", capsys)
    assert code == 2
    assert "64 classes, ReLU, seed 1: the training takes " in message


def test_the_memory_of_a_training_is_foreseen() -> None:
    """What is foreseen is what a training of this size allocates, within a factor of two."""
    from multiprocessing import get_context

    recipe = small_recipe().model_copy(update={"classes": 4})
    few, many = training_bytes(recipe, 160), training_bytes(recipe, 100_000)
    assert many - few == 4 * (100_000 - 160) * (2 * (120 + 80 + 40 + 2 + 4) + 2)
    with get_context("spawn").Pool(1) as pool:
        grown = pool.apply(_growth_of_a_training, (100_000,))
    assert 0.5 < grown / (many - few) < 2


def _growth_of_a_training(points: int) -> int:
    """Bytes that a process grows by when it trains on many points, one epoch long."""
    import resource

    from spiralcore.training.trainer import points_of, train

    def largest() -> int:
        status = Path("/proc/self/status")
        if status.exists():
            # What resource tells begins with the size of the process that started this one.
            found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
            assert found is not None
            return int(found[1]) * 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    training = {"epochs": 1, "attempts": 1}
    before = small_recipe(classes=4, training=training)
    list(train(before, points_of(before)))
    started = largest()
    data = {"points_per_class": points // 4}
    recipe = small_recipe(classes=4, training=training, data=data)
    list(train(recipe, points_of(recipe)))
    return largest() - started


def border(**changes: object) -> Trajectory:
    """A network that is whole but for what a case has in it: K = 3, four points a class."""
    rng = np.random.default_rng(5)
    kept, count, widths = 6, 12, [3, 2]
    arrays: dict[str, object] = {
        "epochs": np.arange(kept) * 4,
        "inputs": rng.uniform(-9, 9, size=(count, 2)),
        "labels": np.arange(count) % 3,
        "hidden": rng.uniform(-1, 1, size=(kept, count, 2)),
        "readout_weight": rng.normal(size=(kept, 3, 2)),
        "readout_bias": rng.normal(size=(kept, 3)),
        "parameters": rng.normal(size=(2, 26)),
        "parameter_epochs": np.array([0, 20]),
        **{name: rng.uniform(0.1, 1, size=21) for name in ("cross_entropy", "loss", "accuracy")},
    }
    recipe = {
        "activation": "tanh",
        "seed": 1,
        "network": {"widths": widths},
        "data": {"turns": None},
    }
    return Trajectory.from_arrays(recipe, **{**arrays, **changes})  # type: ignore[arg-type]


CASES = {
    "all points at the origin": {"inputs": np.zeros((12, 2))},
    "all points at one place": {"inputs": np.full((12, 2), 3.0)},
    "each point twice": {"inputs": np.tile(np.eye(6, 2), (2, 1))},
    "all points in one class": {"labels": np.zeros(12, int)},
    "one point a class": {
        "inputs": np.eye(3, 2), "labels": np.arange(3), "hidden": np.tile(np.eye(3, 2), (6, 1, 1)),
    },
    "nothing moves": {"hidden": np.full((6, 12, 2), 0.5)},
    "all at zero": {"hidden": np.zeros((6, 12, 2))},
    "loss and accuracy constant": {
        name: np.full(21, 0.25) for name in ("cross_entropy", "loss", "accuracy")
    },
    "loss of zero": {name: np.zeros(21) for name in ("cross_entropy", "loss", "accuracy")},
    "loss below zero": {"loss": np.full(21, -3.0), "cross_entropy": np.zeros(21)},
    "huge loss": {"loss": np.full(21, 9e14), "cross_entropy": np.geomspace(1, 9e14, 21)},
    "read-out of zeros": {
        "readout_weight": np.zeros((6, 3, 2)), "readout_bias": np.zeros((6, 3)),
    },
    "network of zeros": {"parameters": np.zeros((2, 26))},
    "one epoch": {
        "epochs": np.array([0]), "hidden": np.full((1, 12, 2), 0.5),
        "readout_weight": np.ones((1, 3, 2)), "readout_bias": np.zeros((1, 3)),
        "cross_entropy": np.ones(1), "loss": np.ones(1), "accuracy": np.ones(1),
        "parameters": np.ones((1, 26)), "parameter_epochs": np.array([0]),
    },
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_border_cases_are_drawn(case: str) -> None:
    trajectory = border(**CASES[case])
    frames = list(film_frames("bending", trajectory))
    assert all(frame.std() > 5 for frame in frames)
    assert draw_figures(trajectory) == {}


@pytest.mark.parametrize("case", ["all points at the origin", "nothing moves", "one epoch"])
def test_every_film_draws_the_worst_cases(case: str) -> None:
    assert draw_films(border(**CASES[case])) == {}


def test_points_at_one_place_are_seen_there() -> None:
    """The plane of the data has a disc in its middle, and nothing beside it, when all are at 0."""
    bare = border(parameters=None, parameter_epochs=None)
    # While the network learns: before and after that the large panel shows the data, too.
    first, other = (
        next(islice(film_frames("bending", path), 1, None))
        for path in (replace(bare, inputs=np.zeros((12, 2), np.float32)), bare)
    )
    rows, columns = np.nonzero((first[..., :3].astype(int) != other[..., :3]).any(axis=2))
    # What differs between the two pictures is the panel of the data alone, a square.
    height, width = rows.max() - rows.min(), columns.max() - columns.min()
    assert 0.6 < height / width < 1.6
    assert width < first.shape[1] / 2


def test_generated_trajectories_are_drawn() -> None:
    wrong: list[object] = []
    each_of(odd_trajectories(), 2, 1, lambda made: wrong.extend(draw_figures(made).items()))
    assert wrong == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hidden": np.full((6, 12, 2), np.nan)}, "the array 'hidden' holds nan at [0, 0, 0]."),
        ({"inputs": np.zeros((0, 2))}, "the array 'inputs' has the shape (0, 2)."),
        ({"hidden": np.zeros((6, 12, 0))}, "the array 'hidden' has the shape (6, 12, 0)."),
        ({"labels": np.full(12, -1)}, "the labels go from -1 to -1."),
        ({"labels": np.full(12, 10**9)}, "the labels go from 1000000000 to 1000000000."),
        ({"epochs": np.zeros(6, int)}, "the array 'epochs' goes from 0 to 0 and does not increase"),
        ({"loss": np.full(21, 1e16)}, "the array 'loss' holds 1"),
        ({"inputs": [["a", "b"]] * 12}, "the array 'inputs' has the type <U1."),
        ({"labels": [None] * 12}, "the array 'labels' has the type object."),
    ],
)
def test_arrays_of_nonsense_are_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(TrajectoryError) as error:
        border(**changes)
    assert str(error.value).startswith(f"the given arrays: {message}")
    assert "\nexpected: " in str(error.value)


# The recorder: whatever a model does, the epochs before are not lost.


def recorded(path: Path, weight: float = 1.0, head: float = 1.0, classes: int = 3) -> Trajectory:
    """A record of three epochs, the last one of a model whose numbers were changed."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, classes))
    labels = torch.arange(9) % max(classes, 1)
    with Recorder(path, model, layer="1", inputs=torch.randn(9, 2), labels=labels) as recorder:
        recorder.step()
        with torch.no_grad():
            model[0].weight.mul_(weight)
            model[2].weight.mul_(head)
        recorder.step()
    return Trajectory.load(path)


def test_a_layer_that_is_huge_ends_the_record_in_time(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with pytest.raises(DivergenceError) as error:
        recorded(path, weight=1e17)
    assert str(error.value) == (
        "The layer '1' reaches 5e+16 at epoch 2.\nexpected: finite numbers below 1e+15.\n"
        "next: a lower learning rate; the epochs before are recorded"
    )
    assert Trajectory.load(path).trained_epochs == 1


@pytest.mark.parametrize("head", [float("nan"), 1e20])
def test_a_read_out_that_is_damaged_is_left_out(head: float, tmp_path: Path) -> None:
    made = recorded(tmp_path / "a.npz", head=head)
    assert made.trained_epochs == 2
    assert not made.knows_readout
    assert np.isfinite(made.hidden).all()


def test_a_head_of_one_output_is_no_read_out(tmp_path: Path) -> None:
    made = recorded(tmp_path / "a.npz", classes=1)
    assert made.classes == 2
    assert not made.knows_readout


def test_points_that_are_no_numbers_are_refused_at_the_start(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    with pytest.raises(UsageError) as error:
        Recorder(tmp_path / "a.npz", model, "0", torch.full((4, 2), float("nan")), torch.arange(4))
    assert str(error.value) == (
        "The inputs hold numbers that are not finite, or huge.\n"
        "expected: finite numbers below 1e+15."
    )
