"""What figures say in words: which network, how good it is, what is wrong with it."""

from __future__ import annotations

import numpy as np

from spiralcore.analysis.network import RecordedNetwork
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.trouble import trouble

LONGEST_NAME = 24


def network_title(trajectory: Trajectory) -> str:
    """For example ``4 classes, tanh, seed 1``."""
    parts = [f"{trajectory.classes} classes", plain(trajectory.activation_label)]
    seed = trajectory.recipe.get("seed")
    if seed is not None:
        parts.append(f"seed {plain(str(seed))}")
    return ", ".join(parts)


def plain(text: str) -> str:
    """A name from a file: short, and of letters that can be printed."""
    letters = "".join(letter if letter.isprintable() else "?" for letter in text)
    return letters if len(letters) <= LONGEST_NAME else letters[: LONGEST_NAME - 1] + "…"


def known_network(network: RecordedNetwork) -> str:
    """When the network was last known whole."""
    return f"after epoch {int(network.epochs[-1]):,}"


def result(trajectory: Trajectory) -> str:
    """Accuracy and cross-entropy at the end, as far as they are known."""
    values = (
        ("accuracy", trajectory.accuracy[-1]),
        ("cross-entropy", trajectory.cross_entropy[-1]),
    )
    return ", ".join(f"{name} {value:.3f}" for name, value in values if np.isfinite(value))


def warning(trajectory: Trajectory) -> str:
    """What keeps this run from being a result; an empty text where nothing does."""
    return trouble(trajectory)
