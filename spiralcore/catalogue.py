"""Which films there are, and what each of them shows. Loads none of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from spiralcore.errors import UsageError, lookup


class Needs(Enum):
    """What a film is about."""

    ONE = "one trajectory"
    ROW = "trajectories of one class count, one for each activation"
    ALL = "trajectories of several class counts"


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

    def check_units(self, units: int, source: str) -> None:
        """Make sure that the drawn layer of a network can be shown.

        Parameters
        ----------
        units
            Its width.
        source
            Where the network is from, for the message.

        Raises
        ------
        UsageError
            If it has another width than the film is made for.
        """
        if units in self.units:
            return
        others = [
            f"spiral render {film.name} FILE.npz, or "
            for film in FILMS.values()
            if units in film.units and film.needs is self.needs
        ]
        raise UsageError(
            f"{source}: the drawn layer has {_units(str(units))}.",
            f"a layer of {_units(' or '.join(map(str, self.units)))} for the film '{self.name}'.",
            f"{''.join(others[:1])}spiral train --widths {self.usual_widths}",
        )

    @property
    def usual_widths(self) -> str:
        """Widths of the hidden layers of a network that the film can show, as one types them."""
        return f"120 80 40 {self.units[0]}"


def _units(number: str) -> str:
    return f"{number} unit" if number == "1" else f"{number} units"


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
            "packing",
            "Packing",
            Needs.ONE,
            "one network: its class means, the best packing as a ghost, and how near they come",
        ),
        FilmEntry(
            "space",
            "Space",
            Needs.ONE,
            "one network of three units, seen from an orbit around the space of its activation",
            units=(3,),
            gif_room=2.5,
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


def entry_of(class_name: str) -> FilmEntry | None:
    """The film whose scene has this name; None for a scene of one's own."""
    return next((film for film in FILMS.values() if film.class_name == class_name), None)
