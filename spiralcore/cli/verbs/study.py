"""`spiral study`: many networks from one grid file."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spiralcore.cli.engines import chosen_engine
from spiralcore.cli.option_kinds import FolderName
from spiralcore.cli.options import STILL_THEME_HELP, engine_options, still_theme
from spiralcore.cli.progress import watch
from spiralcore.cli.verbosity import LOG
from spiralcore.errors import SpiralError, UsageError, harmless
from spiralcore.extras import FIGURES, STUDY, require
from spiralcore.registry.themes import Theme
from spiralcore.system.locks import in_turn

if TYPE_CHECKING:
    import pyarrow as pa

    from spiralcore.cluster.address import Address


@click.command("study")
@click.argument("grid", required=False, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=FolderName(),
    help="Folder of the results. [default: the grid's name]",
)
@engine_options
@click.option("--figures", is_flag=True, help="Draw figures, too, as PNG and SVG.")
@click.option(
    "--theme",
    default="dark",
    show_default=True,
    help=f"Of the figures: {STILL_THEME_HELP}",
)
@click.option("--print-grid", is_flag=True, help="Print an example of a grid file.")
def command(
    grid: Path | None,
    out: Path | None,
    jobs: int,
    scheduler: Address | None,
    figures: bool,
    theme: str,
    print_grid: bool,
) -> None:
    """Train every network of a GRID in TOML, and write a row for each to a Parquet file.

    Rows are kept as they come in: the same command goes on where it was stopped. The result does
    not depend on how many processes there are, nor on whether they are a cluster's. The film of a
    study is `spiral render crowding`.
    """
    from spiralcore.study.grid import example_grid_text, load_grid

    if print_grid:
        click.echo(example_grid_text(), nl=False)
        return
    if grid is None:
        raise UsageError(
            "There is no grid.", "a file in TOML.", "spiral study --print-grid > my.toml"
        )
    loaded = load_grid(grid)
    engine = chosen_engine(jobs, scheduler)
    colours = still_theme(theme)
    if figures:
        require(FIGURES)
    from spiralcore.study.batch_jobs import FAILED
    from spiralcore.study.study import FINISHED, Study

    if scheduler is None:
        require(STUDY)
    study = Study(loaded, out or grid.with_suffix(""))
    waiting = partial(LOG.info, "waiting for another study in %s", study.folder)
    with in_turn(study.folder / FINISHED, waiting):
        todo = study.jobs()
        if todo:
            with engine:
                watch("study", todo, study.run(todo, engine))
        table = study.finish()
    failed = table.column("status").to_pylist().count(FAILED)
    click.echo(harmless(_summary(table)))
    click.echo(harmless(f"{study.folder / FINISHED}: {table.num_rows:,} networks"))
    if figures:
        for path in _draw(table, study.folder, colours):
            click.echo(harmless(str(path)))
    if failed:
        raise SpiralError(
            f"{failed:,} of {table.num_rows:,} networks could not be trained.",
            "workers that finish; what happened is in the column 'error'.",
            "the same command tries these again",
        )


def _draw(table: pa.Table, folder: Path, colours: Theme) -> list[Path]:
    from spiralcore.figures.study_figure import draw_study

    return draw_study(table, folder, colours, ("png", "svg"))


def _summary(table: pa.Table) -> str:
    """Median accuracies, and how many networks came to an end."""
    from spiralcore.study.seed_spread import cells, column, text_table

    found = cells(table, column(table, "accuracy"))
    activations = dict.fromkeys(cell.activation for cell in found)
    parts = ["Median accuracy over the seeds, K classes, D units:"]
    parts += [text_table(found, name, name) for name in activations]
    counts = Counter(table.column("status").to_pylist())
    parts.append(", ".join(f"{count:,} {status}" for status, count in counts.items()))
    return "\n\n".join(parts)
