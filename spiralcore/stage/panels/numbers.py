"""Numbers that run while the film does: for a film or a panel to place."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.borders import Bar
from spiralcore.stage.marks.words import Side, Words, widest
from spiralcore.stage.panels.panel import Live
from spiralcore.system.rounding import fixed, percent
from spiralcore.trajectory.play.counting import Counting
from spiralcore.trajectory.play.playback import Playback

UNKNOWN = "–"
"""In place of a number that was not recorded."""

LARGEST_PLAIN = 10_000.0
"""From here on a number has no room with all its digits."""


def epoch_counter(film: Film, x: float, y: float, size: float, side: Side = "right") -> Live:
    """Show the epoch; ``x`` and ``y`` are the end of the baseline in design pixels.

    Where the trainings count something else, that is shown, see `counting_of`.
    """
    last = max(trajectory.trained_epochs for trajectory in film.trajectories)
    counting = counting_of(film)

    def text(second: float) -> str:
        # A timeline has one epoch at least, also where none was trained.
        return f"{counting.at(min(film.timeline.epoch_at(second) + 1e-6, last)):,}"

    longest = f"{counting.at(last):,}"
    return _counter(film, Words(longest, x, y, size, film.theme.ink, side, "bold"), text)


def counting_of(film: Film) -> Counting:
    """What the trainings of a film are counted in."""
    return Counting.of(film.trajectories)


def accuracy_counter(
    film: Film, playback: Playback, x: float, y: float, size: float, side: Side = "right"
) -> Live:
    """The share of points that are classified right."""

    def text(second: float) -> str:
        return percentage(playback.curve_value(playback.trajectory.accuracy, second))

    return _counter(film, Words("100.0 %", x, y, size, film.theme.ink, side), text)


def entropy_counter(
    film: Film, playback: Playback, x: float, y: float, size: float, side: Side = "right"
) -> Live:
    """The cross-entropy in nats."""

    def text(second: float) -> str:
        return nats(playback.curve_value(playback.trajectory.cross_entropy, second))

    longest = widest(map(nats, _extremes(playback.trajectory.cross_entropy)), size)
    return _counter(film, Words(longest, x, y, size, film.theme.ink, side), text)


def accuracy_bar(film: Film, playback: Playback, box: Box) -> tuple[Bar, Live]:
    """A line below a panel, as long as the accuracy is high: what it lies on, and the line."""
    track = Box(box.left, box.bottom + 5, box.width, 3)
    bar = Bar(track, film.theme.ink)

    def update(second: float) -> None:
        value = playback.curve_value(playback.trajectory.accuracy, film.slowly(second))
        bar.set_box(track._replace(width=box.width * (0 if math.isnan(value) else value)))

    return Bar(track, film.theme.frame), Live(bar, update, track)


def _extremes(values: NDArray[np.float32]) -> list[float]:
    """Values that have the longest texts: the largest of those with all digits, and of all."""
    known = values[np.isfinite(values)]
    plain = known[known < LARGEST_PLAIN]
    return [math.nan, *(float(part.max()) for part in (plain, known) if len(part))]


def percentage(share: float) -> str:
    """A share for people, also one that was not recorded."""
    return UNKNOWN if math.isnan(share) else percent(share)


def nats(value: float) -> str:
    """A cross-entropy for people, also one that was not recorded."""
    if math.isnan(value):
        return UNKNOWN
    return fixed(value, 3) if abs(value) < LARGEST_PLAIN else f"{value:.2e}"


def _counter(film: Film, words: Words, text: Callable[[float], str]) -> Live:
    """Words that change; those that they have at first take the most room."""

    def update(second: float) -> None:
        words.text = text(film.slowly(second))

    return Live(words, update, words.reserved())
