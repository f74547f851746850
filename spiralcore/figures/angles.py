"""Where the classes point in the last hidden layer: on one circle, and class by class."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.projections.polar import PolarAxes
from numpy.typing import NDArray

from spiralcore.analysis.directions import ClassDirections, angles, class_directions, rose
from spiralcore.figures.heading import network_title, result, warning
from spiralcore.figures.predicted import class_inks
from spiralcore.figures.style import TEXT_SIZE, TICK_SIZE, Room, axes_in, sheet, write
from spiralcore.spaces import Space
from spiralcore.stage.palette import Theme
from spiralcore.trajectory import Trajectory

Doubles = NDArray[np.float64]

WIDTH = 10.6
CIRCLE_SIDE = 4.1
TOP = 1.2
ROWS_LEFT, ROWS_WIDTH = 6.05, 2.75
ROW_HEIGHT, LEAST_ROWS_HEIGHT = 0.42, 4.1
FOOT = 0.95

CIRCLE_SECTOR, QUARTER_SECTOR = 5.0, 2.5
"""Width of the bars in degrees: where directions go all around, and in a quarter of the circle."""

RIM, RIM_STEP = 1.08, 0.07


def draw_angles(trajectory: Trajectory, theme: Theme) -> Figure:
    """Histograms of the directions of each class, ordered by their circular means.

    Left all classes on one circle, the area of a bar being the share of its class; outside a dot
    for each circular mean and an arc of one circular standard deviation to both sides. Right the
    same class by class, each to its own height.
    """
    hidden, labels = trajectory.hidden[-1], trajectory.labels
    found = class_directions(hidden, labels, trajectory.classes)
    quarter = is_quarter(trajectory.space)
    values = angles(hidden)
    if quarter:  # what points straight up belongs to the last bar
        values = np.minimum(values, np.nextafter(90.0, 0.0))
    bins = round(360 / (QUARTER_SECTOR if quarter else CIRCLE_SECTOR))
    counts = np.stack([rose(values[labels == k], bins) for k in range(trajectory.classes)])
    rows_height = max(LEAST_ROWS_HEIGHT, ROW_HEIGHT * trajectory.classes)
    height = TOP + rows_height + FOOT
    epoch = int(trajectory.epochs[-1])
    figure = sheet(
        theme, WIDTH, height, network_title(trajectory),
        f"Directions of the points in the last hidden layer after epoch {epoch:,}, by class: "
        "histogram, circular mean ± standard deviation",
    )  # fmt: skip
    circle = Room(0.62, TOP + (rows_height - CIRCLE_SIDE) / 2, CIRCLE_SIDE, CIRCLE_SIDE)
    polar = axes_in(figure, circle, polar=True)
    assert isinstance(polar, PolarAxes)
    _show_circle(polar, counts, found, theme, quarter=quarter)
    rows = axes_in(figure, Room(ROWS_LEFT, TOP, ROWS_WIDTH, rows_height))
    _show_rows(rows, counts, found, theme, quarter=quarter)
    foot = height - 0.25
    write(figure, 0.35, foot, ", ".join(filter(None, (result(trajectory), undirected(found)))),
          TEXT_SIZE, theme.faint)  # fmt: skip
    trouble = warning(trajectory)
    if trouble:
        write(figure, WIDTH - 0.35, foot, trouble, TEXT_SIZE, theme.ink, "right", "semibold")
    return figure


def is_quarter(space: Space) -> bool:
    """Whether all directions lie between 0 and 90 degrees."""
    return space.shape == "box" and space.lower is not None and space.lower >= 0


def undirected(found: ClassDirections) -> str:
    """Say how many points have no direction; an empty text where all have one."""
    count, total = int(found.undirected.sum()), int((found.points + found.undirected).sum())
    return f"{count:,} of {total:,} points at zero, without direction" if count else ""


def axis_start(found: ClassDirections, sector: float) -> float:
    """Where to cut the circle open: amid the largest gap between neighbouring means, in degrees."""
    means = np.sort(found.mean[np.isfinite(found.mean)])
    if len(means) == 0:
        return 0.0
    gaps = np.diff(np.append(means, means[0] + 360))
    widest = int(np.argmax(gaps))
    middle = means[widest] + gaps[widest] / 2
    return float(np.round(middle / sector) * sector % 360)


def _show_circle(
    axes: PolarAxes, counts: NDArray[np.int64], found: ClassDirections, theme: Theme, *,
    quarter: bool,
) -> None:  # fmt: skip
    classes, bins = counts.shape
    sector = 2 * np.pi / bins
    middles = (np.arange(bins) + 0.5) * sector
    # Bars of equal share have equal area: the radius goes with the root (Nightingale's rose).
    share = counts / np.maximum(found.points + found.undirected, 1)[:, None]
    radius = np.sqrt(share / max(float(share.max()), 1e-12))
    inks = class_inks(theme, classes)
    for k in found.by_mean():
        some = counts[k] > 0
        axes.bar(
            middles[some], radius[k, some], width=sector, color=inks[k], alpha=0.8,
            edgecolor=theme.background, linewidth=0.4, zorder=2,
        )  # fmt: skip
    ordered = [k for k in found.by_mean() if np.isfinite(found.mean[k])]
    rims = 3 if classes > 3 else 1
    for place, k in enumerate(ordered):
        rim = RIM + RIM_STEP * (place % rims)
        mean, spread = np.radians(found.mean[k]), np.radians(min(found.deviation[k], 180.0))
        lower, upper = mean - spread, mean + spread
        if quarter:
            lower, upper = max(lower, 0.0), min(upper, np.pi / 2)
        arc = np.linspace(lower, upper, 90)
        axes.plot(arc, np.full(90, rim), color=inks[k], linewidth=2.2, zorder=3,
                  solid_capstyle="butt", clip_on=False)  # fmt: skip
        axes.plot([mean], [rim], "o", color=inks[k], markersize=7, markeredgecolor=theme.background,
                  markeredgewidth=0.8, zorder=4, clip_on=False)  # fmt: skip
    axes.set_ylim(0, RIM + RIM_STEP * rims)
    axes.set_yticks([])
    axes.grid(axis="x", linewidth=0.5, alpha=0.7)
    axes.set_axisbelow(True)
    if quarter:
        axes.set_thetalim(0, np.pi / 2)
        axes.set_xticks(np.radians([0, 30, 60, 90]))
    else:
        axes.set_xticks(np.radians(np.arange(0, 360, 45)))
    axes.tick_params(pad=2)


def _show_rows(
    axes: Axes, counts: NDArray[np.int64], found: ClassDirections, theme: Theme, *, quarter: bool
) -> None:
    classes, bins = counts.shape
    sector = 360 / bins
    start, width = (0.0, 90.0) if quarter else (axis_start(found, sector), 360.0)
    # A sector's left edge, moved by whole turns to where the axis is.
    left = (np.arange(bins) * sector - start) % 360 + start
    inks = class_inks(theme, classes)
    for row, k in enumerate(found.by_mean()):
        base = -float(row)
        axes.axhline(base, color=theme.frame, linewidth=0.6, zorder=1)
        most = int(counts[k].max())
        if most:
            axes.bar(left, 0.82 * counts[k] / most, width=sector, bottom=base, align="edge",
                     color=inks[k], linewidth=0, zorder=2)  # fmt: skip
        _show_mean(axes, base, float(found.mean[k]), float(found.deviation[k]), start, theme)
        axes.annotate(
            f"class {k + 1}", (0, base + 0.08), xycoords=axes.get_yaxis_transform(),
            xytext=(-8, 0), textcoords="offset points", ha="right", va="bottom", color=theme.ink,
        )  # fmt: skip
        axes.annotate(
            row_text(found, k), (1, base + 0.08), xycoords=axes.get_yaxis_transform(),
            xytext=(10, 0), textcoords="offset points", ha="left", va="bottom", color=theme.ink,
        )  # fmt: skip
    axes.set_xlim(start, start + width)
    axes.set_ylim(-classes + 0.75, 1.0)
    axes.set_yticks([])
    axes.set_facecolor("none")
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(False)
    step = 30 if quarter else 90
    ticks = np.arange(np.ceil(start / step) * step, start + width + 1e-6, step)
    axes.set_xticks(
        ticks, [f"{tick % 360 if tick != 360 or quarter else 0:.0f}°" for tick in ticks]
    )
    axes.grid(axis="x", linewidth=0.5, alpha=0.6)
    axes.tick_params(axis="x", length=0, labelsize=TICK_SIZE)


def _show_mean(
    axes: Axes, base: float, mean: float, deviation: float, start: float, theme: Theme
) -> None:
    """A line at the mean, and a bar of one deviation to both sides; both may go round."""
    if not np.isfinite(mean):
        return
    place = (mean - start) % 360 + start
    spread = min(deviation, 180.0)
    for turn in (-360.0, 0.0, 360.0):
        axes.plot([place + turn] * 2, [base, base + 0.92], color=theme.ink, linewidth=1.2, zorder=4)
        axes.plot([place + turn - spread, place + turn + spread], [base + 0.92] * 2,
                  color=theme.ink, linewidth=1.2, zorder=4)  # fmt: skip


def row_text(found: ClassDirections, k: int) -> str:
    """Mean and deviation of a class in numbers, and how much of it points nowhere."""
    total = int(found.points[k] + found.undirected[k])
    lost = int(found.undirected[k])
    if not np.isfinite(found.mean[k]):
        return "all at zero" if lost == total else "no mean"
    text = f"{found.mean[k]:.1f}° ± {found.deviation[k]:.1f}°"
    return f"{text}, {lost} at zero" if lost else text
