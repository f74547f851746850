"""What trajectories can do that other packages bring: films, pictures in a notebook, thinning."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from spiralcore.errors import SpiralError

GROUP = "spiralcore.trajectory"
"""Entry points of this group are functions that take a trajectory first, `film` and `html`, or its
class: `run`."""


@cache
def front(name: str) -> Callable[..., Any]:
    """Load the function that is declared under a name.

    Raises
    ------
    SpiralError
        If no installed package declares one, as where the package lies in a folder but was not
        installed.
    """
    for entry in entry_points(group=GROUP, name=name):
        function: Callable[..., Any] = entry.load()
        return function
    raise SpiralError(
        f"No installed package makes '{name}' of trajectories. spiralcore does, once it is "
        "installed: pip install 'spiralcore[film]', or `make setup` in a clone."
    )
