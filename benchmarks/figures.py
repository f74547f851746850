"""Figures, their targets, and whether these are met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Timings = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Target:
    """What a figure has to reach. One of the two limits is given.

    Attributes
    ----------
    least, most
        The limit; the value itself is still good.
    of
        What is held against it: ``ratio`` or ``ours``.
    unit
        Of the limit, for people.
    """

    least: float | None = None
    most: float | None = None
    of: str = "ratio"
    unit: str = ""

    def allows(self, value: float) -> bool:
        """Whether a value is within the limits."""
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )

    def __str__(self) -> str:
        limit = f">= {self.least:g}" if self.least is not None else f"<= {self.most:g}"
        return f"{limit} {self.unit}".strip()


@dataclass(frozen=True)
class Figure:
    """A line of the table.

    Attributes
    ----------
    number
        In the table, with a letter where it has parts; ``-`` for what has no target.
    title
        What was measured.
    unit
        Of ``ours`` and ``peer``.
    ours, peer
        The medians; None where there is none.
    ratio
        What the target is about where it compares; None where it does not.
    target
        None where there is none.
    conditions
        What must hold beside the target, by name.
    note
        How it was measured, or why it could not be.
    timings
        Every single measurement by name, in the order in which they were made.
    """

    number: str
    title: str
    unit: str = ""
    ours: float | None = None
    peer: float | None = None
    ratio: float | None = None
    target: Target | None = None
    conditions: Mapping[str, bool] = field(default_factory=dict)
    note: str = ""
    timings: Timings = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None if there is none or it could not be measured."""
        if self.target is None:
            return None
        value = self.ratio if self.target.of == "ratio" else self.ours
        if value is None:
            return None
        return self.target.allows(value) and all(self.conditions.values())

    @property
    def verdict(self) -> str:
        """The last column of the table."""
        if self.target is None:
            return ""
        if self.met is None:
            return "not measured"
        broken = ", ".join(name for name, holds in self.conditions.items() if not holds)
        return "met" if self.met else f"NOT MET: {broken}" if broken else "NOT MET"

    def as_plain(self) -> dict[str, Any]:
        """Everything, as it goes into the JSON file."""
        return {
            "number": self.number,
            "figure": self.title,
            "unit": self.unit,
            "ours": self.ours,
            "peer": self.peer,
            "ratio": self.ratio,
            "target": None if self.target is None else str(self.target),
            "conditions": dict(self.conditions),
            "met": self.met,
            "note": self.note,
            "timings": {name: list(values) for name, values in self.timings.items()},
        }
