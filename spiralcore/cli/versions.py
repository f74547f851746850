"""Trajectories that were made with other versions than those that are installed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

DECIDING = ("torch", "numba", "numpy")
"""Packages whose versions may decide about the last digits of a trajectory."""


def other_versions(paths: Iterable[Path]) -> list[str]:
    """A line for each version that is not the one that is installed.

    Such trajectories are kept: their keys come from the settings. The same settings may give
    others in the last digits now.
    """
    from spiralcore.system.printable import printable
    from spiralcore.trajectory.file import read_recipe

    found: Counter[tuple[str, str, str]] = Counter()
    for path in paths:
        made = read_recipe(path).get("made")
        versions = made.get("versions") if isinstance(made, dict) else None
        for name in DECIDING:
            then = versions.get(name) if isinstance(versions, dict) else None
            now = _installed(name)
            if then and now and then != now:
                found[name, printable(then), now] += 1
    return [
        f"trajectories made with {name} {then}, which is {now} here: {count}; they are kept, and "
        "training them again may give other last digits"
        for (name, then, now), count in found.items()
    ]


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
