"""What a run of pytest says of snapshots at its end."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from spiralcore.testing.snapshots import Accepted


def summary(
    told: Iterable[Sequence[Sequence[Any]]], orphans: Collection[Path], removed: Collection[Path]
) -> Iterator[str]:
    """Lines that tell which snapshots were written, what changed, and which are of no test.

    Parameters
    ----------
    told
        What the reports of tests say, see `each_once`.
    orphans, removed
        Snapshots of no test, and those of them that are gone.
    """
    accepted = each_once(told)
    for file, fate, words, size in accepted:
        if fate != "as before":
            yield f"{fate:8}{file}, {size / 1e3:.1f} kB"
            yield from (f"{'':8}{line}" for line in words.split("; ") if words)
    for path in orphans:
        what = "removed" if path in removed else "orphan"
        yield f"{what:8}{os.path.relpath(path)}, of no test"
    if accepted:
        kept = sum(fate == "as before" for _, fate, _, _ in accepted)
        total = sum(size for *_, size in accepted)
        yield f"{len(accepted) - kept} written, {kept} as before; {total / 1e3:.1f} kB in all"
    if orphans and not removed:
        yield f"{len(orphans)} of no test; next: pytest --trajectory-update removes them"


def each_once(told: Iterable[Sequence[Sequence[Any]]]) -> list[Accepted]:
    """What became of each file, however often that was told.

    Parameters
    ----------
    told
        What the reports of tests say. Each stage of a test, each repetition and each subtest has a
        report, of all that was told until then.
    """
    found: dict[str, Accepted] = {}
    for report in sorted(told, key=len):
        for later in (Accepted(*values) for values in report):
            earlier = found.get(later.file, later)
            if earlier.fate == "new" or later.fate == "as before":
                later = later._replace(fate=earlier.fate, words=earlier.words)
            found[later.file] = later
    return sorted(found.values())
