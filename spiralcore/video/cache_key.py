"""Files that say what they were made from, so that nothing is made twice.

Each file carries a key in a field for comments: it comes from the trajectories, the film, the
settings and the code that draws. A file with the right key is up to date.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from spiralcore.errors import TrajectoryError
from spiralcore.system.archive import Archive
from spiralcore.system.pointers import refuse_pointer
from spiralcore.trajectory.file import MAX_BYTES
from spiralcore.video.dependencies import code_digest

MARK = "spiralcore-key:"
KEY_LENGTH = 16

HEAD_BYTES = 4_000_000
TAIL_BYTES = 1_000


def film_key(
    film: str,
    trajectories: Sequence[Path],
    settings: dict[str, Any],
    modules: tuple[str, ...],
) -> str:
    """Name what a film or a figure is made from.

    Parameters
    ----------
    film
        Its name.
    trajectories
        Files; their content counts and not their names.
    settings
        Everything else that decides about a pixel.
    modules
        Full names of those that make it; whatever they import counts, too.
    """
    content = {
        "film": film,
        "trajectories": [source_digest(path) for path in trajectories],
        "settings": settings,
        "code": _code_digest(modules),
    }
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]


def source_digest(path: Path) -> str:
    """Identify a trajectory, or a study, by what is in it.

    Raises
    ------
    TrajectoryError
        If a trajectory is not a zip archive.
    OSError
        If a study cannot be read.
    """
    if path.suffix == ".parquet":
        refuse_pointer(path, "a study.")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    return trajectory_digest(path)


def trajectory_digest(path: Path) -> str:
    """Identify a trajectory file by the checksums of its arrays, without unpacking them.

    Raises
    ------
    TrajectoryError
        If it is not a zip archive.
    """
    try:
        refuse_pointer(path, "a trajectory file.")
        if not path.is_file():
            raise TrajectoryError(f"{path} is not a file.", "a trajectory file.")
        with Archive(path, MAX_BYTES) as archive:
            arrays = [(i.filename, i.CRC, i.file_size) for i in archive.members.values()]
    except TrajectoryError:
        raise
    except Exception as error:
        # zipfile raises a dozen kinds of errors on damaged input.
        raise TrajectoryError(
            f"{path} cannot be read: {str(error)[:200] or type(error).__name__}.",
            "a trajectory file.",
            "spiral info FILE",
        ) from None
    return hashlib.sha256(repr(sorted(arrays)).encode()).hexdigest()


def comment(key: str) -> str:
    """The text that goes into a file."""
    return MARK + key


def is_up_to_date(path: Path, key: str) -> bool:
    """Whether a file is there and was made from what the key names."""
    wanted = comment(key).encode()
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            if wanted in file.read(HEAD_BYTES):
                return True
            file.seek(max(path.stat().st_size - TAIL_BYTES, 0))
            return wanted in file.read()
    except OSError:
        return False


def are_up_to_date(files: Sequence[tuple[Path, str]]) -> bool:
    """Whether all of some files are there, each made from what its key names."""
    return all(is_up_to_date(path, key) for path, key in files)


@cache
def _code_digest(modules: tuple[str, ...]) -> str:
    return code_digest(modules)
