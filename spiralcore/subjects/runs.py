"""The networks of a run: those that its films show."""

from __future__ import annotations

from pathlib import Path

from spiralcore.recipe import NetworkRecipe, Recipe
from spiralcore.registry.films import FILMS
from spiralcore.subjects.kinds import subject_of


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
