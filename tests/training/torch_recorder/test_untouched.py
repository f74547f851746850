"""Training with and without a recorder is the same training, bit for bit."""

from __future__ import annotations

import random
import warnings
from collections import deque
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - as everybody calls it

from spiralcore import Recorder
from spiralcore.errors import UsageError
from tests.training.torch_recorder.models import KINDS, Kind, mlp, net
from tests.training.torch_recorder.test_kinds import made, train


class Stateful(nn.Module):
    """Keeps a state, a count, a history and statistics between calls, in every way there is."""

    def __init__(self) -> None:
        super().__init__()
        self.fc, self.head = nn.Linear(4, 2), nn.Linear(2, 3)
        self.register_buffer("mean", torch.zeros(2))
        self.register_buffer("calls", torch.tensor(0))
        self.state: Tensor | None = None
        self.count = 0
        self.history: deque[float] = deque(maxlen=3)
        self.seen: dict[str, Tensor] = {}
        self.plain = torch.zeros(2)

    def forward(self, x: Tensor) -> Tensor:
        h = self.fc(x)
        self.mean.mul_(0.9).add_(0.1 * h.detach().mean(0))
        self.calls = self.calls + 1
        self.state = h.detach().mean(0) if self.state is None else self.state + h.detach().mean(0)
        self.count += 1
        self.history.append(float(h.detach().sum()))
        self.seen[str(self.count)] = h.detach()
        self.plain += h.detach().std(0)
        scale = 1 + 0.01 * self.count + 0.1 * len(self.seen) + sum(self.history) * 1e-3
        return self.head(h * scale + self.mean + self.state + self.plain + self.calls)


class Random(nn.Module):
    """Draws random numbers in evaluation mode, too: of torch, NumPy and Python."""

    def __init__(self) -> None:
        super().__init__()
        self.fc, self.head = nn.Linear(4, 2), nn.Linear(2, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = F.dropout(self.fc(x), 0.3) + random.random() + np.random.rand()  # noqa: NPY002
        return self.head(h + 0.1 * torch.randn_like(h))


class Frozen(nn.Module):
    """Parts that are not trained, and a part that is always in evaluation mode."""

    def __init__(self) -> None:
        super().__init__()
        self.body, self.norm = nn.Linear(4, 2), nn.BatchNorm1d(2)
        self.body.requires_grad_(False)
        self.norm.eval()
        self.head = nn.Linear(2, 3)

    def train(self, mode: bool = True) -> Frozen:
        super().train(mode)
        self.norm.eval()
        return self

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.norm(self.body(x)))


OTHERS: dict[str, Kind] = {
    "state": Kind(Stateful, "fc"),
    "random numbers": Kind(Random, "fc"),
    "frozen parts": Kind(Frozen, "norm"),
    "old spectral norm": Kind(lambda: old_spectral(), "3"),
    "batch norm and dropout": Kind(
        lambda: nn.Sequential(
            nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 3)
        ),
        "2",
    ),
    "batch norm that always learns": Kind(
        lambda: net(
            lambda m, x: m.head(F.batch_norm(m.fc2(m.fc1(x)), m.n.running_mean, m.n.running_var,
                                             training=True)), n=nn.BatchNorm1d(2),
        ),
        "fc2",
    ),
    "instance norm": Kind(
        lambda: nn.Sequential(
            nn.Unflatten(1, (2, 2)), nn.InstanceNorm1d(2, track_running_stats=True),
            nn.Flatten(), nn.Linear(4, 3),
        ),
        "2",
    ),
    "recurrent dropout": Kind(
        lambda: nn.Sequential(nn.LSTM(4, 3, 2, dropout=0.5), First(), nn.Linear(3, 3)), "1"
    ),
}  # fmt: skip


class First(nn.Module):
    def forward(self, given: tuple[Tensor, Any]) -> Tensor:
        return given[0]


def old_spectral() -> nn.Module:
    model = mlp()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nn.utils.spectral_norm(model[2])
    return model


@pytest.fixture(autouse=True)
def _no_warnings_of_torch() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="torch")
        yield


def everything(model: nn.Module) -> dict[str, Any]:
    """All numbers of a model, its flags, and the random numbers that come next."""
    found: dict[str, Any] = {name: value.clone() for name, value in model.state_dict().items()}
    for name, module in model.named_modules():
        found[f"{name} training"] = module.training
        for attribute, value in vars(module).items():
            own = attribute in vars(nn.Module()) or "torchdynamo" in attribute
            if not own and isinstance(value, int | deque | dict | Tensor):
                found[f"{name}.{attribute}"] = value
    for name, parameter in model.named_parameters():
        found[f"{name} gradient"] = parameter.grad
        found[f"{name} trained"] = parameter.requires_grad
    found["random"] = [torch.rand(3), random.random(), np.random.rand()]  # noqa: NPY002
    return found


def same(one: Any, other: Any) -> bool:
    if isinstance(one, Tensor):
        return (
            one.shape == other.shape
            and one.numpy(force=True).tobytes() == other.numpy(force=True).tobytes()
        )
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | deque):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def outcome(kind: Kind, folder: Path, watched: bool) -> dict[str, Any]:
    """Train for a while; seeds are those of both."""
    random.seed(3)
    np.random.seed(3)  # noqa: NPY002
    model, inputs, labels = made(kind)
    options = dict(kind.options)
    if isinstance(inputs, torch.utils.data.DataLoader):
        inputs.generator = torch.Generator().manual_seed(7)
    torch.manual_seed(3)
    recorder = None
    if watched:
        recorder = Recorder(folder / "a.npz", model, kind.layer, inputs, labels, **options)
    with recorder or nullcontext():
        for _ in range(3):
            train(model, inputs, 2)
            if recorder is not None:
                recorder.step(loss=1.0)
    return everything(model)


NAMES = [
    name for name in KINDS if name not in ("bfloat16", "some of the classes, untold", "by number")
]


@pytest.mark.parametrize("name", [*NAMES, *OTHERS])
def test_training_is_the_same_bit_for_bit(name: str, tmp_path: Path) -> None:
    kind = KINDS.get(name) or OTHERS[name]
    plain, watched = (outcome(kind, tmp_path, yes) for yes in (False, True))
    assert plain.keys() == watched.keys()
    assert [key for key in plain if not same(plain[key], watched[key])] == []


def test_a_step_within_autocast_leaves_the_gradients_alone(tmp_path: Path) -> None:
    def trained(watched: bool) -> list[Tensor]:
        torch.manual_seed(0)
        model, x, y = mlp(), torch.randn(30, 4), torch.arange(30) % 3
        recorder = Recorder(tmp_path / "a.npz", model, "3", x, y)
        with recorder if watched else nullcontext(), torch.autocast("cpu", torch.bfloat16):
            if watched:
                recorder.step()
            F.cross_entropy(model(x), y).backward()
        return [parameter.grad for parameter in model.parameters()]

    plain, watched = trained(False), trained(True)
    assert all(map(same, plain, watched))
    assert all(gradient.abs().sum() > 0 for gradient in watched)


def test_a_step_between_forward_and_backward_leaves_the_graph_alone(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model, x, y = Stateful(), torch.randn(30, 4), torch.arange(30) % 3
    with Recorder(tmp_path / "a.npz", model, "fc", x, y) as rec:
        loss = F.cross_entropy(model(x), y)
        rec.step(loss)
        loss.backward()
    assert model.fc.weight.grad is not None


def test_points_that_the_model_works_on_in_place_stay_as_they_are(tmp_path: Path) -> None:
    model = nn.Sequential(nn.ReLU(inplace=True), nn.Linear(4, 2), nn.Tanh(), nn.Linear(2, 3))
    x = torch.randn(30, 4)
    before = x.clone()
    with Recorder(tmp_path / "a.npz", model, "2", x, torch.arange(30) % 3) as rec:
        rec.step()
        rec.step()
    assert torch.equal(x, before)
    np.testing.assert_allclose(rec.trajectory.inputs, before)


def test_layers_without_weights_are_asked_to_run_first(tmp_path: Path) -> None:
    model = nn.Sequential(nn.LazyLinear(2), nn.Linear(2, 3))
    with pytest.raises(UsageError) as error:
        Recorder(tmp_path / "a.npz", model, "0", torch.randn(9, 4), torch.arange(9) % 3)
    assert str(error.value) == (
        "The parameter '0.weight' has no shape before the model runs for the first time.\n"
        "expected: a model that has run.\nnext: model(inputs), once, before the recorder is made"
    )
