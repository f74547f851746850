"""What a network makes of the input plane, and how figures show it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from numpy.typing import NDArray

from spiralcore.analysis.network import RecordedNetwork
from spiralcore.stage.palette import Theme
from spiralcore.trajectory import Trajectory

Floats = NDArray[np.float32]

NODES = 501
"""Nodes along each side of the grid whose classes are shown."""

CHUNK = 20_000
"""Points that go through a network at once; wide layers take much memory."""

BORDER_WIDTH, BORDER_ALPHA = 0.9, 0.55


class Mapped(NamedTuple):
    """What a network makes of some points.

    Attributes
    ----------
    hidden
        Output of the last hidden layer, shape (N, D).
    logits
        Shape (N, K).
    """

    hidden: Floats
    logits: Floats


def mapped(network: RecordedNetwork, inputs: Floats) -> Mapped:
    """Send points of the input plane, shape (N, 2), through the network as it was last known."""
    last = len(network.epochs) - 1
    parts = []
    for start in range(0, len(inputs), CHUNK):
        *_, drawn, logits = network.forward(last, inputs[start : start + CHUNK])
        parts.append((network.activations[-1].apply(drawn), logits))
    hidden, logits = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Mapped(hidden, logits)


def reach(trajectory: Trajectory) -> float:
    """Half the side of the part of the input plane that is shown, around the origin."""
    return float(np.abs(trajectory.inputs).max()) * 1.09 or 1.0


def grid(side: float, nodes: int) -> tuple[Floats, Floats]:
    """Coordinates along an axis, shape (nodes,), and of all nodes, shape (nodes * nodes, 2)."""
    x = np.linspace(-side, side, nodes, dtype=np.float32)
    return x, np.stack(np.meshgrid(x, x), axis=-1).reshape(-1, 2)


def show_predicted(axes: Axes, network: RecordedNetwork, side: float, theme: Theme) -> None:
    """Fill the input plane with the muted colours of the classes that a network predicts.

    The region of a class is where its logit exceeds all others; between the nodes of a grid the
    difference is interpolated linearly.
    """
    x, inputs = grid(side, NODES)
    logits = mapped(network, inputs).logits
    fills = region_fills(theme, logits.shape[1])
    for k, fill in enumerate(fills):
        others = np.delete(logits, k, axis=1).max(axis=1)
        lead = (logits[:, k] - others).reshape(NODES, NODES)
        if lead.max() <= 0:
            continue
        if lead.min() > 0:
            axes.set_facecolor(fill)
            continue
        axes.contourf(x, x, lead, levels=[0.0, float(lead.max()) * 2], colors=[fill], zorder=0.5)
        if lead.min() < 0:
            axes.contour(
                x, x, lead, levels=[0.0], colors=[theme.background], linewidths=BORDER_WIDTH,
                alpha=BORDER_ALPHA, zorder=0.6,
            )  # fmt: skip


def region_fills(theme: Theme, classes: int) -> list[str]:
    """Muted class colours as ``#rrggbb``."""
    return [to_hex(colour / 255) for colour in theme.region_colours(classes)]


def class_inks(theme: Theme, classes: int) -> list[str]:
    """Class colours as ``#rrggbb``."""
    return [to_hex(colour / 255) for colour in theme.class_colours(classes)]
