"""Which films there are, and what each of them shows. Loads none of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from spiralcore.errors import lookup


class Needs(Enum):
    """What a film is about."""

    ONE = "one trajectory"
    TWO = "two trajectories of the same points"
    ROW = "trajectories of one class count, one for each activation"
    ALL = "trajectories of several class counts"
    STUDY = "the study.parquet of a study"


UNTRAINED = {
    Needs.TWO: ("two trajectories", "FILE.npz FILE.npz"),
    Needs.STUDY: ("a study", "STUDY.parquet"),
}
"""What films are made of that no recipe asks for: for people, and on the command line."""


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
        How many units the drawn layer may have; any number where there is none.
    projects
        Whether a layer of more units is shown by a projection. Such a film can also show another
        layer than the last one.
    layers
        How many layers of that width there have to be, the last one included.
    whole_network
        Whether it needs the whole network and not only the drawn layers.
    of_training
        Whether its action is the training, and not something that a trained network does.
    widths
        Hidden widths of the networks that are trained for it where those of the recipe do not
        suit; none where there is no such choice.
    gif_room
        How many times larger than others its GIFs may be, as more of them moves.
    """

    name: str
    class_name: str
    needs: Needs
    about: str
    units: tuple[int, ...] = (2,)
    projects: bool = False
    layers: int = 1
    whole_network: bool = False
    of_training: bool = True
    widths: tuple[int, ...] = ()
    gif_room: float = 1.0

    def takes(self, units: int) -> bool:
        """Whether it can show a layer of so many units."""
        if not self.units or units in self.units:
            return True
        return self.projects and units > max(self.units)

    @property
    def wanted(self) -> str:
        """The layers that it can show, for people."""
        if not self.units:
            return "layers of any width"
        counts = " or ".join(map(str, self.units))
        if self.layers > 1:
            return f"{self.layers} layers or more of {counts} units"
        return f"a layer of {counts} units{' or more' if self.projects else ''}"


FILMS = {
    entry.name: entry
    for entry in (
        FilmEntry(
            "bending",
            "Bending",
            Needs.ONE,
            "one network: the spirals bending into the space of its activation",
            projects=True,
            gif_room=2.0,
        ),
        FilmEntry(
            "field",
            "Field",
            Needs.ONE,
            "one network: the vector field of the function from plane to plane, turning",
            whole_network=True,
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
            widths=(120, 80, 40, 3),
            gif_room=2.5,
        ),
        FilmEntry(
            "row",
            "Row",
            Needs.ROW,
            "one class count: data, and each activation's final and evolving hidden layer",
            projects=True,
        ),
        FilmEntry(
            "classes",
            "Classes",
            Needs.ALL,
            "a row for each class count, all evolving in step, one of them large",
            projects=True,
            gif_room=2.5,
        ),
        FilmEntry(
            "layers",
            "Layers",
            Needs.ONE,
            "one trained network: data and grid carried through every layer, step by step",
            units=(),
            whole_network=True,
            of_training=False,
            gif_room=2.0,
        ),
        FilmEntry(
            "stack",
            "Stack",
            Needs.ONE,
            "one network with several layers of 2 units, all of them evolving side by side",
            layers=2,
            widths=(120, 2, 80, 2, 40, 2),
            gif_room=2.0,
        ),
        FilmEntry(
            "difference",
            "Difference",
            Needs.TWO,
            "two trajectories side by side and in step, and where they differ",
            gif_room=2.0,
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


def entry_of_class(class_name: str, needs: Needs) -> FilmEntry:
    """What is known of a film by the name of its scene.

    One that is not in the catalogue is taken to show any layer as it is.
    """
    for entry in FILMS.values():
        if entry.class_name == class_name:
            return entry
    return FilmEntry(class_name, class_name, needs, "", units=())
