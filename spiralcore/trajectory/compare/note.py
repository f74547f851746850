"""What a trajectory that was laid on another says of it: films read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from spiralcore.trajectory.compare.comparison import ATOL

KEY = "compared"
"""Where recipes keep it."""


class ComparisonNote(NamedTuple):
    """How a trajectory is compared with another.

    Attributes
    ----------
    name
        What its file was called; empty where it is what it is called.
    atol
        The tolerance, as a part of the panel's width.
    alignment
        How it was laid on the other, for people; empty where it was not.
    """

    name: str = ""
    atol: float = ATOL
    alignment: str = ""

    @classmethod
    def of(cls, recipe: Mapping[str, Any]) -> ComparisonNote:
        """Read it from a recipe, which may come from anywhere."""
        note = recipe.get(KEY)
        if not isinstance(note, Mapping):
            return cls()
        atol, usual = note.get("atol"), cls()
        number = isinstance(atol, float | int) and not isinstance(atol, bool) and 0 <= atol < 1e6
        texts = {
            name: note[name] for name in ("name", "alignment") if isinstance(note.get(name), str)
        }
        return usual._replace(atol=float(atol) if number else ATOL, **texts)  # type: ignore[arg-type]

    def note(self) -> dict[str, Any]:
        """What goes into a recipe, as plain values."""
        return {KEY: self._asdict()}
