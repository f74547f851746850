"""What films say that they show."""

from __future__ import annotations

from spiralcore.trajectory import Trajectory


def subject(trajectory: Trajectory) -> str:
    """Say what a network does: ``a tanh network bends the spirals into the square``."""
    label = trajectory.activation_label
    article = "an" if label[0] in "aeio" else "a"
    goal, shown = trajectory.space.goal(trajectory.units), trajectory.shown
    if shown is not None:
        goal = f"in hidden layer {shown.layer}" if shown.layer else f"in {shown.units} dimensions"
    return f"{article} {label} network bends the spirals {goal}"
