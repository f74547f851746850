"""Which films there are, and what each of them shows. Loads none of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from spiralcore.errors import lookup


class Needs(Enum):
    """What a film is about."""

    ONE = "one trajectory"
    ROW = "trajectories of one class count, one for each activation"
    ALL = "trajectories of several class counts"
    STUDY = "the study.parquet of a study"


@dataclass(frozen=True)
class FilmEntry:
    """A film in the catalogue.

    Attributes
    ----------
    name
        What the command line calls it; also the module in ``scenes``.
    class_name
        The scene in that module.
    needs
        What it shows.
    about
        One line for people.
    units
        How many units the drawn layer may have.
    gif_room
        How many times larger than others its GIFs may be, as more of them moves.
    """

    name: str
    class_name: str
    needs: Needs
    about: str
    units: tuple[int, ...] = (2,)
    gif_room: float = 1.0


FILMS = {
    entry.name: entry
    for entry in (
        FilmEntry(
            "bending",
            "Bending",
            Needs.ONE,
            "one network: the spirals bending into the space of its activation",
            gif_room=2.0,
        ),
        FilmEntry(
            "field",
            "Field",
            Needs.ONE,
            "one network: the vector field of the function from plane to plane, turning",
            gif_room=2.0,
        ),
        FilmEntry(
            "angles",
            "Angles",
            Needs.ONE,
            "one network: which way each class points, as histograms on a circle, forming",
        ),
        FilmEntry(
            "row",
            "Row",
            Needs.ROW,
            "one class count: data, and each activation's final and evolving hidden layer",
        ),
        FilmEntry(
            "classes",
            "Classes",
            Needs.ALL,
            "a row for each class count, all evolving in step, one of them large",
            gif_room=2.5,
        ),
        FilmEntry(
            "crowding",
            "Crowding",
            Needs.STUDY,
            "a study: more and more classes in the plane, and what becomes of them",
        ),
    )
}


def film_entry(name: str) -> FilmEntry:
    """Look a film up by its name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    return lookup(FILMS, name, "film", "spiral films")
