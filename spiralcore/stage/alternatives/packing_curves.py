"""The packing as curves: three numbers over the epochs, most of them parts of the best possible."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.packing.metric import Metric, among
from spiralcore.analysis.packing.metrics import METRICS
from spiralcore.analysis.packing.over_epochs import Measurements
from spiralcore.registry.spaces import Space
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import LEADING, Words, wrapped
from spiralcore.stage.panels.notes import Note, lines_of, set_down
from spiralcore.stage.panels.ratio_panel import RatioPanel, every_epoch, head_height, short_name
from spiralcore.trajectory.play.playback import Playback

Doubles = NDArray[np.float64]

PANELS = 3
"""Panels of curves that the side is divided for at least."""

BEST = "1: the best possible"


def show_curves(film: Film, playback: Playback, found: Measurements, side: Box) -> None:
    """The curves: bounded spaces have optima of their own, the others angles and evenness."""
    space = playback.trajectory.space
    shown = [
        (metric, metric.film)
        for metric in METRICS.values()
        if metric.film is not None and among(space, metric.film.spaces)
    ]
    count = max(PANELS, len(shown) + (not space.bounded))
    last, gap, ticks = playback.trajectory.trained_epochs, 10.0, 44 * film.text_scale
    named = [(short_name(film, side.width, panel.names), metric) for metric, panel in shown]
    heads = [head_height(film, side.width, name) for name, _ in named]
    heads += [64 * film.text_scale] * (count - len(shown))
    height = (side.height - sum(heads) - ticks - gap * (count - 1)) / count
    top = side.top
    for index, ((name, metric), head) in enumerate(zip(named, heads, strict=False)):
        numbered = index == len(shown) - 1
        box = Box(side.left, top, side.width, head + height + (ticks if numbered else 0.0))
        values, mark = curve_of(metric, found, space)
        curve = every_epoch(found.epochs, values, last)
        film.show_panels(
            RatioPanel(film, playback, box, name, curve, mark, numbered=numbered, size=film.text())
        )
        top += head + height + gap
    if not space.bounded:
        say_parked(film, found, Box(side.left, top, side.width, side.bottom - top))


def say_parked(film: Film, found: Measurements, box: Box) -> None:
    """Say which classes end at the corner, where they have no direction."""
    count = int(found.angles.parked[-1].sum())
    texts = {0: "no class ends at the corner", 1: "one class ends at the corner"}
    text = texts.get(count, f"{count} classes end at the corner")
    note = Note("there it is apart from the others without an angle of its own")
    notes = lines_of(film, [note] if count else [], box.width)
    lines = wrapped(text, box.width, film.text())
    height = 40 * film.text_scale * len(lines) + LEADING * film.text() * (len(notes) - 1)
    y = box.top + min(124.0, box.height - height)
    for line in lines:
        film.place(Words(line, box.left, y, film.text(), film.theme.ink))
        y += 40 * film.text_scale
    set_down(film, notes, box.left, y)


def curve_of(
    metric: Metric, found: Measurements, space: Space
) -> tuple[Doubles, tuple[float, str] | None]:
    """What is shown of a metric, shape (T,): a part of the best where that is known.

    And a value to mark, with what it means; None if there is none.
    """
    if metric.has_best_in(space):
        return found.part(metric), (1.0, BEST)
    values, most = np.asarray(found.own[metric.name]), metric.range[1]
    if metric.larger_is_better and np.isfinite(most):
        return values, (most, f"{most:g}: {metric.at_best}")
    return values, None
