"""A network that is handed to an open page: all that its explorer draws, in one archive."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.gallery.manifest import network_facts
from spiralcore.gallery.part_jobs import live_arrays, shown_in_gallery
from spiralcore.gallery.parts import archive
from spiralcore.gallery.playground import SECONDS
from spiralcore.trajectory import Trajectory

FACTS = "facts"
"""The member with what is no array: JSON, as bytes."""


def handed(trajectory: Trajectory, title: str, compression: int = 0) -> bytes:
    """The archive; see `script/handed.js`.

    Parameters
    ----------
    trajectory
        As it was recorded.
    title
        What people call it.
    compression
        As that of zlib; none for what does not leave the machine.

    Raises
    ------
    UsageError
        If it cannot be drawn in a plane.
    """
    shown = shown_in_gallery(trajectory)
    facts = {"network": network_facts(title, shown), "identity": _identity(trajectory)}
    return words(facts, live_arrays(shown, SECONDS), compression)


def words(
    facts: dict[str, Any], arrays: dict[str, NDArray[Any]] | None = None, compression: int = 0
) -> bytes:
    """An archive of facts, with arrays or without."""
    text = json.dumps(facts, allow_nan=False).encode()
    return archive({FACTS: np.frombuffer(text, np.uint8), **(arrays or {})}, compression)


def _identity(trajectory: Trajectory) -> str:
    """What stays the same while one network is trained."""
    known = trajectory.inputs.tobytes() + trajectory.labels.tobytes()
    recipe = {name: trajectory.recipe.get(name) for name in ("activation", "layer", "seed")}
    whole = known + json.dumps([trajectory.units, recipe], default=str).encode()
    return hashlib.sha256(whole).hexdigest()[:20]
