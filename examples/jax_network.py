"""A network in JAX: a jitted step, and a recorder that sees its arrays.

Run ``pip install jax``, ``python examples/jax_network.py``, then
``spiral render bending jax.npz --out jax.mp4``.
"""

from __future__ import annotations

import argparse

import jax
import jax.numpy as jnp
import numpy as np

from spiralcore import ArrayRecorder
from spiralcore.data import spirals

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("--epochs", type=int, default=1500)
arguments.add_argument("--out", default="jax.npz")
chosen = arguments.parse_args()

points = spirals(3, 100, rng=np.random.default_rng(1), turns=0.6)
x, y = jnp.asarray(points.inputs / 10), jnp.asarray(points.labels)

NAMES = ("wide", "drawn", "head")

# Input -> 40 tanh -> 2 tanh -> 3 logits.
keys = jax.random.split(jax.random.PRNGKey(0), 3)
parameters = {
    name: {"kernel": 0.7 * jax.random.normal(key, shape), "bias": jnp.zeros(shape[1])}
    for name, key, shape in zip(
        ("wide", "drawn", "head"), keys, ((2, 40), (40, 2), (2, 3)), strict=True
    )
}


@jax.jit
def network(parameters, x):
    """The drawn layer and the logits, shapes (N, 2) and (N, 3)."""
    wide, drawn, head = (parameters[name] for name in NAMES)
    hidden = jnp.tanh(x @ wide["kernel"] + wide["bias"])
    hidden = jnp.tanh(hidden @ drawn["kernel"] + drawn["bias"])
    return hidden, hidden @ head["kernel"] + head["bias"]


def cross_entropy(parameters):
    """What is minimised."""
    logits = network(parameters, x)[1]
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1).mean()


@jax.jit
def step(parameters, speed):
    """Gradient descent with momentum."""
    loss, slope = jax.value_and_grad(cross_entropy)(parameters)
    speed = jax.tree.map(lambda v, g: 0.95 * v - 0.05 * g, speed, slope)
    return jax.tree.map(jnp.add, parameters, speed), speed, loss


speed = jax.tree.map(jnp.zeros_like, parameters)
with ArrayRecorder(chosen.out, inputs=x, labels=y, activation="tanh") as rec:
    for _ in range(chosen.epochs + 1):
        hidden, logits = network(parameters, x)
        head = parameters["head"]
        parameters, speed, loss = step(parameters, speed)
        rec.observe(hidden, readout=(head["kernel"].T, head["bias"]), outputs=logits, loss=loss)

trajectory = rec.trajectory
print(f"{chosen.out}: accuracy {trajectory.accuracy[-1]:.3f}, {len(trajectory.epochs)} epochs kept")
