"""Everything that decides how one network is made and recorded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from spiralcore.activations import ACTIVATIONS, Activation, layer_activations
from spiralcore.data.table import table_bytes
from spiralcore.errors import PointerError, UsageError, nearest
from spiralcore.policies import POLICIES

RECORDING_REVISION = 3
"""Raised whenever the same settings give other bytes than before; part of every key."""

Positive = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


def _known_activation(name: str) -> str:
    if name.lower() not in ACTIVATIONS:
        known = list(ACTIVATIONS)
        raise ValueError(f"one of {', '.join(known)}.{nearest(name, known)}")
    return name.lower()


ActivationName = Annotated[str, AfterValidator(_known_activation)]


def _known_policy(name: str) -> str:
    if name not in POLICIES:
        known = list(POLICIES)
        raise ValueError(f"one of {', '.join(known)}.{nearest(name, known)}")
    return name


PolicyName = Annotated[str, AfterValidator(_known_policy)]


WIDEST_DRAWN = 64
"""Units of the last hidden layer at most; every one of its epochs is kept on disk for a while."""


class Settings(BaseModel):
    """A group of settings: immutable, and strict about what it takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DataSettings(Settings):
    """The spirals, the number of arms apart; or a table of points of one's own."""

    table: str | None = None
    table_sha256: str | None = None
    points_per_class: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 200
    inner_radius: NotNegative = 2.0
    outer_radius: Positive = 20.0
    turns: Positive | None = None
    noise: NotNegative = 0.17

    @model_validator(mode="before")
    @classmethod
    def _content_of_the_table(cls, values: Any) -> Any:
        """Note what is in the table: that, and not its name, is what a network is made from."""
        if not isinstance(values, Mapping) or values.get("table_sha256"):
            return values
        table = values.get("table")
        if not isinstance(table, str):
            return values
        try:
            digest = hashlib.sha256(table_bytes(Path(table))).hexdigest()
        except PointerError:
            raise
        except UsageError as error:
            raise ValueError(error.found) from None
        return {**values, "table_sha256": digest}

    @model_validator(mode="after")
    def _radii_in_order(self) -> Self:
        if self.inner_radius >= self.outer_radius:
            raise ValueError("inner_radius must be smaller than outer_radius")
        return self


class NetworkSettings(Settings):
    """The layers. The last of the widths is the layer that is drawn.

    Other layers of the same width are drawn with it, if that is 2 or 3.
    """

    widths: Annotated[
        tuple[Annotated[int, Field(strict=True, ge=1, le=10_000)], ...],
        Field(min_length=1, max_length=50),
    ] = (120, 80, 40, 2)
    inner_activation: ActivationName | None = None

    @field_validator("widths")
    @classmethod
    def _drawn_layer_is_small(cls, widths: tuple[int, ...]) -> tuple[int, ...]:
        if widths[-1] > WIDEST_DRAWN:
            raise ValueError(f"a last hidden layer, the one that is drawn, of 1 to {WIDEST_DRAWN}")
        return widths


class TrainingSettings(Settings):
    """The optimiser and how long it runs."""

    epochs: Annotated[int, Field(strict=True, ge=1, le=10_000_000)] = 10_000
    learning_rate: Positive = 0.0005
    l2: NotNegative = 0.005
    attempts: Annotated[int, Field(strict=True, ge=1, le=100)] = 8


class RecordingSettings(Settings):
    """Which epochs are kept, and how large the file may become."""

    keep: PolicyName = "adaptive"
    tolerance: Annotated[float, Field(gt=0, lt=0.5)] = 0.01
    frames: Annotated[int, Field(strict=True, ge=2, le=1_000_000)] = 350
    max_megabytes: Positive = 24.0


FIRST_SETTINGS: dict[str, tuple[str, ...]] = {
    "": ("classes", "activation", "seed"),
    "data": (
        *("table", "table_sha256", "points_per_class"),
        *("inner_radius", "outer_radius", "turns", "noise"),
    ),
    "network": ("widths", "inner_activation"),
    "training": ("epochs", "learning_rate", "l2", "attempts"),
    "recording": ("keep", "tolerance", "frames", "max_megabytes"),
}
"""Settings that are in every key, whatever they are, by their group. None is ever added: another
one is in a key where it differs from its default, which has to stand for how networks were made
before it. If that changes, `RECORDING_REVISION` has to."""


class NetworkRecipe(Settings):
    """One network: its points, its layers, its training and its recording."""

    classes: Annotated[int, Field(strict=True, ge=2, le=64)]
    activation: ActivationName
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**63)]
    data: DataSettings = DataSettings()
    network: NetworkSettings = NetworkSettings()
    training: TrainingSettings = TrainingSettings()
    recording: RecordingSettings = RecordingSettings()

    @property
    def title(self) -> str:
        """What messages call this network."""
        table = f"{Path(self.data.table).name}, " if self.data.table else ""
        label = ACTIVATIONS[self.activation].label
        return f"{table}{self.classes} classes, {label}, seed {self.seed}"

    def layer_activations(self) -> list[Activation]:
        """The activation of each hidden layer."""
        network = self.network
        return layer_activations(network.widths, self.activation, network.inner_activation)

    def settings(self) -> dict[str, Any]:
        """What decides, as plain values, the same for equal recipes.

        A setting that is not in `FIRST_SETTINGS` is left out where it has its default, so that
        networks from before there was such a setting keep their names.
        """
        settings = _told(self, FIRST_SETTINGS)
        if settings["data"].pop("table") is None:
            del settings["data"]["table_sha256"]
        return {**settings, "recording_revision": RECORDING_REVISION}

    def key(self) -> str:
        """Name the trajectory that this recipe makes: 12 hexadecimal digits."""
        text = json.dumps(self.settings(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def file_name(self) -> str:
        """File name of the trajectory; the key makes it unique to the settings."""
        return f"{self.classes}-{self.activation}-{self.key()}.npz"


def _told(recipe: NetworkRecipe, always: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """The settings that differ from their defaults, and those that are told always."""
    every, told = (
        recipe.model_dump(mode="json"),
        recipe.model_dump(mode="json", exclude_defaults=True),
    )
    for group, names in always.items():
        source = every[group] if group else every
        place = told.setdefault(group, {}) if group else told
        place |= {name: source[name] for name in names}
    return told
