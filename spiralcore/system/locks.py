"""Locks between processes, which vanish with the process that holds them, however it ends.

Each is a file of its own beside what it is for, and never that itself: on Windows what is locked
can neither be read nor moved. It is locked with portalocker: by what is open and not by process
numbers (``flock``, ``LockFileEx``), so that containers and machines that share a folder see each
other's. Where a file system has no locks, everything goes on without them: files are whole all the
same, and at worst something is made twice.
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

LOCK_PREFIX = ".lock-"
"""How the name of a lock's file begins; it is removed by whoever has held it last."""

LOOK_SECONDS = 0.2
"""How often one looks whether somebody else's work has come to an end."""

BRIEF_SECONDS = 0.02
"""How often, where that is about to come."""

NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)
"""What a file system answers that has no locks."""


@contextlib.contextmanager
def only_here(path: Path) -> Iterator[bool]:
    """Work at what belongs at a path, unless another process does.

    Yields
    ------
    bool
        Whether nobody else is at it. Then nobody begins before the block ends.
    """
    with held(path) as alone:
        yield alone is not False


@contextlib.contextmanager
def held(path: Path) -> Iterator[bool | None]:
    """Hold the lock for what belongs at a path, unless another process does.

    Yields
    ------
    bool or None
        False if somebody else holds it; None where there are no locks, so that nobody knows.
    """
    lock = _lock_of(path)
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle, alone = _opened(lock)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    try:
        yield alone
    finally:
        _close(handle, lock, remove=alone is not False)


def is_free(path: Path) -> bool:
    """Whether it seems that nobody works at what belongs at a path."""
    try:
        handle = os.open(_lock_of(path), os.O_RDWR)
    except OSError:
        return True
    try:
        return _take(handle) is not False
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
    """Work in a folder in which other processes may work, too; it is made.

    Yields
    ------
    Callable
        Whether nobody else works in it. If so, nobody begins before the block ends. To be called
        once, at the end.
    """
    lock = _lock_of(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        while (opened := _opened(lock, shared=True))[1] is False:
            # Somebody is about to tidy up.
            os.close(opened[0])
            time.sleep(BRIEF_SECONDS)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from error
    handle, shares = opened
    last: bool | None = None

    def nobody_else() -> bool:
        nonlocal last
        last = shares is None or _take_from_all(handle)
        return last

    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield nobody_else
    finally:
        if last is None and shares:
            last = _take_from_all(handle)
        _close(handle, lock, remove=bool(last))


def remove_left_locks(folder: Path) -> None:
    """Remove the locks of a folder that nobody holds any more."""
    for lock in folder.glob(f"{LOCK_PREFIX}*"):
        with contextlib.suppress(OSError):
            handle = os.open(lock, os.O_RDWR)
            # Where there are no locks, nobody knows, and it stays.
            _close(handle, lock, remove=bool(_take(handle) and _is_there(handle, lock)))


def load() -> None:
    """Load what locks need now, which takes a tenth of a second, and not when one is taken."""
    import portalocker  # noqa: F401


def _opened(lock: Path, *, shared: bool = False) -> tuple[int, bool | None]:
    """Open the file of a lock, and say what came of taking it; see `_take`."""
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        taken = _take(handle, shared=shared)
        if taken is False or _is_there(handle, lock):
            return handle, taken
        os.close(handle)


def _take(handle: int, *, shared: bool = False) -> bool | None:
    """Lock an open file against everyone else, or all but those who share it, without waiting.

    Returns
    -------
    bool or None
        False if somebody else has locked it; None where there are no locks.
    """
    # Here, as it takes as long to load as much of what does without locks.
    import portalocker

    kind = portalocker.LockFlags.SHARED if shared else portalocker.LockFlags.EXCLUSIVE
    try:
        portalocker.lock(handle, kind | portalocker.LockFlags.NON_BLOCKING)
    except portalocker.AlreadyLocked:
        return False
    except portalocker.LockException as error:
        cause = error.__cause__
        if isinstance(cause, OSError) and cause.errno not in NO_LOCKS:
            raise cause from None
        return None
    return True


def _take_from_all(handle: int) -> bool:
    """Have a lock alone that was shared; if that cannot be, it is not held at all any more."""
    import portalocker

    # Windows does not change the kind of a lock.
    portalocker.unlock(handle)
    return _take(handle) is not False


def _is_there(handle: int, path: Path) -> bool:
    """Whether an open file is still the one of that name."""
    if sys.platform == "win32":  # which does not remove what is open
        return True
    try:
        named, opened = os.stat(path), os.fstat(handle)
    except FileNotFoundError:
        return False
    return (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino)


def _close(handle: int, lock: Path, *, remove: bool) -> None:
    """Let go of a lock, and remove its file if nobody else can hold it."""
    if sys.platform == "win32":
        # What somebody has opened meanwhile is not removed.
        os.close(handle)
        if remove:
            with contextlib.suppress(OSError):
                lock.unlink()
        return
    if remove:
        # While it is held: whoever has opened it notices in `_is_there`.
        with contextlib.suppress(OSError):
            lock.unlink()
    os.close(handle)


def _lock_of(path: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(path.name)).hexdigest()
    return path.with_name(f"{LOCK_PREFIX}{digest[:16]}")
