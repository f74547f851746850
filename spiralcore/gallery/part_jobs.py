"""What worker processes do to make parts of the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.prepare import prepare
from spiralcore.analysis.network.vector_field import reach
from spiralcore.gallery.closeness import closeness
from spiralcore.gallery.coding import coded_knots, knots
from spiralcore.gallery.live import live, network_arrays, solid
from spiralcore.gallery.parts import archive, read_archive, write_archive
from spiralcore.gallery.predicted_plane import predicted
from spiralcore.gallery.samples import sampled, times
from spiralcore.registry.films import FILMS
from spiralcore.system.engine import Report
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.timeline import Timeline

TABLE_GRID, LIVE_GRID = (40, 2**9 - 1), (80, 2**13 - 1)
"""Nodes a side at which a network is asked what it predicts, and the steps of its answers, for a
small and a large panel."""


def shown_in_gallery(trajectory: Trajectory) -> Trajectory:
    """What the page shows of a trajectory: two units, or a projection onto two axes.

    Raises
    ------
    UsageError
        If there is only one unit.
    """
    return prepare(trajectory, FILMS["row"])


def write_clock(trajectories: Sequence[Path], seconds: float, kind: str, name: str, path: Path,
                report: Report) -> None:  # fmt: skip
    """Make the common timeline of all networks."""
    loaded = [shown_in_gallery(Trajectory.load(source)) for source in trajectories]
    report(0.5)
    common = timeline(loaded, seconds, kind)
    write_archive(path, name, archive(clock_arrays(common)))


def clock_arrays(common: Timeline) -> dict[str, NDArray[np.float64]]:
    """Seconds and epochs of a timeline's knots, in few bytes: the table waits for them."""
    return {"seconds": coded_knots(common.seconds), "epochs": coded_knots(common.epochs)}


def write_table_part(trajectory: Path, clock: Path, name: str, path: Path, report: Report) -> None:
    """Make what the table shows of one network, but for what it predicts."""
    shown = shown_in_gallery(Trajectory.load(trajectory))
    arrays = _common(shown) | sampled(shown, _clock(clock))
    if shown.outside.points:
        arrays["outside"] = shown.outside.ever.astype(np.uint8)
    report(0.7)
    write_archive(path, name, archive(arrays))


def write_plane_part(trajectory: Path, clock: Path, name: str, path: Path, report: Report) -> None:
    """Make what the table shows behind the data: it takes room, and is loaded last."""
    shown, common = shown_in_gallery(Trajectory.load(trajectory)), _clock(clock)
    report(0.2)
    pictures = np.array([common.epoch_at(second) for second in times(common.duration).tolist()])
    write_archive(path, name, archive(predicted(shown, *TABLE_GRID, pictures)))


def _clock(path: Path) -> Timeline:
    """The common timeline, from its part."""
    codes = read_archive(path)
    return Timeline(knots(codes["seconds"]), knots(codes["epochs"]))


def write_live_part(
    trajectory: Path, seconds: float, name: str, path: Path, report: Report
) -> None:
    """Make what the explorer loads of one network."""
    whole = Trajectory.load(trajectory)
    arrays = live_arrays(shown_in_gallery(whole), seconds) | solid(whole)
    report(0.5)
    write_archive(path, name, archive(arrays))


def write_network_part(trajectory: Path, name: str, path: Path, report: Report) -> None:
    """Make what the explorer loads to show a network layer by layer."""
    arrays = network_arrays(shown_in_gallery(Trajectory.load(trajectory)))
    report(0.5)
    write_archive(path, name, archive(arrays))


def live_arrays(shown: Trajectory, seconds: float) -> dict[str, NDArray[Any]]:
    """What the explorer draws a network from; the film takes so many seconds."""
    arrays = _common(shown) | live(shown, timeline([shown], seconds))
    return arrays | predicted(shown, *LIVE_GRID)


def _common(trajectory: Trajectory) -> dict[str, NDArray[Any]]:
    """What both views read."""
    arrays: dict[str, NDArray[Any]] = {
        "labels": trajectory.labels.astype(np.uint16),
        "accuracy": trajectory.accuracy,
        "epochs": trajectory.epochs.astype(np.int32),
        "packing": closeness(trajectory),
    }
    if trajectory.targets is not None:
        arrays["targets"] = trajectory.targets
    if trajectory.inputs.shape[1] == 2:
        arrays |= {"inputs": trajectory.inputs, "reach": np.array([reach(trajectory)])}
    return arrays
