"""Trainings of the Trainer of Transformers."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from transformers import (
    DistilBertConfig,
    DistilBertForSequenceClassification,
    EarlyStoppingCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from spiralcore import Trajectory
from spiralcore.integrations import TransformersRecorder
from tests.integrations.saying import EVERY, X, Y, check

pytestmark = pytest.mark.filterwarnings("ignore")

ROOT = Path(__file__).parents[2]


class Net(nn.Module):
    """A model of one's own, as the Trainer wants it."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.trunk = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 2))
        self.squash, self.head = nn.Tanh(), nn.Linear(2, 3)
        self.losses: list[float] = []
        self.fail_at = -1

    def forward(self, inputs: torch.Tensor, labels: torch.Tensor | None = None) -> dict[str, Any]:
        logits = self.head(self.squash(self.trunk(inputs)))
        if labels is None:
            return {"logits": logits}
        if self.training and len(self.losses) == self.fail_at:
            raise RuntimeError("the disk of the data has gone")
        loss = nn.functional.cross_entropy(logits, labels)
        if self.training:
            self.losses.append(loss.item())
        return {"loss": loss, "logits": logits}


class Says(TrainerCallback):
    """What the model says after each epoch, or each step."""

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any):
        self.by_epoch, self.by_step = [said(model)], [said(model)]

    def on_step_end(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any):
        self.by_step.append(said(model))

    def on_epoch_end(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any):
        self.by_epoch.append(said(model))


def said(model: nn.Module) -> np.ndarray:
    with torch.no_grad():
        alone = copy.deepcopy(model).eval()
        return alone(torch.from_numpy(X))["logits"].double().numpy()


DATA = [{"inputs": x, "labels": int(y)} for x, y in zip(X, Y, strict=True)]


def train(folder: Path, model: nn.Module, callbacks: list[Any], **options: Any) -> Trainer:
    arguments = TrainingArguments(
        str(folder / "out"), use_cpu=True, report_to=[], disable_tqdm=True, learning_rate=0.03,
        per_device_train_batch_size=20, remove_unused_columns=False,
        **{"num_train_epochs": 4, "logging_strategy": "epoch", "save_strategy": "no", **options},
    )  # fmt: skip
    trainer = Trainer(model, arguments, train_dataset=DATA, eval_dataset=DATA, callbacks=callbacks)
    trainer.train()
    return trainer


def recorder(folder: Path, **options: Any) -> TransformersRecorder:
    return TransformersRecorder(folder / "a.npz", "squash", X, Y, settings=EVERY, **options)


def test_each_epoch_is_what_the_model_says(tmp_path: Path) -> None:
    model, says = Net(), Says()
    train(tmp_path, model, [recorder(tmp_path), says], eval_strategy="epoch")
    path = Trajectory.load(tmp_path / "a.npz")
    check(path, says.by_epoch, Y)
    assert np.isnan(path.loss[0])
    np.testing.assert_allclose(path.loss[1:], np.reshape(model.losses, (4, 3)).mean(1), rtol=1e-4)
    assert path.recipe["recorded"]["read-out"] == "head: gives the model's output"


def test_the_training_is_bit_for_bit_what_it_would_be(tmp_path: Path) -> None:
    nets = [Net(), Net()]
    for net, callbacks in zip(nets, ([], [recorder(tmp_path, every=1)]), strict=True):
        train(tmp_path, net, callbacks, num_train_epochs=2)
    for one, other in zip(*(net.parameters() for net in nets), strict=True):
        assert torch.equal(one, other)


def test_steps_with_gradients_that_are_added_up(tmp_path: Path) -> None:
    model, says = Net(), Says()
    train(
        tmp_path, model, [recorder(tmp_path, every=2), says],
        gradient_accumulation_steps=3, num_train_epochs=5, logging_strategy="steps",
        logging_steps=1,
    )  # fmt: skip
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.unit == "step"
    assert path.counts.tolist() == [0, 2, 4, 5]
    check(path, [says.by_step[step] for step in (0, 2, 4, 5)], Y)
    losses = np.reshape(model.losses, (5, 3)).mean(1)
    np.testing.assert_allclose(
        path.loss[1:], [losses[:2].mean(), losses[2:4].mean(), losses[4]], rtol=1e-3
    )


def test_losses_that_are_logged_across_epochs(tmp_path: Path) -> None:
    model, says = Net(), Says()
    train(
        tmp_path, model, [recorder(tmp_path), says], logging_strategy="steps", logging_steps=2,
        num_train_epochs=2,
    )  # fmt: skip
    path = Trajectory.load(tmp_path / "a.npz")
    check(path, says.by_epoch, Y)
    losses = np.array(model.losses)
    wanted = [losses[:2].mean(), losses[2:6].mean()]
    np.testing.assert_allclose(path.loss[1:], wanted, rtol=1e-3)


def test_the_best_epoch_is_marked_and_the_last_one_kept(tmp_path: Path) -> None:
    values = iter([3.0, 2.0, 1.0, 2.0, 3.0, 4.0])

    def judged(prediction: Any) -> dict[str, float]:
        return {"odd": next(values)}

    arguments = TrainingArguments(
        str(tmp_path / "out"), use_cpu=True, report_to=[], disable_tqdm=True, learning_rate=0.03,
        per_device_train_batch_size=20, remove_unused_columns=False, num_train_epochs=9,
        eval_strategy="epoch", save_strategy="epoch", load_best_model_at_end=True,
        metric_for_best_model="odd", greater_is_better=False,
    )  # fmt: skip
    says = Says()
    Trainer(
        Net(), arguments, train_dataset=DATA, eval_dataset=DATA, compute_metrics=judged,
        callbacks=[recorder(tmp_path), says, EarlyStoppingCallback(2)],
    ).train()  # fmt: skip
    path = Trajectory.load(tmp_path / "a.npz")
    check(path, says.by_epoch, Y)
    assert (path.best_epoch, path.trained_epochs) == (3, 5)


def test_a_model_of_the_library_with_tokens(tmp_path: Path) -> None:
    torch.manual_seed(1)
    config = DistilBertConfig(
        vocab_size=30, dim=16, hidden_dim=16, n_layers=1, n_heads=2, max_position_embeddings=8,
        num_labels=3,
    )  # fmt: skip
    model = DistilBertForSequenceClassification(config)
    ids = torch.randint(0, 30, (60, 5), generator=torch.Generator().manual_seed(1))
    points = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    data = [
        {"input_ids": row, "attention_mask": torch.ones(5, dtype=torch.long), "labels": int(y)}
        for row, y in zip(ids, Y, strict=True)
    ]
    logits: list[np.ndarray] = []

    class Heard(TrainerCallback):
        def on_train_begin(self, *_: Any, model: Any = None, **__: Any) -> None:
            self.hear(model)

        def on_epoch_end(self, *_: Any, model: Any = None, **__: Any) -> None:
            self.hear(model)

        def hear(self, model: Any) -> None:
            with torch.no_grad():
                logits.append(copy.deepcopy(model).eval()(**points).logits.double().numpy())

    arguments = TrainingArguments(
        str(tmp_path / "out"), use_cpu=True, report_to=[], disable_tqdm=True, num_train_epochs=2,
        save_strategy="no", learning_rate=0.01,
    )  # fmt: skip
    ours = TransformersRecorder(
        tmp_path / "a.npz", "pre_classifier", points, Y, activation="relu", settings=EVERY
    )
    Trainer(model, arguments, train_dataset=data, callbacks=[ours, Heard()]).train()
    path = Trajectory.load(tmp_path / "a.npz")
    check(path, logits, Y, sure=0.002)
    assert path.recipe["recorded"]["read-out"] == "classifier: gives the model's output"


SCRIPT = """
import sys
from tests.integrations.test_transformers import Net, Path, recorder, train
folder, net = Path(sys.argv[1]), Net()
net.fail_at = 10
train(folder, net, [recorder(folder, save_every=1000.0)])
"""


def test_what_was_recorded_before_an_exception_is_in_the_file(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.stderr.splitlines()[-1] == "RuntimeError: the disk of the data has gone"
    assert Trajectory.load(tmp_path / "a.npz").trained_epochs == 3
    model, ours = Net(), recorder(tmp_path, overwrite=True)
    model.fail_at = 7
    with pytest.raises(RuntimeError, match="has gone"):
        train(tmp_path, model, [ours])
    ours.close()
    assert Trajectory.load(tmp_path / "a.npz").trained_epochs == 2
