"""What a snapshot keeps of a trajectory: few epochs, and nothing that can be left out."""

from __future__ import annotations

import numpy as np

from spiralcore.trajectory.compare.comparison import INCIDENTAL
from spiralcore.trajectory.trajectory import Trajectory

MOST_EPOCHS = 16
"""Epochs of a snapshot where no other number is named."""


def snapshot_of(path: Trajectory, most: int = MOST_EPOCHS) -> Trajectory:
    """Thin a trajectory.

    Kept are the first epoch, the last one, and others evenly chosen from the kept ones: the
    recorder keeps them where something moves. Left out are what a trajectory may lack without
    being another (`INCIDENTAL`), and by which versions it was made, which is not what is tested.

    Parameters
    ----------
    path
        What to keep.
    most
        Number of epochs at most, 2 or more.

    Returns
    -------
    Trajectory
        With float32 arrays of T' epochs; its file takes about
        4 (T' (N D + K (D + 1)) + 3 (E + 1) + 2 N) bytes before it is packed.
    """
    count = len(path.epochs)
    chosen = np.unique(np.linspace(0, count - 1, min(max(most, 2), count)).round().astype(int))
    arrays = {name: values for name, values in path.arrays().items() if name not in INCIDENTAL}
    for name in arrays:
        if name in ("epochs", "hidden", "readout_weight", "readout_bias") or "layer_" in name:
            arrays[name] = np.asarray(arrays[name])[chosen]
    recipe = {name: value for name, value in path.recipe.items() if name != "made"}
    return Trajectory.of(recipe, **arrays)
