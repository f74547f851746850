"""`spiral info`: what is in a trajectory file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import numpy as np

from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.trouble import dead_units, history


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
def command(file: Path, as_json: bool, with_packing: bool) -> None:
    """Tell what is in a trajectory FILE."""
    trajectory = Trajectory.load(file)
    facts = facts_of(file, trajectory)
    measured = None
    if with_packing:
        from spiralcore.cli import packing  # loads SciPy, which takes longer than all the rest

        measured = packing.of_last_epoch(trajectory)
        facts["packing"] = packing.facts_of(measured)
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    fidelity = facts["fidelity"]
    rows = {
        "points": f"{facts['points']:,} in {facts['classes']} classes",
        "activation": printable(facts["activation"]),
        "seed": printable(facts["seed"]),
        "epochs": f"{facts['epochs']:,} trained, {facts['kept_epochs']:,} kept",
        "accuracy": _number(facts["accuracy"]),
        "cross-entropy": _number(facts["cross_entropy"]),
        "dead units": dead_units(facts["dead_units"]) or "none",
        "fidelity": "unknown"
        if fidelity is None
        else f"worst point of an epoch off by {100 * fidelity['p50']:.2f} % of the panel "
        f"(median), {100 * fidelity['p99']:.2f} % (99 %), {100 * fidelity['max']:.2f} % (worst)",
        "size": f"{facts['size_bytes'] / 1e6:.1f} MB",
    }
    for name, value in rows.items():
        click.echo(f"{name:15}{value}")
    for line in facts["history"]:
        click.echo(f"{'note':15}{printable(line)}")
    if measured is not None:
        click.echo("\n" + packing.as_table(measured))


def printable(value: object) -> str:
    """A value from a file, without anything that a terminal would obey."""
    if value is None:
        return "unknown"
    return "".join(letter if letter.isprintable() else "?" for letter in str(value))[:80]


def _known(value: np.float32) -> float | None:
    """A number, None where it was not recorded."""
    return None if np.isnan(value) else float(value)


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.4f}"


def facts_of(file: Path, loaded: Trajectory | None = None) -> dict[str, Any]:
    """What `spiral info --json` tells of a file, which may be loaded already."""
    trajectory = loaded or Trajectory.load(file)
    fidelity = trajectory.fidelity
    return {
        "epochs": trajectory.trained_epochs,
        "kept_epochs": len(trajectory.epochs),
        "points": trajectory.points,
        "classes": trajectory.classes,
        "activation": trajectory.recipe.get("activation"),
        "seed": trajectory.recipe.get("seed"),
        "accuracy": _known(trajectory.accuracy[-1]),
        "cross_entropy": _known(trajectory.cross_entropy[-1]),
        "dead_units": trajectory.dead_since,
        "history": history(trajectory),
        "fidelity": None if fidelity is None else fidelity._asdict(),
        "size_bytes": file.stat().st_size,
    }
