"""Blocks of the pages that need a framework run here, as the others do in `tests/docs`."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spiralcore import Trajectory
from tests.docs.blocks import PAGES, ROOT, Block, blocks
from tests.integrations.saying import X, Y

pytestmark = pytest.mark.filterwarnings("ignore")

BLOCKS = [block for page in PAGES for block in blocks(page) if block.environment == "integrations"]


def torch_layers() -> dict[str, Any]:
    import torch
    from torch import nn

    torch.manual_seed(1)
    layers = {"first": nn.Linear(2, 8), "hidden2": nn.ReLU(), "narrow": nn.Linear(8, 2)}
    return {**layers, "hidden3": nn.Tanh(), "readout": nn.Linear(2, 3)}


def lightning() -> dict[str, Any]:
    import lightning.pytorch as pl
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    class Module(pl.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            for name, layer in torch_layers().items():
                self.add_module(name, layer)

        def forward(self, x: Any) -> Any:
            for layer in self.children():
                x = layer(x)
            return x

        def training_step(self, batch: Any, number: int) -> Any:
            return nn.functional.cross_entropy(self(batch[0]), batch[1])

        def configure_optimizers(self) -> Any:
            return torch.optim.Adam(self.parameters())

    data = TensorDataset(torch.from_numpy(X), torch.from_numpy(Y))
    return {"module": Module(), "loader": DataLoader(data, batch_size=20)}


def transformers() -> dict[str, Any]:
    from torch import nn
    from transformers import TrainingArguments

    class Model(nn.Sequential):
        def forward(self, inputs: Any, labels: Any = None) -> Any:
            logits = super().forward(inputs)
            loss = None if labels is None else nn.functional.cross_entropy(logits, labels)
            return {"logits": logits} if loss is None else {"loss": loss, "logits": logits}

    model = Model()
    for name, layer in torch_layers().items():
        model.add_module(name, layer)
    arguments = TrainingArguments(
        "out", num_train_epochs=2, use_cpu=True, report_to=[], disable_tqdm=True,
        save_strategy="no", remove_unused_columns=False,
    )  # fmt: skip
    data = [{"inputs": x, "labels": int(y)} for x, y in zip(X, Y, strict=True)]
    return {"model": model, "arguments": arguments, "data": data}


def keras() -> dict[str, Any]:
    import keras

    layers = keras.layers
    hidden = [layers.Dense(8, "relu"), layers.Dense(2, "tanh", name="hidden3")]
    model = keras.Sequential([layers.Input((2,)), *hidden, layers.Dense(3)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return {"model": model}


def sklearn() -> dict[str, Any]:
    from sklearn.neural_network import MLPClassifier

    return {"model": MLPClassifier((8, 2), "tanh", random_state=1)}


def flax() -> dict[str, Any]:
    import optax
    from flax import nnx

    class Model(nnx.Module):
        def __init__(self, rngs: nnx.Rngs) -> None:
            self.hidden3 = nnx.Linear(2, 2, rngs=rngs)
            self.readout = nnx.Linear(2, 3, rngs=rngs)

        def __call__(self, x: Any) -> Any:
            return self.readout(nnx.tanh(self.hidden3(x)))

    @nnx.jit
    def train_step(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
        def lost(model: Any) -> Any:
            return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()

        loss, gradients = nnx.value_and_grad(lost)(model)
        optimizer.update(model, gradients)
        return loss

    model = Model(nnx.Rngs(1))
    optimizer = nnx.Optimizer(model, optax.adam(0.01), wrt=nnx.Param)
    return {"model": model, "optimizer": optimizer, "train_step": train_step}


GIVEN: dict[str, Callable[[], dict[str, Any]]] = {
    "LightningRecorder": lightning,
    "TransformersRecorder": transformers,
    "KerasRecorder": keras,
    "SklearnRecorder": sklearn,
    "FlaxRecorder": flax,
}
"""What a block takes for granted, by the recorder that it uses."""


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_every_block_that_needs_a_framework_runs(tmp_path: Path, block: Block) -> None:
    used = [name for name in GIVEN if name in block.text]
    assert len(used) == 1
    if used == ["KerasRecorder"] and "KERAS_BACKEND" not in os.environ:
        # A back end is chosen before Keras is loaded: in a process of its own.
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__]
        command += ["-k", block.name]
        ran = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "KERAS_BACKEND": "jax"}, capture_output=True,
            text=True,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout
        assert "1 passed" in ran.stdout
        return
    code = re.sub(
        r"epochs=100|range\(100\)", lambda found: found[0].replace("100", "3"), block.text
    )
    given = {"x": X, "y": Y, "__name__": "typed", **GIVEN[used[0]]()}
    with contextlib.chdir(tmp_path):
        exec(compile(code, block.name, "exec"), given)
    path = Trajectory.load(tmp_path / "mine.npz")
    assert path.trained_epochs >= 1
    assert path.knows_readout
    assert path.knows_loss


def test_each_framework_has_a_block() -> None:
    assert sorted(name for block in BLOCKS for name in GIVEN if name in block.text) == sorted(GIVEN)
