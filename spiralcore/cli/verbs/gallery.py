"""`spiral gallery`: the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiralcore.cli.engines import chosen_engine
from spiralcore.cli.option_kinds import FolderName, ListCommand
from spiralcore.cli.options import OF_RUNS, engine_options, recipe_options, refuse_unused
from spiralcore.cli.outcome import end_if
from spiralcore.cli.progress import duration_text, watch
from spiralcore.cli.verbosity import LOG, is_quiet
from spiralcore.registry.formats import OUTPUT_FORMATS

if TYPE_CHECKING:
    from spiralcore.cluster.address import Address
    from spiralcore.gallery.page import FilmFiles
    from spiralcore.gallery.shown_networks import ShownNetwork
    from spiralcore.recipe import Recipe
    from spiralcore.system.engine import Engine

FOLDER = "gallery"


@click.command("gallery", cls=ListCommand)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@recipe_options(
    "classes", "activations", "films", "formats", "seed", "epochs", "widths", "quality", "seconds",
    "timeline", "theme",
    films="Films to link, see `spiral films`.",
    formats=f"Their formats: {', '.join(OUTPUT_FORMATS)}.",
    quality="That of the films to link: 1080p60, 720p30.",
    seconds="Seconds that the training takes on the page.",
    theme="That of the films to link: dark, light or transparent; own, or a recipe with a table "
    "[theme], also that of the page.",
)  # fmt: skip
@click.option("--preview", is_flag=True, help="The small run of `spiral render --preview`.")
@click.option(
    "--out",
    type=FolderName(),
    help="Folder of the page. [default: gallery; without FILES gallery/ in the folder of the run]",
)
@click.option(
    "--run",
    "run_folder",
    metavar="DIRECTORY",
    type=FolderName(),
    help="Folder of the run, the --out of `spiral render`. [default: the recipe's, renders]",
)
@engine_options
def command(
    files: tuple[Path, ...],
    recipe: Path | None,
    preview: bool,
    out: Path | None,
    run_folder: Path | None,
    jobs: int,
    scheduler: Address | None,
    **options: Any,
) -> None:
    """Make a page: a table of networks in step, and any one of them live.

    With trajectory FILES, of these. Without, of a run: everything that the recipe asks for.
    Networks that are there are used, others are trained, and films that `spiral render` has made
    are linked. The page opens from
    disk. Its folder holds all that it needs, and can be copied to any place or web server.
    """
    from spiralcore.cli.verbs.render import run_settings
    from spiralcore.gallery.page import FilmFiles, check_folder, make_page
    from spiralcore.gallery.shown_networks import of_files

    if files:
        asked = {**options, "run": run_folder}
        refuse_unused(asked, (*OF_RUNS, "formats", "quality", "run"), "the page is made of files")
    settings = run_settings(recipe, options, preview)
    if run_folder is not None:
        settings = settings.model_copy(update={"output": str(run_folder)})
    folder = out or (Path(FOLDER) if files else Path(settings.output) / FOLDER)
    check_folder(folder)
    with chosen_engine(jobs, scheduler) as engine:
        if files:
            exhibits, films = of_files(files), list[FilmFiles]()
        else:
            exhibits, films = _run(settings, engine)
        made = make_page(
            folder, exhibits, films, settings.film.seconds, settings.film.timeline, engine, watch,
            None if isinstance(settings.film.theme, str) else settings.film.colours,
        )  # fmt: skip
    end_if(made.failures)
    if is_quiet():
        return
    networks, linked = _counted(len(exhibits), "network"), _counted(len(films), "film")
    click.echo(f"{made.page}: {networks}, {linked} linked")
    click.echo(f"{made.made} parts made, {made.kept} up to date; {duration_text(made.seconds)}")


def _run(settings: Recipe, engine: Engine) -> tuple[list[ShownNetwork], list[FilmFiles]]:
    """Networks and films of a recipe: trains what is missing, finds what is there."""
    from spiralcore.gallery.page import FilmFiles
    from spiralcore.gallery.shown_networks import of_recipe
    from spiralcore.subjects.runs import trajectories
    from spiralcore.video.production import Outcome, film_orders, train_missing

    outcome = Outcome()
    # Without films: the networks of the table, and not those that other films would need.
    table = settings.model_copy(update={"films": ()})
    there = train_missing(trajectories(table), engine, watch, outcome)
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
        LOG.warning(
            "%s files of films are missing or out of date, and not linked; "
            "`spiral render` with the same options makes them",
            absent,
        )
    return exhibits, films


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
