"""Which films there are, and what each of them shows. Loads none of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from spiralcore.errors import UsageError, lookup


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
    look
        Where to look, in whole sentences: what the speaker notes of a deck say first.
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
    opening, closing
        Seconds before and after the training in which the data go into the layer, and back.
    entrance
        Seconds before the training in which the networks of a class count enter; for each of them.
    gif_room
        How many times larger than others its GIFs may be, as more of them moves.
    gif_need
        Megabytes of the largest GIF of the default networks at the default length and height: all
        of them are made as high as that one has room for, so that they have one size. 0 where
        the default height has room for all.
    layouts
        In which other layouts than that of the story it can be shown.
    in_shots
        Whether it is a list of shots, whose number and length depend on what it shows.
    """

    name: str
    class_name: str
    needs: Needs
    about: str
    look: str
    units: tuple[int, ...] = (2,)
    projects: bool = False
    layers: int = 1
    whole_network: bool = False
    of_training: bool = True
    widths: tuple[int, ...] = ()
    opening: float = 0.0
    closing: float = 0.0
    entrance: float = 0.0
    gif_room: float = 1.0
    gif_need: float = 0.0
    layouts: tuple[str, ...] = ()
    in_shots: bool = False

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


HIDDEN = "each dot is a point of the data, where the last hidden layer puts it"

FILMS = {
    entry.name: entry
    for entry in (
        FilmEntry(
            "bending",
            "Bending",
            Needs.ONE,
            "one network: the spirals bending into the space of its activation",
            f"The large panel is the hidden layer: {HIDDEN}; the colours behind are "
            "the decision regions. The smaller panel is the data, with the class that "
            "is predicted there.",
            projects=True,
            opening=3.2,
            closing=3.2,
            gif_room=2.5,
        ),
        FilmEntry(
            "field",
            "Field",
            Needs.ONE,
            "one network: the vector field of the function from plane to plane, turning",
            "Each arrow stands at a place of the input plane, and points where the "
            "network sends that place, seen from the origin of the hidden layer. "
            "Watch them turn into as many directions as there are classes.",
            whole_network=True,
            gif_room=2.0,
        ),
        FilmEntry(
            "angles",
            "Angles",
            Needs.ONE,
            "one network: which way each class points, as histograms on a circle, forming",
            "The bars on the circle count the points in each direction from the "
            "origin of the hidden layer, the hands are the means of the classes. "
            "Watch each class gather around one direction.",
        ),
        FilmEntry(
            "packing",
            "Packing",
            Needs.ONE,
            "one network: its class means, the best packing as a ghost, and how near they come",
            "The large discs are the class means; the rings are the best that the "
            "space allows, turned to fit. The line is between the closest two, and the number "
            "says how far apart they are: 100 % is the best possible.",
            layouts=("curves",),
        ),
        FilmEntry(
            "space",
            "Space",
            Needs.ONE,
            "one network of three units, seen from an orbit around the space of its activation",
            "The large panel is the hidden layer of three units, seen from a slow "
            f"orbit: {HIDDEN}.",
            units=(3,),
            widths=(120, 80, 40, 3),
            gif_room=2.5,
        ),
        FilmEntry(
            "row",
            "Row",
            Needs.ROW,
            "one class count: data, and the hidden layer of each activation, evolving in step",
            f"First the data, then for each activation the hidden layer: {HIDDEN}; a hollow "
            "circle is where it ends. The curves below are the losses.",
            projects=True,
            gif_room=1.6,
            gif_need=10.6,
            layouts=("columns",),
        ),
        FilmEntry(
            "classes",
            "Classes",
            Needs.ALL,
            "more and more classes in the same space: they enter in turn, then evolve in step",
            "The networks of each class count enter in turn: their data bend into the "
            "untrained layer. Then all of them evolve in step; a ring marks a class that ends "
            "without a corner of its own.",
            projects=True,
            entrance=2.6,
            gif_room=3.0,
            layouts=("table",),
        ),
        FilmEntry(
            "explainer",
            "Explainer",
            Needs.ALL,
            "how a network packs its classes: the whole story, shot by shot",
            "The story of one network, told by its captions: its data, its layer before the "
            "training, what each class does in it, how well they are packed; then more classes "
            "and other spaces.",
            in_shots=True,
        ),
        FilmEntry(
            "layers",
            "Layers",
            Needs.ONE,
            "one trained network: data and grid carried through every layer, step by step",
            "This is not the training, but the way of the data through the trained "
            "network, layer by layer. Watch the grid: it shows how the plane itself "
            "is bent.",
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
            "The layers of two units stand side by side and evolve together: each "
            "bends a little further what the one before has left.",
            layers=2,
            widths=(120, 2, 80, 2, 40, 2),
            gif_room=2.0,
        ),
        FilmEntry(
            "difference",
            "Difference",
            Needs.TWO,
            "two trajectories side by side and in step, and where they differ",
            "Left the one network, right the other, in step and at one scale. Lines "
            "begin where the left one has a point and end where the right one has it; "
            "rings mark the point that differs most. The curve below says how far it "
            "is.",
            gif_room=2.0,
        ),
        FilmEntry(
            "crowding",
            "Crowding",
            Needs.STUDY,
            "a study: more and more classes in the plane, and what becomes of them",
            "A column for each class count: the dots are the class means of a typical "
            "network. The curves below are the medians of all networks.",
        ),
    )
}


STORY = "story"
"""The layout that all films have."""

LAYOUTS = (STORY, *dict.fromkeys(name for entry in FILMS.values() for name in entry.layouts))
"""All layouts."""


def check_layout(film: str, layout: str) -> None:
    """See to it that a film has a layout.

    Raises
    ------
    UsageError
        If it has not.
    """
    own = FILMS[film].layouts
    if layout in (STORY, *own):
        return
    having = [entry.name for entry in FILMS.values() if layout in entry.layouts]
    raise UsageError(
        f"The film '{film}' has no layout '{layout}'.",
        f"{' or '.join((STORY, *own))}; {layout} is one of {', '.join(having)}.",
        f"--layout {(*own, STORY)[0]}",
    )


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
    return FilmEntry(class_name, class_name, needs, "", "", units=())
