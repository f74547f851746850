"""What is asked for: a film, what it shows, how it looks, and the files to make of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from spiralcore.errors import UsageError
from spiralcore.recipe import FILM_RATE, FilmSettings, Quality
from spiralcore.registry.films import film_entry
from spiralcore.registry.formats import OUTPUT_FORMATS, VIDEOS, stem_of
from spiralcore.stage.clock.film_length import FilmLength
from spiralcore.stage.clock.film_time import FilmTime
from spiralcore.trajectory.file import class_count
from spiralcore.video.cache_key import film_key, is_up_to_date
from spiralcore.video.encode.continuation import Continuation
from spiralcore.video.encode.size import Size, scaled
from spiralcore.video.voice import Voice

if TYPE_CHECKING:
    from spiralcore.stage.film import Film

SMALL_RATE = 25
"""Frames a second that small moving pictures come near to."""

SMALL_RATES = range(15, 31)
"""Where they do: fewer jerk, more are too large."""

MAKERS = (
    "spiralcore.video.render_plan",
    "spiralcore.video.film_jobs",
    "spiralcore.video.finishing",
)
"""Modules that make files of a film; the first of them calls the others by their names."""

OF_GIFS = frozenset({"gif_height", "gif_frame_rate", "gif_megabytes"})
"""Settings that only small moving pictures look at."""


@dataclass(frozen=True)
class Intermediate:
    """What is made on the way to the files of a film, and is the same for several of them.

    Attributes
    ----------
    name
        What keys call it.
    ignores
        Settings that make no difference to it.
    """

    name: str
    ignores: frozenset[str] = OF_GIFS


DRAWING_PASS = Intermediate("pass")
"""The frames of a span, drawn for all files that want them."""

SMALL_FRAMES = Intermediate("small", OF_GIFS - {"gif_height"})
"""What GIFs, WebPs and AVIFs are made of."""


@dataclass(frozen=True)
class FilmOrder:
    """A film to make.

    Attributes
    ----------
    film
        Its name in the catalogue.
    title
        What to call this one, for people.
    trajectories
        The files it shows.
    settings
        How it looks.
    targets
        For each format the file to make: ``{"mp4": ..., "gif": ..., "png": ...}``.
    most_bytes
        What no file may be larger than, if there is a limit.
    """

    film: str
    title: str
    trajectories: tuple[Path, ...]
    settings: FilmSettings
    targets: dict[str, Path]
    most_bytes: int | None = None

    @property
    def stem(self) -> str:
        """What its files are called, without what their formats add."""
        return stem_of(next(iter(self.targets.values())))

    @cached_property
    def length(self) -> FilmLength:
        """How long the film is."""
        entry = film_entry(self.film)
        if entry.in_shots or self.look.spoken:
            # What there is to tell, and so how long it takes, is in the files.
            return self.opened(self.look).length
        counts = {class_count(path) for path in self.trajectories} if entry.entrance else {0}
        return FilmLength(FilmTime.of(self.settings, entry, len(counts)))

    @cached_property
    def voice(self) -> Voice | None:
        """What is said to the film; None where nobody speaks.

        Raises
        ------
        UsageError
            If it is not what the film needs, see `Voice.read`.
        """
        folder = self.settings.narration
        if not folder:
            return None
        if not any(OUTPUT_FORMATS[kind].sound for kind in self.targets):
            heard = [entry.name for entry in OUTPUT_FORMATS.values() if entry.sound]
            raise UsageError(
                f"A narration cannot be heard in {', '.join(self.targets)}.",
                f"{', '.join(heard[:-1])} or {heard[-1]} among the formats.",
                f"--formats {heard[0]} or --to {heard[0]}, or no --narration",
            )
        if not self.settings.captions:
            raise UsageError(
                "A narration is spoken to captions, and there are to be none.",
                "captions.",
                "--captions in place of --no-captions, or no --narration",
            )
        film = self.opened(self.settings.model_copy(update={"spoken": ()}))
        if not film.captions.captions:
            raise UsageError(
                f"The film '{self.film}' has no captions here that could be spoken.",
                "a film with captions.",
                "no --narration",
            )
        return Voice.read(Path(folder), film.captions, film.time_of.duration, self.film)

    @property
    def look(self) -> FilmSettings:
        """How it looks, with the pace of the voice."""
        if self.voice is None:
            return self.settings
        return self.settings.model_copy(update={"spoken": self.voice.spoken})

    def opened(self, settings: FilmSettings) -> Film:
        """The film with some settings, of which nothing is drawn yet."""
        from spiralcore.video.opening import load_source, open_film

        sources = [load_source(self.film, path) for path in self.trajectories]
        return open_film(self.film, sources, settings, *self.quality)

    @property
    def quality(self) -> Quality:
        """Size and rate."""
        return Quality.parse(self.settings.quality)

    @property
    def size(self) -> Size:
        """Width and height of a frame in pixels."""
        return self.quality.size(self.settings.aspect)

    @property
    def scale(self) -> float:
        """Work for a frame in relation to one of 1080p."""
        return float((self.quality.height / 1080) ** 1.5)

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return self.length.frames(self.quality.frame_rate)

    def continuation(self, start: int, length: int) -> Continuation:
        """How a segment of up to so many frames goes over to what is shown after it."""
        last = min(start + length, self.frame_count)
        begins_again = 0 if self.settings.loop else None
        return Continuation(last - start, last if last < self.frame_count else begins_again)

    @property
    def small_step(self) -> int:
        """Which frames small moving pictures get: each whose number is a multiple of it."""
        return small_step(self.quality.frame_rate)

    @property
    def small_rate(self) -> Fraction:
        """Frames a second that they have then."""
        return Fraction(self.quality.frame_rate, self.small_step)

    @property
    def small_count(self) -> int:
        """How many they get."""
        return -(-self.frame_count // self.small_step)

    @property
    def small_size(self) -> Size:
        """Width and height in pixels that they have at most."""
        return scaled(self.size, min(self.settings.gif_height, *self.size))

    def seconds(self, kind: str) -> float:
        """Length of a file in seconds."""
        if OUTPUT_FORMATS[kind].kind == "video":
            return self.frame_count / self.quality.frame_rate
        if kind == "gif" and self.settings.gif_frame_rate != FILM_RATE:
            rate = float(self.settings.gif_frame_rate)
            return self.length.frames(rate) / rate
        return float(self.small_count / self.small_rate)

    def named(self, kind: str) -> str:
        """What messages call a file."""
        return f"{self.film}, {self.title}, {kind.upper()}"

    @property
    def is_transparent(self) -> bool:
        """Whether the alpha of its frames means something."""
        return self.settings.transparent

    def key(self, kind: str) -> str:
        """Name what a target is made from: the settings that matter for its format."""
        if kind == "gif":
            ignored = set() if self.settings.gif_frame_rate == FILM_RATE else {"quality"}
        elif OUTPUT_FORMATS[kind].kind == "animation":
            ignored = {"gif_frame_rate"}
        else:
            ignored = set(OF_GIFS)
        more: dict[str, int | str] = {}
        if self.most_bytes is not None:
            more["most_bytes"] = self.most_bytes
        if self.voice and OUTPUT_FORMATS[kind].sound:
            more["voice"] = self.voice.digest
        return self._key(kind, ignored, more)

    def intermediate_key(self, made: Intermediate) -> str:
        """Name what something on the way to the targets is made from."""
        return self._key(made.name, made.ignores, {})

    def _key(self, name: str, ignored: Collection[str], more: dict[str, int | str]) -> str:
        settings = self.look.model_dump(mode="json", exclude={"narration"})
        relevant = {name: value for name, value in settings.items() if name not in ignored}
        modules = (f"spiralcore.scenes.{self.film}", *MAKERS)
        return film_key(self.film, self.trajectories, {**relevant, **more, "format": name}, modules)

    def full_frames(self, kind: str) -> Intermediate:
        """What a pass keeps for a video that is encoded later: all frames, without loss.

        Formats with the same planes share them, as long as they are not transparent.
        """
        if self.is_transparent:
            return Intermediate(f"kept-{kind}")
        return Intermediate(f"kept-{OUTPUT_FORMATS[kind].encodings[False].pixel_format}")

    def done_with(self) -> list[str]:
        """Keys of pieces that nothing needs any more."""
        missing = self.missing()
        keys = [self.key(kind) for kind in self.targets if kind not in missing]
        if not missing:
            encoded = [
                name for name in VIDEOS if self.is_transparent in OUTPUT_FORMATS[name].encodings
            ]
            shared = [SMALL_FRAMES, *(self.full_frames(name) for name in encoded)]
            keys += [self.intermediate_key(made) for made in shared]
        return keys

    def missing(self) -> dict[str, str]:
        """Formats whose file is not there or not up to date, with the key of each."""
        keys = {kind: self.key(kind) for kind in self.targets}
        return {
            kind: key for kind, key in keys.items() if not is_up_to_date(self.targets[kind], key)
        }


def small_step(frame_rate: int) -> int:
    """Find the part of a film's frames that small moving pictures are made of.

    Parameters
    ----------
    frame_rate
        Of the film. 60 frames a second give 20, which a GIF can time exactly; 50 give 25.
    """

    def rank(step: int) -> tuple[bool, float]:
        rate = frame_rate / step
        is_exact = 100 * step % frame_rate == 0 and rate >= SMALL_RATES[0]
        return not is_exact, abs(rate - SMALL_RATE)

    steps = [n for n in range(1, frame_rate + 1) if frame_rate / n <= SMALL_RATES[-1]]
    return min(steps, key=rank)
