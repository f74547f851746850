"""What a language has to say: sentences, places, colours, numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from spiralcore.system.rounding import fixed

HUES = ("blue", "orange", "green", "yellow", "purple", "red", "indigo")
"""What the first colours of all themes are called in English, in the order of the classes."""


@dataclass(frozen=True)
class Language:
    """A language of captions.

    Attributes
    ----------
    code
        Two letters of ISO 639-1, as settings call it.
    name
        What it calls itself.
    colours
        Of the first classes, in the order of `HUES`, as they stand in a sentence; empty for one
        that its number has to name.
    class_named
        What other classes are called; ``{n}`` is the number, counted from 1.
    conjunction
        Before the last one of several.
    numbers
        Words for 0 to 12.
    decimal, thousands
        What divides a number.
    percent
        How a percentage is written; ``{n}`` is the number.
    to, at, what
        Places: of those who go there, of those who are there, and by themselves.
    sentences
        By their key. ``{a}`` and ``{b}`` are classes, ``{all}`` several of them, ``{to}``,
        ``{at}``, ``{what}`` and ``{away}`` the place, and the one before; ``{n}`` a count in
        words, ``{v}`` and ``{w}`` numbers, ``{name}`` a network, ``{other}`` a second space. Keys
        that end with ``_many`` are for several classes, those that begin with ``title_`` titles.
    spaces
        The spaces of two units, by their English names, as they stand in a title.
    units
        What trainings are counted in, by the names in `spiralcore.trajectory.play.counting`, as
        they begin a sentence before a number.
    page
        Texts of the page, by their English words; ``{name}`` is filled there. English needs none.
    """

    code: str
    name: str
    colours: tuple[str, ...]
    class_named: str
    conjunction: str
    numbers: tuple[str, ...]
    decimal: str
    thousands: str
    percent: str
    to: Mapping[str, str]
    at: Mapping[str, str]
    what: Mapping[str, str]
    sentences: Mapping[str, str]
    spaces: Mapping[str, str]
    units: Mapping[str, str]
    page: Mapping[str, str] = field(default_factory=dict)

    def with_hues(self, hues: Sequence[int]) -> Language:
        """The same language for classes of other colours.

        Parameters
        ----------
        hues
            Which of `HUES` each class is called by, -1 for none; empty if by these in order.
        """
        if not hues:
            return self
        return replace(self, colours=tuple(self.colours[n] if n >= 0 else "" for n in hues))

    def number(self, value: float, digits: int = 0) -> str:
        """A number as this language writes it; halves are rounded away from zero."""
        rounded = abs(float(fixed(value, digits)))
        text = f"{rounded:,.{digits}f}"
        parts = {",": self.thousands, ".": self.decimal}
        sign = "\u2212" if value < 0 and rounded else ""
        return sign + "".join(parts.get(letter, letter) for letter in text)

    def count(self, value: int) -> str:
        """A small number as a word, a larger one in figures."""
        return self.numbers[value] if 0 <= value < len(self.numbers) else self.number(value)

    def percentage(self, share: float) -> str:
        """A share as a percentage without decimals; what is not all is at most 99 %."""
        value = float(fixed(100 * share, 0))
        if share < 1:
            value = min(value, 99.0)
        if share > 0:
            value = max(value, 1.0)
        return self.percent.format(n=self.number(value))

    def colour(self, label: int) -> str:
        """What a class is called by its colour, or by its number."""
        if label < len(self.colours) and (colour := self.colours[label]):
            return colour
        return self.class_named.format(n=label + 1)
