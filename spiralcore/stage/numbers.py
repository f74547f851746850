"""Numbers that run while the film does."""

from __future__ import annotations

import math
from collections.abc import Callable

from spiralcore.stage.film import Film
from spiralcore.stage.words import Side, Words, wrapped
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.playback import Playback
from spiralcore.trajectory.trouble import dead_units

UNKNOWN = "–"
"""In place of a number that was not recorded."""

LARGEST_PLAIN = 10_000.0
"""From here on a number has no room with all its digits."""


def epoch_counter(film: Film, x: float, y: float, size: float, side: Side = "right") -> None:
    """Show the epoch; ``x`` and ``y`` are the end of the baseline in design pixels."""
    last = max(trajectory.trained_epochs for trajectory in film.trajectories)

    def text(second: float) -> str:
        # A timeline has one epoch at least, also where none was trained.
        return f"{min(int(film.timeline.epoch_at(second) + 1e-6), last):,}"

    _counter(film, Words(f"{last:,}", x, y, size, film.theme.ink, side, "bold"), text)


def accuracy_counter(
    film: Film, playback: Playback, x: float, y: float, size: float, side: Side = "right"
) -> None:
    """Show the share of points that are classified right."""

    def text(second: float) -> str:
        return percentage(playback.curve_value(playback.trajectory.accuracy, second))

    _counter(film, Words("100.0 %", x, y, size, film.theme.ink, side), text)


def entropy_counter(
    film: Film, playback: Playback, x: float, y: float, size: float, side: Side = "right"
) -> None:
    """Show the cross-entropy in nats."""

    def text(second: float) -> str:
        return nats(playback.curve_value(playback.trajectory.cross_entropy, second))

    largest = nats(float(playback.trajectory.cross_entropy.max()))
    _counter(film, Words(largest, x, y, size, film.theme.ink, side), text)


def percentage(share: float) -> str:
    """A share for people, also one that was not recorded."""
    return UNKNOWN if math.isnan(share) else f"{100 * share:.1f} %"


def nats(value: float) -> str:
    """A cross-entropy for people, also one that was not recorded."""
    if math.isnan(value):
        return UNKNOWN
    return f"{value:.3f}" if abs(value) < LARGEST_PLAIN else f"{value:.2e}"


def _counter(film: Film, words: Words, text: Callable[[float], str]) -> None:
    """Animate words; those that they have at first are the longest."""

    def update(second: float) -> None:
        words.text = text(film.slowly(second))

    film.animate(words, update, words.room())


def dead_note(film: Film, trajectory: Trajectory, x: float, y: float, size: float = 28) -> None:
    """Say which units of the drawn layer have died, if any: such a run is no result."""
    if trajectory.dead_since:
        text = f"dead: {dead_units(trajectory.dead_since)}"
        film.place(Words(text, x, y, size, film.theme.ink, "left", "bold"))


TIMELINE_NOTES = {
    "motion": "time follows motion",
    "log": "time is logarithmic",
    "linear": "time is even",
}


def faithfulness_note(
    film: Film, playback: Playback, x: float, y: float, *, width: float = 900, size: float = 26
) -> None:
    """Say what the film does to time and to the paths; ``y`` is that of the last line."""
    time = TIMELINE_NOTES[film.settings.timeline]
    text = f"{time}; paths smoothed over {playback.smoothing:.2f} s"
    lines = wrapped(text, width, size)
    paragraph(film, text, x, y - LEADING * size * (len(lines) - 1), width, size)


def paragraph(film: Film, text: str, x: float, y: float, width: float, size: float = 26) -> None:
    """Set a text in lines of at most ``width``; ``y`` is that of the first line."""
    for i, line in enumerate(wrapped(text, width, size)):
        film.place(Words(line, x, y + LEADING * size * i, size, film.theme.faint))


LEADING = 1.25
"""Distance between two lines, in font sizes."""
