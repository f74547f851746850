"""A GIF of one network as it used to be made: matplotlib's PNG files, then ImageMagick.

Usage: ``python -m benchmarks.peers.seed_gif TRAJECTORY FOLDER FRAMES CONVERT``. One figure for
all frames, whose contents are set anew; the background is a mesh of predicted classes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import ListedColormap
from numpy.typing import NDArray

from spiralcore import Trajectory
from spiralcore.trajectory.moment import Moment

CELLS = 200
FILLS = ("#ff9999", "#99ccff", "#99e699", "#ffe680", "#d9b3ff", "#ffcc99", "#b3ffff")
POINTS = ("#990000", "#004c99", "#006600", "#997a00", "#5900b3", "#994d00", "#008080")


def main() -> None:
    """Draw the pictures and join them."""
    mpl.use("agg")
    trajectory = Trajectory.load(sys.argv[1])
    folder, frames, convert = Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    folder.mkdir(exist_ok=True)
    epochs = np.geomspace(1, trajectory.trained_epochs, frames)
    lower, upper = trajectory.space.lower, trajectory.space.upper or trajectory.hidden.max()
    assert lower is not None
    ticks = np.linspace(lower - 0.05, upper + 0.05, CELLS)
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    classes = trajectory.classes

    figure, axes = plt.subplots(figsize=(6.4, 4.8), dpi=100)
    mesh = axes.pcolormesh(
        ticks, ticks, np.zeros((CELLS, CELLS)), shading="nearest",
        cmap=ListedColormap(FILLS[:classes]), vmin=-0.5, vmax=classes - 0.5,
    )  # fmt: skip
    scatters = [
        axes.scatter([], [], marker="s", color=POINTS[label], edgecolors="black")
        for label in range(classes)
    ]
    names: list[str] = []
    for number, epoch in enumerate(epochs):
        moment = trajectory.evaluate(float(epoch))
        mesh.set_array(_predicted(moment, grid))
        for label, scatter in enumerate(scatters):
            scatter.set_offsets(moment.hidden[trajectory.labels == label])
        axes.set_title(f"Last hidden layer, epoch {int(epoch)}, {classes} classes")
        names.append(f"{number:03d}.png")
        figure.savefig(folder / names[-1])
    subprocess.run(
        [convert, "-delay", "4", "-loop", "0", *names, "out.gif"], cwd=folder, check=True
    )


def _predicted(moment: Moment, grid: NDArray[np.float64]) -> NDArray[np.int64]:
    logits = grid @ moment.readout_weight.T + moment.readout_bias
    return np.asarray(logits.argmax(axis=1).reshape(CELLS, CELLS))


if __name__ == "__main__":
    main()
