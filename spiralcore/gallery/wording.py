"""What the page says in each language: its own texts, and the sentences of the films."""

from __future__ import annotations

from typing import Any

from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.registry.languages.language import Language

UNUSED = ("differ_", "crowding_", "corners_", "title_", "ringed", "of_network", "packing_goals")
"""Beginnings of the keys of sentences that only films say."""


def wording() -> dict[str, Any]:
    """All languages by their codes, English first."""
    return {code: _facts(language) for code, language in LANGUAGES.items()}


def _facts(language: Language) -> dict[str, Any]:
    sentences = {
        key: text for key, text in language.sentences.items() if not key.startswith(UNUSED)
    }
    return {
        "name": language.name,
        "colours": language.colours,
        "class_named": language.class_named,
        "conjunction": language.conjunction,
        "numbers": language.numbers,
        "decimal": language.decimal,
        "thousands": language.thousands,
        "percent": language.percent,
        "to": dict(language.to),
        "at": dict(language.at),
        "what": dict(language.what),
        "sentences": sentences,
        "page": dict(language.page),
    }
