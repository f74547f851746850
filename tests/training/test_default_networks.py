"""The default networks, for a short time, as they were when somebody looked at them.

`make snapshots` accepts what they are now, and says what changed.

How long and how exact: what is recorded is rounded to half precision, so that a difference in the
last bit of single precision, as between processors and versions of their libraries, may move a
coordinate by 2^-10 of the panel's width, and a point by 1.4 times that: 0.0014. Training enlarges
it: Adam divides each slope by its own size, so that the sign of one that is nearly 0 decides
about a whole step. Over so few epochs this stays far below the tolerance (`docs/snapshots.md` says
how far); after thousands no tolerance would help, see `docs/agreement.md`.
"""

from __future__ import annotations

import pytest

from spiralcore.recipe import NetworkRecipe, RecordingSettings, TrainingSettings
from spiralcore.testing.snapshots import TrajectorySnapshot
from tests.conftest import record

EPOCHS, KEPT = 40, 5
TOLERANCE = 0.004


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("classes", range(2, 8))
def test_default_network(
    classes: int, activation: str, trajectory_snapshot: TrajectorySnapshot
) -> None:
    recipe = NetworkRecipe(
        classes=classes,
        activation=activation,
        seed=1,
        training=TrainingSettings(epochs=EPOCHS),
        # Every epoch, so that which ones are kept does not depend on the last bit.
        recording=RecordingSettings(keep="every"),
    )
    trajectory_snapshot(record(recipe)[0], atol=TOLERANCE, epochs=KEPT)
