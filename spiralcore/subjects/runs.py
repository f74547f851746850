"""The networks of a run: those that its films show."""

from __future__ import annotations

from pathlib import Path

from spiralcore.data import GeneratedData
from spiralcore.errors import UsageError
from spiralcore.recipe import NetworkRecipe, Recipe
from spiralcore.registry.films import FILMS
from spiralcore.subjects.kinds import subject_of
from spiralcore.subjects.names import classes_named


def networks(recipe: Recipe) -> list[NetworkRecipe]:
    """All networks that the films of a run need, those that take longest first.

    Without films, one for each class count and activation.
    """
    wanted = [
        network
        for film in recipe.films
        for cast in subject_of(FILMS[film]).casts(recipe, film)
        for network in cast
    ]
    if not recipe.films:
        wanted = [
            recipe.network_recipe(classes, name)
            for classes in recipe.classes
            for name in recipe.activations
        ]
    unique = {network.key(): network for network in wanted}
    return sorted(unique.values(), key=lambda network: -network.classes)


def trajectories(recipe: Recipe) -> dict[Path, NetworkRecipe]:
    """The networks of a run by the files that they are kept in."""
    return {recipe.trajectory_path(network): network for network in networks(recipe)}


def check_shown(recipe: Recipe) -> None:
    """See to it that networks will have what films are to show, before they are trained.

    Raises
    ------
    UsageError
        If one will not have the layer, or a class that is to stand out.
    """
    layer = recipe.film.layer
    for network in networks(recipe):
        depth = len(network.network.widths)
        if layer is not None and layer > depth:
            raise UsageError(
                f"{network.title}: there is no hidden layer {layer}.",
                f"1 to {depth}, as there are {depth} widths.",
                f"--layer {depth}",
            )
        if isinstance(network.data, GeneratedData):  # a table has names of its own
            wanted = recipe.film.highlight
            classes_named(wanted, network.classes, network.class_names, network.title)
