"""Where two trajectories differ most: the points at that epoch, and every array over the epochs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from spiralcore.analysis.network.projection import principal_axes
from spiralcore.figures.class_fills import class_inks
from spiralcore.figures.plane_figures import hidden_limits, show_marks, square_limits
from spiralcore.figures.style import MARGIN, TEXT_SIZE, Area, axes_in, sheet, write
from spiralcore.registry.themes import Theme
from spiralcore.system.printable import short_name
from spiralcore.trajectory.compare.alignment import layer_values
from spiralcore.trajectory.compare.comparison import Comparison, describe
from spiralcore.trajectory.compare.deviation import Deviation
from spiralcore.trajectory.compare.shared_epochs import values_at
from spiralcore.trajectory.play.motion import panel_width

WIDTH, HEIGHT = 12.6, 7.2
PLANE = Area(0.62, 1.15, 5.2, 5.2)
CURVES = Area(6.95, 1.15, 5.3, 4.45)

LEAST = 1e-4
"""Tolerances; smaller deviations lie on the lower edge, arrays that stay below are left out."""

LONGEST_NAME = 70


def draw_difference(found: Comparison, theme: Theme) -> Figure:
    """Draw where two trajectories differ.

    Parameters
    ----------
    found
        What came of comparing them.
    theme
        Colours.

    Returns
    -------
    Figure
        To the left the layer at its worst epoch: rings where the first trajectory has the points,
        discs where the second has them, lines between those that are too far apart. To the
        right how far each array is, in tolerances.
    """
    worst = found.worst
    words = (
        "the same" if worst is None else describe(worst, atol=found.atol, counting=found.counting)
    )
    title = f"{short_name(Path(found.one.source).name, LONGEST_NAME)}, and what was made instead"
    figure = sheet(theme, WIDTH, HEIGHT, title, words)
    layers = [d for d in found.deviations if d.unit == "panel" and d.array != "hidden_mean"]
    layer = max(layers, key=lambda d: d.excess, default=None)
    if layer is None:
        write(figure, MARGIN, 3.0, "no layer was compared", TEXT_SIZE, theme.faint)
    else:
        _show_layer(figure, found, layer, theme)
    _show_curves(axes_in(figure, CURVES), found, theme)
    return figure


def _show_layer(figure: Figure, found: Comparison, layer: Deviation, theme: Theme) -> None:
    axes = axes_in(figure, PLANE)
    axes.tick_params(length=3)
    epoch = np.array([layer.epoch])
    one, other = (
        values_at(path, layer_values(path, layer.array), epoch)[0]
        for path in (found.one, found.other)
    )
    apart = np.linalg.norm(other - one, axis=1) / panel_width(one, found.one.space)
    places, shown = (one, other), f"{layer.array} at {found.counting.named(layer.epoch or 0)}"
    if one.shape[1] == 2:
        # The second need not stay within the space of the first.
        every = np.concatenate(places)
        low, high = hidden_limits(every, found.one.space)
        square_limits(axes, min(low, float(every.min())), max(high, float(every.max())))
    else:
        frame = principal_axes([one], 2).axes
        places = (one @ frame, other @ frame)
        shown += f", principal axes of {one.shape[1]} units"
        axes.set_aspect("equal", adjustable="datalim")
    _show_points(axes, found, places, apart > layer.tolerance, theme)
    point = layer.points[layer.at]
    for place in places:
        axes.plot(*place[point], "o", markersize=17, fillstyle="none", color=theme.ink,
                  markeredgewidth=1.8, zorder=5)  # fmt: skip
    axes.set_title(shown, loc="left", fontsize=TEXT_SIZE, color=theme.faint)
    count = int((apart > layer.tolerance).sum())
    note = (
        "small rings: snapshot; discs: now; lines: farther than allowed, "
        f"{count:,} of {len(apart):,}; large ring: the worst"
    )
    write(figure, MARGIN, HEIGHT - 0.28, note, TEXT_SIZE, theme.faint)


def _show_points(
    axes: Axes,
    found: Comparison,
    places: tuple[NDArray[np.floating], NDArray[np.floating]],
    far: NDArray[np.bool_],
    theme: Theme,
) -> None:
    one, other = places
    colours = np.array(class_inks(theme, found.one.classes))[found.one.labels].tolist()
    size = float(np.clip(26 * (800 / len(one)) ** 0.5, 5, 34))
    ends = np.stack([one[far], other[far]], axis=1)
    lines = LineCollection(list(ends), colors=theme.ink, linewidths=0.7, alpha=0.6, zorder=2)
    axes.add_collection(lines)
    axes.scatter(one[:, 0], one[:, 1], s=1.5 * size, facecolors="none", edgecolors=colours,
                 linewidths=0.9, zorder=3)  # fmt: skip
    axes.scatter(other[:, 0], other[:, 1], s=0.7 * size, c=colours, zorder=4)
    show_marks(axes, theme, found.one.classes, found.one.labels, other, 0.7 * size)


def _show_curves(axes: Axes, found: Comparison, theme: Theme) -> None:
    axes.set_title("how far each array is, in tolerances", loc="left", fontsize=TEXT_SIZE,
                   color=theme.faint)  # fmt: skip
    axes.set_xscale("symlog", linthresh=1, linscale=0.35)
    axes.set_yscale("log")
    axes.axhline(1.0, color=theme.ink, linewidth=1.2, linestyle=(0, (5, 3)), zorder=2)
    timed = [
        d
        for d in found.deviations
        if len(d.epochs) > 0 and (d.tolerances > 0).all() and d.excess >= LEAST
    ]
    for index, deviation in enumerate(timed):
        values = np.maximum(deviation.peaks / deviation.tolerances, LEAST)
        colour = theme.classes[index % len(theme.classes)]
        dots = "." if len(values) <= 40 else ""
        axes.plot(deviation.epochs, values, color=colour, linewidth=1.5, marker=dots,
                  label=deviation.array, zorder=3)  # fmt: skip
    last = max([int(d.epochs[-1]) for d in timed], default=1)
    axes.set_xlim(-0.12, max(last, 1) * 1.12)
    axes.set_xticks([0, *(10**power for power in range(9) if 10**power <= max(last, 1))])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_ylim(LEAST, None)
    axes.set_xlabel("epoch" if found.counting.counts is None else "state")
    if timed:
        axes.legend(loc="upper left", bbox_to_anchor=(-0.02, -0.13), ncols=4, frameon=False,
                    fontsize=9.5, labelcolor=theme.ink, columnspacing=1.2)  # fmt: skip
