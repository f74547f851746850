"""`spiral study`: many networks from one grid file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from spiralcore.cli.progress import watch
from spiralcore.errors import SpiralError, UsageError
from spiralcore.processes import Crew


@click.command("study")
@click.argument("grid", required=False, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the results. [default: the grid's name]",
)
@click.option("--jobs", type=click.IntRange(1), help="Processes. [default: number of cores]")
@click.option("--scheduler", metavar="URL", help="Of a Dask cluster: tcp://127.0.0.1:8786")
@click.option("--print-grid", is_flag=True, help="Print an example of a grid file.")
def command(
    grid: Path | None, out: Path | None, jobs: int | None, scheduler: str | None, print_grid: bool
) -> None:
    """Train every network of a GRID in TOML, and write a row for each to a Parquet file.

    Rows are kept as they come in: the same command goes on where it was stopped. The result does
    not depend on how many processes there are, nor on whether they are a cluster's.
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
    from spiralcore.study.engine import FINISHED, Study

    study = Study(loaded, out or grid.with_suffix(""))
    todo = study.jobs()
    if todo:
        with Crew(min(jobs or os.cpu_count() or 1, len(todo))) as crew:
            failures = watch("study", todo, study.run(todo, crew))
    study.finish()
    click.echo(f"{study.folder / FINISHED}")
