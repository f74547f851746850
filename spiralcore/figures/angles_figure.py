"""Where the classes point in the last hidden layer: on one circle, and class by class."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.projections.polar import PolarAxes
from numpy.typing import NDArray

from spiralcore.analysis.network.class_directions import (
    ClassDirections,
    angles,
    class_directions,
    rose,
)
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import field_directions
from spiralcore.figures.class_fills import class_inks
from spiralcore.figures.heading import network_sheet
from spiralcore.figures.style import TEXT_SIZE, TICK_SIZE, Area, axes_in, write
from spiralcore.registry.spaces import Space
from spiralcore.registry.themes import Theme
from spiralcore.trajectory import Trajectory

Doubles = NDArray[np.float64]

WIDTH = 11.4
CIRCLE_SIDE = 4.1
TOP = 1.3
ROWS_LEFT, ROWS_WIDTH = 6.0, 2.75
COLUMNS = (8.9, 10.1)
ROW_HEIGHT, LEAST_ROWS_HEIGHT = 0.42, 4.1
FOOT = 0.95
BAR = 0.82
"""Height of the highest bar, as a part of its row."""

CIRCLE_SECTOR, QUARTER_SECTOR = 5.0, 2.5
"""Width of the bars in degrees: where directions go all around, and in a quarter of the circle."""

MOST_NAMED = 4
"""Classes with points at zero that are named one by one."""

RIM, RIM_STEP = 1.08, 0.07


class Histograms(NamedTuple):
    """Directions of each class, K classes, counted in equal sectors of the circle.

    Attributes
    ----------
    counts
        Shape (K, bins).
    directions
        Their means and deviations.
    """

    counts: NDArray[np.int64]
    directions: ClassDirections

    @classmethod
    def of(
        cls,
        degrees: Doubles,
        labels: NDArray[np.int64],
        directions: ClassDirections,
        *,
        quarter: bool,
    ) -> Self:
        """Count directions, shape (N,), NaN left out, by their labels."""
        if quarter:  # what points straight up belongs to the last bar
            degrees = np.minimum(degrees, np.nextafter(90.0, 0.0))
        bins = round(360 / (QUARTER_SECTOR if quarter else CIRCLE_SECTOR))
        classes = len(directions.mean)
        counts = np.stack([rose(degrees[labels == k], bins) for k in range(classes)])
        return cls(counts, directions)


def draw_angles(trajectory: Trajectory, theme: Theme) -> Figure:
    """Histograms of the directions of each class, ordered by their circular means.

    Left the points of all classes on one circle, the area of a bar being the share of its class;
    outside a dot for each circular mean and an arc of one circular standard deviation to both
    sides. Right the same class by class, each to its own height, and as an outline the directions
    all over the input plane where the class is predicted: where the network was recorded.
    """
    hidden, labels = trajectory.hidden[-1], trajectory.labels
    quarter = is_quarter(trajectory.space) and not str(trajectory.outside)
    found = class_directions(hidden, labels, trajectory.classes)
    points = Histograms.of(angles(hidden), labels, found, quarter=quarter)
    plane = None
    if RecordedNetwork.is_in(trajectory) and trajectory.inputs.shape[1] == 2:
        plane = Histograms.of(*field_directions(trajectory), quarter=quarter)
    rows_height = max(LEAST_ROWS_HEIGHT, ROW_HEIGHT * trajectory.classes)
    when = trajectory.counting.named(int(trajectory.epochs[-1]))
    where = ", and the plane where it is predicted" if plane else ""
    figure = network_sheet(
        trajectory, theme, WIDTH, TOP + rows_height + FOOT,
        f"Directions in the last hidden layer after {when}, circular mean ± standard "
        f"deviation: points of a class{where}",
        undirected(found),
    )  # fmt: skip
    circle = Area(0.62, TOP + (rows_height - CIRCLE_SIDE) / 2, CIRCLE_SIDE, CIRCLE_SIDE)
    polar = axes_in(figure, circle, polar=True)
    assert isinstance(polar, PolarAxes)
    _show_circle(polar, points, theme, quarter=quarter)
    rows = axes_in(figure, Area(ROWS_LEFT, TOP, ROWS_WIDTH, rows_height))
    start = 0.0 if quarter else axis_start(found, CIRCLE_SECTOR)
    _show_rows(rows, points, plane, start, theme, quarter=quarter)
    _write_columns(figure, rows_height, points, plane, start, theme)
    return figure


def is_quarter(space: Space) -> bool:
    """Whether all directions lie between 0 and 90 degrees."""
    return space.shape == "box" and space.lower is not None and space.lower >= 0


def undirected(found: ClassDirections) -> str:
    """Say how many points have no direction; an empty text where all have one."""
    count, total = int(found.undirected.sum()), int((found.points + found.undirected).sum())
    if not count:
        return ""
    named = [f"class {k + 1}: {n:,}" for k, n in enumerate(found.undirected) if n]
    where = ", ".join(named) if len(named) <= MOST_NAMED else f"of {len(named)} classes"
    return f"{count:,} of {total:,} points at zero, without direction ({where})"


def axis_start(found: ClassDirections, sector: float) -> float:
    """Where to cut the circle open: amid the largest gap between neighbouring means, in degrees."""
    means = np.sort(found.mean[np.isfinite(found.mean)])
    if len(means) == 0:
        return 0.0
    gaps = np.diff(np.append(means, means[0] + 360))
    widest = int(np.argmax(gaps))
    middle = means[widest] + gaps[widest] / 2
    return float(np.round(middle / sector) * sector % 360)


def row_order(found: ClassDirections, start: float) -> list[int]:
    """The classes by their means, counted from where the axis starts; those without one last."""
    return [int(k) for k in np.argsort((found.mean - start) % 360, kind="stable")]


def mean_text(found: ClassDirections, k: int) -> str:
    """Mean and deviation of a class in numbers."""
    if not np.isfinite(found.mean[k]):
        return "all at zero" if found.undirected[k] else "none"
    return f"{found.mean[k]:.1f}° ± {found.deviation[k]:.1f}°"


def _show_circle(axes: PolarAxes, points: Histograms, theme: Theme, *, quarter: bool) -> None:
    counts, found = points
    classes, bins = counts.shape
    sector = 2 * np.pi / bins
    middles = (np.arange(bins) + 0.5) * sector
    # Bars of equal share have equal area: the radius goes with the root (Nightingale's rose).
    share = counts / np.maximum(found.points + found.undirected, 1)[:, None]
    radius = np.sqrt(share / max(float(share.max()), 1e-12))
    inks = class_inks(theme, classes)
    # The longest bars first, so that shorter ones of other classes lie on them and are seen.
    for k in np.argsort(-radius.max(axis=1), kind="stable"):
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
    axes: Axes,
    points: Histograms,
    plane: Histograms | None,
    start: float,
    theme: Theme,
    *,
    quarter: bool,
) -> None:
    classes, bins = points.counts.shape
    found = points.directions
    sector = 360 / bins
    width = 90.0 if quarter else 360.0
    # The sectors from the cut on.
    shown = np.roll(np.arange(bins), -round(start / sector))[: round(width / sector)]
    edges = start + sector * np.arange(len(shown) + 1)
    inks = class_inks(theme, classes)
    for row, k in enumerate(row_order(found, start)):
        base = -float(row)
        axes.axhline(base, color=theme.frame, linewidth=0.6, zorder=1)
        if points.counts[k].any():
            heights = BAR * points.counts[k] / points.counts[k].max()
            axes.bar(edges[:-1], heights[shown], width=sector, bottom=base, align="edge",
                     color=inks[k], linewidth=0, zorder=2)  # fmt: skip
        if plane and plane.counts[k].any():
            heights = BAR * plane.counts[k] / plane.counts[k].max()
            axes.stairs(base + heights[shown], edges, baseline=base, color=theme.ink, alpha=0.75,
                        linewidth=0.7, zorder=3)  # fmt: skip
        _show_mean(axes, base, float(found.mean[k]), float(found.deviation[k]), start, theme)
    axes.set_xlim(start, start + width)
    axes.set_ylim(-classes + 0.75, 1.0)
    axes.set_yticks([])
    axes.set_facecolor("none")
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(False)
    step = 30 if quarter else 90
    ticks = np.arange(np.ceil(start / step) * step, start + width + 1e-6, step)
    axes.set_xticks(ticks, [f"{tick % 360:.0f}°" for tick in ticks])
    axes.grid(axis="x", linewidth=0.5, alpha=0.6)
    axes.tick_params(axis="x", length=0, labelsize=TICK_SIZE)


def _show_mean(
    axes: Axes, base: float, mean: float, deviation: float, start: float, theme: Theme
) -> None:
    """A dot at the mean, and a bar of one deviation to both sides; both may go round."""
    if not np.isfinite(mean):
        return
    place = (mean - start) % 360 + start
    spread = min(deviation, 180.0)
    height = base + 0.92
    for turn in (-360.0, 0.0, 360.0):
        axes.plot([place + turn - spread, place + turn + spread], [height] * 2, color=theme.ink,
                  linewidth=1.4, zorder=4)  # fmt: skip
    axes.plot([place], [height], "o", color=theme.ink, markersize=4.5, zorder=4, clip_on=False)


def _write_columns(
    figure: Figure,
    rows_height: float,
    points: Histograms,
    plane: Histograms | None,
    start: float,
    theme: Theme,
) -> None:
    """The classes left of the rows, their numbers right of them."""
    found = points.directions
    step = rows_height / (len(found.mean) + 0.25)
    heads = TOP - 0.12
    write(figure, COLUMNS[0], heads, "points (bars)", TEXT_SIZE, theme.faint)
    if plane:
        write(figure, COLUMNS[1], heads, "plane (outline)", TEXT_SIZE, theme.faint)
    for row, k in enumerate(row_order(found, start)):
        y = TOP + (row + 1) * step - 0.07
        write(figure, ROWS_LEFT - 0.12, y, f"class {k + 1}", TEXT_SIZE, theme.ink, "right")
        write(figure, COLUMNS[0], y, mean_text(found, k), TEXT_SIZE, theme.ink)
        if plane:
            write(figure, COLUMNS[1], y, mean_text(plane.directions, k), TEXT_SIZE, theme.faint)
