"""The network up to its last hidden layer as a vector field on the input plane."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from spiralcore.analysis.network.class_directions import unit_vectors
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import grid, mapped, reach
from spiralcore.figures.class_fills import show_predicted
from spiralcore.figures.heading import known_network
from spiralcore.figures.plane_figures import plane_sheet, square_limits
from spiralcore.registry.themes import Theme
from spiralcore.trajectory import Trajectory

ARROWS = 27
"""Arrows along each side."""

ARROW_LENGTH = 0.78
"""Of the distance between two arrows."""


def draw_field(trajectory: Trajectory, theme: Theme) -> Figure:
    """Where the function from the plane to the plane points, over the classes predicted there.

    All arrows have the same length; a dot stands where the vector is zero.
    """
    network = RecordedNetwork(trajectory)
    side = reach(trajectory)
    step = 2 * side / ARROWS
    _, nodes = grid(side - step / 2, ARROWS)
    directions = unit_vectors(mapped(network, nodes).hidden)
    known = np.isfinite(directions[:, 0])
    when = known_network(trajectory, network)
    dots = "" if known.all() else "; dots: zero"
    subtitle = f"Direction of the last hidden layer's vector at each input {when}{dots}"
    figure, axes = plane_sheet(trajectory, theme, subtitle)
    square_limits(axes, -side, side)
    show_predicted(axes, network, side, theme)
    axes.quiver(
        *nodes[known].T, *directions[known].T, color=theme.ink, pivot="mid", angles="xy",
        scale_units="xy", scale=1 / (ARROW_LENGTH * step), units="xy", width=0.085 * step,
        headwidth=4.2, headlength=4.2, headaxislength=3.7, zorder=3,
    )  # fmt: skip
    if not known.all():
        x, y = nodes[~known].T
        axes.scatter(x, y, s=7, color=theme.ink, linewidths=0, zorder=3)
    return figure
