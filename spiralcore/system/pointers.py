"""Files whose content is elsewhere: pointers of Git LFS and of git-annex."""

from __future__ import annotations

import os
import re
from pathlib import Path

from spiralcore.errors import PointerError
from spiralcore.shell import quoted

LARGEST = 1024
"""Bytes; pointers of Git LFS are smaller, says its specification."""

LFS = re.compile(
    rb"(?:\xef\xbb\xbf)?version https?://(?:git-lfs\.github|hawser\.github|git-media)\.\w+/\S+\r?\n"
    rb"(?:.*\n)*?oid sha256:"
)
"""Of Git LFS, by all the names that it has had, with the line ends of any system; see
`docs/spec.md <https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>`_ there."""

LFS_SIZE = re.compile(rb"^size (\d{1,15})\r?$", re.MULTILINE)

ANNEX = re.compile(rb"(?:/|(?:\.\.[/\\])*\.git[/\\])annex[/\\]objects[/\\]\S")
"""Of git-annex: an unlocked file, or a link where there are none; see `pointer file
<https://git-annex.branchable.com/internals/pointer_file/>`_."""

ANNEX_SIZE = re.compile(rb"-s(\d{1,15})-")


def refuse_pointer(path: Path, expected: str) -> None:
    """See to it that a file is itself, before it is read.

    Parameters
    ----------
    path
        The file; one that is not there is no pointer, unless it is a link of git-annex.
    expected
        What it should be, for the message.

    Raises
    ------
    PointerError
        If it is a pointer, with the command that brings its content.
    """
    head = _head(path)
    if LFS.match(head):
        raise PointerError(
            f"{path} is a Git LFS pointer, and its content{_size(LFS_SIZE, head)} is not here.",
            expected,
            "git lfs pull, in the repository that it is from",
        )
    if ANNEX.match(head):
        raise PointerError(
            f"{path} is a git-annex pointer, and its content{_size(ANNEX_SIZE, head)} is not here.",
            expected,
            f"git annex get {quoted(path)}",
        )


def _head(path: Path) -> bytes:
    """Where a link leads that leads nowhere, or what is in a file that is small enough."""
    try:
        if path.is_file():
            if path.stat().st_size > LARGEST:
                return b""
            with path.open("rb") as file:
                return file.read(LARGEST)
        target = os.fsencode(os.readlink(path))
        # From a folder of a work tree, or from anywhere to the objects of another one.
        place = target.find(b".git/annex/objects/")
        return target[max(place, 0) :]
    except (OSError, ValueError):
        # Whoever reads it says what is wrong with it.
        return b""


def _size(pattern: re.Pattern[bytes], head: bytes) -> str:
    found = pattern.search(head)
    return f" of {int(found[1]):,} bytes" if found else ""
