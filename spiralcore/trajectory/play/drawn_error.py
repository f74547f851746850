"""How far points are drawn from where they were in the run: what smoothing costs, measured."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from spiralcore.trajectory.play.motion import panel_width
from spiralcore.trajectory.play.playback import Playback

RATE = 25
"""Film times at which it is measured, a second."""


class DrawnError(NamedTuple):
    """How far the worst point of a frame is drawn from its place at the epoch of that film time.

    As a part of the panel's width at that epoch. Over the film:

    Attributes
    ----------
    p50, p90, max
        Median, 90th percentile, largest.
    """

    p50: float
    p90: float
    max: float


def drawn_error(playback: Playback) -> DrawnError:
    """Measure it over the action of a film.

    Beside it stands the path of the file, whose own distance from the run is what
    `Trajectory.fidelity` says; without smoothing it is 0.

    Parameters
    ----------
    playback
        What is drawn when.
    """
    path, count = playback.trajectory, int(np.ceil(RATE * playback.timeline.duration))
    worst = []
    for second in np.linspace(0.0, playback.timeline.duration, count + 1).tolist():
        real = path.evaluate(playback.timeline.epoch_at(second)).hidden
        way = np.linalg.norm(playback.at(second).hidden - real, axis=1)
        worst.append(float(way.max()) / panel_width(real, path.space))
    p50, p90 = np.quantile(worst, [0.5, 0.9]).tolist()
    return DrawnError(p50, p90, max(worst))
