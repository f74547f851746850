"""What films say that they show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from spiralcore.analysis.network import RecordedNetwork
from spiralcore.trajectory import Trajectory


def subject(trajectory: Trajectory) -> str:
    """Say what a network does: ``a tanh network bends the spirals into the square``."""
    label = trajectory.activation_label
    article = "an" if label[0] in "aeio" else "a"
    goal, shown = trajectory.space.goal(trajectory.units), trajectory.shown
    if shown is not None:
        goal = f"in hidden layer {shown.layer}" if shown.layer else f"in {shown.units} dimensions"
    return f"{article} {label} network bends the {data_name([trajectory])} {goal}"


def data_name(trajectories: Iterable[Trajectory]) -> str:
    """What the data are called: ``spirals`` where all files say so, else ``points``."""
    return "spirals" if all(_is_of_spirals(path) for path in trajectories) else "points"


def data_caption(trajectory: Trajectory) -> str:
    """What the panel of the data shows, or why it shows no more."""
    if trajectory.inputs.shape[1] != 2:
        return "the data"
    if not RecordedNetwork.is_in(trajectory):
        return "the data; the network was not recorded"
    return "the data, and the class predicted there"


def _is_of_spirals(trajectory: Trajectory) -> bool:
    data = trajectory.recipe.get("data")
    return isinstance(data, Mapping) and "turns" in data and "table_sha256" not in data
