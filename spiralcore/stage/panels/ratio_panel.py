"""Numbers over the epochs, most of them parts of the best possible, with what is best marked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.borders import Bar, Outline
from spiralcore.stage.marks.curve import EpochCurve
from spiralcore.stage.marks.words import LEADING, Words, text_width, widest, wrapped
from spiralcore.stage.panels.loss_panel import epoch_ticks
from spiralcore.stage.panels.numbers import UNKNOWN
from spiralcore.stage.panels.panel import Panel
from spiralcore.stage.panels.side import fitting
from spiralcore.system.rounding import fixed
from spiralcore.trajectory.play.playback import Playback

NAME, NUMBER, HEAD = 30.0, 50.0, 64.0
"""Font sizes of name and number, and height of both above a panel, in 16:9."""

TOP = 1.18
"""Value at the upper edge of a panel, as a part of the one that is marked, or of the largest."""


def every_epoch(
    epochs: NDArray[np.int64], values: NDArray[np.float64], last: int
) -> NDArray[np.float32]:
    """Values at kept epochs as values at all epochs, on straight lines between; NaN stays.

    Parameters
    ----------
    epochs, values
        Shape (T,).
    last
        The last epoch E; the result has the shape (E + 1,).
    """
    known = np.isfinite(values)
    every = np.arange(last + 1)
    if not known.any():
        return np.full(last + 1, np.nan, dtype=np.float32)
    found = np.interp(every, epochs[known], values[known])
    nearest = np.searchsorted(epochs, every, side="right") - 1
    return np.where(known[np.maximum(nearest, 0)], found, np.nan).astype(np.float32)


def head_height(film: Film, width: float, name: str) -> float:
    """Height of name and number above a panel of some width, in design pixels."""
    lines = len(wrapped(name, _name_width(film, width), film.text(NAME)))
    return HEAD * film.text_scale + LEADING * film.text(NAME) * (lines - 1)


def short_name(film: Film, width: float, names: Sequence[str]) -> str:
    """The first of some names that takes one line above a panel; the last one if none does."""
    return fitting(film, names, _name_width(film, width), NAME)


def _name_width(film: Film, width: float) -> float:
    return width - text_width("-0.00", film.text(NUMBER)) - 12


class RatioPanel(Panel):
    """A number over the epochs, and its present value above.

    Parameters
    ----------
    film, playback
        Where to, and what gives the epoch.
    box
        Of the panel and of the name and the number above it, see `head_height`.
    name
        What it is.
    values
        One for each epoch, shape (E + 1,); NaN where it is undefined.
    mark
        A value that is marked, 1 for parts of the best possible, and what it means; without one
        the panel is as high as the largest number needs.
    numbered
        Whether the epochs are numbered below the axis.
    size
        Of these numbers, and of the mark's.
    """

    def __init__(
        self,
        film: Film,
        playback: Playback,
        box: Box,
        name: str,
        values: NDArray[np.float32],
        mark: tuple[float, str] | None,
        *,
        numbered: bool = False,
        size: float = 36,
    ) -> None:
        super().__init__(film, box)
        theme, last = film.theme, playback.trajectory.trained_epochs
        head = head_height(film, box.width, name)
        plot = Box(box.left, box.top + head, box.width, box.height - head)
        below = 1.5 * size if numbered else 10
        axes = Box(plot.left + 14, plot.top + 8, plot.width - 28, plot.height - 16 - below)
        height = mark[0] if mark else float(np.max(values, where=np.isfinite(values), initial=0.0))
        curve = EpochCurve(axes, np.nan_to_num(values), TOP * (height or 1.0), theme)
        self.place(Bar(plot, theme.panel), Outline(plot, theme.frame, 1.0))
        if mark:
            _, level = curve.place(0, mark[0])
            self.place(Bar(Box(axes.left, level - 1, axes.width, 2), theme.faint))
            if level + 1.5 * size < axes.bottom:  # in a low panel the curve would lie over them
                self.place(Words(mark[1], axes.left, level + 1.1 * size, size, theme.faint))
        self.place(Bar(Box(axes.left, axes.bottom, axes.width, 2), theme.frame))
        if numbered:
            self.place(*epoch_ticks(film, curve, last, size))
        lines = wrapped(name, _name_width(film, box.width), film.text(NAME))
        for i, line in enumerate(lines):
            y = plot.top - 16 * film.text_scale - LEADING * film.text(NAME) * (len(lines) - 1 - i)
            self.place(Words(line, box.left, y, film.text(NAME), theme.faint))
        size = film.text(NUMBER)
        y = plot.top - 14 * film.text_scale
        number = Words(_widest(values, size), plot.right, y, size, theme.ink, "right")

        def move(second: float) -> None:
            curve.epoch = min(playback.timeline.epoch_at(second), last)

        def count(second: float) -> None:
            number.text = _figure(playback.curve_value(values, film.slowly(second)))

        self.place_live(curve, move, plot)
        self.place_live(number, count, number.reserved())


def _figure(value: float) -> str:
    return UNKNOWN if math.isnan(value) else fixed(value, 2)


def _widest(values: NDArray[np.float32], size: float) -> str:
    """The widest number of a panel; ``-0.00`` at least."""
    known = values[np.isfinite(values)]
    ends = [float(known.min()), float(known.max())] if len(known) else []
    return widest(["-0.00", *map(_figure, ends)], size)
