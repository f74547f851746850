"""Records that are too large for their file keep less, and say so."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from spiralcore import Recorder, Trajectory
from spiralcore.analysis.network.projection import principal_axes, projected
from spiralcore.errors import UsageError
from spiralcore.recipe import NetworkRecipe, RecordingSettings
from spiralcore.training.training_job import training_job
from spiralcore.trajectory.summary import summary

POINTS, UNITS, STEPS = 300, 40, 12


def _net() -> nn.Sequential:
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(6, UNITS), nn.Tanh(), nn.Linear(UNITS, 3))


def _run(path: Path, net: nn.Module, **options: object) -> list[np.ndarray]:
    """Train, recorded; the layer at every step."""
    torch.manual_seed(4)
    labels = torch.arange(POINTS) % 3
    inputs = torch.randn(POINTS, 6) + 2 * torch.randn(3, 6)[labels]
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    seen = []
    with Recorder(path, net, "1", inputs, labels, **options) as recorder:  # type: ignore[arg-type]
        for step in range(STEPS + 1):
            seen.append(net[1](net[0](inputs)).detach().numpy())  # type: ignore[index]
            if step < STEPS:
                optimiser.zero_grad()
                loss = nn.functional.cross_entropy(net(inputs), labels)
                loss.backward()
                optimiser.step()
                recorder.step(loss)
    return seen


def test_a_wide_layer_that_has_no_room_is_kept_on_its_principal_axes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, settings = tmp_path / "wide.npz", RecordingSettings(max_megabytes=0.1)
    seen = _run(path, _net(), settings=settings)
    assert path.stat().st_size <= 100_000
    kept = Trajectory.load(path)
    assert (kept.units, kept.shown.units) == (8, UNITS)
    # What it says it has of the variance is what its values have of that of the layer.
    for place, epoch in enumerate(kept.epochs.tolist()):
        share = kept.hidden[place].var(axis=0).sum() / seen[epoch].var(axis=0).sum()
        assert kept.shown.shares[place] == pytest.approx(share, abs=2e-3)
    said = summary(kept)["kept"]
    words = r"8 principal axes of 40 units, (.*) % of the variance: there is no room for all"
    share = re.fullmatch(words, said)
    assert share
    assert float(share[1]) == pytest.approx(100 * kept.shown.share, abs=1)
    assert summary(kept)["dead units"] == "unknown"
    assert f"wide.npz: kept: {said}\n" in capsys.readouterr().err
    # What a film draws is nearly what it would draw of the whole layer.
    plane = projected(kept)
    best = principal_axes([seen[epoch] for epoch in kept.epochs]).share
    assert best - 0.02 < plane.shown.share <= best + 0.02
    assert plane.shown.units == UNITS


def test_regions_of_kept_axes_are_those_of_the_layer(tmp_path: Path) -> None:
    """On the space of the axes through the mean the read-out says what that of the layer does."""
    whole, few = tmp_path / "whole.npz", tmp_path / "few.npz"
    _run(whole, _net())
    _run(few, _net(), settings=RecordingSettings(max_megabytes=0.1))
    one, other = Trajectory.load(whole), Trajectory.load(few)
    assert one.units == UNITS
    assert one.epochs[-1] == other.epochs[-1] == STEPS
    centre = one.hidden[-1].mean(axis=0)
    at_mean = one.readout_weight[-1] @ centre + one.readout_bias[-1]
    there = other.readout_weight[-1] @ other.hidden[-1].mean(axis=0) + other.readout_bias[-1]
    np.testing.assert_allclose(there, at_mean, atol=0.01)
    logits = other.hidden[-1] @ other.readout_weight[-1].T + other.readout_bias[-1]
    said = one.hidden[-1] @ one.readout_weight[-1].T + one.readout_bias[-1]
    assert (logits.argmax(1) == said.argmax(1)).mean() > 0.97


def test_a_file_of_axes_cannot_be_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "wide.npz"
    _run(path, _net(), settings=RecordingSettings(max_megabytes=0.1))
    with pytest.raises(UsageError) as error:
        _run(path, _net(), resume=True)
    assert str(error.value) == (
        f"{path} cannot be gone on with: it has 8 principal axes of the layer '1' only.\n"
        "expected: a file that has all units.\n"
        "next: another file, or settings=RecordingSettings(max_megabytes=...), with more room"
    )


def test_some_steps_and_some_points_are_recorded_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "few.npz"
    settings = RecordingSettings(keep="every")
    seen = _run(path, _net(), every=5, points=50, settings=settings)
    kept = Trajectory.load(path)
    chosen = np.linspace(0, POINTS - 1, 50).round().astype(int)
    assert kept.epochs.tolist() == [0, 5, 10]
    assert kept.labels.tolist() == (np.arange(POINTS) % 3)[chosen].tolist()
    for place, epoch in enumerate(kept.epochs):
        np.testing.assert_allclose(kept.hidden[place], seen[epoch][chosen], atol=1e-3)
    assert kept.trained_epochs == 10
    assert np.flatnonzero(~np.isnan(kept.accuracy)).tolist() == [0, 5, 10]
    assert np.flatnonzero(~np.isnan(kept.loss)).tolist() == list(range(1, 11))
    lines = summary(kept)
    assert lines["chosen points"] == "50 of 300, evenly chosen"
    assert lines["steps"] == "every 5 of them"
    logits = kept.hidden[1] @ kept.readout_weight[1].T + kept.readout_bias[1]
    assert (logits.argmax(1) == kept.labels).mean() == pytest.approx(kept.accuracy[5])


@pytest.mark.parametrize(
    ("name", "said"),
    [("every", "a number of steps, 1 or more."), ("points", "how many are recorded, 1 or more.")],
)
def test_none_of_the_steps_or_points_is_refused(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        _run(tmp_path / "no.npz", _net(), **{name: 0})
    assert str(error.value) == f"{name} is 0.\nexpected: {said}"


def test_what_a_file_cannot_hold_is_refused_before_the_training(tmp_path: Path) -> None:
    def job(points: int, keep: str) -> object:
        made = NetworkRecipe.model_validate(
            {
                "classes": 4,
                "activation": "tanh",
                "seed": 1,
                "data": {"kind": "spirals", "points_per_class": points},
                "recording": {"keep": keep},
            }
        )
        return training_job(made, tmp_path / "k4.npz")

    with pytest.raises(UsageError) as error:
        job(4000, "every")
    assert str(error.value) == (
        '4 classes, tanh, seed 1: keep = "every" keeps 10,001 epochs of 16,000 points, 2.6 GB.\n'
        "expected: at most 7,549 epochs of so many points, or 12,077 points in so many epochs: "
        "more than that is not read again.\n"
        'next: keep = "adaptive", which takes as many as there is room for'
    )
    assert job(3000, "every")
    assert job(4000, "adaptive")
    assert job(4000, "log")
