"""`spiral diff`: whether two trajectories agree."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spiralcore.cli.engines import chosen_engine
from spiralcore.cli.option_kinds import ListCommand, list_option
from spiralcore.cli.options import THEME_HELP, engine_options, overrides, refuse_unused, told
from spiralcore.errors import SpiralError, UsageError
from spiralcore.registry.formats import SUFFIXES
from spiralcore.shell import quoted
from spiralcore.system.files import temporary_folder
from spiralcore.system.printable import printable
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.compare.alignment import WAYS
from spiralcore.trajectory.compare.comparison import ARRAYS, ATOL, Comparison, compare, describe
from spiralcore.trajectory.compare.deviation import figures

if TYPE_CHECKING:
    from spiralcore.cluster.address import Address
    from spiralcore.system.engine import Engine
    from spiralcore.trajectory.compare.deviation import Deviation
    from spiralcore.trajectory.play.counting import Counting

SAME, DIFFERENT, UNUSABLE = 0, 1, 2


class UnusableError(SpiralError):
    """Whatever keeps two files from being compared: no exit code of a difference."""

    exit_code = UNUSABLE


@click.command("diff", cls=ListCommand)
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@click.option("--atol", type=float, default=ATOL, show_default=True,
              help="Tolerance, as a part of the panel's width.")  # fmt: skip
@list_option(
    "--align",
    metavar="WAY ...",
    help="Lay B on A first: {}.".format("; ".join(f"{way}, {what}" for way, what in WAYS.items())),
)
@list_option("--arrays", metavar="ARRAY ...", help=f"{', '.join(ARRAYS)}. [default: all]")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.option(
    "--film",
    type=click.Path(path_type=Path),
    help=f"Make a film of both, side by side: {', '.join(SUFFIXES)}.",
)
@click.option("--quality", help="Of the film: height and frame rate. [default: 1080p60]")
@click.option("--seconds", type=float, help="That the training takes on screen. [default: 20]")
@click.option("--theme", help=f"Of the film: {THEME_HELP} [default: dark]")
@engine_options
def command(
    a: Path,
    b: Path,
    atol: float,
    align: tuple[str, ...],
    arrays: tuple[str, ...],
    as_json: bool,
    film: Path | None,
    jobs: int,
    scheduler: Address | None,
    **look: str | float | None,
) -> int:
    """Tell whether two trajectory files agree within a tolerance, and where they do not.

    Exit codes: 0 they agree, 1 they differ, 2 they cannot be compared.

    Points are compared at every epoch that A or B has kept, by their distance as a part of the
    width of A's panel. Where a file has not kept an epoch, the tolerance is wider by the largest
    error that it states of the straight lines between its epochs.
    """
    if film is None:
        refuse_unused(look, ("quality", "seconds", "theme"), "no film is asked for, see --film")
    try:
        found = compare(
            Trajectory.load(a), Trajectory.load(b), atol=atol, ways=align, arrays=arrays
        )
        if as_json:
            click.echo(json.dumps(found.facts(), indent=2))
        else:
            show(found, align)
        if film is not None:
            with chosen_engine(jobs, scheduler) as engine:
                make_film(found, b, film, {k: v for k, v in look.items() if v is not None}, engine,
                          quiet=as_json, aligned=bool(align))  # fmt: skip
    except SpiralError as error:
        if error.exit_code == DIFFERENT:
            raise UnusableError(error.found, error.expected, error.next_step) from None
        raise
    except OSError as error:
        said = SpiralError.of_os(error)
        raise UnusableError(said.found, said.expected, said.next_step) from None
    return SAME if found.same else DIFFERENT


def show(found: Comparison, aligned: tuple[str, ...]) -> None:
    """Print a comparison for people."""
    from spiralcore.cli.tables import console, table

    counting = found.counting
    numbers = ("deviation", "allowed", counting.unit, "point", "class", f"first {counting.unit}")
    rows = table(("array", "same"), numbers)
    for deviation in found.deviations:
        rows.add_row(*_row(deviation, counting), style=None if deviation.agrees else "bold")
    for name in found.lost:
        rows.add_row(name, "no", "not in B", style="bold")
    page = console()
    page.print(rows)
    for line in words_of(found, aligned):
        page.print(line, markup=False)


def words_of(found: Comparison, aligned: tuple[str, ...]) -> list[str]:
    """What the table means, line by line; anything from a file is made printable."""
    lines = []
    if aligned:
        lines.append(f"B was laid on A: {found.alignment}")
    lines += [f"not compared: {name}, {why}" for name, why in found.left_out.items()]
    count, common = len(found.shared.epochs), found.shared.common
    kept = f"{count:,} {found.counting.units} compared that A or B has kept"
    lines.append(f"{kept}, {common:,} of them kept by both")
    first, worst = found.first, found.worst
    if found.same:
        lines.append(f"same: they agree within {found.atol:g} of the panel's width")
    elif first is None or worst is None:
        lines.append(f"different: B lacks {', '.join(found.lost)}")
    else:
        begins, named = first.first_epoch, found.counting.named
        since = "at all times" if begins is None else f"from {named(begins)} on"
        lines.append(f"different: {since}, first in {first.array}")
        lines.append(f"worst: {describe(worst, atol=found.atol, counting=found.counting)}")
    return [printable(line, 300) for line in lines]


def _row(deviation: Deviation, counting: Counting) -> list[str]:
    def number(value: int | None) -> str:
        # What is the same has no worst place.
        return "" if value is None or deviation.worst == 0 else f"{value:,}"

    def counted(epoch: int | None) -> str:
        return number(None if epoch is None else counting.at(epoch))

    return [
        deviation.array,
        "yes" if deviation.agrees else "no",
        figures(deviation.worst),
        figures(deviation.tolerance),
        counted(deviation.epoch),
        number(deviation.point),
        number(deviation.label),
        counted(deviation.first_epoch),
    ]


def make_film(
    found: Comparison,
    path: Path,
    out: Path,
    look: dict[str, str | float],
    engine: Engine,
    *,
    quiet: bool,
    aligned: bool,
) -> None:
    """Make the film of a comparison.

    Raises
    ------
    UsageError
        If it cannot show these trajectories, or there is no way to make such a file.
    """
    from spiralcore.analysis.network.prepare import check
    from spiralcore.cli.choosing import targets_of
    from spiralcore.cli.outcome import report
    from spiralcore.cli.progress import watch
    from spiralcore.recipe import load_recipe
    from spiralcore.registry.films import film_entry
    from spiralcore.trajectory.compare.note import ComparisonNote
    from spiralcore.video.production import Outcome, film_missing, film_settings
    from spiralcore.video.request import FilmOrder

    entry = film_entry("difference")
    for trajectory in (found.one, found.other):
        check(trajectory, entry)
    if out.suffix == "":
        raise UsageError(f"{out} does not say what kind of film it is.", "a file.mp4, for example.",
                         f"--film {quoted(f'{out}.mp4')}")  # fmt: skip
    recipe = told(load_recipe(None, overrides(look)))
    targets = targets_of(recipe, entry.name, out)
    words = str(found.alignment) if aligned else ""
    note = ComparisonNote(path.name, found.atol, words).note()
    with tempfile.TemporaryDirectory("", "spiralcore-", temporary_folder()) as folder:
        laid = Path(folder) / path.name
        one = Path(found.one.source)
        dataclasses.replace(found.other, recipe={**found.other.recipe, **note}).save(laid)
        order = FilmOrder(entry.name, f"{one.stem} and {path.stem}", (one, laid),
                          film_settings(recipe, entry.name), targets)  # fmt: skip
        outcome = Outcome()
        film_missing([order], Path(folder) / "segments", engine, watch, outcome)
    if outcome.failures:
        raise UnusableError("The film could not be made; see above.")
    if not quiet:
        report(outcome)
