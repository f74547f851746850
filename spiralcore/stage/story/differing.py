"""How two runs differ: what is said of it, and the deviation over the epochs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.borders import Bar, Outline
from spiralcore.stage.marks.curve import EpochCurve
from spiralcore.stage.marks.words import Words
from spiralcore.stage.panels.loss_panel import epoch_ticks
from spiralcore.stage.panels.numbers import counting_of
from spiralcore.stage.story.caption_line import said_until
from spiralcore.story.captions import LONGEST, SHORTEST, Caption, CaptionTrack
from spiralcore.story.sentences import Line, Speaker
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.compare.deviation import Deviation
from spiralcore.trajectory.play.counting import Counting

HEAD = "farthest point; line: tolerance"


def difference_captions(film: Film, found: Deviation) -> CaptionTrack:
    """That two runs agree, or when they first differ, and when they are farthest apart.

    In seconds of the action; nothing where the settings want no captions.
    """
    settings = film.settings
    if not settings.captions:
        return CaptionTrack(())
    said = settings.words
    speaker, first, last = Speaker.of(film.trajectories[0], said), found.first_epoch, found.epoch
    over, counting = said_until(settings), counting_of(film)

    def when(key: str, epoch: int) -> tuple[int, Line]:
        unit, number = said.units[counting.unit], said.number(counting.at(epoch))
        return epoch, speaker.say(key, unit=unit, n=number)

    if first is None:
        line = speaker.say("differ_never" if counting.unit == "epoch" else "differ_agree")
        return CaptionTrack([Caption(-settings.hold, LONGEST - settings.hold, line)], over)
    lines = [when("differ_first", first)]
    if last is not None and last > first:
        lines.append(when("differ_most", last))
    seconds = film.timeline.seconds_at(np.array([epoch for epoch, _ in lines], np.int64))
    # What happens at the very end is told a little before it.
    starts = [min(second, over - SHORTEST) for second in seconds.tolist()]
    return CaptionTrack(
        (
            Caption(start, start + SHORTEST, line)
            for start, (_, line) in zip(starts, lines, strict=True)
        ),
        over,
    )


def deviation_curve(film: Film, found: Deviation, allowed: float, last: int, box: Box) -> None:
    """The deviation of the point that is farthest apart, over the epochs."""
    theme, size, counting = film.theme, film.text(), counting_of(film)
    film.place(Words(HEAD, box.left, box.top - 16, film.text(), theme.faint))
    film.place(Bar(box, theme.panel), Outline(box, theme.frame, 1.0))
    every = np.interp(np.arange(last + 1), found.epochs, found.peaks, left=np.nan)
    values = every.astype(np.float32)
    top = max(float(found.peaks.max()), 2 * allowed, 1e-9)
    axes = Box(box.left + 14, box.top + 12, box.width - 28, box.height - 22 - 1.5 * size)
    curve = EpochCurve(axes, values, top, theme)
    _, y = curve.place(0, allowed)
    film.place(Bar(Box(axes.left, y - 1, axes.width, 2), theme.faint))
    film.place(Bar(Box(axes.left, axes.bottom, axes.width, 2), theme.frame))
    film.place(*epoch_ticks(film, curve, last, size, counting))

    def move(second: float) -> None:
        curve.epoch = min(film.timeline.epoch_at(second), last)

    film.place_live(curve, move, box)


def left_out(runs: Sequence[Trajectory], first: int, last: int, counting: Counting) -> str:
    """Where a comparison begins or stops while one of the runs goes on; empty where neither does.

    Parameters
    ----------
    runs
        What is compared.
    first, last
        Epochs that are shown.
    counting
        What is counted.
    """
    begins = first > min(run.epochs[0] for run in runs)
    stops = last < max(run.epochs[-1] for run in runs)
    if begins and stops:
        both = f"{counting.at(first):,} to {counting.at(last):,}"
        return f"{counting.units} {both}, those that both have"
    if begins:
        return f"begins at {counting.named(first)}, the first that both have"
    return f"stops at {counting.named(last)}, the last that both have" if stops else ""
