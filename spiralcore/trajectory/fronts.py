"""What trajectories can do that other packages bring: films, pictures in a notebook, thinning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Self

from numpy.typing import ArrayLike

from spiralcore.errors import SpiralError
from spiralcore.extras import RECORDING, require

if TYPE_CHECKING:
    from spiralcore.recipe import RecordingSettings

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


class OfEveryEpoch:
    """What makes a trajectory of a whole run."""

    @classmethod
    def from_run(
        cls,
        recipe: Mapping[str, Any] | str | bytes | None = None,
        *,
        settings: RecordingSettings | None = None,
        **arrays: ArrayLike,
    ) -> Self:
        """Make a trajectory from arrays that have every epoch, and keep those that it needs.

        Epochs are chosen as a recorder chooses them, and `fidelity` says how far the trajectory is
        from the run, over all of its epochs.

        Parameters
        ----------
        recipe
            See `from_arrays`.
        settings
            Which epochs are kept, and how large the file may become.
        arrays
            As of `from_arrays`, but all for every epoch: ``hidden`` has the shape (E + 1, N, D),
            read-outs (E + 1, K, D) and (E + 1, K), and there are no ``epochs``.

        Raises
        ------
        TrajectoryError
            See `from_arrays`.
        MissingExtraError
            If the packages for recording are not installed.
        """
        require(RECORDING)
        made: Self = front("run")(cls, recipe, settings, arrays)
        return made
