"""Your own network and loop on two moons.

Run ``python examples/two_moons.py``, then ``spiral render bending moons.npz --out moons.mp4``.
"""

from __future__ import annotations

import argparse

import torch
from sklearn.datasets import make_moons
from torch import nn

from spiralcore import Recorder

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("--epochs", type=int, default=400)
arguments.add_argument("--out", default="moons.npz")
chosen = arguments.parse_args()

torch.manual_seed(0)
points, classes = make_moons(400, noise=0.12, random_state=0)
x, y = torch.tensor(points, dtype=torch.float32), torch.tensor(classes)

model = nn.Sequential(
    nn.Linear(2, 32),
    nn.Tanh(),
    nn.Linear(32, 2),
    nn.Tanh(),  # module "3": two units that can be drawn
    nn.Linear(2, 2),
)
optimiser = torch.optim.Adam(model.parameters(), lr=0.005)

with Recorder(chosen.out, model, layer="3", inputs=x, labels=y) as rec:
    for _ in range(chosen.epochs):
        for batch in torch.randperm(len(x)).split(64):
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
            optimiser.step()
        rec.step()

trajectory = rec.trajectory
print(f"{chosen.out}: accuracy {trajectory.accuracy[-1]:.3f}, {len(trajectory.epochs)} epochs kept")
