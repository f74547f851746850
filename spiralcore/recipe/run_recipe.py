"""Everything that one run of `make render` makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from spiralcore.data import Spirals
from spiralcore.data.sets import AnyData
from spiralcore.errors import UsageError
from spiralcore.recipe.layers import drawn_layers
from spiralcore.recipe.network_recipe import (
    ActivationName,
    ClassName,
    NetworkRecipe,
    NetworkSettings,
    RecordingSettings,
    TrainingSettings,
    check_classes,
    check_names,
)
from spiralcore.recipe.theme_settings import ThemeSettings
from spiralcore.registry.aspects import ASPECTS, AspectName
from spiralcore.registry.films import FILMS, LAYOUTS, STORY, UNTRAINED
from spiralcore.registry.formats import OUTPUT_FORMATS, usual_formats
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.registry.languages.language import Language
from spiralcore.registry.themes import NO_OWN, OWN, THEMES, Theme, is_transparent, theme
from spiralcore.settings import NotNegative, OneOf, Positive, Settings, not_one_of, one_of


class Quality(NamedTuple):
    """Size and rate of a film.

    Attributes
    ----------
    height
        In pixels; the shorter side, where a film is upright.
    frame_rate
        Frames a second.
    """

    height: int
    frame_rate: int

    @property
    def width(self) -> int:
        """Width in pixels of a 16:9 picture, even."""
        return self.size("16:9")[0]

    def size(self, aspect: str) -> tuple[int, int]:
        """Width and height in pixels of a picture of an aspect."""
        return ASPECTS[aspect].pixels(self.height)

    @property
    def name(self) -> str:
        """The short form, for example ``1080p60``."""
        return f"{self.height}p{self.frame_rate}"

    @classmethod
    def parse(cls, name: str) -> Quality:
        """Read the short form.

        Raises
        ------
        ValueError
            If the text is not of the form ``HEIGHTpRATE``, or out of range.
        """
        match = re.fullmatch(r"(\d{3,4})p(\d{1,3})", name)
        if match is None:
            raise ValueError("a height and a frame rate such as 1080p60, 720p30 or 2160p60")
        height, rate = int(match[1]), int(match[2])
        if not 120 <= height <= 4320 or height % 2 or not 1 <= rate <= 240:
            raise ValueError("an even height from 120 to 4320 and a rate from 1 to 240")
        return cls(height, rate)


def _checked_quality(name: str) -> str:
    return Quality.parse(name).name


def _each_once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) < len(values):
        raise ValueError("each value once")
    return values


TRAINED = [film.name for film in FILMS.values() if film.needs not in UNTRAINED]
"""Films whose networks a recipe asks for."""


def _known_film(name: str) -> str:
    known = TRAINED
    if name in FILMS and name not in known:
        what, files = UNTRAINED[FILMS[name].needs]
        raise ValueError(
            f"one of {', '.join(known)}. '{name}' is made of {what}: spiral render {name} {files}"
        )
    if name not in known:
        raise not_one_of(name, known)
    return name


EachOnce = AfterValidator(_each_once)
ClassCount = Annotated[int, Field(strict=True, ge=2, le=64)]
FilmName = Annotated[str, OneOf(_known_film, tuple(TRAINED))]
FormatName = Annotated[str, one_of(OUTPUT_FORMATS)]
Timeline = Literal["motion", "log", "linear"]


FILM_RATE = "film"
"""Frame rate of a GIF that is made of frames of the film, drawn once for all formats."""


def _theme_kind(value: Any) -> str:
    return "table" if isinstance(value, Mapping | ThemeSettings) else "name"


AnyTheme = Annotated[
    Annotated[str, one_of([*THEMES, OWN]), Tag("name")] | Annotated[ThemeSettings, Tag("table")],
    Discriminator(_theme_kind),
]
"""A shipped theme by its name, or one of one's own."""


class FilmSettings(Settings):
    """How films look, apart from what they show."""

    quality: Annotated[str, AfterValidator(_checked_quality)] = "1080p60"
    aspect: AspectName = "16:9"
    gif_height: Annotated[int, Field(strict=True, ge=120, le=1080, multiple_of=2)] = 480
    gif_frame_rate: Literal[25, 50, "film"] = 25
    gif_megabytes: Positive = 4.0
    seconds: Annotated[float, Field(ge=1, le=600)] = 20.0
    hold: Annotated[float, Field(ge=0, le=60)] = 1.5
    loop: bool = True
    timeline: Timeline = "motion"
    smoothing: Annotated[float, Field(ge=0, le=1)] = 0.12
    layer: Annotated[int, Field(strict=True, ge=1, le=50)] | None = None
    theme: AnyTheme = "dark"
    highlight: tuple[Annotated[str, BeforeValidator(str)], ...] = ()
    captions: bool = True
    language: Annotated[str, one_of(LANGUAGES)] = "en"
    layout: Annotated[str, one_of(LAYOUTS)] = STORY
    narration: str = ""
    spoken: tuple[NotNegative, ...] = ()

    @property
    def transparent(self) -> bool:
        """Whether films have no background."""
        return is_transparent(self.theme)

    @property
    def colours(self) -> Theme:
        """The theme; raises `UsageError` for one of one's own that is not there."""
        return theme(self.theme) if isinstance(self.theme, str) else self.theme.theme()

    @property
    def words(self) -> Language:
        """The language of the captions, which calls classes by the colours that they have."""
        return LANGUAGES[self.language].with_hues(self.colours.hues)


class Recipe(Settings):
    """A run: which networks to train and which films to make of them."""

    classes: Annotated[tuple[ClassCount, ...], Field(min_length=1), EachOnce] = (2, 3, 4, 5, 6, 7)
    activations: Annotated[tuple[ActivationName, ...], Field(min_length=1), EachOnce] = (
        "tanh",
        "relu",
    )
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**63)] = 1
    films: Annotated[tuple[FilmName, ...], EachOnce] = ("classes", "row", "bending")
    close_ups: Annotated[tuple[ClassCount, ...], EachOnce] = (4,)
    formats: Annotated[tuple[FormatName, ...], Field(min_length=1), EachOnce] = usual_formats(
        transparent=False
    )
    figures: bool = False
    class_names: tuple[ClassName, ...] = ()
    output: str = "renders"
    data: AnyData = Spirals()
    network: NetworkSettings = NetworkSettings()
    training: TrainingSettings = TrainingSettings()
    recording: RecordingSettings = RecordingSettings()
    film: FilmSettings = FilmSettings()
    theme: ThemeSettings | None = None

    @model_validator(mode="before")
    @classmethod
    def _usual_formats(cls, values: Any) -> Any:
        """Choose the formats by the theme where they are not given."""
        if isinstance(values, Mapping) and "formats" not in values:
            film = values.get("film")
            theme = film.get("theme") if isinstance(film, Mapping) else getattr(film, "theme", "")
            if is_transparent(theme):
                return {**values, "formats": usual_formats(transparent=True)}
        return values

    @model_validator(mode="after")
    def _own_theme(self) -> Self:
        """Give films the theme of the recipe, if they are not told to have another."""
        if self.theme is None:
            if self.film.theme == OWN:
                problem = str(UsageError(*NO_OWN))
                raise ValueError("film.theme: " + "\n  ".join(problem.splitlines()))
        elif self.film.theme == OWN or "theme" not in self.film.model_fields_set:
            film = self.film.model_copy(update={"theme": self.theme})
            object.__setattr__(self, "film", film)  # a part of reading it, which is not over yet
        return self

    @model_validator(mode="after")
    def _transparency_can_be_kept(self) -> Self:
        opaque = [name for name in self.formats if not OUTPUT_FORMATS[name].alpha]
        if self.film.transparent and opaque:
            raise ValueError(
                f"formats: found {', '.join(map(repr, opaque))} with the theme "
                f"'{self.film.colours.name}', expected {_or(_transparent())}; "
                f"left out they are {' and '.join(usual_formats(transparent=True))}"
            )
        return self

    @model_validator(mode="after")
    def _data_have_such_classes(self) -> Self:
        check_classes(self.data, (*self.classes, *self.close_ups))
        check_names(self.class_names, self.classes)
        return self

    @model_validator(mode="after")
    def _films_have_something_to_show(self) -> Self:
        for name in self.films:
            entry, widths = FILMS[name], self.network.widths
            if not entry.widths and not _suit(name, widths):
                raise ValueError(
                    f"films: found '{name}' with the widths {' '.join(map(str, widths))}, "
                    f"expected {entry.wanted} at the end"
                )
            if self.film.layer is not None and not entry.projects:
                raise ValueError(
                    f"films: found '{name}' with layer = {self.film.layer}, "
                    "expected films that show one layer"
                )
        return self

    def network_recipe(
        self, classes: int, activation: str, film: str | None = None
    ) -> NetworkRecipe:
        """Recipe of one network of this run, with the widths that a film needs if one is named."""
        network = self.network
        if film is not None and not _suit(film, network.widths):
            network = network.model_copy(update={"widths": FILMS[film].widths})
        return NetworkRecipe(
            classes=classes,
            activation=activation,
            seed=self.seed,
            class_names=self.class_names if len(self.class_names) == classes else (),
            data=self.data,
            network=network,
            training=self.training,
            recording=self.recording,
        )

    def trajectory_path(self, network: NetworkRecipe) -> Path:
        """Where this run keeps the trajectory of one of its networks."""
        return Path(self.output) / "trajectories" / network.file_name


def _suit(film: str, widths: tuple[int, ...]) -> bool:
    """Whether a film can show networks of some widths."""
    entry = FILMS.get(film)
    if entry is None:
        return True
    return entry.takes(widths[-1]) and len(drawn_layers(widths)) >= entry.layers


def _transparent() -> list[str]:
    """The formats that can be transparent."""
    return [name for name, entry in OUTPUT_FORMATS.items() if entry.alpha]


def _or(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
