"""Settings: what to train, what to keep, what to film."""

from spiralcore.recipe.network_recipe import (
    NetworkRecipe,
    NetworkSettings,
    RecordingSettings,
    TrainingSettings,
)
from spiralcore.recipe.reading import default_recipe_text, load_recipe, parse_recipe
from spiralcore.recipe.run_recipe import (
    FILM_RATE,
    FilmSettings,
    Quality,
    Recipe,
)

__all__ = [
    "FILM_RATE",
    "FilmSettings",
    "NetworkRecipe",
    "NetworkSettings",
    "Quality",
    "Recipe",
    "RecordingSettings",
    "TrainingSettings",
    "default_recipe_text",
    "load_recipe",
    "parse_recipe",
]
