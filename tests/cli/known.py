"""Lists in messages, as the registries have them: what is added there changes no test."""

from __future__ import annotations

from collections.abc import Iterable

from spiralcore.cli.targets import TARGETS
from spiralcore.data import DATA_SETS
from spiralcore.figures.catalogue import FIGURES
from spiralcore.recipe.run_recipe import TRAINED
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.registry.policies import POLICIES
from spiralcore.registry.themes import OPAQUE_THEMES, THEMES


def listed(names: Iterable[str]) -> str:
    """Names as messages list them."""
    return ", ".join(names)


activations, data_sets, figures = listed(ACTIVATIONS), listed(DATA_SETS), listed(FIGURES)
languages, policies, targets = listed(LANGUAGES), listed(POLICIES), listed(TARGETS)
themes, opaque_themes, trained_films = listed(THEMES), listed(OPAQUE_THEMES), listed(TRAINED)
