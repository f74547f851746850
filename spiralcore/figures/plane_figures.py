"""The input plane and the plane of the last hidden layer, with regions and points."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Patch, Polygon, Rectangle
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from spiralcore.analysis.network.decision_polygons import decision_polygons
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import reach
from spiralcore.figures.class_fills import (
    BORDER_ALPHA,
    BORDER_WIDTH,
    class_inks,
    region_fills,
    show_predicted,
)
from spiralcore.figures.heading import known_network, network_sheet
from spiralcore.figures.style import Area, axes_in
from spiralcore.registry.spaces import Space
from spiralcore.registry.themes import Theme
from spiralcore.subjects.names import short_names
from spiralcore.trajectory import Trajectory

WIDTH, HEIGHT = 6.4, 7.25
PLANE = Area(0.62, 0.98, 5.5, 5.5)

POINT_ALPHA = 1.0
SPACE_MARGIN = 0.06


def draw_input(trajectory: Trajectory, theme: Theme) -> Figure:
    """The data, over the classes that the network predicts at the end."""
    network = RecordedNetwork(trajectory) if RecordedNetwork.is_in(trajectory) else None
    subtitle = (
        f"The data, and the class predicted {known_network(trajectory, network)}"
        if network
        else "The data; the network was not recorded: no predicted classes"
    )
    figure, axes = plane_sheet(trajectory, theme, subtitle)
    side = reach(trajectory)
    square_limits(axes, -side, side)
    if network:
        show_predicted(axes, network, side, theme)
    show_points(axes, trajectory, trajectory.inputs, theme)
    return figure


def draw_hidden(trajectory: Trajectory, theme: Theme) -> Figure:
    """The last hidden layer at the end: points, border of the space, regions of the read-out."""
    hidden = trajectory.hidden[-1]
    epoch = f"after {trajectory.counting.named(int(trajectory.epochs[-1]))}"
    subtitle = (
        f"The last hidden layer {epoch}, and the class predicted there"
        if trajectory.knows_readout
        else f"The last hidden layer {epoch}; no read-out was recorded: no regions"
    )
    figure, axes = plane_sheet(trajectory, theme, subtitle)
    space = trajectory.space
    lower, upper = hidden_limits(hidden, space)
    if trajectory.outside.counts[-1]:
        rim = SPACE_MARGIN * (upper - lower)
        lower, upper = min(lower, float(hidden.min()) - rim), max(upper, float(hidden.max()) + rim)
    square_limits(axes, lower, upper)
    if space.bounded:
        axes.set_xticks(_whole_ticks(space))
        axes.set_yticks(_whole_ticks(space))
    if trajectory.knows_readout:
        _show_regions(axes, trajectory, (lower, upper), theme)
    _show_border(axes, space, (lower, upper), theme)
    show_points(axes, trajectory, hidden, theme)
    _show_names(axes, trajectory, hidden, theme)
    return figure


def plane_sheet(trajectory: Trajectory, theme: Theme, subtitle: str) -> tuple[Figure, Axes]:
    """A sheet with one square plane, the result below it."""
    figure = network_sheet(trajectory, theme, WIDTH, HEIGHT, subtitle)
    axes = axes_in(figure, PLANE)
    axes.tick_params(length=3)
    return figure, axes


def square_limits(axes: Axes, lower: float, upper: float) -> None:
    """Give both axes the same limits, and a few numbers."""
    axes.set_xlim(lower, upper)
    axes.set_ylim(lower, upper)
    axes.locator_params(nbins=5)


def hidden_limits(hidden: NDArray[np.float32], space: Space) -> tuple[float, float]:
    """Limits of both axes that show all points, and all of a space that has an end.

    Parameters
    ----------
    hidden
        The points, shape (N, 2).
    space
        Where they may lie.
    """
    lower = float(hidden.min()) if space.lower is None else space.lower
    upper = float(hidden.max()) if space.upper is None else space.upper
    span = upper - lower if upper > lower else 1.0
    below = SPACE_MARGIN * span
    return lower - below, max(upper, lower + span) + SPACE_MARGIN * span


def show_points(
    axes: Axes, trajectory: Trajectory, places: NDArray[np.float32], theme: Theme
) -> None:
    """Show the points at their places, shape (N, 2), mixed so that no class hides the others."""
    order = np.random.default_rng(0).permutation(trajectory.points)
    colours = np.array(class_inks(theme, trajectory.classes))[trajectory.labels]
    if trajectory.targets is not None:
        scale = theme.point_colours(trajectory.classes, trajectory.labels, trajectory.targets)
        colours = np.array([to_hex(colour / 255) for colour in scale])
    size = float(np.clip(26 * (800 / trajectory.points) ** 0.5, 5, 34))
    axes.scatter(
        places[order, 0], places[order, 1], s=size, c=colours[order].tolist(), alpha=POINT_ALPHA,
        linewidths=0.35, edgecolors=theme.background, zorder=3, clip_on=False,
    )  # fmt: skip
    show_marks(axes, theme, trajectory.classes, trajectory.labels, places, size)


def _show_names(
    axes: Axes, trajectory: Trajectory, places: NDArray[np.float32], theme: Theme
) -> None:
    """Name the classes above their points, those that have names, as far as there is room."""
    halo = [patheffects.withStroke(linewidth=2.5, foreground=theme.panel)]
    taken: list[Bbox] = []
    canvas: Any = FigureCanvasAgg(cast(Figure, axes.figure))
    renderer = canvas.get_renderer()
    for label, name in enumerate(short_names(trajectory)):
        own = places[trajectory.labels == label]
        if not len(own):
            continue
        x, y = own.mean(axis=0) + np.array([0, 1.3 * own[:, 1].std()])
        text = axes.text(x, y, name, color=theme.ink, fontsize=11, ha="center", va="bottom",
                         parse_math=False, path_effects=halo, zorder=6, clip_on=True)  # fmt: skip
        box = text.get_window_extent(renderer)
        if any(box.overlaps(other) for other in taken):
            text.remove()
        else:
            taken.append(box)


def show_marks(
    axes: Axes,
    theme: Theme,
    classes: int,
    labels: NDArray[np.int64],
    places: NDArray[np.floating],
    size: float,
) -> None:
    """Mark points whose class has the colour of another one, see `Theme.class_marks`.

    ``size`` is that of the points, in square points.
    """
    marks = theme.class_marks(classes)[labels]
    for mark, (shape, share) in {1: ("o", 0.3), 2: ("_", 0.8), 3: ("|", 0.8)}.items():
        x, y = places[marks == mark].T
        if len(x):
            width = 0.0 if mark == 1 else 0.2 * size**0.5
            axes.scatter(x, y, s=share * size, marker=shape, c=theme.background, linewidths=width,
                         zorder=4.5, clip_on=False)  # fmt: skip


def _show_regions(
    axes: Axes, trajectory: Trajectory, limits: tuple[float, float], theme: Theme
) -> None:
    space = trajectory.space
    lower = limits[0] if space.lower is None else space.lower
    upper = limits[1] if space.upper is None else space.upper
    polygons = decision_polygons(
        trajectory.readout_weight[-1], trajectory.readout_bias[-1], (lower, lower), (upper, upper)
    )
    inside: Patch | None = None
    if space.is_round:
        inside = Circle((0, 0), 1, transform=axes.transData)
    for polygon, fill in zip(polygons, region_fills(theme, len(polygons)), strict=True):
        if not len(polygon):
            continue
        for face, edge, width, alpha, level in (
            (fill, "none", 0.0, 1.0, 0.5),
            ("none", theme.background, BORDER_WIDTH, BORDER_ALPHA, 0.6),
        ):
            patch = Polygon(
                polygon, facecolor=face, edgecolor=edge, linewidth=width, alpha=alpha, zorder=level
            )
            axes.add_patch(patch)
            if inside is not None:
                patch.set_clip_path(inside)


def _show_border(axes: Axes, space: Space, limits: tuple[float, float], theme: Theme) -> None:
    """Draw where the space ends: a square, a circle, or the axes of a quadrant."""
    if space.is_round:
        axes.add_patch(
            Circle((0, 0), 1, fill=False, edgecolor=theme.faint, linewidth=1.3, zorder=2)
        )
    elif space.lower is not None and space.upper is not None:
        side = space.upper - space.lower
        axes.add_patch(
            Rectangle((space.lower, space.lower), side, side, fill=False, edgecolor=theme.faint,
                      linewidth=1.3, zorder=2)
        )  # fmt: skip
    elif space.lower is not None:
        x = [space.lower, space.lower, limits[1]]
        axes.plot(x, x[::-1], color=theme.faint, linewidth=1.3, zorder=2)
    else:
        axes.axhline(0, color=theme.frame, linewidth=0.8, zorder=2)
        axes.axvline(0, color=theme.frame, linewidth=0.8, zorder=2)


def _whole_ticks(space: Space) -> list[float]:
    assert space.lower is not None
    assert space.upper is not None
    return [space.lower, (space.lower + space.upper) / 2, space.upper]
