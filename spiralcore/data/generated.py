"""What all data sets that are drawn from a generator have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Annotated, Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, Tag, model_validator

from spiralcore.settings import NotNegative, Positive, Settings

EXTENT = 20.0
"""Distance of the farthest points from the centre, about: that of the spirals' ends, for which the
learning rate of the default recipe is chosen."""

MOST_POINTS = 1_000_000
"""Of a class."""

Count = Annotated[int, Field(strict=True, ge=1, le=MOST_POINTS)]
Counts = Annotated[
    Annotated[Count, Tag("number")] | Annotated[tuple[Count, ...], Tag("list")],
    Discriminator(lambda value: "list" if isinstance(value, (list, tuple)) else "number"),
]


class Points(NamedTuple):
    """Labelled points.

    Attributes
    ----------
    inputs
        Coordinates, shape (N, 2), float32.
    labels
        Classes 0 to K-1, shape (N,), int64.
    names
        What the classes are called, if they have names.
    """

    inputs: NDArray[np.float32]
    labels: NDArray[np.int64]
    names: tuple[str, ...] = ()


class DataSet(Settings, ABC):
    """Where the points of a network come from: the settings of one kind of data.

    A kind that is to be added is a class like this in a file of its own, and an entry in
    `spiralcore.data.sets.DATA_SETS`.

    Attributes
    ----------
    kind
        The name of the kind in recipes, in the study's table and on the command line.
    noun
        What films and pages call the points: "a network bends the *spirals* into the square".
    """

    kind: str
    noun: ClassVar[str] = "points"

    def check(self, classes: int) -> None:
        """Refuse a number of classes that these data cannot have.

        Raises
        ------
        ValueError
            Saying what was found and what is expected.
        """

    @property
    def title(self) -> str:
        """What messages call these data; nothing if there is nothing to be said."""
        return self.noun

    @abstractmethod
    def content(self) -> dict[str, Any]:
        """What decides on the points, as plain values: a part of the recipe's key."""

    @abstractmethod
    def class_sizes(self, classes: int) -> tuple[int, ...]:
        """How many points each class has."""

    @abstractmethod
    def draw(self, classes: int, rng: np.random.Generator) -> Points:
        """Get the points; ``rng`` is the source of all that is random in them.

        Raises
        ------
        UsageError
            If they come from a file that is not what it should be.
        """


class GeneratedData(DataSet):
    """Points that are drawn anew from their settings and a seed.

    Attributes
    ----------
    points_per_class
        One number for all classes, or a list with one for each.
    imbalance
        How many times as many points the first class has as the last; those between are graded
        geometrically ("long-tailed", Cui et al. 2019, Class-Balanced Loss). With a list: 1.
    """

    points_per_class: Counts = 200
    imbalance: Annotated[float, Field(ge=1, le=MOST_POINTS, allow_inf_nan=False)] = 1.0

    always: ClassVar[tuple[str, ...]]
    """Settings that are a part of every key, whatever they are. None is ever added."""

    generator: ClassVar[Callable[..., Points]]
    """Draws the points: gets the number of classes, the size of each, ``rng``, and each setting
    that a kind has of its own by its name."""

    @model_validator(mode="after")
    def _sizes_once(self) -> Self:
        if not isinstance(self.points_per_class, int) and self.imbalance != 1:
            raise ValueError(
                f"imbalance: found {self.imbalance:g} with a list of points_per_class, "
                "expected one of the two"
            )
        return self

    def check(self, classes: int) -> None:
        """Refuse a list of sizes that has another length."""
        sizes = self.points_per_class
        if not isinstance(sizes, int) and len(sizes) != classes:
            raise ValueError(
                f"points_per_class: found a list of {len(sizes)} with {classes} classes, "
                "expected one number for each class, or one for all"
            )

    def class_sizes(self, classes: int) -> tuple[int, ...]:
        """How many points each class has: ``points_per_class`` in the first, at least 1."""
        sizes = self.points_per_class
        if not isinstance(sizes, int):
            return sizes
        shares = self.imbalance ** -np.linspace(0.0, 1.0, classes)
        return tuple(max(round(sizes * share), 1) for share in shares.tolist())

    def content(self) -> dict[str, Any]:
        """The settings, new ones left out at their defaults."""
        return self.told(self.always)

    def draw(self, classes: int, rng: np.random.Generator) -> Points:
        """Draw the points, class by class."""
        own = self.model_dump(exclude=set(GeneratedData.model_fields))
        return self.generator(classes, self.class_sizes(classes), rng=rng, **own)


class BetweenRadii(GeneratedData):
    """Points that lie between two circles, about."""

    inner_radius: NotNegative
    outer_radius: Positive = EXTENT

    @model_validator(mode="after")
    def _radii_in_order(self) -> Self:
        if self.inner_radius >= self.outer_radius:
            raise ValueError("inner_radius must be smaller than outer_radius")
        return self


def class_by_class(
    sizes: Sequence[int], place: Callable[[int, int], NDArray[np.float64]]
) -> Points:
    """Points from a function that places those of one class.

    Parameters
    ----------
    sizes
        Points of each class.
    place
        Takes a class and a number of points, and gives their coordinates, shape (points, 2).
    """
    inputs = np.concatenate([place(label, size) for label, size in enumerate(sizes)])
    labels = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    return Points(inputs.astype(np.float32), labels)


def sizes_of(points_per_class: int | Sequence[int], classes: int) -> tuple[int, ...]:
    """How many points each class has, from one number for all or one for each.

    Raises
    ------
    ValueError
        If there is another number of them than of classes.
    """
    if isinstance(points_per_class, (int, np.integer)):
        return (int(points_per_class),) * classes
    if len(points_per_class) != classes:
        raise ValueError(f"{len(points_per_class)} class sizes for {classes} classes")
    return tuple(map(int, points_per_class))
