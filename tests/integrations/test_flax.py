"""Networks of Flax NNX, trained with optax."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx

from spiralcore import Trajectory
from spiralcore.errors import UsageError
from spiralcore.integrations import FlaxRecorder
from tests.integrations.saying import EVERY, X, Y, check

pytestmark = pytest.mark.filterwarnings("ignore")


class Net(nnx.Module):
    """As tutorials have it: activations are functions, dropout and batch norm in between."""

    def __init__(self, rngs: nnx.Rngs, dtype: Any = jnp.float32, bias: bool = True) -> None:
        self.first = nnx.Linear(2, 16, rngs=rngs, dtype=dtype)
        self.norm = nnx.BatchNorm(16, rngs=rngs, dtype=dtype)
        self.drop = nnx.Dropout(0.2, rngs=rngs)
        self.narrow = nnx.Linear(16, 2, rngs=rngs, dtype=dtype)
        self.head = nnx.Linear(2, 3, rngs=rngs, dtype=dtype, use_bias=bias)

    def __call__(self, x: jax.Array) -> jax.Array:
        x = self.drop(nnx.relu(self.norm(self.first(x))))
        return self.head(nnx.tanh(self.narrow(x)))


@nnx.jit
def train_step(model: nnx.Module, optimizer: nnx.Optimizer, x: jax.Array, y: jax.Array) -> Any:
    def lost(model: nnx.Module) -> jax.Array:
        logits = model(x).astype(jnp.float32)
        return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()

    loss, gradients = nnx.value_and_grad(lost)(model)
    optimizer.update(model, gradients)
    return loss


def said(model: nnx.Module) -> np.ndarray:
    alone = nnx.clone(model)
    alone.eval()
    return np.asarray(alone(jnp.asarray(X)), np.float64)


def trained(folder: Path, model: nnx.Module, **options: Any) -> tuple[Trajectory, list[np.ndarray]]:
    optimizer = nnx.Optimizer(model, optax.adam(0.03), wrt=nnx.Param)
    model.train()
    logits, losses = [said(model)], []
    usual = {"layer": "narrow", "activation": "tanh", "labels": Y}
    with FlaxRecorder(
        folder / "a.npz", model, inputs=X, settings=EVERY, **{**usual, **options}
    ) as rec:
        for _ in range(4):
            loss = train_step(model, optimizer, jnp.asarray(X), jnp.asarray(Y))
            rec.step(loss)
            logits.append(said(model))
            losses.append(float(loss))
    path = Trajectory.load(folder / "a.npz")
    np.testing.assert_allclose(path.loss[1:], losses, rtol=1e-6)
    return path, logits


@pytest.mark.parametrize("bias", [True, False])
def test_each_epoch_is_what_the_model_says(tmp_path: Path, bias: bool) -> None:
    path, logits = trained(tmp_path, Net(nnx.Rngs(1), bias=bias))
    check(path, logits, Y)
    assert path.recipe["recorded"]["read-out"] == "head: gives the model's output"
    assert np.abs(path.hidden).max() <= 1
    assert not path.outside.points


def test_numbers_in_bfloat16(tmp_path: Path) -> None:
    path, logits = trained(tmp_path, Net(nnx.Rngs(1), jnp.bfloat16))
    check(path, logits, Y, sure=0.06)


def test_the_training_is_bit_for_bit_what_it_would_be(tmp_path: Path) -> None:
    recorded, alone = Net(nnx.Rngs(1)), Net(nnx.Rngs(1))
    trained(tmp_path, recorded)
    optimizer = nnx.Optimizer(alone, optax.adam(0.03), wrt=nnx.Param)
    alone.train()
    for _ in range(4):
        train_step(alone, optimizer, jnp.asarray(X), jnp.asarray(Y))
    one, other = (jax.tree.leaves(nnx.state(model)) for model in (recorded, alone))
    assert len(one) == len(other) > 8
    for left, right in zip(one, other, strict=True):
        same = left == right if not jnp.issubdtype(left.dtype, jax.dtypes.prng_key) else True
        assert jnp.all(same)
    assert not recorded.drop.deterministic


class Listed(nnx.Module):
    """Layers in a list, and an activation that is a module."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        layers = [nnx.Linear(2, 8, rngs=rngs), Squash(), nnx.Linear(8, 2, rngs=rngs), Squash()]
        self.layers = nnx.List([*layers, nnx.Linear(2, 3, rngs=rngs)])

    def __call__(self, x: jax.Array) -> jax.Array:
        for layer in self.layers:
            x = layer(x)
        return nnx.softmax(x)


class Squash(nnx.Module):
    def __call__(self, x: jax.Array) -> jax.Array:
        return jnp.tanh(x)


def test_layers_in_lists_and_a_softmax_within(tmp_path: Path) -> None:
    model = Listed(nnx.Rngs(1))
    path, shares = trained(tmp_path, model, layer="layers.3")
    check(path, shares, Y, kind="shares")
    module, _ = trained(tmp_path, model, layer=model.layers[3], overwrite=True)
    assert module.recipe["layer"] == "layers.3"


def test_labels_of_any_kind_and_no_labels(tmp_path: Path) -> None:
    names = np.array(["cat", "dog", "elk"])
    path, logits = trained(tmp_path, Net(nnx.Rngs(1)), labels=names[Y])
    check(path, logits, Y)
    assert path.class_names == ("cat", "dog", "elk")
    path, _ = trained(tmp_path, Net(nnx.Rngs(1)), labels=None, overwrite=True)
    assert not path.knows_loss


def test_an_inner_layer_has_no_read_out(tmp_path: Path) -> None:
    path, logits = trained(tmp_path, Net(nnx.Rngs(1)), layer="first", activation=None)
    check(path, logits, Y, readout=False)
    assert path.units == 16


class Told(Net):
    def __call__(self, x: jax.Array, again: bool, scale: jax.Array) -> jax.Array:
        return super().__call__(scale * x if again else x)


def test_inputs_by_name(tmp_path: Path) -> None:
    points = {"again": True, "x": X, "scale": jnp.ones(1)}
    with FlaxRecorder(tmp_path / "a.npz", Told(nnx.Rngs(1)), "narrow", points, Y) as rec:
        pass
    np.testing.assert_array_equal(rec.trajectory.inputs, X)
    assert not rec.trajectory.knows_readout  # tanh stands between
    assert rec.trajectory.knows_loss


class Twice(Net):
    def __call__(self, x: jax.Array) -> jax.Array:
        return super().__call__(x) + super().__call__(2 * x)


def test_what_cannot_be_recorded_is_said(tmp_path: Path) -> None:
    def refused(model: Any, layer: Any) -> str:
        with (
            pytest.raises(UsageError) as error,
            FlaxRecorder(tmp_path / "a.npz", model, layer, X, Y),
        ):
            pass
        return str(error.value)

    names = "one of drop, first, head, narrow, norm."
    said = refused(Net(nnx.Rngs(1)), "narow")
    assert said.startswith("The model has no layer 'narow'.")
    assert "narrow" in said
    assert names.split(" ")[0] in said
    assert refused(Twice(nnx.Rngs(1)), "narrow") == (
        "The layer 'narrow' runs 2 times in a pass.\n"
        "expected: one of call=0 the shape (60, 2), call=1 the shape (60, 2)."
    )
    assert refused(object(), "narrow") == (
        "The model is a object.\nexpected: a module of Flax NNX.\n"
        "next: spiralcore.ArrayRecorder, which takes arrays of any framework"
    )
    assert [*tmp_path.iterdir()] == []
