"""What a panel shows where that is not simply the last layer: said below its plane."""

from __future__ import annotations

from spiralcore.analysis.network.projection import ProjectedTrajectory
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import LEADING, Words, wrapped
from spiralcore.stage.panels.panel import Panel
from spiralcore.system.rounding import percent
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.playback import Playback

LEAST_WIDTH = 250
"""Panels that are narrower, in design pixels, have no room for a caption."""

WIDEST = "100 %"


def captioned(panel: Panel, playback: Playback, *, frozen: bool = False) -> Box:
    """Say below a plane which layer it shows, and how much of it.

    Parameters
    ----------
    panel
        Where to: a square.
    playback
        What is shown.
    frozen
        Whether it stands still at the end of the training.

    Returns
    -------
    Box
        What is left for the plane: a smaller square, or all of the panel where there is nothing
        to say or no room to say it.
    """
    film, box = panel.film, panel.box
    parts = description(playback.trajectory)
    if not parts or box.width < LEAST_WIDTH:
        return box
    size = film.text()
    lines = [line for part in parts for line in wrapped(part, box.width - 20, size)]
    strip = (LEADING * len(lines) + 0.2) * size
    end = playback.timeline.duration
    for i, line in enumerate(lines):
        y = box.bottom - 0.45 * size - LEADING * size * (len(lines) - 1 - i)
        words = Words(line, box.left + 10, y, size, film.theme.faint)
        if WIDEST not in line or frozen:
            words.text = line.replace(WIDEST, percentage(playback, end))
            panel.place(words)
        else:
            _run(panel, playback, words)
    return Box(box.left + strip / 2, box.top, box.width - strip, box.height - strip)


def _run(panel: Panel, playback: Playback, words: Words) -> None:
    template = words.text

    def update(second: float) -> None:
        words.text = template.replace(WIDEST, percentage(playback, panel.film.slowly(second)))

    panel.place_live(words, update, words.reserved())


def description(trajectory: Trajectory) -> list[str]:
    """What is shown of a network, in parts; `WIDEST` stands for the share of the variance."""
    shown, parts = trajectory.shown, []
    if shown is None:
        return []
    if shown.layer:
        of = f" of {shown.layers}" if shown.layers else ""
        known = f", known at {shown.known_epochs} epochs only" if shown.known_epochs else ""
        parts.append(f"hidden layer {shown.layer}{of}{known}")
    if shown.share is not None:
        regions = shown.layer or trajectory.knows_readout
        plane = ", regions on this plane" if regions else ""
        parts.append(f"PCA of {shown.units} units: {WIDEST} of the variance{plane}")
    return parts


def percentage(playback: Playback, second: float) -> str:
    """The part of the variance that a panel shows at a film time."""
    trajectory = playback.trajectory
    if isinstance(trajectory, ProjectedTrajectory):
        share = trajectory.share_at(playback.timeline.epoch_at(second))
    else:
        share = (trajectory.shown.share if trajectory.shown else None) or 0.0
    return percent(share, 0)
