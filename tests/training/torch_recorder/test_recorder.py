"""Recording other people's training loops."""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from spiralcore import Recorder, Trajectory
from spiralcore.data import spirals
from spiralcore.errors import DivergenceError, UsageError
from spiralcore.recipe import RecordingSettings

EVERY = RecordingSettings(keep="every")


class Net(nn.Module):
    """A network with names for its layers."""

    def __init__(self, units: int = 2, classes: int = 3) -> None:
        super().__init__()
        self.hidden1 = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Dropout(0.5))
        self.squeeze = nn.Linear(16, units)
        self.hidden2 = nn.Tanh()
        self.head = nn.Linear(units, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.hidden2(self.squeeze(self.hidden1(x))))


def points() -> tuple[torch.Tensor, torch.Tensor]:
    drawn = spirals(3, 30, rng=np.random.default_rng(0))
    return torch.from_numpy(drawn.inputs), torch.from_numpy(drawn.labels)


def trained(model: nn.Module, epochs: int, recorder: Recorder) -> list[np.ndarray]:
    """Train in mini-batches; gives the layer as it really was after each epoch."""
    x, y = points()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    generator = torch.Generator().manual_seed(3)
    real = []

    def note() -> None:
        model.eval()
        with torch.no_grad():
            real.append(model.hidden2(model.squeeze(model.hidden1(x))).numpy())
        model.train()

    with recorder as rec:
        note()
        for _ in range(epochs):
            for batch in torch.randperm(len(x), generator=generator).split(25):
                optimiser.zero_grad()
                nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
                optimiser.step()
            rec.step()
            note()
    return real


def test_the_file_holds_what_really_happened(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model, (x, y) = Net(), points()
    recorder = Recorder(tmp_path / "a.npz", model, "hidden2", x, y, settings=EVERY)
    real = trained(model, 20, recorder)
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.epochs.tolist() == list(range(21))
    np.testing.assert_allclose(path.hidden, real, atol=1e-3)
    np.testing.assert_allclose(path.inputs, x)
    assert path.recipe["activation"] == "tanh"
    assert path.recipe["model"] == "Net"
    assert path.recipe["layer"] == "hidden2"
    model.eval()
    logits = model(x)
    assert path.accuracy[-1] == pytest.approx((logits.argmax(1) == y).float().mean().item())
    entropy = nn.functional.cross_entropy(logits, y).item()
    assert path.cross_entropy[-1] == pytest.approx(entropy, rel=1e-5)
    np.testing.assert_array_equal(path.readout_weight[-1], model.head.weight.detach())
    np.testing.assert_array_equal(path.readout_bias[-1], model.head.bias.detach())
    assert recorder.trajectory.points == 90


def test_adaptive_keeping_states_its_error(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model, (x, y) = Net(), points()
    real = trained(model, 120, Recorder(tmp_path / "a.npz", model, "hidden2", x, y))
    path = Trajectory.load(tmp_path / "a.npz")
    assert len(path.epochs) < 121
    errors = [
        np.linalg.norm(path.evaluate(epoch).hidden - hidden, axis=1).max() / 2
        for epoch, hidden in enumerate(real)
    ]
    assert path.fidelity is not None
    assert path.fidelity.max == pytest.approx(max(errors), rel=1e-3)


def test_the_model_is_left_as_it_was(tmp_path: Path) -> None:
    model, (x, y) = Net(), points()
    model.head.eval()
    modes = {name: module.training for name, module in model.named_modules()}
    with Recorder(tmp_path / "a.npz", model, model.hidden2, x, y) as rec:
        rec.step()
    assert {name: module.training for name, module in model.named_modules()} == modes
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not any(module._forward_hooks for module in model.modules())


def test_recording_does_not_change_the_training(tmp_path: Path) -> None:
    def final(watched: bool) -> torch.Tensor:
        torch.manual_seed(5)
        model, (x, y) = Net(), points()
        optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
        recorder = Recorder(tmp_path / "a.npz", model, "hidden2", x, y, overwrite=True)
        with recorder if watched else nullcontext():
            for _ in range(5):
                optimiser.zero_grad()
                nn.functional.cross_entropy(model(x), y).backward()
                optimiser.step()
                if watched:
                    recorder.step()
        return model.head.weight.detach()

    torch.testing.assert_close(final(True), final(False), rtol=0, atol=0)


@pytest.mark.parametrize("error", [None, KeyboardInterrupt, RuntimeError])
def test_the_file_appears_however_the_block_ends(
    tmp_path: Path, error: type[BaseException] | None
) -> None:
    model, (x, y) = Net(), points()
    path = tmp_path / "new folder" / "a.npz"

    def train() -> None:
        with Recorder(path, model, "hidden2", x, y) as rec:
            for epoch in range(10):
                rec.step()
                if epoch == 4 and error is not None:
                    raise error
                if epoch == 4:
                    break
            assert not path.exists()

    with pytest.raises(error) if error is not None else nullcontext():
        train()
    assert Trajectory.load(path).trained_epochs == 5


def test_any_layer_without_a_head_and_of_any_shape(tmp_path: Path) -> None:
    model = nn.Sequential(
        nn.Unflatten(1, (1, 4, 4)), nn.Conv2d(1, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 5)
    )
    x, y = torch.randn(40, 16), torch.arange(40) % 5
    with Recorder(tmp_path / "a.npz", model, "1", x, y) as rec:
        rec.step(loss=torch.tensor(2.5))
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.units == 12
    assert not path.knows_readout
    assert "activation" not in path.recipe
    assert path.space.name(2) == "plane"
    assert path.loss[1] == 2.5
    assert path.accuracy.shape == (2,)
    with Recorder(tmp_path / "b.npz", model, "3", x, y) as rec:
        rec.step()
    assert Trajectory.load(tmp_path / "b.npz").knows_readout, "flattened on the way to its head"


def test_a_model_without_logits_has_no_curves(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.Softplus())
    x, y = points()
    with Recorder(tmp_path / "a.npz", model, "1", x[:, :2], y % 2, activation="softplus") as rec:
        rec.step()
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.recipe["activation"] == "softplus"
    model = nn.Sequential(nn.Linear(2, 1), nn.Tanh())
    with Recorder(tmp_path / "b.npz", model, "0", x, y) as rec:
        rec.step()
    path = Trajectory.load(tmp_path / "b.npz")
    assert not path.knows_loss
    assert path.trained_epochs == 1


def test_what_cannot_be_recorded_is_named(tmp_path: Path) -> None:
    model, (x, y) = Net(), points()

    def refused(*arguments: object, **options: object) -> str:
        with pytest.raises(UsageError) as raised:
            Recorder(tmp_path / "a.npz", *arguments, **options).__enter__()  # type: ignore[arg-type]
        return str(raised.value)

    names = "hidden1, hidden1.0, hidden1.1, hidden1.2, squeeze, hidden2, head"
    assert refused(model, "hiden2", x, y) == (
        f"The model has no layer 'hiden2'. Did you mean 'hidden2'?\nexpected: one of {names}."
    )
    assert refused(model, nn.Tanh(), x, y) == (
        f"The layer Tanh is no part of the model.\nexpected: one of {names}."
    )
    wanted = "integers, texts or truth values of the shape (90,), or one column for each class."
    assert refused(model, "hidden2", x, y[:5]) == (
        f"The labels have the shape (5,) and the type int64.\nexpected: {wanted}"
    )
    assert refused(model, "hidden2", x, y.float().log()) == (
        "The labels hold numbers that are not finite.\nexpected: a class for each."
    )
    assert refused(model, "hidden2", x[:2], torch.tensor([1, 3])) == (
        "The labels go from 1 to 3, and the model has 3 outputs.\nexpected: classes from 0 to 2.\n"
        "next: labels - 1"
    )
    assert "There is no activation 'tahn'. Did you mean 'tanh'?" in refused(
        model, "hidden2", x, y, activation="tahn"
    )


def test_numbers_that_are_none_end_the_run_and_keep_what_was(tmp_path: Path) -> None:
    model, (x, y) = Net(), points()

    def train() -> None:
        with Recorder(tmp_path / "a.npz", model, "hidden2", x, y) as rec:
            rec.step()
            nn.init.constant_(model.squeeze.weight, float("nan"))
            rec.step()

    with pytest.raises(DivergenceError) as raised:
        train()
    assert str(raised.value) == (
        "The layer 'hidden2' is not finite at epoch 2.\nexpected: finite numbers below 1e+15.\n"
        "next: a lower learning rate; the epochs before are recorded"
    )
    assert Trajectory.load(tmp_path / "a.npz").trained_epochs == 1


def test_without_torch_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "try:\n    from spiralcore import Recorder\n"
        "except Exception as error:\n    print(error)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout == (
        "Recording a network needs the package 'torch', which is not installed.\n"
        "expected: an installation with the extra 'train'.\n"
        'next: pip install "spiralcore[train]"\n'
    )


def test_what_follows_in_place_does_not_change_the_record(tmp_path: Path) -> None:
    torch.manual_seed(0)
    x, y = torch.randn(30, 2), torch.arange(30) % 3
    model = nn.Sequential(
        nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2), nn.ReLU(inplace=True), nn.Linear(2, 3)
    )
    for layer, reads in (("2", False), ("3", True)):
        with Recorder(tmp_path / "a.npz", model, layer, x, y, overwrite=True):
            pass
        with torch.no_grad():
            wanted = model[1](model[0](x)) @ model[2].weight.T + model[2].bias
        assert (wanted < 0).any()
        path = Trajectory.load(tmp_path / "a.npz")
        np.testing.assert_allclose(path.hidden[0], wanted.clamp(0) if reads else wanted, atol=2e-3)
        assert path.knows_readout == reads
