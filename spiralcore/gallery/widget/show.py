"""Making the widget, where anywidget is installed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spiralcore.errors import UsageError
from spiralcore.extras import WIDGET, require
from spiralcore.gallery.watch.handed import handed
from spiralcore.system.printable import printable
from spiralcore.trajectory import Trajectory

COMPRESSION = 3
"""Of what goes to a notebook, which may be far away."""

MOST_POINTS = 64
"""That the page follows."""


def explore(trajectory: Trajectory, epoch: int | None, points: Sequence[int], height: int) -> Any:
    """See `Trajectory.explore`."""
    require(WIDGET)
    from spiralcore.gallery.widget.explorer import Explorer

    last = trajectory.trained_epochs
    wanted = last if epoch is None else epoch
    if not 0 <= wanted <= last:
        raise UsageError(f"There is no epoch {wanted:,}.", f"an epoch from 0 to {last:,}.")
    for point in points:
        if not 0 <= point < trajectory.points:
            raise UsageError(
                f"There is no point {point:,}.", f"points from 0 to {trajectory.points - 1:,}."
            )
    if len(points) > MOST_POINTS:
        raise UsageError(f"{len(points):,} points are given.", f"at most {MOST_POINTS}.")
    title = trajectory.run_name or Path(trajectory.source).name.removesuffix(".npz")
    return Explorer(
        handed(trajectory, printable(title), COMPRESSION),
        last,
        trajectory.points,
        epoch=int(wanted),
        points=[int(point) for point in points],
        height=height,
    )
