"""How much memory the training of a network takes, before any of it is asked for."""

from __future__ import annotations

from itertools import pairwise

from spiralcore.errors import UsageError
from spiralcore.recipe.network_recipe import NetworkRecipe

NUMBER = 4
"""Bytes of a number."""

COPIES = 4
"""Of the parameters: themselves, their gradient, and the two moments of Adam."""


def training_bytes(recipe: NetworkRecipe, points: int, networks: int = 1, kept: int = 1) -> int:
    """Memory of a training, what is the same for all trainings left out.

    Parameters
    ----------
    recipe
        The network.
    points
        How many pass through it at a time.
    networks
        How many train in step.
    kept
        1 if the run is recorded, with its read-out at every epoch; 0 otherwise.
    """
    sizes = (2, *recipe.network.widths, recipe.classes)
    parameters = sum(a * b + b for a, b in pairwise(sizes))
    # Values and slopes of each layer, and the inputs.
    passing = points * (2 * sum(sizes[1:]) + sizes[0])
    head = (sizes[-2] + 1) * sizes[-1] + 3
    recorded = kept * recipe.training.epochs * head
    return NUMBER * (networks * (COPIES * parameters + passing) + recorded)


def points_count(recipe: NetworkRecipe) -> int:
    """Number of points of a network's data."""
    return sum(recipe.data.class_sizes(recipe.classes))


def machine_bytes() -> int:
    """Memory of this machine; 0 where it does not say."""
    import psutil  # here, as few settings lead to the question

    try:
        return int(psutil.virtual_memory().total)
    except (OSError, RuntimeError):
        return 0


def check_memory(recipe: NetworkRecipe, networks: int = 1, kept: int = 1) -> None:
    """Refuse a training that does not fit into the memory of this machine.

    Raises
    ------
    UsageError
        Saying how much it takes, and what to change.
    """
    points = points_count(recipe)
    needed, there = training_bytes(recipe, points, networks, kept), machine_bytes()
    if there and needed > there:
        raise UsageError(
            f"{recipe.title}: the training takes {needed / 1e9:,.0f} GB of memory for "
            f"{points:,} points, {recipe.training.epochs:,} epochs and the widths "
            f"{' '.join(map(str, recipe.network.widths))}.",
            f"at most {there / 1e9:,.0f} GB, all that this machine has.",
            "fewer points, narrower layers or fewer epochs",
        )
