"""What several panels share that show different trajectories."""

from __future__ import annotations

from collections.abc import Sequence

from spiralcore.trajectory.play.view import Frame, View


class CommonView:
    """The part of the plane that holds what each of several views shows, at every film time.

    Parameters
    ----------
    views
        One or more.
    """

    def __init__(self, views: Sequence[View]) -> None:
        self._views = views

    def frame(self, second: float) -> Frame:
        """The smallest square around all views, about the middle of what they show."""
        frames = [view.frame(second) for view in self._views]
        left = min(frame.limits[0] for frame in frames)
        right = max(frame.limits[1] for frame in frames)
        bottom = min(frame.limits[0] + frame.rise for frame in frames)
        top = max(frame.limits[1] + frame.rise for frame in frames)
        side = max(right - left, top - bottom)
        across = (left + right - side) / 2
        upright = (bottom + top - side) / 2
        return Frame((across, across + side), upright - across)
