"""A training as it is right now: its layer, its curve, its numbers; made once, drawn again."""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import NDArray

from spiralcore.figures.loss_figure import numbers_between
from spiralcore.figures.plane_figures import hidden_limits
from spiralcore.figures.style import TEXT_SIZE, Area, axes_in, show_scale, styled, write
from spiralcore.recording.run.live import State
from spiralcore.registry.themes import rgb, theme
from spiralcore.subjects.sentences import ends_of
from spiralcore.system.printable import short_name
from spiralcore.system.rounding import fixed

WIDTH, HEIGHT, DPI = 8.8, 4.3, 90
PLANE, CURVE = Area(0.25, 0.55, 3.5, 3.5), Area(4.6, 1.35, 3.95, 1.95)

NODES = 140
"""Places a side at which the class is asked for, about half of the pixels."""

MOST_POINTS, MOST_DOTS, MOST_NAMES = 2000, 400, 8
"""Points, dots of the curve and names of classes that are drawn."""

LEAST, LARGEST = 1e-9, 1e5
ROOM = 1.25
"""An unbounded plane is shown anew when it could be smaller by this."""


class _Curve(NamedTuple):
    name: str
    epochs: NDArray[np.int64]
    values: NDArray[np.float64]


class LiveFigure:
    """The picture of a training.

    Parameters
    ----------
    title
        What it is of.
    """

    def __init__(self, title: str) -> None:
        self._theme = theme("light")
        self._title = short_name(title, 60)
        self._limits: tuple[float, float] | None = None
        self._axes: NDArray[np.float64] | None = None
        self._figure: Figure | None = None

    def png(self, state: State) -> bytes:
        """Draw a state."""
        page = BytesIO()
        with styled(self._theme):
            figure = self._figure or self._made(state)
            self._set(state)
            figure.savefig(page, format="png", dpi=DPI, pil_kwargs={"compress_level": 1})
        return page.getvalue()

    def _made(self, state: State) -> Figure:
        """All that stays."""
        look = self._theme
        figure = self._figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI)
        FigureCanvasAgg(figure)
        write(figure, 0.25, 0.36, self._title, 13.0, look.ink, weight="semibold")
        self._numbers = figure.text(4.6 / WIDTH, 1 - 0.72 / HEIGHT, "", fontsize=17.0,
                                    color=look.ink, va="baseline", parse_math=False)  # fmt: skip
        self._note = figure.text(4.6 / WIDTH, 1 - 1.02 / HEIGHT, "", fontsize=TEXT_SIZE,
                                 color=look.faint, va="baseline", parse_math=False)  # fmt: skip
        plane = self._plane = axes_in(figure, PLANE)
        plane.set(xticks=[], yticks=[])
        blank = np.full((NODES, NODES, 3), 255, np.uint8)
        self._regions = plane.imshow(blank, origin="lower", aspect="auto", zorder=0)
        count = len(state.hidden)
        order = np.random.default_rng(0).permutation(count)
        self._order = order[:MOST_POINTS]
        classes = state.classes
        colours = look.point_colours(classes.count, classes.labels, state.targets) / 255
        size = float(np.clip(16 * (800 / len(self._order)) ** 0.5, 4, 26))
        self._points = plane.scatter([], [], s=size, linewidths=0.3, edgecolors=look.background,
                                     zorder=3)  # fmt: skip
        self._points.set_facecolor(colours[self._order].tolist())
        curve = self._plot = axes_in(figure, CURVE)
        curve.grid(axis="y", linewidth=0.5, alpha=0.6)
        curve.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        curve.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        curve.set_xlabel("epoch")
        (self._line,) = curve.plot([], [], color=look.classes[0], linewidth=1.6)
        if state.targets is not None:
            show_scale(figure, WIDTH - 0.25, HEIGHT - 0.3, ends_of(state.targets), look, 9.0)
        for place, name in enumerate(state.classes.names[:MOST_NAMES]):
            x, y = 4.6 + (place % 4) * 1.0, 0.3 if place < 4 else 0.1
            figure.text(x / WIDTH, (y + 0.02) / HEIGHT, f"\N{BULLET} {short_name(name, 12)}",
                        fontsize=9.0, color=look.classes[place % len(look.classes)],
                        parse_math=False)  # fmt: skip
        return figure

    def _set(self, state: State) -> None:
        places, projected = self._plane_of(state.hidden.astype(np.float64))
        self._limits = self._limits_of(state, places)
        lower, upper = self._limits
        self._plane.set(xlim=self._limits, ylim=self._limits)
        self._points.set_offsets(places[self._order])
        known = state.head is not None and not projected
        self._regions.set_visible(known)
        if known:
            self._regions.set_data(self._classes_of(state))
            self._regions.set_extent((lower, upper, lower, upper))
        curve = _curve(state)
        self._line.set_data(curve.epochs, curve.values)
        self._plot.set_ylabel(curve.name)
        seen = curve.values[np.isfinite(curve.values)]
        self._plot.set_visible(len(seen) > 0)
        if len(seen):
            positive = bool((seen > 0).all())
            self._plot.set_yscale("log" if positive else "linear")
            low, high = float(seen.min()), float(seen.max())
            span = 1.15 if positive else max(high - low, LEAST) * 0.05
            ends = (low / span, high * span) if positive else (low - span, high + span)
            self._plot.set(xlim=(state.first, max(state.epoch, state.first + 1)), ylim=ends)
            if positive:
                self._plot.set_yticks(numbers_between(*ends))
                self._plot.yaxis.set_minor_locator(NullLocator())
            self._plot.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        self._say(state, projected, known)

    def _say(self, state: State, projected: bool, known: bool) -> None:
        entropy, loss, accuracy = state.curves[-1][:3]
        values = (("accuracy", accuracy), ("cross-entropy", entropy), ("loss", loss))
        found = [f"{name} {_short(value)}" for name, value in values if np.isfinite(value)]
        self._numbers.set_text(f"epoch {state.epoch:,}")
        self._note.set_text(", ".join(found[:2]))
        points, units = len(state.hidden), state.hidden.shape[1]
        drawn = f"{MOST_POINTS:,} of " if points > MOST_POINTS else ""
        how = f", {units} units on two principal axes" if projected else ""
        bare = "" if known or projected else "; no read-out: no regions"
        self._plane.set_xlabel(
            f"{short_name(state.layer, 20)}, {drawn}{points:,} points{how}{bare}", fontsize=9.0
        )

    def _limits_of(self, state: State, places: NDArray[np.float64]) -> tuple[float, float]:
        """Those of before, as long as they fit: nothing jumps."""
        wanted = hidden_limits(places.astype(np.float32), state.space)
        if self._limits is None or state.space.bounded:
            return wanted
        lower, upper = self._limits
        fits = lower <= wanted[0] and wanted[1] <= upper
        if fits and upper - lower <= ROOM * (wanted[1] - wanted[0]):
            return self._limits
        middle, half = (wanted[0] + wanted[1]) / 2, (wanted[1] - wanted[0]) / 2 * ROOM**0.5
        least = -np.inf if state.space.lower is None else wanted[0]
        return max(middle - half, least), middle + half

    def _classes_of(self, state: State) -> NDArray[np.uint8]:
        """The colour of the class at each place, by the read-out; shape (rows, columns, 3)."""
        assert state.head is not None
        assert self._limits is not None
        axis = np.linspace(*self._limits, NODES, dtype=np.float32)
        x, y = np.meshgrid(axis, axis)
        logits = np.stack([x.ravel(), y.ravel()], 1) @ state.head.weight.T + state.head.bias
        colours = self._theme.region_colours(state.classes.count)
        found = colours[logits.argmax(1)].reshape(NODES, NODES, 3)
        space, outside = state.space, np.zeros((NODES, NODES), bool)
        if space.is_round:
            outside = x**2 + y**2 > 1
        else:
            for bound, sign in ((space.lower, 1), (space.upper, -1)):
                if bound is not None:
                    outside |= np.minimum(sign * (x - bound), sign * (y - bound)) < 0
        found[outside] = rgb(self._theme.panel)
        return np.asarray(found, np.uint8)

    def _plane_of(self, hidden: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
        """Places in a plane, shape (N, 2), and whether they are a projection."""
        units = hidden.shape[1]
        if units == 2:
            return hidden, False
        if units == 1:
            return np.column_stack([hidden, np.zeros(len(hidden))]), False
        centred = hidden - hidden.mean(0)
        found = np.linalg.eigh(centred.T @ centred)[1][:, :-3:-1]
        if self._axes is not None:
            # The turn that brings the new axes nearest to those of before (orthogonal Procrustes).
            left, _, right = np.linalg.svd(found.T @ self._axes)
            found = found @ left @ right
        self._axes = found
        return centred @ found, True


def _short(value: float) -> str:
    return fixed(value, 3) if abs(value) < LARGEST else f"{value:.3g}"


def _curve(state: State) -> _Curve:
    """Cross-entropy, or the loss where that is unknown; not more dots than are seen."""
    step = max(1, len(state.curves) // MOST_DOTS)
    places = [*range(0, len(state.curves) - 1, step), len(state.curves) - 1]
    rows = np.array([state.curves[place][:2] for place in places])
    which = 0 if np.isfinite(rows[:, 0]).any() else 1
    name = ("cross-entropy", "loss")[which]
    return _Curve(name, np.array(places) + state.first, np.maximum(rows[:, which], LEAST)
                  if which == 0 else rows[:, which])  # fmt: skip
