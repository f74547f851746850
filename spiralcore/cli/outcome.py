"""The table at the end of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from spiralcore.cli.progress import duration_text
from spiralcore.cli.verbosity import is_quiet
from spiralcore.errors import SpiralError, harmless
from spiralcore.system.engine import Failed

if TYPE_CHECKING:
    from spiralcore.video.production import Outcome


def report(outcome: Outcome) -> None:
    """Print what was made, how large it is and how long it took, and what was not made."""
    if is_quiet():
        return
    if not outcome.made and not outcome.absent:
        click.echo(f"Everything is up to date: {len(outcome.kept)} files.")
        return
    click.echo(f"\n{'file':52}{'size':>10}{'length':>10}")
    for path in outcome.made:
        length = outcome.lengths.get(path)
        size = path.stat().st_size
        text = f"{size / 1e6:.2f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"
        click.echo(f"{harmless(str(path)):52}{text:>10}{f'{length:.1f} s' if length else '':>10}")
    for path, fate in outcome.absent.items():
        click.echo(f"{harmless(str(path)):52}{fate:>10}")
    if outcome.kept:
        click.echo(f"{len(outcome.kept)} files were up to date")
    for stage, seconds in outcome.seconds.items():
        drawn = f", {outcome.drawn} frames drawn" if stage == "films" and outcome.drawn else ""
        click.echo(f"{stage}: {duration_text(seconds)}{drawn}")


def end_if(failures: Sequence[Failed]) -> None:
    """End the command if jobs failed; what became of each has been said.

    Raises
    ------
    SpiralError
        If one did.
    """
    if failures:
        count = len(failures)
        raise SpiralError(f"{count} {'job' if count == 1 else 'jobs'} failed; see above.")
