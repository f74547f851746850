"""Finding a film of a run by the name of its files: ``row-4-classes``, ``renders/classes.mp4``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from spiralcore.analysis.network.prepare import check
from spiralcore.errors import PointerError, SpiralError, UsageError, nearest
from spiralcore.recipe import Recipe
from spiralcore.registry.films import FILMS, check_layout
from spiralcore.registry.formats import OUTPUT_FORMATS, SUFFIXES, format_of, stem_of
from spiralcore.shell import quoted
from spiralcore.subjects import subject_of
from spiralcore.subjects.networks import ROW_ENDING
from spiralcore.system.rounding import whole_number
from spiralcore.trajectory import Trajectory
from spiralcore.video.production import aspect_ending, film_orders, film_settings
from spiralcore.video.request import FilmOrder
from spiralcore.video.run_manifest import NetworkKey, networks_in


class Name(NamedTuple):
    """What the name of a film of a run says: ``bending-4-tanh-layer-2``.

    Attributes
    ----------
    film
        In the catalogue.
    classes, of
        What stands behind it, if anything does; see `Subject.accepts_name`.
    layer
        The hidden layer that is shown, if one was chosen.
    """

    film: str
    classes: int | None
    of: str | None
    layer: int | None

    @classmethod
    def of_stem(cls, stem: str) -> Name | None:
        """Read a name; None if a run gives such a name to no film."""
        head, separator, layer = stem.partition("-layer-")
        film, *parts = head.split("-")
        entry = FILMS.get(film)
        if entry is None or len(parts) not in (0, 2) or not all(map(str.isascii, (head, layer))):
            return None
        classes, of = parts or (None, None)
        is_count = classes is None or whole_number(classes) is not None
        is_layer = whole_number(layer) is not None and entry.projects if separator else True
        if not (is_count and is_layer and subject_of(entry).accepts_name(of)):
            return None
        return cls(film, whole_number(classes or ""), of, whole_number(layer))


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
    named = Name.of_stem(stem)
    if named is None:
        raise _unknown(recipe, name)
    film = named.film
    check_layout(film, recipe.film.layout)
    layer = recipe.film.layer if named.layer is None else named.layer
    look = recipe.film.model_copy(update={"layer": layer})
    recipe = recipe.model_copy(update={"films": (film,), "film": look})
    aspect = aspect_ending(recipe.film)
    for order in film_orders(recipe):
        is_named = order.stem in (stem, stem + aspect)
        if is_named and all(file.exists() for file in order.trajectories):
            return order
    networks = networks_in(Path(recipe.output) / "trajectories")
    wanted = _wanted(named, networks)
    if len(wanted) > 1:
        order_of = {activation: i for i, activation in enumerate(recipe.activations)}
        wanted.sort(key=lambda one: (one[0], order_of.get(one[1], len(order_of)), one[1]))
    files = tuple(_only(recipe, film, one, networks.get(one, [])) for one in wanted)
    if not files:
        raise _absent(recipe, film, f"{named.classes} classes" if named.classes else None)
    return FilmOrder(
        film=film,
        title=stem.removeprefix(f"{film}-"),
        trajectories=files,
        settings=film_settings(recipe, film),
        targets={
            kind: OUTPUT_FORMATS[kind].file(Path(recipe.output), f"{stem}{aspect}")
            for kind in recipe.formats
        },
    )


def _wanted(named: Name, networks: Iterable[NetworkKey]) -> list[NetworkKey]:
    """What a film of some name shows of the networks that are there."""
    if named.classes is None:
        return list(networks)
    if named.of == ROW_ENDING:
        return [one for one in networks if one.classes == named.classes]
    return [NetworkKey(named.classes, str(named.of))]


def _only(recipe: Recipe, film: str, network: NetworkKey, paths: list[Path]) -> Path:
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
            f"spiral export {film} {quoted(suitable[0])}, or --recipe FILE",
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
    stem = stem_of(Path(name))
    stems = {stem_of(path) for path in folder.glob("*") if path.suffix in SUFFIXES}
    made = sorted(one for one in stems if Name.of_stem(one))
    film = stem.partition("-")[0]
    if stem in stems and film in FILMS:
        return UsageError(
            f"'{name}' is a film of files that somebody named, and not of a run.",
            "the trajectory that it shows.",
            f"spiral export {film} FILE.npz",
        )
    there = f", or one of those in {folder}: {', '.join(made)}" if made else ""
    return UsageError(
        f"There is no film '{name}'.{nearest(Path(name).name, [*FILMS, *made])}",
        f"one of {', '.join(FILMS)} with trajectory files{there}.",
        "spiral films",
    )
