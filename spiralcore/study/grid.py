"""The grid file: which networks a study trains, and in which batches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from spiralcore.data.generated import GeneratedData
from spiralcore.data.sets import AnyGeneratedData
from spiralcore.data.spirals import Spirals
from spiralcore.recipe import NetworkRecipe, NetworkSettings, TrainingSettings
from spiralcore.recipe.memory import points_count
from spiralcore.recipe.network_recipe import WIDEST_DRAWN, ActivationName, check_classes
from spiralcore.recipe.reading import checked, parse_toml, read_toml
from spiralcore.recipe.run_recipe import ClassCount, EachOnce
from spiralcore.settings import NotNegative, Positive, Settings

TRAINING_REVISION = 1
"""Raised whenever the same grid file gives other networks than before; part of every key."""

POINTS_PER_CLASS = 100
"""Where a grid does not say it; half as many as a single network is given."""

LARGEST_BATCH = 64
"""Networks that train in step, at most."""

MOST_NETWORKS = 1_000_000
"""Networks of a study, at most: more are a slip of the keyboard."""


def _seeds(value: Any) -> Any:
    """A number of seeds stands for 1, 2, ... up to it."""
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    if not 0 < value <= MOST_NETWORKS:
        raise ValueError(f"a number of seeds from 1 to {MOST_NETWORKS:,}, or a list of them")
    return tuple(range(1, value + 1))


Seed = Annotated[int, Field(strict=True, ge=0, lt=2**63)]
Seeds = Annotated[tuple[Seed, ...], Field(min_length=1), EachOnce, BeforeValidator(_seeds)]
Units = Annotated[int, Field(strict=True, ge=1, le=WIDEST_DRAWN)]
InnerWidth = Annotated[int, Field(strict=True, ge=1, le=10_000)]


class StudyNetwork(Settings):
    """The layers below the last hidden one."""

    inner_widths: Annotated[tuple[InnerWidth, ...], Field(max_length=49)] = (64, 32)
    inner_activation: ActivationName | None = None


class StudyTraining(Settings):
    """The optimiser and how long it runs; a study takes each network as it comes."""

    epochs: Annotated[int, Field(strict=True, ge=1, le=10_000_000)] = 4_000
    learning_rate: Positive = 0.003
    l2: NotNegative = 0.005


class Part(Settings):
    """A block of the grid: all combinations of its lists."""

    classes: Annotated[tuple[ClassCount, ...], Field(min_length=1), EachOnce]
    units: Annotated[tuple[Units, ...], Field(min_length=1), EachOnce]
    activations: Annotated[tuple[ActivationName, ...], Field(min_length=1), EachOnce]
    seeds: Seeds


@dataclass(frozen=True)
class Batch:
    """Networks that differ in their seeds only and train in step.

    Attributes
    ----------
    networks
        Their recipes.
    part
        Which part of the grid they belong to, from 0.
    """

    networks: tuple[NetworkRecipe, ...]
    part: int = 0

    @property
    def title(self) -> str:
        """What messages call it."""
        first, last = self.networks[0], self.networks[-1]
        seeds = f"seed {first.seed}" + (f" to {last.seed}" if last is not first else "")
        units = first.network.widths[-1]
        return (
            f"{first.classes} classes, {first.activation}, {units} unit{'s' * (units > 1)}, {seeds}"
        )

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """A name for each network, from its settings."""
        return tuple(network_key(network) for network in self.networks)

    @cached_property
    def key(self) -> str:
        """A name for what this batch makes: 16 hexadecimal digits."""
        return _digest(list(self.keys), 16)

    @property
    def work(self) -> float:
        """Multiplications of the training, roughly."""
        recipe = self.networks[0]
        sizes = (2, *recipe.network.widths, recipe.classes)
        units = sum(sizes[1:])
        # An element of an activation takes as long as some tens of multiplications.
        each = sum(a * b for a, b in pairwise(sizes)) + 20 * units
        points = points_count(recipe)
        return float(len(self.networks) * points * each * recipe.training.epochs)


class Grid(Settings):
    """A study: the parts of the grid, and what all of its networks share."""

    part: Annotated[tuple[Part, ...], Field(min_length=1)]
    batch: Annotated[int, Field(strict=True, ge=1, le=LARGEST_BATCH)] = 4
    data: AnyGeneratedData = Spirals(points_per_class=POINTS_PER_CLASS)
    network: StudyNetwork = StudyNetwork()
    training: StudyTraining = StudyTraining()

    @field_validator("data", mode="before")
    @classmethod
    def _fewer_points(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "points_per_class" not in data:
            return {**data, "points_per_class": POINTS_PER_CLASS}
        return data

    @model_validator(mode="after")
    def _data_have_such_classes(self) -> Self:
        check_classes(self.data, {count for part in self.part for count in part.classes})
        return self

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        count = sum(
            len(part.classes) * len(part.units) * len(part.activations) * len(part.seeds)
            for part in self.part
        )
        if count > MOST_NETWORKS:
            raise ValueError(f"part: found {count:,} networks, expected at most {MOST_NETWORKS:,}")
        return self

    def recipe(self, classes: int, units: int, activation: str, seed: int) -> NetworkRecipe:
        """Recipe of one network."""
        network, training = self.network, self.training
        return NetworkRecipe(
            classes=classes,
            activation=activation,
            seed=seed,
            data=self.data,
            network=NetworkSettings(
                widths=(*network.inner_widths, units), inner_activation=network.inner_activation
            ),
            training=TrainingSettings(
                epochs=training.epochs,
                learning_rate=training.learning_rate,
                l2=training.l2,
                attempts=1,
            ),
        )

    def batches(self) -> list[Batch]:
        """All batches, in the order of the file.

        A network that several parts name belongs to the first of them. The composition of a
        batch depends on the grid file alone, as the last bits of its networks depend on it.
        """
        return list(self._batches())

    def _batches(self) -> Iterator[Batch]:
        taken: set[tuple[str, int, int, int]] = set()
        for number, part in enumerate(self.part):
            for name in part.activations:
                for units in part.units:
                    for classes in part.classes:
                        fresh = [
                            seed for seed in part.seeds if (name, units, classes, seed) not in taken
                        ]
                        taken.update((name, units, classes, seed) for seed in fresh)
                        for start in range(0, len(fresh), self.batch):
                            seeds = fresh[start : start + self.batch]
                            yield Batch(
                                tuple(self.recipe(classes, units, name, seed) for seed in seeds),
                                number,
                            )


SIZES = ("kind", "points_per_class", "imbalance")

LATER_COLUMNS: dict[str, Any] = {"data": "spirals", "data_settings": None, "class_sizes": None}
"""Columns that studies of before do not have, and what stands for them there."""

SPIRALS = ("inner_radius", "outer_radius", "turns", "noise")
"""Settings of the spirals that have a column of their own."""


def settings_of(recipe: NetworkRecipe) -> dict[str, Any]:
    """What decides on a network of a study; each is a column of its result."""
    data, network, training = recipe.data, recipe.network, recipe.training
    assert isinstance(data, GeneratedData)
    return {
        "activation": recipe.activation,
        "units": network.widths[-1],
        "classes": recipe.classes,
        "seed": recipe.seed,
        **data_columns(data, recipe.classes),
        "inner_widths": list(network.widths[:-1]),
        "inner_activation": network.inner_activation,
        "epochs": training.epochs,
        "learning_rate": training.learning_rate,
        "l2": training.l2,
    }


def data_columns(data: GeneratedData, classes: int) -> dict[str, Any]:
    """What a study says of its data.

    ``points_per_class`` is that of the largest class; ``class_sizes`` is there where classes are
    unequal. Spirals have columns of their own; settings of other data are one text, as JSON.
    """
    sizes = data.class_sizes(classes)
    unequal = list(sizes) if len(set(sizes)) > 1 else None
    columns: dict[str, Any] = {"points_per_class": max(sizes)}
    if isinstance(data, Spirals):
        columns |= {name: getattr(data, name) for name in SPIRALS}
        return {**columns, "data": data.kind, "data_settings": None, "class_sizes": unequal}
    # A size is a column already; which share of a share made it does not matter.
    settings = {k: v for k, v in data.content().items() if k not in SIZES}
    columns |= dict.fromkeys(SPIRALS)
    told = json.dumps(settings, sort_keys=True)
    return {**columns, "data": data.kind, "data_settings": told, "class_sizes": unequal}


def network_key(recipe: NetworkRecipe) -> str:
    """Name a network of a study by its settings: 12 hexadecimal digits."""
    settings = settings_of(recipe)
    for name, usual in LATER_COLUMNS.items():
        if settings[name] == usual:
            del settings[name]
    return _digest({**settings, "revision": TRAINING_REVISION}, 12)


def load_grid(path: Path) -> Grid:
    """Read a grid file.

    Raises
    ------
    UsageError
        If the file cannot be read, or anything in it is unknown or impossible.
    """
    advice = "spiral study --print-grid > my.toml, then change what you like"
    return parse_grid(read_toml(path, "a grid", advice), str(path))


def parse_grid(text: str, origin: str) -> Grid:
    """Turn TOML text into a grid.

    Parameters
    ----------
    text
        The TOML.
    origin
        What messages call it.

    Raises
    ------
    UsageError
        Naming all problems at once.
    """
    return checked(Grid, parse_toml(text, origin, "a grid"), origin)


def example_grid_text() -> str:
    """Text of a small grid; it documents every setting."""
    return resources.files("spiralcore.study").joinpath("example.toml").read_text("utf-8")


def _digest(value: Any, digits: int) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:digits]
