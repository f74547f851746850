"""A small convolutional network on handwritten digits, its two-neuron layer filmed.

Run ``python examples/digits.py``, then ``spiral render bending digits.npz --out digits.mp4``.
"""

from __future__ import annotations

import argparse

import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn

from spiralcore import Recorder


class ConvNet(nn.Module):
    """Convolutions, a bottleneck of two units, and a linear read-out."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(32 * 4 * 4, 64),
            nn.ReLU(),
        )
        self.squeeze = nn.Linear(64, 2)
        self.readout = nn.Linear(2, 10)

    def forward(self, images: Tensor) -> Tensor:
        """Logits of images, shape (N, 1, 8, 8)."""
        logits: Tensor = self.readout(self.squeeze(self.features(images)))
        return logits


arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("--epochs", type=int, default=60)
arguments.add_argument("--out", default="digits.npz")
chosen = arguments.parse_args()

torch.manual_seed(0)
digits = load_digits()
images = torch.tensor(digits.images, dtype=torch.float32)[:, None] / 16
labels = torch.tensor(digits.target)
model = ConvNet()
optimiser = torch.optim.Adam(model.parameters(), lr=0.003)

# What is watched need not be what is trained on: here the last 500 digits are held out.
with Recorder(chosen.out, model, "squeeze", images[-500:], labels[-500:]) as rec:
    for _ in range(chosen.epochs):
        for batch in torch.randperm(len(images) - 500).split(64):
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimiser.step()
            rec.step()  # once a mini-batch: what happens within an epoch is worth seeing, too

trajectory = rec.trajectory
print(f"{chosen.out}: accuracy {trajectory.accuracy[-1]:.3f} on digits that it was not trained on")
