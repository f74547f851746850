"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PART_PREFIX = ".part-"
"""How a file that is being written begins its name; safe to delete when nothing runs."""


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
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=path.suffix, prefix=PART_PREFIX, dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.chmod(0o666 & ~_current_umask())
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
