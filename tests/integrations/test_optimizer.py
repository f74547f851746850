"""Loops of torch that one cannot change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from spiralcore import Trajectory
from spiralcore.integrations import OptimizerRecorder
from tests.integrations.saying import EVERY, X, Y, check


def net() -> nn.Sequential:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2), nn.Tanh(), nn.Linear(2, 3))


def somebody_elses_training(model: nn.Module, steps: int, said: list[np.ndarray]) -> None:
    """It makes its optimiser itself, and another one for something else."""
    mine, other = torch.optim.Adam(model.parameters(), 0.02), nn.Linear(1, 1)
    apart = torch.optim.SGD(other.parameters(), 0.1)
    for _ in range(steps):
        mine.zero_grad()
        nn.functional.cross_entropy(model(torch.from_numpy(X)), torch.from_numpy(Y)).backward()
        mine.step()
        other(torch.ones(1, 1)).sum().backward()
        apart.step()
        with torch.no_grad():
            said.append(model(torch.from_numpy(X)).double().numpy())


@pytest.mark.parametrize("every", [1, 4])
def test_steps_of_an_optimiser_that_nobody_was_given(tmp_path: Path, every: int) -> None:
    model = net()
    with torch.no_grad():
        said = [model(torch.from_numpy(X)).double().numpy()]
    with OptimizerRecorder(
        tmp_path / "a.npz", model, "3", X, Y, every=every, settings=EVERY
    ) as recorder:
        somebody_elses_training(model, 10, said)
    path = Trajectory.load(tmp_path / "a.npz")
    steps = sorted({*range(0, 11, every), 10})
    assert [path.counting.at(state) for state in range(len(steps))] == steps
    assert path.unit == "step"
    check(path, [said[step] for step in steps], Y)
    assert recorder.trajectory.trained_epochs == len(steps) - 1
    somebody_elses_training(model, 1, said)  # nothing hangs on the optimisers any more


def test_an_optimiser_that_is_given_and_an_exception(tmp_path: Path) -> None:
    model = net()
    optimizer, other = (torch.optim.SGD(model.parameters(), 0.1) for _ in range(2))
    recorder = OptimizerRecorder(tmp_path / "a.npz", model, "3", X, Y, optimizer=optimizer)

    def training() -> None:
        with recorder:
            optimizer.step()
            other.step()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training()
    assert Trajectory.load(tmp_path / "a.npz").trained_epochs == 1
