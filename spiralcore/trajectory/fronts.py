"""What trajectories do by way of other packages: films, pictures, widgets, thinning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from numpy.typing import ArrayLike

from spiralcore.errors import SpiralError
from spiralcore.extras import RECORDING, require
from spiralcore.shell import pip_install
from spiralcore.trajectory.clip import Clip

if TYPE_CHECKING:
    from spiralcore.recipe import RecordingSettings

GROUP = "spiralcore.trajectory"
"""Entry points of this group are functions: `film`, `explore` and `html` take a trajectory first,
`run` its class, `live` makes what shows a record while it grows."""


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
        f"installed: {pip_install(['film'])}, or `make setup` in a clone."
    )


class Fronted:
    """What a trajectory does by way of other rooms."""

    def film(
        self,
        name: str = "bending",
        path: str | Path | None = None,
        *,
        jobs: int | None = None,
        **settings: object,
    ) -> Clip:
        """Make a film; in a notebook it shows itself inside the page.

        Parameters
        ----------
        name
            Which film of one network, see `spiral films`.
        path
            File to make; its ending says in which format. Left out, the film lives as long as the
            result.
        jobs
            Processes; left out, as many as there are cores. With 1 the film is made in this
            process, without another one.
        settings
            How it looks: those of ``[film]`` in a recipe. The quality is 480p30 where it is not
            given.

        Raises
        ------
        UsageError
            If there is no such film, it cannot show this trajectory, or a setting is wrong.
        MissingExtraError
            If the packages for drawing are not installed.
        """
        clip: Clip = front("film")(self, name, path, jobs, **settings)
        return clip

    def explore(
        self, *, epoch: int | None = None, points: Sequence[int] = (), height: int = 720
    ) -> Any:
        """Explore it in a notebook: a widget with the explorer of the page.

        Parameters
        ----------
        epoch
            Where to begin; the last epoch if left out.
        points
            Points whose paths are drawn, counted from 0.
        height
            Of the widget, in pixels.

        Returns
        -------
        anywidget.AnyWidget
            Its ``epoch`` and ``points`` are what is chosen in it; they can be set, observed and
            linked as those of any widget.

        Raises
        ------
        MissingExtraError
            If anywidget is missing.
        UsageError
            If it cannot be drawn in a plane, or there is no such epoch or point.
        """
        return front("explore")(self, epoch, points, height)

    def _repr_html_(self) -> str:
        """A poster and a summary, for notebooks."""
        html: str = front("html")(self)
        return html

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
