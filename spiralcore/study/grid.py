"""The grid file: which networks a study trains, and in which batches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from spiralcore.recipe import DataSettings, NetworkRecipe, NetworkSettings, TrainingSettings
from spiralcore.recipe.network import (
    WIDEST_DRAWN,
    ActivationName,
    NotNegative,
    Positive,
    Settings,
)
from spiralcore.recipe.reading import checked, parse_toml, read_toml
from spiralcore.recipe.run import ClassCount, EachOnce

TRAINING_REVISION = 1
"""Raised whenever the same grid file gives other networks than before; part of every key."""

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


class StudyData(Settings):
    """The spirals, the number of arms apart."""

    points_per_class: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 100
    inner_radius: NotNegative = 2.0
    outer_radius: Positive = 20.0
    turns: Positive | None = None
    noise: NotNegative = 0.17

    @model_validator(mode="after")
    def _radii_in_order(self) -> Self:
        if self.inner_radius >= self.outer_radius:
            raise ValueError("inner_radius must be smaller than outer_radius")
        return self


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
        points = recipe.classes * recipe.data.points_per_class
        return float(len(self.networks) * points * each * recipe.training.epochs)


class Grid(Settings):
    """A study: the parts of the grid, and what all of its networks share."""

    part: Annotated[tuple[Part, ...], Field(min_length=1)]
    batch: Annotated[int, Field(strict=True, ge=1, le=LARGEST_BATCH)] = 4
    data: StudyData = StudyData()
    network: StudyNetwork = StudyNetwork()
    training: StudyTraining = StudyTraining()

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
            data=DataSettings(**self.data.model_dump()),
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


def settings_of(recipe: NetworkRecipe) -> dict[str, Any]:
    """What decides on a network of a study; each is a column of its result."""
    data, network, training = recipe.data, recipe.network, recipe.training
    return {
        "activation": recipe.activation,
        "units": network.widths[-1],
        "classes": recipe.classes,
        "seed": recipe.seed,
        "points_per_class": data.points_per_class,
        "inner_radius": data.inner_radius,
        "outer_radius": data.outer_radius,
        "turns": data.turns,
        "noise": data.noise,
        "inner_widths": list(network.widths[:-1]),
        "inner_activation": network.inner_activation,
        "epochs": training.epochs,
        "learning_rate": training.learning_rate,
        "l2": training.l2,
    }


def network_key(recipe: NetworkRecipe) -> str:
    """Name a network of a study by its settings: 12 hexadecimal digits."""
    return _digest({**settings_of(recipe), "revision": TRAINING_REVISION}, 12)


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
