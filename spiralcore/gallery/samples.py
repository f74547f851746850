"""A network in the table: what its panel shows, at even film times, in few bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.gallery.coding import coded
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.timeline import Timeline
from spiralcore.trajectory.play.view import SMALL_MARGIN, TICKED_MARGIN, View

RATE = 20
"""Pictures for each second of film; the page draws straight lines between them. Paths are smoothed
over 0.12 s, so that the lines stay within 0.6 % of a jump's width."""

LEAD = 0.5
"""Seconds before the first epoch and after the last one, in which smoothed paths come to rest."""

LEVELS = 2**10 - 1
"""Steps of a place across a panel: a sixth of a pixel where that has 170 of them."""


def times(duration: float) -> NDArray[np.float64]:
    """Film times of the pictures, `LEAD` before the start and after the end included."""
    count = int(np.ceil((duration + 2 * LEAD) * RATE)) + 1
    return np.arange(count) / RATE - LEAD


def sampled(trajectory: Trajectory, timeline: Timeline) -> dict[str, NDArray[Any]]:
    """Places of the points in the panel, its limits, and the read-out, at all `times`.

    Returns
    -------
    dict
        F pictures. ``places``: second differences, see `coded`, of the shape (N, 2, F), from 0 to
        `LEVELS` across the panel. ``limits``: lower and upper limit of the horizontal axis and the
        rise of the vertical one, shape (F, 3). ``readout``: slopes and offset of each class,
        shape (F, K, 3).
    """
    playback = Playback(trajectory, timeline)
    view = View(playback, SMALL_MARGIN if trajectory.space.bounded else TICKED_MARGIN)
    seconds = times(timeline.duration)
    places = np.empty((trajectory.points, 2, len(seconds)))
    limits = np.empty((len(seconds), 3), np.float32)
    readout = np.empty((len(seconds), trajectory.classes, 3), np.float32)
    for i, second in enumerate(seconds):
        moment, frame = playback.at(float(second)), view.frame(float(second))
        lower, upper = frame.limits
        places[:, :, i] = (moment.hidden - (lower, lower + frame.rise)) / (upper - lower)
        limits[i] = lower, upper, frame.rise
        readout[i, :, :2] = moment.readout_weight
        readout[i, :, 2] = moment.readout_bias
    steps = np.clip(np.rint(places * LEVELS), 0, LEVELS).astype(np.int32)
    return {"places": coded(steps, 2), "limits": limits, "readout": readout}
