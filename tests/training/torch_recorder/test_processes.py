"""Trainings in two processes: each has its part of the points, or of the parameters, too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spiralcore import Trajectory
from tests import warm

CODE = """
import warnings; warnings.simplefilter('ignore')
import sys, torch
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import FullyShardedDataParallel, fully_shard
from spiralcore import Recorder
rank, folder, kind = int(sys.argv[1]), sys.argv[2], sys.argv[3]
torch.distributed.init_process_group("gloo", f"file://{folder}/meet", rank=rank, world_size=2)
torch.manual_seed(0)
x, y = torch.randn(30, 4), torch.arange(30) % 3
net = nn.Sequential(nn.Linear(4, 2), nn.Tanh(), nn.Linear(2, 3))
if kind == "parted":
    net = fully_shard(net, mesh=init_device_mesh("cpu", (2,)))
elif kind == "wrapped":
    net = FullyShardedDataParallel(net, device_id=torch.device("cpu"), use_orig_params=True)
else:
    net = nn.parallel.DistributedDataParallel(net)
optimiser = torch.optim.SGD(net.parameters(), lr=0.1)
with Recorder(f"{folder}/a.npz", net, "1", x, y) as rec:
    for _ in range(3):
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(net(x[rank::2]), y[rank::2])
        loss.backward()
        optimiser.step()
        rec.step(loss)
with torch.no_grad():
    logits = net(x)
loss = nn.functional.cross_entropy(logits, y).item()
print(f"said {loss:.6f} {(logits.argmax(1) == y).float().mean().item():.6f}")
torch.distributed.destroy_process_group()
"""


@pytest.mark.parametrize("kind", ["spread points", "wrapped", "parted"])
def test_of_two_processes_one_writes_and_both_know(kind: str, tmp_path: Path) -> None:
    runs = [
        warm.start("-c", CODE, str(rank), str(tmp_path), kind, folder=tmp_path) for rank in (0, 1)
    ]
    said = [run.communicate(timeout=300) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.knows_readout
    assert path.trained_epochs == 3
    for out, _ in said:
        told = next(line for line in out.splitlines() if line.startswith("said "))
        entropy, accuracy = map(float, told.split()[1:])
        assert path.cross_entropy[-1] == pytest.approx(entropy, rel=1e-4)
        assert path.accuracy[-1] == pytest.approx(accuracy, abs=1e-5)
    assert np.isfinite(path.loss[1:]).all()
    assert "a.npz: outputs: logits of 3 classes" in said[0][1]
    assert "a.npz" not in said[1][1]
