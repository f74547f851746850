"""The cross-entropy over the epochs, on logarithmic axes."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter
from numpy.typing import NDArray

from spiralcore.figures.heading import network_sheet
from spiralcore.figures.style import Area, axes_in
from spiralcore.registry.themes import Theme
from spiralcore.trajectory import Trajectory

WIDTH, HEIGHT = 8.0, 5.3
PLOT = Area(0.8, 1.0, 6.85, 3.3)

LEAST_NUMBERS = 3
"""On the vertical axis."""

LEAST = 1e-9
"""What a cross-entropy of zero is drawn as: a logarithmic axis has no zero."""


def draw_loss(trajectory: Trajectory, theme: Theme) -> Figure:
    """Cross-entropy of every epoch, and the value of pure guessing."""
    units = trajectory.counting.units
    subtitle = f"Cross-entropy over the {units}, both axes logarithmic"
    figure = network_sheet(trajectory, theme, WIDTH, HEIGHT, subtitle)
    axes = axes_in(figure, PLOT)
    values = np.maximum(trajectory.cross_entropy.astype(np.float64), LEAST)
    counts = trajectory.counts
    epochs = np.arange(len(values)) if counts is None else counts
    axes.set_xscale("symlog", linthresh=1, linscale=0.35)
    axes.set_yscale("log")
    last = max(int(epochs[-1]), 1)
    axes.set_xlim(-0.12, last * 1.12)
    guessing = trajectory.guess.cross_entropy
    reached = [*values[~np.isnan(values)].tolist(), guessing]
    low, high = min(reached), max(reached)
    # Room above for the words, as a part of the axis, which is logarithmic.
    span = max(high / low, 1.5)
    axes.set_ylim(low / span**0.07, high * span**0.16)
    axes.set_xticks([0, *(10**power for power in range(9) if 10**power <= last)])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_yticks(numbers_between(*axes.get_ylim()))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="y", linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)
    axes.axhline(guessing, color=theme.faint, linewidth=1.2, linestyle=(0, (5, 3)), zorder=2)
    axes.annotate(
        f"guessing: {trajectory.guess.text}", (1, guessing),
        xycoords=axes.get_yaxis_transform(), xytext=(-6, 4), textcoords="offset points",
        ha="right", va="bottom", color=theme.faint,
    )  # fmt: skip
    axes.plot(epochs, values, color=theme.classes[0], linewidth=1.8, zorder=3)
    axes.plot(epochs[-1:], values[-1:], "o", color=theme.classes[0], markersize=6, zorder=4)
    axes.set_xlabel(trajectory.unit)
    if trajectory.best_epoch is not None:
        _mark_best(axes, epochs, values, trajectory.best_epoch, guessing, theme)
    return figure


def _mark_best(
    axes: Axes,
    epochs: NDArray[np.int64],
    values: NDArray[np.float64],
    best: int,
    guessing: float,
    theme: Theme,
) -> None:
    """A line at the best state, below that of guessing, and its name where the curve is not."""
    at, low = float(epochs[best]), axes.get_ylim()[0]
    axes.plot([at, at], [low, guessing], color=theme.faint, linewidth=1.2, zorder=1)
    above = bool(values[best] < np.sqrt(low * guessing))
    late = np.log1p(at) > 0.5 * np.log1p(float(epochs[-1]))
    axes.annotate(
        "best", (at, guessing if above else low), xytext=(-5 if late else 5, -4 if above else 4),
        textcoords="offset points", ha="right" if late else "left",
        va="top" if above else "bottom", color=theme.faint,
    )  # fmt: skip


def numbers_between(low: float, high: float) -> list[float]:
    """A few round numbers for a logarithmic axis: powers of ten, finer ones where it is short."""
    powers = [10.0**power for power in range(-12, 13)]
    for digits in ((1,), (1, 2, 5), (1, 1.5, 2, 3, 5, 7)):
        found = [d * power for power in powers for d in digits if low <= d * power <= high]
        if len(found) >= LEAST_NUMBERS:
            return found
    ticks = MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, high)
    return [float(tick) for tick in ticks if low <= tick <= high]
