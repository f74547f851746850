"""Which film is meant, and which files to make of it."""

from __future__ import annotations

from pathlib import Path

from spiralcore.errors import UsageError
from spiralcore.recipe import Recipe
from spiralcore.registry.films import check_layout, film_entry
from spiralcore.registry.formats import OUTPUT_FORMATS, SUFFIXES, format_of
from spiralcore.shell import quoted
from spiralcore.subjects import subject_of
from spiralcore.subjects.names import highlighted
from spiralcore.trajectory import Trajectory
from spiralcore.video.production import film_settings, name_ending
from spiralcore.video.request import FilmOrder


def chosen_film(
    recipe: Recipe, film: str, trajectories: tuple[Path, ...], out: Path | None, verb: str
) -> FilmOrder:
    """What to make of files that are named in the call.

    Parameters
    ----------
    recipe
        The settings.
    film
        Its name in the catalogue.
    trajectories
        What it shows: trajectory files, or the one of a study.
    out
        A folder, or the only file to make.
    verb
        Who asks, for what to type next.

    Raises
    ------
    UsageError
        If the film cannot show these files, or there is no way to make what is wanted.
    TrajectoryError
        If one of them is no trajectory.
    """
    entry = film_entry(film)
    check_layout(film, recipe.film.layout)
    subject_of(entry).check_files(entry, trajectories, recipe.film.layer, verb)
    for path in trajectories if recipe.film.highlight else ():
        highlighted(Trajectory.load(path), recipe.film.highlight)
    stem = trajectories[0].stem + name_ending(recipe.film)
    targets = targets_of(recipe, f"{film}-{stem}", out)
    return FilmOrder(film, trajectories[0].stem, trajectories, film_settings(recipe, film), targets)


def targets_of(recipe: Recipe, name: str, out: Path | None) -> dict[str, Path]:
    """The files to make of a film, by their format.

    Parameters
    ----------
    recipe
        Says which formats, where it is not ``out`` that does.
    name
        Of the files, without an ending.
    out
        A folder, or the only file to make.

    Raises
    ------
    UsageError
        If there is no way to make it.
    """
    if out is None or out.suffix == "":
        folder = out or Path()
        return {kind: OUTPUT_FORMATS[kind].file(folder, name) for kind in recipe.formats}
    # One that was asked for may be another format of this suffix.
    asked = [OUTPUT_FORMATS[name] for name in recipe.formats]
    chosen = next((entry for entry in asked if entry.suffix == out.suffix.lower()), None)
    chosen = chosen or format_of(out.suffix)
    if chosen is None:
        *most, last = SUFFIXES
        raise UsageError(
            f"There is no way to make a '{out.suffix}' file.", f"{', '.join(most)} or {last}."
        )
    if recipe.film.transparent and not chosen.alpha:
        raise UsageError(
            f"{out} cannot be transparent.",
            f"{_transparent_suffixes()} with the theme '{recipe.film.colours.name}'.",
            f"--out {quoted(out.with_suffix('.webm'))}, or --theme dark",
        )
    return {chosen.name: out}


def _transparent_suffixes() -> str:
    *most, last = (entry.suffix for entry in OUTPUT_FORMATS.values() if entry.alpha)
    return f"a {', '.join(most)} or {last}"
