"""Locks between processes, which vanish with the process that holds them, however it ends.

They are those of `flock`: by what is open and not by process numbers, so that containers and
machines that share a folder see each other's. Where a file system has none, everything goes on
without them: files are whole all the same, and at worst something is made twice.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

if sys.platform != "win32":
    import fcntl

LOCK_PREFIX = ".lock-"
"""How the name of a lock's file begins; it is removed by whoever has held it."""

LOOK_SECONDS = 0.2
"""How often one looks whether somebody else's work has come to an end."""

NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)
"""What a file system answers that has no locks."""


def take(handle: int) -> bool | None:
    """Lock an open file against everyone else, without waiting.

    Returns
    -------
    bool or None
        False if somebody else has locked it; None where there are no locks.
    """
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno in NO_LOCKS:
                return None
            raise
        return True
    return None


def is_there(handle: int, path: Path) -> bool:
    """Whether an open file is still the one of that name."""
    try:
        named, opened = os.stat(path), os.fstat(handle)
    except FileNotFoundError:
        return False
    return (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino)


@contextlib.contextmanager
def only_here(path: Path) -> Iterator[bool]:
    """Work at what belongs at a path, unless another process does.

    Yields
    ------
    bool
        Whether nobody else is at it. Then nobody begins before the block ends.
    """
    lock = _lock_of(path)
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = _taken(lock)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    try:
        yield handle is not None
    finally:
        if handle is not None:
            if sys.platform == "win32":  # which does not remove what is open
                os.close(handle)
            # Removed while it is held: whoever has opened it notices in `is_there`.
            with contextlib.suppress(OSError):
                lock.unlink()
            if sys.platform != "win32":
                os.close(handle)


def is_free(path: Path) -> bool:
    """Whether it seems that nobody works at what belongs at a path."""
    try:
        handle = os.open(_lock_of(path), os.O_RDWR)
    except OSError:
        return True
    try:
        return take(handle) is not False
    finally:
        os.close(handle)


@contextlib.contextmanager
def in_turn(path: Path, say: Callable[[], None]) -> Iterator[None]:
    """Wait until nobody else works at what belongs at a path, then work at it.

    Parameters
    ----------
    path
        What is worked at.
    say
        Is called once if there is somebody to wait for.
    """
    waits = False
    while True:
        with only_here(path) as alone:
            if alone:
                yield
                return
        if not waits:
            waits = True
            say()
        time.sleep(LOOK_SECONDS)


@contextlib.contextmanager
def among_others(folder: Path) -> Iterator[Callable[[], bool]]:
    """Work in a folder in which other processes may work, too.

    Yields
    ------
    Callable
        Whether nobody else works in it. If so, nobody begins before the block ends. To be called
        once, at the end.
    """
    if sys.platform == "win32":  # where a folder cannot be opened, and there are no locks
        folder.mkdir(parents=True, exist_ok=True)
        yield lambda: True
        return
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_SH)
        if is_there(handle, folder):
            break
        os.close(handle)
    try:
        yield lambda: take(handle) is not False
    finally:
        os.close(handle)


def _taken(lock: Path) -> int | None:
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        held = take(handle)
        if held is not False and is_there(handle, lock):
            return handle
        os.close(handle)
        if held is False:
            return None


def _lock_of(path: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(path.name)).hexdigest()
    return path.with_name(f"{LOCK_PREFIX}{digest[:16]}")
