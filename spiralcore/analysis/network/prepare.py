"""Whether a film can show a trajectory, and what it shows of it."""

from __future__ import annotations

from spiralcore.analysis.network.at_layer import at_layer, shown_layer
from spiralcore.analysis.network.projection import projected
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.errors import UsageError
from spiralcore.registry.films import FilmEntry
from spiralcore.trajectory import Trajectory


def check(trajectory: Trajectory, film: FilmEntry, layer: int | None = None) -> None:
    """See to it that a film can show a trajectory, without computing anything of it.

    Parameters
    ----------
    trajectory, film, layer
        See `prepare`.

    Raises
    ------
    UsageError
        If the film cannot show it.
    """
    units = trajectory.units
    if layer is not None:
        if not film.projects:
            raise UsageError(
                f"The film '{film.name}' does not show one layer, so that none can be chosen.",
                "a film without the option --layer, and without 'layer' in the recipe.",
            )
        shown = shown_layer(trajectory, layer)
        units = units if shown is None else shown.units
    source = trajectory.source
    if not film.takes(units):
        raise UsageError(
            f"{source}: the drawn layer has {units} unit{'s' if units > 1 else ''}.",
            f"{film.wanted} for the film '{film.name}'.",
            _training(film),
        )
    alike = 1 + sum(values.shape[2] == units for values in trajectory.layers.values())
    if alike < film.layers:
        raise UsageError(
            f"{source}: {alike} layer{'s' if alike > 1 else ''} of {units} units "
            f"{'were' if alike > 1 else 'was'} recorded.",
            f"{film.wanted} for the film '{film.name}'.",
            _training(film),
        )
    if film.whole_network and not RecordedNetwork.is_in(trajectory):
        raise UsageError(
            f"{source} does not hold the network, which the film '{film.name}' evaluates.",
            "'parameters' and 'parameter_epochs', and the widths in the recipe.",
            "spiral train makes such files",
        )
    if film.whole_network and trajectory.inputs.shape[1] != 2:
        raise UsageError(
            f"{source}: the points have {trajectory.inputs.shape[1]} coordinates.",
            f"2 coordinates for the film '{film.name}', which draws the plane that they lie in.",
        )


def prepare(trajectory: Trajectory, film: FilmEntry, layer: int | None = None) -> Trajectory:
    """What a film shows of a trajectory.

    Parameters
    ----------
    trajectory
        As it was recorded.
    film
        Which says what it can show.
    layer
        Another hidden layer than the last one, counted from 1; see `at_layer`.

    Returns
    -------
    Trajectory
        Of the layer that is shown, projected where it is too wide for the film.

    Raises
    ------
    UsageError
        As `check` does.
    """
    check(trajectory, film, layer)
    if layer is not None:
        trajectory = at_layer(trajectory, layer)
    if film.projects and trajectory.units > max(film.units):
        return projected(trajectory, max(film.units))
    return trajectory


def _training(film: FilmEntry) -> str:
    widths = film.widths or (120, 80, 40, *film.units[:1])
    return f"spiral train --widths {' '.join(map(str, widths))} --out FILE.npz"
