"""Room for what is told: a timeline on which events are far enough apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spiralcore.trajectory.play.timeline import Doubles, Timeline

SHARE = 0.8
"""Part of the film that events may have for themselves."""

STEADY = 6.0
"""How many times slower than by its own pace time passes at most where room is made."""


def with_room(paced: Timeline, stops: Sequence[float], apart: float) -> Timeline:
    """Slow down after each stop until the next one, and hurry elsewhere.

    Parameters
    ----------
    paced
        The timeline as it is; the new one has the same length.
    stops
        Epochs, the most important first: where there is not room for all, the last are left as
        they are.
    apart
        Seconds that are wanted from each of them to the next, and from the last to the end.
    """
    kept: list[float] = []
    for stop in stops:
        if (len(kept) + 1) * apart > SHARE * paced.duration:
            break
        chosen = sorted({*kept, stop})
        if len(chosen) > len(kept) and _can_be_apart(paced, chosen, apart):
            kept = chosen
    if not kept:
        return paced
    edges = _edges(paced, kept)
    lengths = np.diff(edges)
    least = np.full(len(lengths), apart)
    if kept[0] > 0:
        least[0] = 0.0
    return _stretched(paced, edges, _shared(lengths, least, paced.duration))


def _edges(paced: Timeline, stops: Sequence[float]) -> Doubles:
    """Seconds at which the parts between stops begin and end."""
    seconds = np.interp(stops, paced.epochs, paced.seconds)
    return np.unique(np.concatenate([[0.0], seconds, [paced.duration]]))


def _can_be_apart(paced: Timeline, stops: Sequence[float], apart: float) -> bool:
    """Whether no part would have to be stretched beyond what is steady."""
    lengths = np.diff(_edges(paced, stops))
    after = lengths if stops[0] <= 0 else lengths[1:]
    return len(after) == len(stops) and bool((after >= apart / STEADY).all())


def _shared(lengths: Doubles, least: Doubles, duration: float) -> Doubles:
    """New lengths with the same sum: each at least what is wanted, the others in proportion."""
    low, high = 0.0, 1.0
    for _ in range(60):
        scale = (low + high) / 2
        if np.maximum(scale * lengths, least).sum() > duration:
            high = scale
        else:
            low = scale
    found = np.maximum(low * lengths, least)
    return np.asarray(found * duration / found.sum())


def _stretched(paced: Timeline, edges: Doubles, lengths: Doubles) -> Timeline:
    """The same epochs, with other lengths between the edges."""
    seconds = np.unique(np.concatenate([paced.seconds, edges]))
    epochs = np.interp(seconds, paced.seconds, paced.epochs)
    moved = np.interp(seconds, edges, np.concatenate([[0.0], np.cumsum(lengths)]))
    moved[-1] = paced.duration
    return Timeline(moved, epochs)
