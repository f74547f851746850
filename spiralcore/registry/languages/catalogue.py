"""Which languages there are: a file each, and a line here."""

from __future__ import annotations

from spiralcore.errors import lookup
from spiralcore.registry.languages.de import GERMAN
from spiralcore.registry.languages.en import ENGLISH
from spiralcore.registry.languages.es import SPANISH
from spiralcore.registry.languages.fr import FRENCH
from spiralcore.registry.languages.language import Language

LANGUAGES = {entry.code: entry for entry in (ENGLISH, GERMAN, FRENCH, SPANISH)}


def language(code: str) -> Language:
    """Look a language up by its two letters.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    return lookup(LANGUAGES, code, "language")
