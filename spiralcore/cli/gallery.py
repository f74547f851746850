"""`spiral gallery`: the page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiralcore.activations import ACTIVATIONS
from spiralcore.cli.lists import ListCommand, list_option
from spiralcore.cli.outcome import end_if
from spiralcore.cli.progress import duration_text, watch

if TYPE_CHECKING:
    from spiralcore.gallery.exhibit import Exhibit
    from spiralcore.gallery.page import FilmFiles
    from spiralcore.recipe import Recipe

FOLDER = "gallery"


@click.command("gallery", cls=ListCommand)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--recipe", type=click.Path(path_type=Path), help="A TOML file; its run is shown.")
@list_option("--classes", type=int, metavar="K ...", help="Class counts.")
@list_option("--activations", metavar="NAME ...", help=f"{', '.join(ACTIVATIONS)}.")
@list_option("--films", metavar="FILM ...", help="Films to link, see `spiral films`.")
@list_option("--formats", metavar="F ...", help="Their formats: mp4, webm, mov, gif, png.")
@click.option("--seed", type=int, help="Of the networks.")
@click.option("--epochs", type=int, help="Of their training.")
@list_option("--widths", type=int, metavar="N ...", help="Hidden widths, the drawn layer last.")
@click.option("--quality", help="That of the films to link: 1080p60, 720p30.")
@click.option("--seconds", type=float, help="Seconds that the training takes on the page.")
@click.option("--timeline", help="motion, log or linear.")
@click.option("--theme", help="That of the films to link: dark, light or transparent.")
@click.option("--preview", is_flag=True, help="The small run of `spiral render --preview`.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the page. [default: gallery; without FILES gallery/ in the folder of the run]",
)
@click.option(
    "--run",
    "run_folder",
    metavar="DIRECTORY",
    type=click.Path(path_type=Path),
    help="Folder of the run, the --out of `spiral render`. [default: the recipe's, renders]",
)
@click.option("--jobs", type=click.IntRange(1), help="Processes. [default: number of cores]")
def command(
    files: tuple[Path, ...],
    recipe: Path | None,
    preview: bool,
    out: Path | None,
    run_folder: Path | None,
    jobs: int | None,
    **options: Any,
) -> None:
    """Make a page: a table of networks in step, and any one of them live.

    With trajectory FILES, of these. Without, of a run: everything that the recipe asks for.
    Networks that are there are used, others are trained, and films that `spiral render` has made
    are linked. The page opens from
    disk. Its folder holds all that it needs, and can be copied to any place or web server.
    """
    from spiralcore.cli.render import run_settings
    from spiralcore.gallery.exhibit import of_files
    from spiralcore.gallery.page import FilmFiles, check_folder, make_page

    workers = jobs or os.cpu_count() or 1
    settings = run_settings(recipe, options, preview)
    if files:
        folder = out or Path(FOLDER)
        check_folder(folder)
        exhibits, films = of_files(files), list[FilmFiles]()
    else:
        if run_folder is not None:
            settings = settings.model_copy(update={"output": str(run_folder)})
        folder = out or Path(settings.output) / FOLDER
        check_folder(folder)
        exhibits, films = _run(settings, workers)
    made = make_page(
        folder, exhibits, films, settings.film.seconds, settings.film.timeline, workers, watch
    )
    end_if(made.failures)
    click.echo(f"{made.page}: {len(exhibits)} networks, {len(films)} films linked")
    click.echo(f"{made.made} parts made, {made.kept} up to date; {duration_text(made.seconds)}")


def _run(settings: Recipe, workers: int) -> tuple[list[Exhibit], list[FilmFiles]]:
    """Networks and films of a recipe: trains what is missing, finds what is there."""
    from spiralcore.gallery.exhibit import of_recipe
    from spiralcore.gallery.page import FilmFiles
    from spiralcore.video.production import Outcome, film_orders, train_missing

    outcome = Outcome()
    # Without films: the networks of the table, and not those that other films would need.
    table = settings.model_copy(update={"films": ()})
    there = train_missing(table.trajectories(), workers, watch, outcome)
    exhibits = of_recipe(settings, there)
    end_if(outcome.failures)
    films, absent = [], 0
    for order in film_orders(settings):
        missing = order.missing() if all(p in there for p in order.trajectories) else order.targets
        absent += len(missing)
        found = tuple(path for kind, path in order.targets.items() if kind not in missing)
        if found:
            films.append(FilmFiles(order.film, order.title, order.trajectories, found))
    if absent:
        click.echo(
            f"{absent} files of films are missing or out of date, and not linked; "
            "`spiral render` with the same options makes them",
            err=True,
        )
    return exhibits, films
