"""Files of users that are read as a whole: what is one, and how large it may be."""

from __future__ import annotations

import os
from pathlib import Path

from spiralcore.errors import UsageError
from spiralcore.system.pointers import refuse_pointer


def read_whole(
    path: Path, most: int, expected: str, next_step: str = "", smaller: str = ""
) -> bytes:
    """The content of a file, if that is one and is not too large.

    Parameters
    ----------
    path
        The file.
    most
        Bytes that it may have.
    expected, next_step
        What it should be, and what to type for want of it, for messages.
    smaller
        What should be in place of one that is too large; ``expected`` where it is not given.

    Raises
    ------
    UsageError
        If it is a folder, a pipe or a device, cannot be read, or is too large.
    PointerError
        If its content is elsewhere.
    """
    try:
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is not a file.", expected, next_step)
        refuse_pointer(path, expected)
        with path.open("rb") as file:
            # As much as there is: asked for twenty megabytes, a read takes them at once.
            size = os.fstat(file.fileno()).st_size
            data = file.read(min(size, most) + 1)
    except (OSError, ValueError) as error:
        # A name with a null in it is a ValueError.
        what = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{path} cannot be read: {what}.", expected, next_step) from None
    if len(data) > most:
        raise UsageError(f"{path} has more than {most:,} bytes.", smaller or expected)
    return data
