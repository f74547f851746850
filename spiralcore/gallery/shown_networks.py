"""What the page shows: networks with names of their own, in rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from spiralcore.gallery.part_jobs import shown_in_gallery
from spiralcore.recipe import Recipe
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.system.file_names import is_device
from spiralcore.system.printable import printable
from spiralcore.trajectory import Trajectory

LONGEST_NAME = 60


@dataclass(frozen=True, eq=False)
class ShownNetwork:
    """A network on the page.

    Attributes
    ----------
    path
        Its file.
    name
        What addresses and files of the page call it: lower case letters, digits and hyphens.
    title
        What people call it; may hold any text.
    trajectory
        What is shown of it.
    """

    path: Path
    name: str
    title: str
    trajectory: Trajectory


def of_recipe(recipe: Recipe, there: Iterable[Path]) -> list[ShownNetwork]:
    """The networks of a run, in the order of the table, as far as their files are there."""
    known = set(there)
    exhibits = []
    for classes in recipe.classes:
        for activation in recipe.activations:
            path = recipe.trajectory_path(recipe.network_recipe(classes, activation))
            if path in known:
                title = f"{classes} classes, {ACTIVATIONS[activation].label}"
                shown = shown_in_gallery(Trajectory.load(path))
                exhibits.append(ShownNetwork(path, safe(f"{classes}-{activation}"), title, shown))
    return exhibits


def of_files(paths: Sequence[Path]) -> list[ShownNetwork]:
    """Networks of any files, by their class counts.

    Raises
    ------
    TrajectoryError
        If a file is not a trajectory.
    UsageError
        If the drawn layer of one cannot be shown in a plane.
    """
    exhibits: list[ShownNetwork] = []
    for path, title in zip(paths, titles(paths), strict=True):
        name = unique(safe(path.stem), [network.name for network in exhibits])
        shown = shown_in_gallery(Trajectory.load(path))
        if shown.run_name:
            title = unique(printable(shown.run_name), [network.title for network in exhibits])
        exhibits.append(ShownNetwork(path, name, title, shown))
    return sorted(exhibits, key=lambda network: network.trajectory.classes)


def titles(paths: Sequence[Path]) -> list[str]:
    """What to call files: their names, with as many folders before them as tell them apart.

    A file that is given twice has a number the second time.
    """
    found: list[str] = []
    for path in paths:
        whole = path.absolute().with_suffix("").parts
        others = [other.absolute().with_suffix("").parts for other in paths if other != path]
        parts = 1
        while parts < len(whole) and any(other[-parts:] == whole[-parts:] for other in others):
            parts += 1
        found.append(unique(printable("/".join(whole[-parts:])), found))
    return found


def rows(exhibits: Sequence[ShownNetwork]) -> list[list[ShownNetwork]]:
    """Networks that learned the same points stand in one row."""
    found: dict[tuple[int, str], list[ShownNetwork]] = {}
    for network in exhibits:
        path = network.trajectory
        points = hashlib.sha256(path.inputs.tobytes() + path.labels.tobytes()).hexdigest()
        found.setdefault((path.classes, points), []).append(network)
    return list(found.values())


def safe(text: str) -> str:
    """A name for files and addresses that resembles a text."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST_NAME]
    # Also where the page is moved to Windows.
    return f"network-{name}" if is_device(name) else name or "network"


def unique(name: str, taken: Sequence[str]) -> str:
    """A name that is not taken, with a number where it has to be."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found
