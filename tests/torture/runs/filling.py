"""Full and forbidden: disks without room, folders that cannot be written or that go away."""

from __future__ import annotations

import errno
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import numpy as np

from spiralcore.system.engine import Failed
from tests.torture.parts import Row
from tests.torture.runs.disk import Disk, why_no_disk
from tests.torture.runs.workroom import contents, make, tiny_recipe

SIZES = {"training": 9, "films": 42, "figures": 9}
"""What there is no room for, and how many amounts of room are tried for it."""

SHORT_SIZES = {"films": 3}


@dataclass
class Tally:
    """What came of many runs that could not write.

    Attributes
    ----------
    refused
        By the word for the job, how often it found no room.
    troubles
        What went wrong.
    """

    refused: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)

    def judge(self, name: str, failures: list[Failed], reason: int) -> None:
        """Look at what a run said."""
        for failure in failures:
            self.refused[_kind(failure)] += 1
            said = str(failure.error)
            if os.strerror(reason) not in said or "Traceback" in said:
                self.troubles.append(f"{name}: {failure.job.title} said {said!r}")
            elif ": " not in said.partition(os.strerror(reason))[0]:
                self.troubles.append(f"{name}: {failure.job.title} names no place: {said!r}")

    def compare(self, name: str, found: dict[str, bytes], *allowed: dict[str, bytes]) -> None:
        """Each file is one of those that are allowed, and nothing else is there."""
        for path, data in found.items():
            if path.startswith(".segments/") and not Path(path).name.startswith("."):
                continue  # finished pieces, for the next call
            if not any(files.get(path) == data for files in allowed):
                self.troubles.append(f"{name}: {path} is neither the old file nor the new one")


def _kind(failure: Failed) -> str:
    function = failure.job.function.rpartition(":")[2]
    return function.replace("_", " ")


def fill(folder: Path, sizes: Mapping[str, int]) -> Tally:
    """Make everything over older files, with ever more room, and once more with enough.

    Parameters
    ----------
    folder
        For the disk.
    sizes
        For each stage of `changes_of` how many amounts of room are tried.
    """
    tally = Tally()
    renders = folder / "renders"
    with Disk(folder) as disk:
        for stage, count in sizes.items():
            new, old = (tiny_recipe(renders, seed=seed, **changes_of(stage)) for seed in (1, 2))
            make(new)
            wanted = contents(renders)
            shutil.rmtree(renders)
            make(old)
            before = contents(renders)
            if stage != "training":
                # What comes first is there already, so that the room is for the rest.
                before |= {n: d for n, d in wanted.items() if n.startswith("trajectories/")}
            needed = sum(len(d) for n, d in wanted.items() if before.get(n) != d)
            for room in np.linspace(0, needed, count).astype(int).tolist():
                _restore(renders, before)
                name = f"{stage} with {room // 1024} of {needed // 1024} KiB"
                disk.leave(room)
                tally.judge(name, make(new).failures, errno.ENOSPC)
                tally.compare(name, contents(renders), before, wanted)
                disk.leave(None)
                if make(new).failures:
                    tally.troubles.append(f"{name}: fails with room, too")
                found, there = contents(renders), {**before, **wanted}
                if found != there:
                    odd = [n for n in {*found, *there} if found.get(n) != there.get(n)]
                    tally.troubles.append(f"{name}: then different: {odd}")
            shutil.rmtree(renders)
    return tally


def changes_of(stage: str) -> dict[str, object]:
    """What to make of the tiny recipe for a stage."""
    return {
        "training": {"films": [], "figures": False},
        "films": {"figures": False},
        "figures": {"films": []},
    }[stage]


def _restore(renders: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(renders)
    for path, data in files.items():
        (renders / path).parent.mkdir(parents=True, exist_ok=True)
        (renders / path).write_bytes(data)


def fill_temporary(folder: Path) -> str:
    """What a training says whose folder for temporary files is full."""
    with Disk(folder / "temporary") as disk:
        disk.leave(4096)
        with patch("tempfile.tempdir", str(disk.folder)):
            failures = make(tiny_recipe(folder / "renders", **changes_of("training"))).failures
        return str(failures[0].error).splitlines()[0] if failures else "nothing"


def lock_out(folder: Path) -> Tally:
    """Make everything over older files where nothing can be written, and once more where it can."""
    tally = Tally()
    new, old = (tiny_recipe(folder / "renders", seed=n, figures=False) for n in (1, 2))
    with Disk(folder) as disk:
        make(tiny_recipe(folder / "renders", **changes_of("training")))
        make(old)
        before = contents(folder / "renders")
        disk.lock(True)
        if make(old).made:
            tally.troubles.append("what is up to date was made again")
        try:
            tally.judge("new", make(new).failures, errno.EROFS)
        except OSError as error:  # before the first job; the command says it in our words
            tally.refused["films"] += 1
            if error.errno != errno.EROFS or not str(error.filename).startswith(str(folder)):
                tally.troubles.append(f"new: {error!r}")
        training = tiny_recipe(folder / "renders", seed=3, **changes_of("training"))
        tally.judge("network", make(training).failures, errno.EROFS)
        if contents(folder / "renders") != before:
            tally.troubles.append("old files have changed")
        disk.lock(False)
        if make(new).failures:
            tally.troubles.append("fails where it can write, too")
    return tally


def rows(folder: Path, short: bool) -> Iterator[Row]:
    """The table of this part."""
    why = why_no_disk()
    if why:
        yield Row("full disks and folders that cannot be written", f"not tried: {why}")
        return
    sizes = SHORT_SIZES if short else SIZES
    tally = fill(folder / "full", sizes)
    refused = ", ".join(f"{name} {number}" for name, number in sorted(tally.refused.items()))
    yield Row(
        f"disks with {sum(sizes.values())} different amounts of room: who found none, how often",
        refused,
    )
    yield Row(
        "no clear word, an old file lost, a part of a file, something left, no success with room",
        "; ".join([str(len(tally.troubles)), *tally.troubles[:3]]),
        not tally.troubles,
    )
    said = fill_temporary(folder / "other")
    held = os.strerror(errno.ENOSPC) in said
    yield Row("no room for temporary files", said.replace(f"{folder}/other/", ""), held)
    tally = lock_out(folder / "locked")
    refused = ", ".join(f"{name} {number}" for name, number in sorted(tally.refused.items()))
    yield Row(
        f"a folder that cannot be written: refused {refused}; troubles",
        "; ".join([str(len(tally.troubles)), *tally.troubles[:3]]),
        not tally.troubles,
    )
