"""Trajectories from arrays that have every epoch of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from numpy.typing import ArrayLike

from spiralcore.extras import RECORDING, require
from spiralcore.trajectory.fronts import front

if TYPE_CHECKING:
    from spiralcore.recipe import RecordingSettings


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
