"""What a trajectory shows, where that is not the last hidden layer as it was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

KEY = "shown"
"""Where recipes keep it."""


class Shown(NamedTuple):
    """A hidden layer, and what was done to it.

    Attributes
    ----------
    units
        Of the layer.
    layer, layers
        Which hidden layer, counted from 1, and of how many; 0 for the drawn one.
    activation
        Of the layer; empty for that of the network.
    known_epochs
        Number of epochs at which the layer was computed from the recorded network; 0 where it
        was recorded itself.
    share
        Part of the variance that a projection keeps, the mean over the epochs; None where
        nothing was projected.
    """

    units: int
    layer: int = 0
    layers: int = 0
    activation: str = ""
    known_epochs: int = 0
    share: float | None = None
    shares: tuple[float, ...] = ()

    @classmethod
    def of(cls, recipe: Mapping[str, Any]) -> Shown | None:
        """Read it from a recipe, which may come from anywhere; None if there is nothing of it."""
        note = recipe.get(KEY)
        if not isinstance(note, Mapping) or not _is_count(note.get("units")):
            return None
        counts = {
            name: note[name]
            for name in ("layer", "layers", "known_epochs")
            if _is_count(note.get(name))
        }
        activation, share = note.get("activation"), note.get("share")
        shares = note["shares"] if isinstance(note.get("shares"), list | tuple) else ()
        return cls(
            units=note["units"],
            activation=activation if isinstance(activation, str) else "",
            share=float(share) if share is not None and _is_share(share) else None,
            shares=tuple(map(float, shares)) if all(map(_is_share, shares)) else (),
            **counts,
        )

    def note(self) -> dict[str, Any]:
        """What goes into a recipe, as plain values."""
        return {KEY: {**self._asdict(), "shares": list(self.shares)}}


def _is_share(value: object) -> bool:
    return isinstance(value, float | int) and 0 <= value <= 1


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
