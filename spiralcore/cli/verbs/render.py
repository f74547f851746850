"""`spiral render`: films."""

from __future__ import annotations

from collections.abc import Container
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from spiralcore.cli.choosing import chosen_film
from spiralcore.cli.engines import chosen_engine
from spiralcore.cli.option_kinds import ListCommand, check_folder_name
from spiralcore.cli.options import (
    OF_RUNS,
    engine_options,
    overrides,
    recipe_options,
    refuse_unused,
    told,
)
from spiralcore.cli.outcome import end_if, report
from spiralcore.cli.progress import watch
from spiralcore.cli.verbosity import LOG
from spiralcore.cli.versions import other_versions
from spiralcore.cluster.address import Address
from spiralcore.errors import harmless
from spiralcore.extras import DRAWING, FIGURES, TRAINING, require
from spiralcore.recipe import (
    NetworkRecipe,
    Recipe,
    default_recipe_text,
    load_recipe,
)
from spiralcore.registry.films import film_entry
from spiralcore.registry.formats import SUFFIXES
from spiralcore.subjects.runs import trajectories
from spiralcore.system.engine import Engine
from spiralcore.system.files import tidied
from spiralcore.video.film_jobs import loading
from spiralcore.video.production import (
    SEGMENTS,
    Outcome,
    clear,
    film_missing,
    rounds,
    train_missing,
)
from spiralcore.video.request import FilmOrder
from spiralcore.video.stills import FOLDER, figure_orders, figures_missing

PREVIEW: dict[str, Any] = {
    "training.epochs": 1500,
    "film.quality": "480p30",
    "film.gif_height": 270,
    "film.seconds": 6.0,
    "film.hold": 0.6,
    "output": "renders/preview",
}
"""What `make preview` changes."""

PREVIEW_FORMATS: tuple[str, ...] = ("mp4", "png")


@click.command("render", cls=ListCommand)
@click.argument("film", required=False)
@click.argument("trajectories", nargs=-1, type=click.Path(path_type=Path))
@click.option("--print-recipe", is_flag=True, help="Print the default recipe and end.")
@recipe_options(
    "classes", "activations", "films", "formats", "figures/--no-figures", "seed", "epochs",
    "widths", "quality", "aspect", "seconds", "timeline", "layer", "theme", "loop/--no-loop",
    "captions/--no-captions", "language", "narration", "layout", "highlight",
)  # fmt: skip
@click.option("--preview", is_flag=True, help="A small, quick version of everything.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help=f"Folder, or the file to make: {', '.join(SUFFIXES)}.",
)
@engine_options
def command(
    film: str | None,
    trajectories: tuple[Path, ...],
    recipe: Path | None,
    print_recipe: bool,
    preview: bool,
    out: Path | None,
    jobs: int,
    scheduler: Address | None,
    **options: Any,
) -> None:
    """Make films.

    With a FILM and trajectory files, this one film. Without them everything that the recipe asks
    for: networks that are missing are trained, films that are missing or out of date are made.
    """
    if print_recipe:
        click.echo(default_recipe_text(), nl=False)
        return
    settings = run_settings(recipe, options, preview)
    if film is not None:
        refuse_unused(options, (*OF_RUNS, "figures"), f"the film '{film}' is made of files")
        outcome = Outcome()
        engine = chosen_engine(jobs, scheduler)
        with ExitStack() as stack:
            stack.enter_context(engine)
            # Loading Manim takes as long as finding out what there is to do.
            engine.prepare(loading(film_entry(film).name))
            order = chosen_film(settings, film, trajectories, out, "render")
            folder = next(iter(order.targets.values())).parent
            work = folder / SEGMENTS
            # Workers end first, then what they have left is removed.
            with tidied(folder, work), stack.pop_all():
                film_missing([order], work, engine, watch, outcome)
    else:
        if out is not None:
            check_folder_name(out)
            settings = settings.model_copy(update={"output": str(out)})
        outcome = everything(settings, jobs, scheduler)
    report(outcome)
    end_if(outcome.failures)


def run_settings(recipe: Path | None, options: dict[str, Any], preview: bool) -> Recipe:
    """Settings of a run: those of a recipe, with what the options say instead."""
    changed = {**(PREVIEW if preview else {}), **overrides(options)}
    classes = changed.get("classes")
    if classes and 4 not in classes:
        changed.setdefault("close_ups", [max(classes)])
    settings = told(load_recipe(recipe, changed))
    if preview and not options["formats"] and not settings.film.transparent:
        return settings.model_copy(update={"formats": PREVIEW_FORMATS})
    return settings


def everything(recipe: Recipe, jobs: int, scheduler: Address | None = None) -> Outcome:
    """Make all that a recipe asks for and that is missing."""
    folder = Path(recipe.output)
    work = folder / SEGMENTS
    folders = (folder, folder / "trajectories", folder / FOLDER, work)
    with tidied(*folders), chosen_engine(jobs, scheduler) as engine:
        return _made(recipe, work, engine)


def _made(recipe: Recipe, work: Path, engine: Engine) -> Outcome:
    outcome = Outcome()
    if not all(path.exists() for path in trajectories(recipe)):
        # What these lead to is missing, too; that is said before they are trained.
        films, figures = (DRAWING,) * bool(recipe.films), (FIGURES,) * recipe.figures
        require(TRAINING, *films, *figures)
    there: dict[Path, NetworkRecipe] = {}
    for part in rounds(recipe, engine):
        there |= train_missing(part.trajectories, engine, watch, outcome)
        for line in other_versions([path for path in part.trajectories if path in outcome.kept]):
            LOG.warning(line)
        orders = [order for order in part.orders if _can_be_made(order, there, outcome)]
        film_missing(orders, work, engine, watch, outcome)
    if not outcome.failures:
        clear(work)
    if recipe.figures:
        stills = [order for order in figure_orders(recipe) if order.trajectory in there]
        figures_missing(stills, engine, watch, LOG.warning, outcome)
    if any(path.suffix == ".npz" for path in outcome.made):
        _warn(there)
    return outcome


def _can_be_made(order: FilmOrder, there: Container[Path], outcome: Outcome) -> bool:
    """Whether all trajectories of a film are there; if not, say so."""
    absent = [path for path in order.trajectories if path not in there]
    if absent:
        left_out = f"{order.film}, {order.title}: left out, {absent[0]} is missing"
        LOG.warning(harmless(left_out))
        outcome.absent |= dict.fromkeys(order.targets.values(), "left out")
    return not absent


def _warn(trajectories: dict[Path, Any]) -> None:
    """Tell about networks that died or got stuck, and about those that did so at first."""
    from spiralcore.system.printable import printable
    from spiralcore.trajectory import Trajectory
    from spiralcore.trajectory.trouble import history

    for path, network in trajectories.items():
        if not path.exists():
            continue  # taken away meanwhile
        for line in history(Trajectory.load(path)):
            LOG.warning("%s: %s", harmless(network.title), printable(line))
