"""A voice to a film: a folder with one audio file for each caption, checked and measured."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from spiralcore.errors import UsageError
from spiralcore.stage.clock.narrated_time import NarratedTime
from spiralcore.story.captions import CaptionTrack
from spiralcore.system.pointers import refuse_pointer

ENDINGS = (".wav", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".flac", ".aif", ".aiff")
"""How audio files end that are taken. Lists that name other files are not among them."""

SCRIPT_ENDING = ".txt"
"""Of the script to read, which may lie in the folder."""

NUMBERED = re.compile(r"0*([1-9][0-9]*)(?![0-9])")
"""How the name of an audio file begins: ``01``, ``1``, ``01 Four tangled spirals``."""

SCRIPT = "spiral export FILM --to script, for what to read into which file"
"""What to type next."""

NAMED = 5
"""How many files a message names."""


@dataclass(frozen=True)
class Voice:
    """What is said to a film.

    Attributes
    ----------
    files
        One for each caption, in their order.
    spoken
        Seconds that each of them takes.
    starts
        Seconds of the finished film at which they begin.
    duration
        Of the finished film, in seconds.
    """

    files: tuple[Path, ...]
    spoken: tuple[float, ...]
    starts: tuple[float, ...]
    duration: float

    @classmethod
    def read(cls, folder: Path, track: CaptionTrack, duration: float, film: str) -> Voice:
        """Read a folder of audio files for the captions of a film.

        Parameters
        ----------
        folder
            Nothing else may lie in it but hidden files and texts.
        track, duration
            Captions and length of the film without a voice.
        film
            Its name, for messages.

        Raises
        ------
        UsageError
            If a file is missing, is one too many, or has no sound that can be read.
        """
        files = numbered_files(folder, len(track.captions), film)
        spoken = tuple(_measured(path) for path in files)
        told = NarratedTime(track, spoken, duration)
        starts = tuple(caption.start for caption in told.captions.captions)
        return cls(files, spoken, starts, told.duration)

    @cached_property
    def digest(self) -> str:
        """What names the sound by what is in the files."""
        found = hashlib.sha256()
        for path in self.files:
            with path.open("rb") as file:
                found.update(hashlib.file_digest(file, "sha256").digest())
        return found.hexdigest()


def file_name(number: int, count: int) -> str:
    """What the recording of a caption is called, from 1 on: ``03.wav``."""
    return f"{number:0{max(len(str(count)), 2)}d}.wav"


def check_narrations(folders: Mapping[str, str]) -> None:
    """See to it that a voice, if there is to be one, has one film to speak to, and is there.

    Parameters
    ----------
    folders
        For each film, by what it is called, the folder of its voice; empty where it has none.

    Raises
    ------
    UsageError
        If not; what is wrong with the files is found out when the film is known.
    """
    spoken = [name for name, folder in folders.items() if folder]
    if len(spoken) > 1:
        raise UsageError(
            f"A narration belongs to one film, and here are {len(spoken)}: {_named(spoken)}.",
            "one film.",
            "the same command for one of them alone",
        )
    for name in spoken:
        _check_folder(Path(folders[name]))


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "is not there"
        raise UsageError(
            f"{folder} {what}.",
            "a folder with one audio file for each caption of the film, from 01.wav on.",
            SCRIPT,
        )


def numbered_files(folder: Path, count: int, film: str) -> tuple[Path, ...]:
    """The audio files of a folder by their numbers, 1 to a count.

    Raises
    ------
    UsageError
        If there is not exactly one for each number.
    """
    _check_folder(folder)
    said = f"one audio file for each of the {count} captions of the film '{film}', " + (
        f"{file_name(1, count)} to {file_name(count, count)}." if count > 1 else "01.wav."
    )
    found: dict[int, list[Path]] = {}
    strange = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.suffix.lower() == SCRIPT_ENDING:
            continue
        number = NUMBERED.match(path.stem)
        if number is None or path.suffix.lower() not in ENDINGS or not path.is_file():
            strange.append(path)
        else:
            found.setdefault(int(number[1]), []).append(path)
    if not found and not strange:
        raise UsageError(f"{folder} has no audio files.", said, SCRIPT)
    if strange:
        raise UsageError(
            f"{folder} has {_named(path.name for path in strange)}.",
            f"nothing but {said[:-1]}; a number, and {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.",
            "another folder, or other names",
        )
    several = [paths for paths in found.values() if len(paths) > 1]
    if several:
        names = " and ".join(path.name for path in several[0])
        raise UsageError(f"{folder} has {names} for the same caption.", said, "one of them alone")
    extra = [paths[0].name for number, paths in sorted(found.items()) if number > count]
    if extra:
        raise UsageError(f"{folder} has {_named(extra)}, too.", said, SCRIPT)
    lacking = [file_name(number, count) for number in range(1, count + 1) if number not in found]
    if lacking:
        raise UsageError(f"{folder} lacks {_named(lacking)}.", said, SCRIPT)
    return tuple(found[number][0] for number in range(1, count + 1))


def _measured(path: Path) -> float:
    """Seconds of sound in a file."""
    # Here, as settings of films are checked where none can be made.
    from spiralcore.video.encode.sound import seconds_of

    wanted = f"an audio file: {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}."
    refuse_pointer(path, wanted)
    seconds = seconds_of(path)
    if seconds is None:
        raise UsageError(
            f"{path} has no sound that can be read.",
            wanted,
            "the same sentence recorded or saved again",
        )
    return seconds


def _named(names: Iterable[str]) -> str:
    """Some names, and how many there are more."""
    every = list(names)
    more = len(every) - NAMED
    if more > 0:
        return f"{', '.join(every[:NAMED])} and {more} more"
    return " and ".join(filter(None, (", ".join(every[:-1]), every[-1])))
