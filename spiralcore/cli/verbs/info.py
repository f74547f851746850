"""`spiral info`: what is in a trajectory file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from spiralcore.system.rounding import percent
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.summary import notes, summary
from spiralcore.trajectory.trouble import history

if TYPE_CHECKING:
    from spiralcore.trajectory.play.drawn_error import DrawnError


@click.command("info")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.option(
    "--packing",
    "with_packing",
    is_flag=True,
    help="How well the last epoch packs its classes, as parts of the best possible, and how far "
    "it is from neural collapse.",
)
@click.option(
    "--smoothing",
    "with_smoothing",
    is_flag=True,
    help="How far points are drawn from where they were at the epoch shown, in a film of the "
    "usual settings.",
)
def command(file: Path, as_json: bool, with_packing: bool, with_smoothing: bool) -> None:
    """Tell what is in a trajectory FILE."""
    trajectory = Trajectory.load(file)
    facts = facts_of(file, trajectory)
    measured = None
    if with_packing:
        from spiralcore.cli import packing_report as packing

        measured = packing.of_last_epoch(trajectory)
        facts["packing"] = packing.facts_of(measured)
    off = _smoothing(trajectory) if with_smoothing else None
    if off is not None:
        facts["smoothing"] = off._asdict()
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    lines = {
        **summary(trajectory),
        **({} if off is None else {"smoothing": _said(off)}),
        "size": f"{facts['size_bytes'] / 1e6:.1f} MB",
    }
    for name, value in lines.items():
        click.echo(f"{name:15}{value}")
    for line in notes(trajectory):
        click.echo(f"{'note':15}{line}")
    if measured is not None:
        click.echo("\n" + packing.as_table(measured))


def _known(value: np.float32) -> float | None:
    """A number, None where it was not recorded."""
    return None if np.isnan(value) else float(value)


def _smoothing(trajectory: Trajectory) -> DrawnError:
    """What smoothing costs in a film of the usual settings, for which its pace is needed."""
    from spiralcore.recipe import FilmSettings
    from spiralcore.story.telling import stops
    from spiralcore.trajectory.play.drawn_error import drawn_error
    from spiralcore.trajectory.play.pacing import timeline
    from spiralcore.trajectory.play.playback import Playback

    usual = FilmSettings()
    paced = timeline([trajectory], usual.seconds, usual.timeline, stops([trajectory]))
    return drawn_error(Playback(trajectory, paced, usual.smoothing))


def _said(off: DrawnError) -> str:
    return (
        f"worst point of a frame drawn {percent(off.p50, 1)} of the panel from the epoch shown "
        f"(median), {percent(off.p90, 1)} (90 %), {percent(off.max, 1)} (worst)"
    )


def facts_of(file: Path, loaded: Trajectory | None = None) -> dict[str, Any]:
    """What `spiral info --json` tells of a file, which may be loaded already."""
    trajectory = loaded or Trajectory.load(file)
    fidelity, outside = trajectory.fidelity, trajectory.outside
    regions = trajectory.region_fidelity
    return {
        "epochs": trajectory.trained_epochs,
        "kept_epochs": len(trajectory.epochs),
        "unit": trajectory.unit,
        "counted": trajectory.counting.at(trajectory.trained_epochs),
        "best_epoch": trajectory.best_epoch,
        "points": trajectory.points,
        "classes": trajectory.classes,
        "activation": trajectory.recipe.get("activation"),
        "seed": trajectory.recipe.get("seed"),
        "run_name": trajectory.run_name or None,
        "class_names": trajectory.recipe.get("class_names"),
        "recorded": trajectory.recipe.get("recorded"),
        "accuracy": _known(trajectory.accuracy[-1]),
        "cross_entropy": _known(trajectory.cross_entropy[-1]),
        "dead_units": trajectory.dead_since,
        "history": history(trajectory),
        "outside_space": {
            "points": outside.points,
            "first_epoch": int(trajectory.epochs[outside.first]),
        }
        if outside.points
        else None,
        "fidelity": None if fidelity is None else fidelity._asdict(),
        "regions": None if regions is None else regions._asdict(),
        "size_bytes": file.stat().st_size,
    }
