"""What runs have left in a folder: its networks, by what their files say of themselves.

Reading the recipes of all files takes a while, so a manifest beside them keeps what was found. It
is made again where it is lost or damaged, and a file that has changed since is read again.
"""

from __future__ import annotations

import contextlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.system.files import whole_file
from spiralcore.trajectory.file import read_recipe

NAME = "manifest.json"
SCHEMA = "spiralcore.manifest/1"


class NetworkKey(NamedTuple):
    """What tells the networks of a run apart."""

    classes: int
    activation: str


def networks_in(folder: Path) -> dict[NetworkKey, list[Path]]:
    """The trajectories in a folder, in the order of their names.

    Files that do not say a class count and a known activation are left out. A manifest that cannot
    be written is done without.
    """
    known = _read(folder / NAME)
    entries: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.npz")):
        if "." in path.stem:
            continue  # of an attempt that failed, see `spiralcore.training.training_job`
        with contextlib.suppress(FileNotFoundError):  # another run may clear the folder
            state = path.stat()
            stamp = {"bytes": state.st_size, "modified": state.st_mtime_ns}
            entry = known.get(path.name, {})
            if {name: entry.get(name) for name in stamp} != stamp:
                recipe = read_recipe(path)
                entry = {**stamp, **{name: recipe.get(name) for name in NetworkKey._fields}}
            entries[path.name] = entry
    if entries and entries != known:
        _write(folder / NAME, entries)
    found = defaultdict(list)
    for name, entry in entries.items():
        classes, activation = entry["classes"], entry["activation"]
        if isinstance(classes, int) and isinstance(activation, str) and activation in ACTIVATIONS:
            found[NetworkKey(classes, activation)].append(folder / name)
    return dict(found)


def _read(path: Path) -> dict[str, dict[str, Any]]:
    """The entries of a manifest; none where it is not there, or not whole."""
    try:
        content = json.loads(path.read_text("utf-8"))
        entries = content["networks"] if content["schema"] == SCHEMA else {}
        wanted = {"bytes", "modified", *NetworkKey._fields}
        return {name: dict(entry) for name, entry in entries.items() if wanted == set(entry)}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _write(path: Path, entries: dict[str, dict[str, Any]]) -> None:
    text = json.dumps({"schema": SCHEMA, "networks": entries}, indent=1)
    with contextlib.suppress(OSError), whole_file(path) as part:
        part.write_text(text + "\n", "utf-8", newline="\n")
