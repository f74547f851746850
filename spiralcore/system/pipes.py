"""Pipes that nobody reads any more."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def is_broken_pipe(error: BaseException) -> bool:
    """Whether an error says that a pipe has no reader; Windows calls it an invalid argument."""
    if isinstance(error, BrokenPipeError):
        return True
    invalid = isinstance(error, OSError) and error.errno == errno.EINVAL
    # One that names a file is about its name.
    return sys.platform == "win32" and invalid and getattr(error, "filename", None) is None


@contextmanager
def without_reader() -> Iterator[None]:
    """Go on after a block that has met a pipe without a reader."""
    try:
        yield
    except OSError as error:
        if not is_broken_pipe(error):
            raise
