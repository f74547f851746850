"""Trajectories: how a hidden layer moved during training. Needs NumPy and SciPy only."""

from spiralcore.trajectory.moment import Fidelity, Moment
from spiralcore.trajectory.trajectory import Trajectory

__all__ = ["Fidelity", "Moment", "Trajectory"]
