"""Which trajectories a film shows when nobody hands it any, as under the `manim` command.

The environment variable ``SPIRAL_TRAJECTORY`` names one file or several, separated as in
``PATH``. Without it the trajectories of the default recipe are taken, from ``renders`` in the
working directory or where ``SPIRAL_RENDERS`` says.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from spiralcore.errors import UsageError
from spiralcore.recipe import FilmSettings, Recipe, load_recipe
from spiralcore.registry.films import FILMS, UNTRAINED, FilmEntry, Needs
from spiralcore.study.crowd import Crowd
from spiralcore.system.pointers import refuse_pointer
from spiralcore.trajectory import Trajectory

TRAJECTORY_VARIABLE = "SPIRAL_TRAJECTORY"
RECIPE_VARIABLE = "SPIRAL_RECIPE"

DEFAULT_CLASSES = 4

DEFAULT_STUDY = "study/study.parquet"


def cast(film: FilmEntry) -> tuple[Sequence[Trajectory], FilmSettings]:
    """Find trajectories for a film, and the settings of the recipe.

    Parameters
    ----------
    film
        One that is not in the catalogue takes the networks of the recipe as they are.

    Raises
    ------
    UsageError
        If a trajectory is not there, or none that the film can show.
    """
    recipe = _recipe()
    named = os.environ.get(TRAJECTORY_VARIABLE)
    if named:
        paths = [Path(part) for part in named.split(os.pathsep) if part]
    else:
        paths = [
            recipe.trajectory_path(recipe.network_recipe(classes, activation, film.name))
            for classes, activation in _default_cast(recipe, film.needs)
        ]
    for path in paths:
        refuse_pointer(path, f"{film.needs.value}.")
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageError(
            f"There is no trajectory {missing[0]}.",
            f"{film.needs.value}.",
            f"{_command(film, recipe)}, or {TRAJECTORY_VARIABLE}=FILE.npz before the command",
        )
    return [Trajectory.load(path) for path in paths], recipe.film


def _command(film: FilmEntry, recipe: Recipe) -> str:
    """What makes the trajectories of a film."""
    if film.name in recipe.films or film.name not in FILMS or film.needs in UNTRAINED:
        return "make render"
    return f"make render FILMS={film.name}"


def cast_study() -> tuple[Crowd, FilmSettings]:
    """Find the study for a film, and the settings of the recipe.

    Raises
    ------
    UsageError
        If it is not there.
    """
    recipe = _recipe()
    named = os.environ.get(TRAJECTORY_VARIABLE)
    path = Path(named) if named else Path(recipe.output) / DEFAULT_STUDY
    refuse_pointer(path, f"{Needs.STUDY.value}.")
    if not path.exists():
        raise UsageError(
            f"There is no study {path}.",
            f"{Needs.STUDY.value}.",
            f"{TRAJECTORY_VARIABLE}=FILE.parquet before the command",
        )
    return Crowd.load(path), recipe.film


def _recipe() -> Recipe:
    path = os.environ.get(RECIPE_VARIABLE)
    return load_recipe(Path(path) if path else None)


def _default_cast(recipe: Recipe, needs: Needs) -> list[tuple[int, str]]:
    one = DEFAULT_CLASSES if DEFAULT_CLASSES in recipe.classes else recipe.classes[0]
    if needs is Needs.ONE:
        return [(one, recipe.activations[0])]
    if needs is Needs.TWO:
        return [(one, recipe.activations[0]), (one, recipe.activations[-1])]
    counts = (one,) if needs is Needs.ROW else recipe.classes
    return [(classes, name) for classes in counts for name in recipe.activations]
