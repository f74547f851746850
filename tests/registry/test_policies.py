"""Which epochs are kept, and that everything which names the policies follows the registry."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from spiralcore.errors import UsageError
from spiralcore.recipe import RecordingSettings, default_recipe_text, parse_recipe
from spiralcore.recording.piecewise_linear import PiecewiseLinear
from spiralcore.recording.size_budget import within_budget
from spiralcore.registry.policies import COARSER, LOOSENING, POLICIES, policy
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.summary import summary
from tests.cli import known
from tests.conftest import spiral


class Asked:
    """A run that remembers which tolerances it was asked for."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.asked: list[float] = []

    def within(self, tolerance: float) -> np.ndarray:
        self.asked.append(tolerance)
        return np.array([0, self.last])


def test_the_log_schedule_of_the_original_keeps_249_epochs() -> None:
    (epochs,) = policy("log").choices(Asked(10_000), RecordingSettings(frames=350))
    assert len(set(epochs.tolist()) - {0, 10_000}) == 249


def test_the_adaptive_policy_gets_coarser_by_and_by() -> None:
    run = Asked(5)
    assert len(list(policy("adaptive").choices(run, RecordingSettings(tolerance=0.02)))) == 17
    assert run.asked == [0.02 * factor for factor in (*LOOSENING, *COARSER)]


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("last", [0, 1, 2, 7, 1000])
def test_every_policy_keeps_the_first_and_the_last_epoch(name: str, last: int) -> None:
    for epochs in policy(name).choices(Asked(last), RecordingSettings(frames=5)):
        assert (epochs[0], epochs[-1]) == (0, last)
        assert (np.diff(epochs) > 0).all() or last == 0


def test_an_unknown_policy_names_the_nearest_one() -> None:
    expected = f"one of {known.policies}."
    with pytest.raises(UsageError) as error:
        policy("linaer")
    assert str(error.value) == (
        f"There is no recording policy 'linaer'. Did you mean 'linear'?\nexpected: {expected}"
    )
    with pytest.raises(UsageError) as error:
        parse_recipe('[recording]\nkeep = "evry"', "my.toml")
    assert str(error.value) == (
        "my.toml has a setting that cannot be used:\n"
        f"  recording.keep: found 'evry', expected {expected} Did you mean 'every'?"
    )
    with pytest.raises(UsageError) as error:
        parse_recipe("[recording]\nkeep = 3", "my.toml")
    assert "recording.keep: found 3, expected a text" in str(error.value)


def test_settings_that_nobody_checked_are_no_linear_policy() -> None:
    unchecked = RecordingSettings.model_construct(keep="sometimes", max_megabytes=1.0)
    run, widths = np.zeros((3, 1, 2), np.float32), np.ones((3, 1), np.float32)
    with pytest.raises(UsageError, match="There is no recording policy 'sometimes'"):
        within_budget(run, widths, unchecked, lambda lines: pytest.fail("built"))


def test_recipe_help_and_documents_name_every_policy(tmp_path: Path) -> None:
    line = re.search(r"^keep = .*", default_recipe_text(), re.MULTILINE)
    assert line
    assert line[0].partition("#")[2].split(" | ") == [
        f" {next(iter(POLICIES))}",
        *list(POLICIES)[1:],
    ]
    said = " ".join(spiral(tmp_path, "train", "--help").stdout.split())
    page = Path(__file__).parents[2] / "docs" / "trajectory-format.md"
    chosen = page.read_text(encoding="utf-8").partition("## How epochs are chosen")[2]
    for name, entry in POLICIES.items():
        assert f"{name}, {entry.summary}" in said
        assert f"`{name}`" in chosen


def test_a_run_that_no_tolerance_brings_within_the_limit_keeps_fewer_epochs_and_says_so() -> None:
    rng = np.random.default_rng(0)
    run = rng.normal(size=(101, 400, 2)).astype(np.float32)
    widths = np.full((101, 1), 60.0, np.float32)
    settings = RecordingSettings(max_megabytes=0.1)

    def build(lines: PiecewiseLinear, room: float) -> Trajectory:
        return Trajectory.of(
            {"made": {"versions": {}}},
            epochs=lines.epochs,
            inputs=run[0],
            labels=np.arange(400) % 2,
            hidden=lines.hidden,
            hidden_mean=lines.means,
            accuracy=np.zeros(101),
            fidelity=np.array(lines.fidelity()),
        )

    trajectory, data = within_budget(run, widths, settings, build)
    kept = len(trajectory.epochs)
    assert len(data) <= 100_000
    assert 2 <= kept < 50
    said = f"{kept} of 101 epochs: all would take more than 0.1 MB"
    assert trajectory.recipe["made"] == {"versions": {}, "limited": said}
    assert summary(trajectory)["limited"] == said
    assert trajectory.fidelity is not None
    off = [
        np.linalg.norm(trajectory.evaluate(epoch).hidden - run[epoch], axis=1).max() / 60
        for epoch in range(101)
    ]
    assert trajectory.fidelity.max == pytest.approx(max(off), rel=1e-3)
    enough = RecordingSettings(max_megabytes=10)
    assert "limited" not in within_budget(run, widths, enough, build)[0].recipe["made"]
