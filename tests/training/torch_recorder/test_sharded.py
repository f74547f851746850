"""Models whose parameters are spread over processes: FSDP of both kinds, in one process."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import FullyShardedDataParallel, fully_shard
from torch.distributed.fsdp.wrap import ModuleWrapPolicy

from spiralcore import Recorder, Trajectory

EACH = ModuleWrapPolicy({nn.Linear})


@pytest.fixture(scope="module", autouse=True)
def _alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    meet = tmp_path_factory.mktemp("gloo") / "meet"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.distributed.init_process_group("gloo", f"file://{meet}", rank=0, world_size=1)
        yield
        torch.distributed.destroy_process_group()


@pytest.fixture(autouse=True)
def _no_warnings_of_torch() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def net() -> nn.Sequential:
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 2), nn.Tanh(), nn.Linear(2, 3)
    )  # fmt: skip


def wrapped(**options: Any) -> nn.Module:
    return FullyShardedDataParallel(net(), device_id=torch.device("cpu"), **options)


def parted(*layers: int) -> nn.Module:
    model, mesh = net(), init_device_mesh("cpu", (1,))
    for layer in layers:
        fully_shard(model[layer], mesh=mesh)
    return fully_shard(model, mesh=mesh)


KINDS: dict[str, Callable[[], nn.Module]] = {
    "wrapped": wrapped,
    "wrapped, own parameters": lambda: wrapped(use_orig_params=True),
    "each wrapped": lambda: wrapped(auto_wrap_policy=EACH),
    "each wrapped, own parameters": lambda: wrapped(auto_wrap_policy=EACH, use_orig_params=True),
    "parted": parted,
    "each parted": lambda: parted(0, 4),
}


def trained(model: nn.Module, x: Tensor, y: Tensor, rec: Recorder | None = None) -> Tensor:
    """What it says in the end."""
    optimiser = torch.optim.SGD(model.parameters(), lr=0.3)
    for _ in range(3):
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimiser.step()
        if rec:
            rec.step()
    with torch.no_grad():
        return model(x).clone()


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_of_parts_is_looked_through(kind: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    x, y = torch.randn(60, 4), torch.arange(60) % 3
    alone = trained(KINDS[kind](), x, y)
    model = KINDS[kind]()
    with Recorder(tmp_path / "a.npz", model, "3", x, y) as rec:
        logits = trained(model, x, y, rec)
    assert torch.equal(alone, logits)
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.recipe["activation"] == "tanh"
    assert path.recipe["recorded"] == {
        "layer": "3, 2 units",
        "outputs": "logits of 3 classes",
        "read-out": "4: gives the model's output",
    }
    moment = path.evaluate(3)
    said = moment.hidden @ moment.readout_weight.T + moment.readout_bias
    assert said == pytest.approx(logits.numpy(), abs=0.02)
    entropy = nn.functional.cross_entropy(logits, y).item()
    assert path.cross_entropy[-1] == pytest.approx(entropy, rel=1e-5)
