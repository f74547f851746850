"""Something that happens in a training: to which classes, when and where."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["Event"]

RIGHT = 0.99
"""The share of its points from which on a class, or a network, is said to be right."""

Kind = Literal[
    "together",
    "landless",
    "land",
    "settle",
    "stuck",
    "heads",
    "moves",
    "takes",
    "edge",
    "right",
    "all_right",
    "parts",
    "dies",
    "spike",
]

KINDS: dict[Kind, str] = {
    "together": "before training all class means lie at one place",
    "landless": "before training a class has no land and no point that is right",
    "land": "a class gets its first land; the value is its share of the space",
    "settle": "one or several classes go to the places where they stay for a while",
    "stuck": "a class is mostly wrong while the others are right; the value is its accuracy",
    "heads": "another corner has become the nearest to a class, which does not get there yet",
    "moves": "a class goes from one place to another",
    "takes": "a class goes to a place that another class has left",
    "edge": "a class that ends on a side of the square, and not in a corner, gets there for good",
    "right": "the first time that 99 % of a class are right",
    "all_right": "the first time that 99 % of all points are right; the value is how many",
    "parts": "of all pairs of classes the last one gets apart",
    "dies": "a unit is 0 for all points from here on; the value is its number, from 1",
    "spike": "the cross-entropy jumps; the values are where from and where to",
}
"""All kinds of events, and what they mean."""


class Event(NamedTuple):
    """Something that happens.

    Attributes
    ----------
    epoch
        When it begins, or when what is reached is just reached.
    end
        When it is over; the same where it has no length.
    kind
        See `KINDS`.
    classes
        Whom it happens to.
    places
        Where: one for each class; of a way its start and its end. Names of
        `spiralcore.story.places`.
    values
        Numbers that belong to it.
    importance
        0 to 1: what to tell first where there is no room for everything.
    """

    epoch: int
    end: int
    kind: Kind
    classes: tuple[int, ...] = ()
    places: tuple[str, ...] = ()
    values: tuple[float, ...] = ()
    importance: float = 0.5
