"""What a film shows when nobody hands it anything, as under the `manim` command.

The environment variable ``SPIRAL_TRAJECTORY`` names one file or several, separated as in
``PATH``. Without it the networks of the default recipe are taken, or of the one that
``SPIRAL_RECIPE`` names, from ``renders`` in the working directory or where ``SPIRAL_RENDERS`` says.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from spiralcore.errors import UsageError
from spiralcore.recipe import FilmSettings, load_recipe
from spiralcore.registry.films import FilmEntry
from spiralcore.subjects.kinds import subject_of
from spiralcore.subjects.subject import Source
from spiralcore.system.pointers import refuse_pointer

TRAJECTORY_VARIABLE = "SPIRAL_TRAJECTORY"
RECIPE_VARIABLE = "SPIRAL_RECIPE"


def default_sources(film: FilmEntry) -> tuple[Sequence[Source], FilmSettings]:
    """Find what a film shows, and the settings of the recipe.

    Parameters
    ----------
    film
        One that is not in the catalogue takes the networks of the recipe as they are.

    Raises
    ------
    UsageError
        If a file is not there, or none that the film can show.
    """
    subject = subject_of(film)
    named_recipe = os.environ.get(RECIPE_VARIABLE)
    recipe = load_recipe(Path(named_recipe) if named_recipe else None)
    named = os.environ.get(TRAJECTORY_VARIABLE)
    files = [Path(part) for part in (named or "").split(os.pathsep) if part]
    files = files or subject.default_files(recipe, film)
    for path in files:
        refuse_pointer(path, f"{film.needs.value}.")
    missing = [path for path in files if not path.exists()]
    if missing:
        maker = subject.maker(recipe, film)
        raise UsageError(
            f"There is no {subject.noun} {missing[0]}.",
            f"{film.needs.value}.",
            f"{f'{maker}, or ' if maker else ''}"
            f"{TRAJECTORY_VARIABLE}=FILE{subject.suffix} before the command",
        )
    return [subject.load(path) for path in files], recipe.film
