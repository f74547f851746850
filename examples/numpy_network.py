"""A network without any framework: arrays in, a trajectory out.

Run ``python examples/numpy_network.py``, then ``spiral render bending numpy.npz --out numpy.mp4``.
"""

from __future__ import annotations

import argparse

import numpy as np

from spiralcore import ArrayRecorder
from spiralcore.data import spirals

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("--epochs", type=int, default=1500)
arguments.add_argument("--out", default="numpy.npz")
chosen = arguments.parse_args()

rng = np.random.default_rng(1)
points = spirals(3, 100, rng=rng, turns=0.6)
x, y = points.inputs / 10, points.labels
target = np.eye(3)[y]

# Input -> 40 tanh -> 2 tanh -> 3 logits, trained by plain gradient descent with momentum.
shapes = [(2, 40), (40,), (40, 2), (2,), (2, 3), (3,)]
parameters = [rng.normal(size=shape) * (0.7 if len(shape) == 2 else 0) for shape in shapes]
speed = [np.zeros(shape) for shape in shapes]

with ArrayRecorder(chosen.out, inputs=x, labels=y, activation="tanh") as rec:
    for _ in range(chosen.epochs + 1):
        w1, b1, w2, b2, w3, b3 = parameters
        first = np.tanh(x @ w1 + b1)
        drawn = np.tanh(first @ w2 + b2)
        logits = drawn @ w3 + b3
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        loss = -np.log(shares[np.arange(len(y)), y]).mean()

        rec.observe(drawn, readout=(w3.T, b3), outputs=logits, loss=loss)

        slope = (shares - target) / len(y)
        slope2 = slope @ w3.T * (1 - drawn**2)
        slope1 = slope2 @ w2.T * (1 - first**2)
        gradient = [x.T @ slope1, slope1.sum(0), first.T @ slope2, slope2.sum(0),
                    drawn.T @ slope, slope.sum(0)]  # fmt: skip
        speed = [0.95 * v - 0.05 * g for v, g in zip(speed, gradient, strict=True)]
        parameters = [p + v for p, v in zip(parameters, speed, strict=True)]

trajectory = rec.trajectory
print(f"{chosen.out}: accuracy {trajectory.accuracy[-1]:.3f}, {len(trajectory.epochs)} epochs kept")
