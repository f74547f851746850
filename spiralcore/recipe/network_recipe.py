"""Everything that decides how one network is made and recorded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator

from spiralcore.data import Spirals
from spiralcore.data.sets import AnyData
from spiralcore.recipe.layers import layer_activations
from spiralcore.registry.activations import ACTIVATIONS, Activation
from spiralcore.registry.policies import POLICIES
from spiralcore.settings import NotNegative, OneOf, Positive, Settings, not_one_of, one_of

RECORDING_REVISION = 3
"""Raised whenever the same settings give other bytes than before; part of every key."""


def _known_activation(name: str) -> str:
    if name.lower() not in ACTIVATIONS:
        raise not_one_of(name, ACTIVATIONS)
    return name.lower()


ActivationName = Annotated[str, OneOf(_known_activation, tuple(ACTIVATIONS))]


PolicyName = Annotated[str, one_of(POLICIES)]


WIDEST_DRAWN = 64
"""Units of the last hidden layer at most; every one of its epochs is kept on disk for a while."""


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
    warm_up: Annotated[int, Field(strict=True, ge=0, le=10_000_000)] = 0
    l2: NotNegative = 0.005
    attempts: Annotated[int, Field(strict=True, ge=1, le=100)] = 8

    def rate_of(self, epoch: int) -> float:
        """The learning rate of an epoch, counted from 1: it rises evenly while it warms up."""
        return self.learning_rate * min(1.0, epoch / max(self.warm_up, 1))


class RecordingSettings(Settings):
    """Which epochs are kept, and how large the file may become."""

    keep: PolicyName = "adaptive"
    tolerance: Annotated[float, Field(gt=0, lt=0.5)] = 0.01
    frames: Annotated[int, Field(strict=True, ge=2, le=1_000_000)] = 350
    max_megabytes: Positive = 24.0


FIRST_SETTINGS = ("classes", "activation", "seed")
FIRST_NETWORK_SETTINGS = ("widths", "inner_activation")
FIRST_TRAINING_SETTINGS = ("epochs", "learning_rate", "l2", "attempts")
FIRST_RECORDING_SETTINGS = ("keep", "tolerance", "frames", "max_megabytes")
"""Settings that are in every key, whatever they are; those of data are with their kinds. None is
ever added: another one is in a key where it differs from its default, which has to stand for how
networks were made before it. If that changes, `RECORDING_REVISION` has to."""


ClassName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


def check_names(names: Sequence[str], counts: Iterable[int]) -> None:
    """Refuse names of classes that are not one for each; `ValueError` names the setting."""
    for classes in counts if names else ():
        if len(names) != classes:
            raise ValueError(
                f"class_names: found {len(names)} names with {classes} classes, "
                "expected one for each class"
            )
    if len({*names}) < len(names):
        raise ValueError("class_names: found a name twice, expected different ones")


def check_classes(data: Any, counts: Iterable[int]) -> None:
    """Refuse class counts that some data cannot have; `ValueError` names the setting."""
    for classes in counts:
        try:
            data.check(classes)
        except ValueError as error:
            raise ValueError(f"data.{error}") from None


class NetworkRecipe(Settings):
    """One network: its points, its layers, its training and its recording."""

    classes: Annotated[int, Field(strict=True, ge=2, le=64)]
    activation: ActivationName
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**63)]
    class_names: tuple[ClassName, ...] = ()
    data: AnyData = Spirals()
    network: NetworkSettings = NetworkSettings()
    training: TrainingSettings = TrainingSettings()
    recording: RecordingSettings = RecordingSettings()

    @model_validator(mode="after")
    def _data_have_such_classes(self) -> Self:
        check_classes(self.data, (self.classes,))
        check_names(self.class_names, (self.classes,))
        return self

    @property
    def title(self) -> str:
        """What messages call this network."""
        data = f"{self.data.title}, " if self.data.title else ""
        label = ACTIVATIONS[self.activation].label
        return f"{data}{self.classes} classes, {label}, seed {self.seed}"

    def layer_activations(self) -> list[Activation]:
        """The activation of each hidden layer."""
        network = self.network
        return layer_activations(network.widths, self.activation, network.inner_activation)

    def settings(self) -> dict[str, Any]:
        """What decides, as plain values, the same for equal recipes.

        A setting that is not in `FIRST_SETTINGS` and the like is left out where it has its default,
        so that networks from before there was such a setting keep their names.
        """
        settings = self.told(FIRST_SETTINGS)
        settings["data"] = self.data.content()
        settings["network"] = self.network.told(FIRST_NETWORK_SETTINGS)
        settings["training"] = self.training.told(FIRST_TRAINING_SETTINGS)
        settings["recording"] = self.recording.told(FIRST_RECORDING_SETTINGS)
        return {**settings, "recording_revision": RECORDING_REVISION}

    def key(self) -> str:
        """Name the trajectory that this recipe makes: 12 hexadecimal digits."""
        text = json.dumps(self.settings(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def file_name(self) -> str:
        """File name of the trajectory; the key makes it unique to the settings."""
        return f"{self.classes}-{self.activation}-{self.key()}.npz"
