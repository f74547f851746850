"""Lists in messages, as the registries have them: what is added there changes no test."""

from __future__ import annotations

from spiralcore.cli.targets import TARGETS
from spiralcore.data import DATA_SETS
from spiralcore.figures.catalogue import FIGURES
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.policies import POLICIES
from spiralcore.registry.themes import OPAQUE_THEMES, THEMES

activations, data_sets, figures, policies, targets, themes, opaque_themes = (
    ", ".join(entries)
    for entries in (ACTIVATIONS, DATA_SETS, FIGURES, POLICIES, TARGETS, THEMES, OPAQUE_THEMES)
)
