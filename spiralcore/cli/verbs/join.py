"""`spiral join`: one trajectory of two that follow each other."""

from __future__ import annotations

from pathlib import Path

import click

from spiralcore.errors import UsageError
from spiralcore.recording.joining import joined, same_state
from spiralcore.shell import quoted
from spiralcore.trajectory import Trajectory


@click.command("join")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="The file to make. [default: FIRST-joined.npz]"
)
def command(first: Path, second: Path, out: Path | None) -> None:
    """Join the trajectory SECOND to FIRST, which ends with the state that SECOND begins with."""
    one, other = Trajectory.load(first), Trajectory.load(second)
    target = out or first.with_name(f"{first.stem}-joined.npz")
    if target.exists():
        raise UsageError(f"{target} is there already.", "a new file.", "--out FILE")
    if one.hidden.shape[1:] == other.hidden.shape[1:]:
        _check_order(one, other, first, second)
    whole = joined(one, other)
    whole.save(target)
    states = whole.counting.units if whole.counts is None else "states"
    click.echo(
        f"{target}: {one.trained_epochs:,} and {other.trained_epochs:,} {states}, "
        f"{len(whole.epochs):,} kept"
    )


def _check_order(one: Trajectory, other: Trajectory, first: Path, second: Path) -> None:
    """See to it that the second begins where the first ends."""
    if same_state(one, other.hidden[0]) == len(one.epochs) - 1:
        return
    turned = same_state(other, one.hidden[0]) == len(other.epochs) - 1
    names = f"{quoted(second)} {quoted(first)}"
    raise UsageError(
        f"{second} does not begin with the state with which {first} ends.",
        "two parts of one training, in their order.",
        f"spiral join {names}" if turned else "",
    )
