"""A text for people that knows what it is made of, so that it can be said in other languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self


class Phrase(str):
    """A text that remembers its words and what was filled into them.

    Parameters
    ----------
    template
        Its words, with ``{name}`` where a field is filled in.
    fields
        Texts; numbers are written as in English, ``1,234.5 %``.
    """

    __slots__ = ("fields", "template")

    def __new__(cls, template: str, **fields: str) -> Self:
        """The text in English."""
        found = super().__new__(cls, template.format(**fields))
        found.template, found.fields = template, fields
        return found

    def __init__(self, template: str, **fields: str) -> None:
        self.template: str
        self.fields: dict[str, str]

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, str]]:
        """What a copy is made of."""
        return (self.template,), self.fields

    @classmethod
    def joined(cls, between: str, parts: Iterable[str]) -> Self:
        """Several, as `str.join` has them; empty ones are left out."""
        fields = {f"part{i}": part for i, part in enumerate(filter(None, parts))}
        return cls(between.join(f"{{{name}}}" for name in fields), **fields)


def told(text: str) -> Any:
    """A text as JSON: what is a `Phrase` as its words and its fields."""
    if not isinstance(text, Phrase):
        return text
    return [text.template, {name: told(field) for name, field in text.fields.items()}]
