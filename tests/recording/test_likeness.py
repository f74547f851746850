"""Outputs that look like logits, and turn out to be something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from spiralcore import Recorder, Trajectory

X = torch.randn(60, 2, generator=torch.Generator().manual_seed(1))
Y = (X[:, 0] * X[:, 1] > 0).long()

INPUTS = "2 numbers a point, and seen to be the inputs at epoch {n}: not taken for logits; "
VALUES = "1 number a point, and seen to be the numbers of the labels at epoch {n}: "


def trained(
    path: Path, outputs: int, loss: Callable[[Tensor], Tensor], steps: int, **options: object
) -> Trajectory:
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2), nn.Tanh(), nn.Linear(2, outputs)
    )
    optimizer = torch.optim.Adam(net.parameters(), 0.02)
    given = options.pop("given", True)
    with Recorder(path, net, "3", X, Y, **options) as rec:  # type: ignore[arg-type]
        for _ in range(steps):
            optimizer.zero_grad()
            now = loss(net(X))
            now.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            rec.step(now.item() if given else None)
    return Trajectory.load(path)


LEARNED = {
    "autoencoder": (2, lambda out: nn.functional.mse_loss(out, X), INPUTS),
    "autoencoder by sums": (2, lambda out: ((out - X) ** 2).sum(1).mean(), INPUTS),
    "labels as values": (1, lambda out: nn.functional.mse_loss(out[:, 0], Y.float()), VALUES),
}


@pytest.mark.parametrize("name", LEARNED)
def test_a_loss_tells_what_is_learned(name: str, tmp_path: Path) -> None:
    outputs, loss, said = LEARNED[name]
    found = trained(tmp_path / "a.npz", outputs, loss, 5)
    assert found.recipe["recorded"]["outputs"].startswith(said.format(n=3))
    assert found.recipe["recorded"]["read-out"] == "none"
    assert not found.knows_readout
    assert np.isnan(found.accuracy).all()
    assert np.isnan(found.cross_entropy).all()
    assert np.isfinite(found.loss[1:]).all()
    told = trained(tmp_path / "b.npz", outputs, loss, 5, classes=2)
    assert told.knows_readout


def test_without_a_loss_the_outputs_tell_it(tmp_path: Path) -> None:
    found = trained(
        tmp_path / "a.npz", 2, lambda out: nn.functional.mse_loss(out, X), 400, given=False
    )
    assert "seen to be the inputs at epoch" in found.recipe["recorded"]["outputs"]
    assert not found.knows_readout


@pytest.mark.parametrize("outputs", [1, 2])
def test_a_classifier_stays_one(outputs: int, tmp_path: Path) -> None:
    losses: dict[int, Callable[[Tensor], Tensor]] = {
        1: lambda out: nn.functional.binary_cross_entropy_with_logits(out[:, 0], Y.float()),
        2: lambda out: nn.functional.cross_entropy(out, Y),
    }
    found = trained(tmp_path / "a.npz", outputs, losses[outputs], 60)
    assert found.knows_readout
    assert np.isfinite(found.accuracy).all()
