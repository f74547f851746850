"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PART_PREFIX = ".part-"
"""How a file that is being written begins its name; the number of its process follows."""


@contextmanager
def scratch_file(folder: Path, ending: str = "") -> Iterator[Path]:
    """Give an empty file in a folder, and remove it when the block ends.

    Yields
    ------
    Path
        The file, under a name that begins with `PART_PREFIX`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        suffix=ending, prefix=f"{PART_PREFIX}{os.getpid()}-", dir=folder
    )
    os.close(handle)
    scratch = Path(name)
    try:
        yield scratch
    finally:
        with suppress(FileNotFoundError):
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
    """
    with scratch_file(path.parent, path.suffix) as part:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.chmod(0o666 & ~_current_umask())
        part.replace(path)


def _current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def remove_leftovers(*folders: Path) -> None:
    """Remove unfinished files whose process is gone."""
    for folder in folders:
        for part in folder.glob(f"{PART_PREFIX}*"):
            process = part.name.removeprefix(PART_PREFIX).partition("-")[0]
            if process.isdigit() and not _is_running(int(process)):
                with suppress(FileNotFoundError):
                    part.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
