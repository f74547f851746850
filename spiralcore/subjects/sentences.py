"""What films say that they show, in words."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.data.sets import noun_of
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.unrecorded import is_unlabelled


def sentence(trajectory: Trajectory) -> str:
    """Say what a network does: ``a tanh network bends the spirals into the square``."""
    label = f"{trajectory.activation_label} network"
    if not trajectory.recipe.get("activation"):
        label = "network"
    article = "an" if label[0] in "aeio" else "a"
    return f"{article} {label} {_deed(trajectory)}"


def heading(trajectory: Trajectory) -> str:
    """The same for the top of a film: ``tanh bends the spirals into the square``."""
    if not trajectory.recipe.get("activation"):
        return sentence(trajectory)
    return f"{trajectory.activation_label} {_deed(trajectory)}"


def _deed(trajectory: Trajectory) -> str:
    goal, shown = trajectory.space.goal(trajectory.units), trajectory.shown
    if shown is not None:
        goal = f"in hidden layer {shown.layer}" if shown.layer else f"in {shown.units} dimensions"
    return f"bends the {data_name([trajectory])} {goal}"


def counted(trajectory: Trajectory) -> str:
    """``4 classes``, or how many points there are, where no labels say what they are."""
    if is_unlabelled(trajectory):
        return f"{trajectory.points:,} points"
    return f"{trajectory.classes} classes"


def value_ends(trajectory: Trajectory) -> tuple[str, str] | None:
    """The least and the largest measured value, for people; None where points have classes."""
    return None if trajectory.targets is None else ends_of(trajectory.targets)


def ends_of(targets: NDArray[np.float32]) -> tuple[str, str]:
    """The least and the largest of measured values, for people."""
    return f"{targets.min():,.4g}", f"{targets.max():,.4g}"


def data_name(trajectories: Iterable[Trajectory]) -> str:
    """What the data are called, for example ``spirals``; ``points`` where files do not agree."""
    names = {noun_of(trajectory.recipe.get("data")) for trajectory in trajectories}
    return names.pop() if len(names) == 1 else "points"


def data_captions(trajectory: Trajectory) -> tuple[str, ...]:
    """What the panel of the data shows, or why it shows no more; the same in fewer words."""
    if trajectory.inputs.shape[1] == 2 and not RecordedNetwork.is_in(trajectory):
        return "data; network not recorded", "data, no network", "data"
    return ("data",)


def background(trajectory: Trajectory) -> str:
    """What the colours behind the points are, in the layer and, where it is known, in the data."""
    known = trajectory.knows_readout or RecordedNetwork.is_in(trajectory)
    return "background: predicted class" if known else ""
