"""The table ``[theme]`` of a recipe: a brand's colours and letters."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from spiralcore.errors import first_repeated
from spiralcore.registry.own_theme import own_theme
from spiralcore.registry.theme_checks import too_close, unreadable
from spiralcore.registry.themes import Theme
from spiralcore.settings import Settings
from spiralcore.system.font_file import font_url

COLOUR = r"^#[0-9a-fA-F]{6}$"


def _colour(text: str) -> str:
    if not re.match(COLOUR, text):
        raise ValueError('a colour such as "#1a2b3c": red, green and blue, two hex digits each')
    return text.lower()


Colour = Annotated[
    str, AfterValidator(_colour), WithJsonSchema({"type": "string", "pattern": COLOUR})
]

FontFile = Annotated[str, AfterValidator(font_url)]
"""A path; what is kept is the content of the file."""


def _different(colours: tuple[str, ...]) -> tuple[str, ...]:
    if len(colours) == 1:
        raise ValueError("at least 2 items")
    twice = first_repeated(colours)
    if twice is not None:
        raise ValueError(f"different colours; {twice} is there twice")
    return colours


class ThemeSettings(Settings):
    """A theme of one's own; what is left out is as in the shipped theme that is nearest."""

    background: Colour | None = None
    ink: Colour | None = None
    classes: Annotated[tuple[Colour, ...], Field(max_length=64), AfterValidator(_different)] = ()
    font: FontFile = ""
    bold: FontFile = ""

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        if problem := unreadable(self.theme()):
            raise ValueError(problem)
        return self

    def theme(self) -> Theme:
        """All colours of it."""
        return own_theme(self.background or "", self.ink or "", self.classes, self.font, self.bold)

    def remarks(self) -> list[str]:
        """What is too close, a line each."""
        return too_close(self.theme())
