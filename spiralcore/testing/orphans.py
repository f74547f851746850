"""Snapshots that belong to no test any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spiralcore.system.file_names import key
from spiralcore.testing.names import ENDING, begins, module_folder


@dataclass(frozen=True)
class Suite:
    """What a run of tests has to say about snapshots.

    Attributes
    ----------
    rooms
        Folders that hold a folder for each module; beside each are its modules.
    tests
        For the snapshot folder of each module that was collected, the stem of each of its tests
        and whether it has passed.
    used
        Files that were asked for.
    """

    rooms: Collection[Path] = ()
    tests: Mapping[Path, Mapping[str, bool]] = field(default_factory=dict)
    used: Collection[Path] = ()

    @classmethod
    def of(
        cls,
        told: Sequence[Mapping[str, Any]],
        chosen: Collection[Path],
        ended: Collection[str],
        passed: Collection[str],
    ) -> Suite:
        """Put together what the processes of a run have told; an empty suite if not all has run.

        Parameters
        ----------
        told
            By each process: whether what it collected is ``whole``, its ``items``, its ``rooms``,
            its ``tests`` as in `Suite` with the items in the place of their outcome, and ``used``.
        chosen
            Folders of which all tests were to run.
        ended, passed
            Items that came to their end, and those of them that passed.
        """
        if not all(part.get("whole") and set(part["items"]) <= set(ended) for part in told):
            return cls()
        rooms = {Path(room) for part in told for room in part["rooms"]}
        return cls(
            {room for room in rooms if any(top in room.resolve().parents for top in chosen)},
            {
                Path(folder): {stem: item in passed for stem, item in items.items()}
                for part in told
                for folder, items in part["tests"].items()
            },
            {Path(path) for part in told for path in part["used"]},
        )


def orphans(suite: Suite) -> list[Path]:
    """Find snapshots that are certain to be of no test.

    A test that was skipped or failed may have snapshots that it did not come to, and a module that
    is there and was not collected may have any.
    """
    used = {key(str(path)) for path in suite.used}
    return sorted(
        path
        for room in suite.rooms
        for folder in _folders(room)
        for path in folder.rglob(f"*{ENDING}")
        if key(str(path)) not in used and not _may_belong(path, folder, suite)
    )


def _folders(room: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (folder for folder in room.iterdir() if folder.is_dir())


def _may_belong(path: Path, folder: Path, suite: Suite) -> bool:
    tests = suite.tests.get(folder)
    if tests is None:
        modules = (file for file in folder.parents[1].iterdir() if file.is_file())
        return any(key(module_folder(file)) == key(folder.name) for file in modules)
    stem = path.relative_to(folder).as_posix().removesuffix(ENDING)
    return any(begins(stem, test) and not passed for test, passed in tests.items())


def removed(paths: Iterable[Path], rooms: Collection[Path]) -> list[Path]:
    """Remove files, and folders within some rooms that become empty; gives the files."""
    gone = []
    for path in paths:
        with suppress(OSError):
            path.unlink()
            gone.append(path)
            for folder in path.parents:
                folder.rmdir()
                if folder in rooms:
                    break
    return gone
