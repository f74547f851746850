"""Finding a film of a run by the name of its files: ``row-4-classes``, ``renders/classes.mp4``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from spiralcore.analysis.network.prepare import check
from spiralcore.errors import PointerError, SpiralError, UsageError, nearest
from spiralcore.recipe import Recipe
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.films import FILMS
from spiralcore.registry.formats import SUFFIXES, format_of, stem_of
from spiralcore.subjects import subject_of
from spiralcore.subjects.networks import ROW_ENDING
from spiralcore.trajectory import Trajectory
from spiralcore.video.production import aspect_ending, film_orders, film_settings
from spiralcore.video.request import FilmOrder

STEM = re.compile(
    rf"(?P<film>{'|'.join(FILMS)})(-(?P<classes>\d+)-(?P<of>\w+?))?(-layer-(?P<layer>\d+))?"
)
TRAJECTORY = re.compile(r"(?P<classes>\d+)-(?P<activation>\w+)-[0-9a-f]+\.npz")

Network = tuple[int, str]
"""Class count and activation."""


def find_film(recipe: Recipe, name: str) -> FilmOrder:
    """Find what a film of a run shows.

    Parameters
    ----------
    recipe
        Its settings, and where runs are looked for, see `Recipe.output`.
    name
        What the film's files are called, with or without their folder and ending.

    Returns
    -------
    FilmOrder
        For the formats of the recipe, beside the run's own films.

    Raises
    ------
    UsageError
        If there is no such film, or not exactly one network of the run that it can show.
    """
    path = Path(name)
    stem = stem_of(path)
    if path.name != name or format_of(path.suffix):
        recipe = recipe.model_copy(update={"output": str(path.parent)})
    match = STEM.fullmatch(stem)
    if match is None or not _is_film(match):
        raise _unknown(recipe, name)
    film = match["film"]
    layer = int(match["layer"]) if match["layer"] else recipe.film.layer
    look = recipe.film.model_copy(update={"layer": layer})
    recipe = recipe.model_copy(update={"films": (film,), "film": look})
    aspect = aspect_ending(recipe.film)
    for order in film_orders(recipe):
        named = order.stem in (stem, stem + aspect)
        if named and all(file.exists() for file in order.trajectories):
            return order
    networks = _networks(recipe)
    wanted = _wanted(match, networks)
    if len(wanted) > 1:
        order_of = {activation: i for i, activation in enumerate(recipe.activations)}
        wanted.sort(key=lambda one: (one[0], order_of.get(one[1], len(order_of)), one[1]))
    files = tuple(_only(recipe, film, one, networks.get(one, [])) for one in wanted)
    if not files:
        raise _absent(recipe, film, match["classes"] and f"{match['classes']} classes")
    return FilmOrder(
        film=film,
        title=stem.removeprefix(f"{film}-"),
        trajectories=files,
        settings=film_settings(recipe, film),
        targets={kind: Path(recipe.output) / f"{stem}{aspect}.{kind}" for kind in recipe.formats},
    )


def _is_film(match: re.Match[str]) -> bool:
    """Whether a name has the form that a run gives to a film of this kind."""
    entry = FILMS.get(match["film"])
    if entry is None or (match["layer"] and not entry.projects):
        return False
    return subject_of(entry).accepts_name(match["classes"], match["of"])


def _networks(recipe: Recipe) -> dict[Network, list[Path]]:
    """The trajectories that runs have left in a folder, by what their names say."""
    found = defaultdict(list)
    for path in sorted((Path(recipe.output) / "trajectories").glob("*.npz")):
        match = TRAJECTORY.fullmatch(path.name)
        if match is not None and match["activation"] in ACTIVATIONS:
            found[int(match["classes"]), match["activation"]].append(path)
    return dict(found)


def _wanted(match: re.Match[str], networks: Iterable[Network]) -> list[Network]:
    """What a film of some name shows of the networks that are there."""
    if match["classes"] is None:
        return list(networks)
    if match["of"] == ROW_ENDING:
        return [one for one in networks if one[0] == int(match["classes"])]
    return [(int(match["classes"]), match["of"])]


def _only(recipe: Recipe, film: str, network: Network, paths: list[Path]) -> Path:
    """The one network among several that a film can show."""
    suitable = [path for path in paths if _suits(recipe, film, path)]
    classes, activation = network
    if not suitable:
        raise _absent(recipe, film, f"{classes} classes with {activation}")
    if len(suitable) > 1:
        names = ", ".join(path.name for path in suitable)
        raise UsageError(
            f"{suitable[0].parent} has {len(suitable)} networks of {classes} classes with "
            f"{activation}: {names}.",
            "one, or the recipe of the run that is meant.",
            f"spiral export {film} {suitable[0]}, or --recipe FILE",
        )
    return suitable[0]


def _suits(recipe: Recipe, film: str, path: Path) -> bool:
    try:
        check(Trajectory.load(path), FILMS[film], recipe.film.layer)
    except PointerError:
        raise
    except SpiralError:
        return False
    return True


def _absent(recipe: Recipe, film: str, network: str | None) -> UsageError:
    folder = Path(recipe.output) / "trajectories"
    return UsageError(
        f"{folder} has no network of {network} for the film '{film}'."
        if network
        else f"{folder} has no networks for the film '{film}'.",
        "what `spiral render` or `make render` leaves there.",
        f"spiral render --films {film}, or spiral export {film} FILE.npz",
    )


def _unknown(recipe: Recipe, name: str) -> UsageError:
    folder = Path(recipe.output)
    made = sorted({stem_of(path) for path in folder.glob("*") if path.suffix in SUFFIXES})
    there = f", or one of those in {folder}: {', '.join(made)}" if made else ""
    return UsageError(
        f"There is no film '{name}'.{nearest(Path(name).name, [*FILMS, *made])}",
        f"one of {', '.join(FILMS)} with trajectory files{there}.",
        "spiral films",
    )
