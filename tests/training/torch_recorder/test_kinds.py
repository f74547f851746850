"""What a file says of somebody's network is what that network says itself, whatever its kind."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from spiralcore import Recorder, Trajectory
from spiralcore.recipe import RecordingSettings
from spiralcore.training.torch_recorder.points import TorchPoints
from tests.training.torch_recorder.models import KINDS, POINTS, Kind

EVERY = RecordingSettings(keep="every")


@pytest.fixture(autouse=True)
def _no_warnings_of_torch() -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="torch")
        yield


def made(kind: Kind) -> tuple[nn.Module, Any, Any]:
    torch.manual_seed(1)
    model = kind.make()
    return model, kind.points(), kind.labels()


def train(model: nn.Module, inputs: Any, steps: int = 3) -> None:
    """Some loss of everything that the model gives, so that everything changes."""
    optimiser = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(steps):
        for batch in TorchPoints(inputs, None).on(model, copied=True):
            optimiser.zero_grad()
            given = tensors(model(*batch.positional, **batch.named))
            sum(((part - 0.3) ** 2).mean() for part in given).backward()
            optimiser.step()


def tensors(output: Any) -> list[Tensor]:
    if isinstance(output, Tensor):
        return [output]
    if isinstance(output, dict):
        output = tuple(output.values())
    if isinstance(output, tuple):
        return [part for part in output if isinstance(part, Tensor) and part.requires_grad]
    return [output.logits]


def says(kind: Kind, model: nn.Module, points: TorchPoints) -> Tensor:
    """What the model says: log-probabilities or logits, computed without anything of ours."""
    model.eval()
    with torch.no_grad():
        parts = [
            kind.logits(model(*batch.positional, **batch.named))
            for batch in points.on(model, copied=True)
        ]
    model.train()
    whole = torch.cat(parts).double()
    return whole.log() if kind.shares else whole


@pytest.mark.parametrize("name", KINDS)
def test_the_file_says_what_the_network_says(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = KINDS[name]
    model, inputs, labels = made(kind)
    options = dict(kind.options)
    recorder = Recorder(
        tmp_path / "a.npz", model, kind.layer, inputs, labels, settings=EVERY, **options
    )
    with recorder as rec:
        train(model, inputs)
        rec.step(loss=1.5)
        points = recorder._points  # as a loader may shuffle
        drawn = torch.get_rng_state()
        logits = None if kind.logits is None else says(kind, model, points)
        torch.set_rng_state(drawn)
        rec.step(loss=torch.tensor(2.5, requires_grad=True))
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.points == POINTS
    assert path.units == kind.units
    assert path.recipe.get("activation") == kind.activation
    assert path.recipe.get("class_names") == kind.names
    assert np.isnan(path.loss[0])
    assert path.loss[1:].tolist() == [1.5, 2.5]
    taken = path.recipe["recorded"]
    assert taken["read-out"].startswith(kind.readout or "none"), taken
    assert path.knows_readout == (kind.readout is not None)
    said = capsys.readouterr().err
    assert f"a.npz: outputs: {taken['outputs']}" in said
    if logits is None:
        assert not path.knows_loss
        assert np.isnan(path.accuracy).all()
        return
    wanted = torch.from_numpy(path.labels)
    assert path.classes == logits.shape[1] or not path.knows_readout
    entropy = functional.cross_entropy(logits, wanted).item()
    predicted = logits.argmax(1)
    assert path.cross_entropy[-1] == pytest.approx(entropy, rel=1e-4)
    assert path.accuracy[-1] == pytest.approx((predicted == wanted).double().mean().item())
    if path.knows_readout:
        moment = path.evaluate(2)
        ours = torch.from_numpy(moment.hidden @ moment.readout_weight.T + moment.readout_bias)
        best = logits.sort(1).values
        decided = best[:, -1] - best[:, -2] > 0.01 * logits.abs().max()
        assert decided.float().mean() > 0.5
        assert torch.equal(ours.argmax(1)[decided], predicted[decided])
        shares = functional.log_softmax(ours, 1) - functional.log_softmax(logits, 1)
        coarse = 0.05 if name == "bfloat16" else 0.01
        assert shares.abs().max() < coarse * max(1.0, float(logits.abs().max()))
