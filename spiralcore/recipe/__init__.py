"""Settings: what to train, what to keep, what to film."""

from spiralcore.recipe.network import (
    DataSettings,
    NetworkRecipe,
    NetworkSettings,
    RecordingSettings,
    TrainingSettings,
)
from spiralcore.recipe.reading import default_recipe_text, load_recipe, parse_recipe
from spiralcore.recipe.run import FilmSettings, Quality, Recipe

__all__ = [
    "DataSettings",
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
