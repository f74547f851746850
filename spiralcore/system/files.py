"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from spiralcore.system.file_names import check_length, check_name
from spiralcore.system.locks import LOOK_SECONDS, held, remove_left_locks

if sys.platform == "darwin":
    import fcntl

PART_PREFIX = ".part-"
"""How a file that is being written begins its name; whoever writes it holds the lock for it."""

PATIENCE = 2.0
"""Seconds that are waited for others to close a file whose place is taken."""


def temporary_folder() -> str:
    """Where files without a name go, and those of libraries.

    Python tries a folder out by writing a file to it, which a process that is killed right then
    leaves behind. Here the folder of the environment is only looked at.
    """
    if tempfile.tempdir is None:
        named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
        usual = [] if sys.platform == "win32" else ["/tmp"]
        for folder in [*filter(None, named), *usual]:
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
    UsageError
        If the path is too long for Windows.
    """
    scratch = folder / f"{PART_PREFIX}{secrets.token_hex(4)}{ending}"
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # First, so that it never looks like one that was left behind.
            stack.enter_context(held(scratch))
            os.close(os.open(scratch, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            check_length(scratch)
            raise OSError(error.errno, error.strerror, str(folder)) from error
        try:
            yield scratch
        finally:
            with suppress(OSError):
                scratch.unlink()


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
        If it cannot have its name.
    """
    check_name(path)
    with scratch_file(path.parent, path.suffix) as part:
        try:
            yield part
            with part.open("r+b") as written:  # not every system syncs what is only read
                sync(written.fileno())
            part.chmod(0o666 & ~_current_umask())
            put(part, path)
        except OSError as error:
            # What concerns other files than the one that is written names them.
            if error.filename not in (None, str(part), part):
                raise
            check_length(path)
            gone = isinstance(error, FileNotFoundError)
            why = "its folder went away while it was written" if gone else error.strerror
            raise OSError(error.errno, why, str(path)) from error


def sync(handle: int) -> None:
    """Bring what was written to an open file onto its disk."""
    if sys.platform == "darwin":
        # There `fsync` ends when the disk has it in its own memory, which goes with the power.
        with suppress(OSError):  # not every file system knows it
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def put(part: Path, path: Path) -> None:
    """Move a finished file to its place, in one step.

    Raises
    ------
    OSError
        If it cannot be moved. On Windows, where nothing takes the place of a file that is open,
        that is waited for first: readers and virus scanners have it for a moment.
    """
    patience = PATIENCE
    while True:
        try:
            part.replace(path)
            return
        except PermissionError as error:
            if sys.platform != "win32" or not path.is_file():
                raise
            if patience <= 0:
                why = "it is open in another program"
                raise PermissionError(error.errno, why, str(path)) from error
        time.sleep(LOOK_SECONDS)
        patience -= LOOK_SECONDS


def _current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def remove_leftovers(*folders: Path) -> None:
    """Remove unfinished files, and locks, that nobody holds any more."""
    for folder in folders:
        for left in folder.glob(f"{PART_PREFIX}*"):
            # Where there are no locks, nobody knows, and it stays.
            with suppress(OSError), held(left) as alone:
                if alone:
                    left.unlink()
        remove_left_locks(folder)


@contextmanager
def tidied(*folders: Path) -> Iterator[None]:
    """Remove what others have left in some folders now, and what is left at the end."""
    remove_leftovers(*folders)
    try:
        yield
    finally:
        remove_leftovers(*folders)
