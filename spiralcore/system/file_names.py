"""What files can be called: what no system takes, and what Windows does not.

See `naming files <https://learn.microsoft.com/windows/win32/fileio/naming-a-file>`_.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from pathlib import Path

from spiralcore.errors import UsageError

LONGEST_NAME = 255
"""Bytes of a file's name that every usual file system takes."""

LONGEST_PATH = 259
"""Letters of a whole path on Windows, where long ones are not switched on."""

LONGEST_FOLDER = 247
"""Letters of the path of a folder there, so that a short name has room in it."""

FORBIDDEN = frozenset('<>:"/\\|?*')
"""Letters that no file name has on Windows, and some that none has anywhere."""

DEVICES = frozenset(
    [
        *("con", "prn", "aux", "nul", "conin$", "conout$"),
        *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"),
    ]
)
"""What is no file on Windows but a part of the machine, whatever comes after a dot."""


def is_device(name: str) -> bool:
    """Whether a name is that of a part of the machine on Windows."""
    return name.partition(".")[0].rstrip(" ").casefold() in DEVICES


def key(name: str) -> str:
    """What is the same for all names that some system takes for one."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return unicodedata.normalize("NFC", folded)


def refused_by_windows(name: str) -> str:
    """What Windows does not take in the name of a file; nothing if it takes it."""
    if is_device(name):
        return f"'{name.partition('.')[0]}' is a device there"
    letters = [letter for letter in name if letter in FORBIDDEN or ord(letter) < 32]
    if letters:
        return f"{letters[0]!r} is in no name there"
    if name.endswith((" ", ".")):
        return "no name ends with a space or a full stop there"
    return ""


def check_name(path: Path) -> None:
    """See to it that a file can have its name, before it is made.

    Raises
    ------
    UsageError
        If the name is too long, or Windows does not take it and this is Windows.
    """
    length = len(os.fsencode(path.name))
    if length > LONGEST_NAME:
        raise UsageError(
            f"The name {path.name[:40]}... is {length} bytes long.",
            f"up to {LONGEST_NAME} bytes.",
            "another name: --out FILE",
        )
    why = refused_by_windows(path.name) if sys.platform == "win32" else ""
    if why:
        raise UsageError(
            f"The name {path.name} cannot be had on Windows: {why}.",
            "a name that Windows takes.",
            "another name: --out FILE",
        )


def check_length(path: Path) -> None:
    """Say why a file could not be made, if that is because Windows has no path so long.

    Raises
    ------
    UsageError
        If it is.
    """
    whole = path.absolute()
    too_long = len(str(whole)) > LONGEST_PATH or len(str(whole.parent)) > LONGEST_FOLDER
    if sys.platform == "win32" and too_long:
        raise UsageError(
            f"The path {whole} has {len(str(whole))} letters.",
            f"up to {LONGEST_PATH}, and {LONGEST_FOLDER} of its folder, where Windows has long "
            "paths not switched on.",
            "a folder with a shorter path, or LongPathsEnabled in the settings of Windows",
        )
