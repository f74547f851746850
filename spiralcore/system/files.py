"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from spiralcore.errors import UsageError
from spiralcore.system.locks import LOCK_PREFIX, is_there, take

PART_PREFIX = ".part-"
"""How a file that is being written begins its name; whoever writes it holds a lock on it."""

LONGEST_NAME = 255
"""Bytes of a file's name that every usual file system takes."""


def temporary_folder() -> str:
    """Where files without a name go, and those of libraries.

    Python tries a folder out by writing a file to it, which a process that is killed right then
    leaves behind. Here the folder of the environment is only looked at.
    """
    if tempfile.tempdir is None:
        named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
        for folder in [*filter(None, named), "/tmp"]:
            if Path(folder).is_dir() and os.access(folder, os.W_OK | os.X_OK):
                tempfile.tempdir = str(Path(folder).absolute())
                break
    return tempfile.gettempdir()


@contextmanager
def scratch_file(folder: Path, ending: str = "") -> Iterator[Path]:
    """Give an empty file in a folder, and remove it when the block ends.

    Yields
    ------
    Path
        The file, under a name that begins with `PART_PREFIX`.

    Raises
    ------
    OSError
        If there can be none; it names the folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, scratch = _new_file(folder, ending)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from error
    if sys.platform == "win32":  # which neither moves nor removes what is open, and has no locks
        os.close(handle)
    try:
        yield scratch
    finally:
        with suppress(OSError):
            scratch.unlink()
        if sys.platform != "win32":
            os.close(handle)


def _new_file(folder: Path, ending: str) -> tuple[int, Path]:
    while True:
        handle, name = tempfile.mkstemp(suffix=ending, prefix=PART_PREFIX, dir=folder)
        path = Path(name)
        # Between these lines it looks like one that was left behind, and may be tidied away.
        if take(handle) is not False and is_there(handle, path):
            return handle, path
        os.close(handle)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; move it there when the block ends well.

    The data is synced before the rename, so that after a crash the old file or the new one
    is there, never a part of it. When the block raises, the temporary file is removed.

    Parameters
    ----------
    path
        Where the finished file belongs. Missing folders are made.

    Yields
    ------
    Path
        An existing, empty file in the same folder and with the same suffix.

    Raises
    ------
    OSError
        If it cannot be written; it names ``path``.
    UsageError
        If its name is too long.
    """
    check_name(path)
    with scratch_file(path.parent, path.suffix) as part:
        try:
            yield part
            with part.open("r+b") as written:  # not every system syncs what is only read
                os.fsync(written.fileno())
            part.chmod(0o666 & ~_current_umask())
            part.replace(path)
        except OSError as error:
            # What concerns other files than the one that is written names them.
            if error.filename not in (None, str(part), part):
                raise
            gone = isinstance(error, FileNotFoundError)
            why = "its folder went away while it was written" if gone else error.strerror
            raise OSError(error.errno, why, str(path)) from error


def check_name(path: Path) -> None:
    """See to it that a file can have its name, before it is made.

    Raises
    ------
    UsageError
        If the name is too long.
    """
    length = len(os.fsencode(path.name))
    if length > LONGEST_NAME:
        raise UsageError(
            f"The name {path.name[:40]}... is {length} bytes long.",
            f"up to {LONGEST_NAME} bytes.",
            "another name: --out FILE",
        )


def _current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def remove_leftovers(*folders: Path) -> None:
    """Remove unfinished files, and locks, that nobody holds any more."""
    for folder in folders:
        for prefix in (PART_PREFIX, LOCK_PREFIX):
            for left in folder.glob(f"{prefix}*"):
                with suppress(OSError):
                    _remove_if_left(left)


def _remove_if_left(left: Path) -> None:
    handle = os.open(left, os.O_RDWR)
    try:
        # Where there are no locks, nobody knows, and it stays.
        if take(handle) and is_there(handle, left):
            left.unlink()
    finally:
        os.close(handle)


@contextmanager
def tidied(*folders: Path) -> Iterator[None]:
    """Remove what others have left in some folders now, and what is left at the end."""
    remove_leftovers(*folders)
    try:
        yield
    finally:
        remove_leftovers(*folders)
