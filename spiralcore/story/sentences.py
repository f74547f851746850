"""Events as sentences: lines of words, with the classes that they name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from string import Formatter
from typing import NamedTuple

from spiralcore.registry.languages.language import Language
from spiralcore.story.event import RIGHT, Event
from spiralcore.trajectory.trajectory import Trajectory

MOST_WORDS = 12
"""Words of a caption at most."""

LONGEST_NAME = 2
"""Words of a class's own name, from a file, at most; else its colour names it."""

FEW = 4
"""So many classes are named one by one."""

UP, DOWN, ACROSS = "_up", "_down", "_across"

HEIGHTS = {"top": 1, "bottom": -1}


class Run(NamedTuple):
    """Words of a line that have one colour.

    Attributes
    ----------
    text
        With the spaces around it.
    label
        The class that it names; None for all other words.
    """

    text: str
    label: int | None = None


Line = tuple[Run, ...]


class Speaker:
    """Says what happens in one language.

    Parameters
    ----------
    language
        Which one.
    names
        Of the classes, where they have some; else they are named by their colours.
    classes
        How many there are.
    """

    def __init__(self, language: Language, classes: int, names: Sequence[str] = ()) -> None:
        self.language = language
        self.classes = classes
        self._names = names

    @classmethod
    def of(cls, trajectory: Trajectory, language: Language) -> Speaker:
        """One who names the classes as the file of a trajectory does."""
        return cls(language, trajectory.classes, trajectory.class_names)

    def name(self, label: int) -> str:
        """What a class is called in a sentence."""
        own = self._names[label].strip() if label < len(self._names) else ""
        # Names that are numbers name nothing in a sentence.
        if own and len(own.split()) <= LONGEST_NAME and not own.isnumeric() and own.isprintable():
            return own
        return self.language.colour(label)

    def line(self, event: Event) -> Line:
        """An event as a sentence of at most `MOST_WORDS` words."""
        if event.kind == "settle":
            return self._settled(event)
        return self.say(self._key(event), event.classes, **self._fields(event))

    def say(self, key: str, classes: Sequence[int] = (), **fields: str) -> Line:
        """A sentence of the table.

        Parameters
        ----------
        key
            Of the sentence.
        classes
            Whom it is about: ``{a}``, ``{b}`` or ``{all}``.
        fields
            All others, as they are to stand there.
        """
        return _capital(tuple(self._runs(self.language.sentences[key], classes, fields)))

    def _runs(self, sentence: str, classes: Sequence[int], fields: dict[str, str]) -> list[Run]:
        runs: list[Run] = []
        for words, field, _, _ in Formatter().parse(sentence):
            runs.append(Run(words))
            if field in ("a", "b"):
                label = classes["ab".index(field)]
                runs.append(Run(self.name(label), label))
            elif field == "all":
                runs += self._several(classes)
            elif field is not None:
                runs.append(Run(fields[field]))
        return list(joined(runs))

    def _several(self, classes: Sequence[int]) -> list[Run]:
        """Classes one after the other: orange, green and blue."""
        runs = [Run(self.name(classes[0]), classes[0])]
        for i, label in enumerate(classes[1:], 2):
            between = f" {self.language.conjunction} " if i == len(classes) else ", "
            runs += [Run(between), Run(self.name(label), label)]
        return runs

    def _settled(self, event: Event) -> Line:
        """Who goes where; without the places where these are too many words."""
        language, classes = self.language, event.classes
        runs: list[Run] = []
        for label, place in zip(classes, event.places, strict=True):
            key = "settle_next" if runs else "settle"
            runs += [Run(", ")] if runs else []
            runs += self._runs(language.sentences[key], (label,), {"to": language.to[place]})
        line = _capital(joined([*runs, Run(".")]))
        if len(text_of(line).split()) <= MOST_WORDS:
            return line
        if len(classes) <= FEW:
            return self.say("settle_many", classes)
        return self.say("settle_count", n=language.count(len(classes)))

    def _key(self, event: Event) -> str:
        """Which sentence fits."""
        kind, places = event.kind, event.places
        if kind in ("landless", "stuck") and len(event.classes) > 1:
            return f"{kind}_many"
        if kind == "together" and len(event.classes) == 2:
            return "together_two"
        if kind == "stuck" and not places:
            return "stuck_nowhere"
        if kind == "edge" and self.classes > FEW:
            return "edge_crowded"
        if kind in ("moves", "takes") and all("corner" in place.split()[1:] for place in places):
            direction = _direction(*places)
            return kind + (direction if f"{kind}{direction}" in self.language.sentences else "")
        return kind

    def _fields(self, event: Event) -> dict[str, str]:
        language = self.language
        fields = {"n": language.count(len(event.classes))}
        if event.kind == "dies":
            fields["n"] = language.number(event.values[0])
        if event.places:
            place = event.places[-1]
            fields |= {"to": language.to[place], "at": language.at[place],
                       "what": language.what[place]}  # fmt: skip
        if event.kind == "spike":
            fields |= {"v": language.number(event.values[0], 2),
                       "w": language.number(event.values[1], 2)}  # fmt: skip
        elif event.kind in ("right", "all_right"):
            # While it is read more of them get right: what is said stays true.
            fields["v"] = language.percentage(RIGHT)
        elif event.values:
            fields["v"] = language.percentage(event.values[0])
        return fields


def text_of(line: Line) -> str:
    """A line as a text."""
    return "".join(run.text for run in line)


def _direction(start: str, end: str) -> str:
    """Which way leads from one corner of a square to another."""
    rise = HEIGHTS[end.split()[0]] - HEIGHTS[start.split()[0]]
    aside = start.split()[1] != end.split()[1]
    if rise and not aside:
        return UP if rise > 0 else DOWN
    return ACROSS if aside and not rise else ""


def _capital(runs: Line) -> Line:
    """Begin with a capital letter."""
    first = next(i for i, run in enumerate(runs) if run.text.strip())
    text = runs[first].text
    return (
        *runs[:first],
        runs[first]._replace(text=text[0].upper() + text[1:]),
        *runs[first + 1 :],
    )


def joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Put neighbours together that have one colour, and leave out what is empty."""
    groups = groupby((run for run in runs if run.text), key=lambda run: run.label)
    return tuple(Run("".join(run.text for run in group), label) for label, group in groups)
