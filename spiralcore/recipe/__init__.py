"""Settings: what to train, what to keep, what to film."""

from spiralcore.recipe.network import (
    NetworkRecipe,
    NetworkSettings,
    RecordingSettings,
    TrainingSettings,
)
from spiralcore.recipe.reading import default_recipe_text, load_recipe, parse_recipe
from spiralcore.recipe.run import (
    FILM_RATE,
    FORMATS,
    OPAQUE,
    VIDEOS,
    FilmSettings,
    Format,
    Quality,
    Recipe,
    Video,
)

__all__ = [
    "FILM_RATE",
    "FORMATS",
    "OPAQUE",
    "VIDEOS",
    "FilmSettings",
    "Format",
    "NetworkRecipe",
    "NetworkSettings",
    "Quality",
    "Recipe",
    "RecordingSettings",
    "TrainingSettings",
    "Video",
    "default_recipe_text",
    "load_recipe",
    "parse_recipe",
]
