"""What a network makes of the input plane, and how figures show it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import grid, mapped
from spiralcore.registry.themes import Theme

NODES = 501
"""Nodes along each side of the grid whose classes are shown."""

BORDER_WIDTH, BORDER_ALPHA = 0.9, 0.55


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
