"""Trainings of PyTorch Lightning."""

from __future__ import annotations

import copy
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import numpy as np
import pytest
import torch
from lightning.pytorch.callbacks import EarlyStopping
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from spiralcore import Trajectory
from spiralcore.errors import UsageError
from spiralcore.integrations import LightningRecorder
from tests.integrations.saying import EVERY, X, Y, check

pytestmark = pytest.mark.filterwarnings("ignore")


class Net(pl.LightningModule):
    """As tutorials have it, with what is said and lost noted on the way."""

    def __init__(self, accumulate: int = 1) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.trunk = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
        self.squash = nn.Tanh()
        self.head = nn.Linear(2, 3)
        self.losses: list[float] = []
        self.fail_at = -1

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.squash(self.trunk(x)))

    def training_step(self, batch: Any, batch_idx: int) -> torch.Tensor:
        if self.global_step == self.fail_at:
            raise RuntimeError("the disk of the data has gone")
        loss = nn.functional.cross_entropy(self(batch[0]), batch[1])
        self.losses.append(loss.item())
        self.log("train_loss", loss, on_epoch=True, on_step=False)
        return loss

    def validation_step(self, batch: Any, batch_idx: int) -> None:
        # Falls for three epochs, and rises then.
        self.log("val_loss", float(abs(self.current_epoch - 2)))

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.parameters(), 0.03)


class Says(pl.Callback):
    """What the model says after each epoch, or each step."""

    def __init__(self) -> None:
        self.by_epoch: list[np.ndarray] = []
        self.by_step: list[np.ndarray] = []

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        self.by_epoch = [said(pl_module)]
        self.by_step = [said(pl_module)]

    def on_train_batch_end(self, trainer: Any, pl_module: Any, *_: Any) -> None:
        self.by_step.append(said(pl_module))

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        self.by_epoch.append(said(pl_module))


def said(model: nn.Module) -> np.ndarray:
    alone = copy.deepcopy(model.to("cpu")).eval()
    with torch.no_grad():
        return alone(torch.from_numpy(X)).double().numpy()


def loader(**options: Any) -> DataLoader:
    data = TensorDataset(torch.from_numpy(X), torch.from_numpy(Y))
    return DataLoader(data, batch_size=20, **options)


def fit(folder: Path, net: Net, callbacks: list[Any], **options: Any) -> pl.Trainer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer = pl.Trainer(
            accelerator="cpu", logger=False, enable_checkpointing=False,
            enable_progress_bar=False, enable_model_summary=False, callbacks=callbacks,
            default_root_dir=folder, **{"max_epochs": 4, **options},
        )  # fmt: skip
        trainer.fit(net, loader(), loader() if "limit_val_batches" in options else None)
    return trainer


def recorder(folder: Path, **options: Any) -> LightningRecorder:
    return LightningRecorder(
        folder / "a.npz", layer="squash", inputs=X, labels=Y, settings=EVERY, **options
    )


def test_each_epoch_is_what_the_model_says(tmp_path: Path) -> None:
    net, says, ours = Net(), Says(), recorder(tmp_path)
    fit(tmp_path, net, [ours, says])
    path = Trajectory.load(tmp_path / "a.npz")
    check(path, says.by_epoch, Y)
    assert path.unit == "epoch"
    assert path.activation_label == "tanh"
    means = np.reshape(net.losses, (4, 3)).mean(1)
    assert np.isnan(path.loss[0])
    np.testing.assert_allclose(path.loss[1:], means, rtol=1e-6)
    assert path.recipe["recorded"]["read-out"] == "head: gives the model's output"
    assert net.training
    assert ours.trajectory.trained_epochs == 4


def test_the_training_is_bit_for_bit_what_it_would_be(tmp_path: Path) -> None:
    nets = [Net(), Net()]
    for net, callbacks in zip(nets, ([], [recorder(tmp_path, every=1)]), strict=True):
        torch.manual_seed(5)
        fit(tmp_path, net, callbacks)
    for one, other in zip(*(net.parameters() for net in nets), strict=True):
        assert torch.equal(one, other)


def test_batches_whose_gradients_are_added_up_are_one_step(tmp_path: Path) -> None:
    net, says = Net(), Says()
    trainer = fit(
        tmp_path, net, [recorder(tmp_path, every=2), says], accumulate_grad_batches=3, max_epochs=5
    )
    assert trainer.global_step == 5
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.unit == "step"
    assert path.counts is not None
    assert path.counts.tolist() == [0, 2, 4, 5]
    check(path, [says.by_step[3 * step] for step in (0, 2, 4, 5)], Y)
    losses = np.array(net.losses)
    means = [losses[:6].mean(), losses[6:12].mean(), losses[12:].mean()]
    np.testing.assert_allclose(path.loss[1:], means, rtol=1e-5)


def test_early_stopping_marks_the_best_epoch(tmp_path: Path) -> None:
    stop = EarlyStopping("val_loss", patience=3)
    says = Says()
    fit(tmp_path, Net(), [recorder(tmp_path), stop, says], max_epochs=20, limit_val_batches=1.0)
    path = Trajectory.load(tmp_path / "a.npz")
    check(path, says.by_epoch, Y)
    # Epochs of Lightning are counted from 0: the best, 2, is the third one.
    assert path.best_epoch == 3
    assert path.trained_epochs == 6


def test_what_was_recorded_before_an_exception_is_in_the_file(tmp_path: Path) -> None:
    net, says = Net(), Says()
    net.fail_at = 7
    with pytest.raises(RuntimeError, match="the disk of the data has gone"):
        fit(tmp_path, net, [recorder(tmp_path), says])
    check(Trajectory.load(tmp_path / "a.npz"), says.by_epoch, Y)
    assert len(says.by_epoch) == 3


def test_a_second_training_goes_on(tmp_path: Path) -> None:
    net, says, ours = Net(), Says(), recorder(tmp_path)
    fit(tmp_path, net, [ours, says], max_epochs=2)
    first = says.by_epoch
    fit(tmp_path, net, [ours, says], max_epochs=3)
    check(Trajectory.load(tmp_path / "a.npz"), [*first, *says.by_epoch[1:]], Y)


def test_a_metric_is_the_loss_if_it_is_named(tmp_path: Path) -> None:
    net = Net()
    fit(tmp_path, net, [recorder(tmp_path, loss="train_loss")], max_epochs=2)
    path = Trajectory.load(tmp_path / "a.npz")
    np.testing.assert_allclose(path.loss[1:], np.reshape(net.losses, (2, 3)).mean(1), rtol=1e-5)
    with pytest.raises(UsageError) as refused:
        fit(tmp_path, Net(), [recorder(tmp_path, loss="loss", overwrite=True)])
    assert str(refused.value) == (
        "The training has logged no 'loss'.\nexpected: one of train_loss."
    )


class Wrapped(Net):
    forward = pl.LightningModule.forward

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 3))

    def training_step(self, batch: Any, batch_idx: int) -> torch.Tensor:
        return nn.functional.cross_entropy(self.net(batch[0]), batch[1])


def test_a_part_of_the_module_takes_the_inputs(tmp_path: Path) -> None:
    net = Wrapped()
    del Wrapped.forward
    ours = LightningRecorder(
        tmp_path / "a.npz", layer="1", inputs=X, labels=Y, part="net", settings=EVERY
    )
    fit(tmp_path, net, [ours], max_epochs=1)
    assert Trajectory.load(tmp_path / "a.npz").knows_readout
    with pytest.raises(UsageError) as refused:
        fit(tmp_path, net, [LightningRecorder(tmp_path / "b.npz", "1", X, part="met")])
    assert "There is no part of the module 'met'" in str(refused.value)


OTHER_NAME = """
import sys
import torch, pytorch_lightning as pl
from torch import nn
from spiralcore.integrations import LightningRecorder

class Net(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2))
    def forward(self, x):
        return self.net(x)
    def training_step(self, batch, number):
        return self(batch).square().mean()
    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.1)

points = torch.randn(8, 2)
recorder = LightningRecorder(sys.argv[1], "net.1", points, [0, 1] * 4)
pl.Trainer(max_epochs=2, accelerator="cpu", logger=False, enable_checkpointing=False,
           callbacks=recorder).fit(Net(), torch.utils.data.DataLoader(points))
print(isinstance(recorder, pl.Callback), "lightning.pytorch" in sys.modules)
"""


def test_a_callback_for_the_other_name_of_the_package(tmp_path: Path) -> None:
    file = tmp_path / "a.npz"
    command = [sys.executable, "-W", "ignore", "-c", OTHER_NAME, str(file)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.stdout.splitlines()[-1:] == ["True False"], ran.stderr
    assert Trajectory.load(file).trained_epochs == 2


def test_every_is_a_number(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        recorder(tmp_path, every=0)
    assert str(refused.value) == "every is 0.\nexpected: how many steps, 1 or more, or None."
