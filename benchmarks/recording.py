"""What recording somebody's own training loop costs: ``python -m benchmarks.recording``.

An MLP of the default widths is trained in eager torch, full-batch, with and without a `Recorder`,
alternating; medians of the time of an epoch.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn

from spiralcore import Recorder
from spiralcore.data import spirals

CLASSES, EPOCHS, ROUNDS = 7, 200, 5


def model() -> nn.Sequential:
    """The default network, in torch's own modules."""
    widths = (2, 120, 80, 40, 2)
    layers: list[nn.Module] = []
    for a, b in pairwise(widths):
        layers += [nn.Linear(a, b), nn.Tanh()]
    return nn.Sequential(*layers, nn.Linear(2, CLASSES))


def epoch_seconds(watched: bool, folder: Path) -> tuple[float, float]:
    """Median time of an epoch, and the time that the file takes at the end."""
    points = spirals(CLASSES, rng=np.random.default_rng(0))
    x, y = torch.from_numpy(points.inputs), torch.from_numpy(points.labels)
    net = model()
    optimiser = torch.optim.Adam(net.parameters(), lr=5e-4)
    recorder = Recorder(folder / "a.npz", net, "7", x, y, overwrite=True)
    times = []
    with recorder if watched else nullcontext():
        for _ in range(EPOCHS):
            started = time.perf_counter()
            optimiser.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            if watched:
                recorder.step()
            times.append(time.perf_counter() - started)
        ended = time.perf_counter()
    return statistics.median(times), time.perf_counter() - ended


def main() -> None:
    """Measure and print."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        epoch_seconds(True, Path(name))  # compiles
        rounds = [(epoch_seconds(False, Path(name))[0], *epoch_seconds(True, Path(name)))
                  for _ in range(ROUNDS)]  # fmt: skip
    bare, watched, end = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"{1e3 * bare:.2f} ms an epoch, {1e3 * watched:.2f} ms recorded: "
          f"{watched / bare:.2f} times; the file: {end:.2f} s for {EPOCHS} epochs")  # fmt: skip


if __name__ == "__main__":
    main()
