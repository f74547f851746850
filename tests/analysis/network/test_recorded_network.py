"""The recorded network on more points than go through it at a time."""

from __future__ import annotations

import numpy as np

from spiralcore import Trajectory
from spiralcore.analysis.network import recorded_network
from spiralcore.analysis.network.recorded_network import RecordedNetwork


def test_many_points_go_through_it_as_few_do(trajectory: Trajectory) -> None:
    network = RecordedNetwork(trajectory)
    count = 2 * recorded_network.NEAR + 5
    places = np.random.default_rng(4).uniform(-1, 1, (count, 2)).astype(np.float32)
    for index in (0, len(network.epochs) - 1):
        drawn = network.drawn(index, places)
        assert drawn.shape == (count, network.widths[-1])
        *_, wanted, logits = network.forward(index, places)
        assert logits.shape == (count, trajectory.classes)
        np.testing.assert_allclose(drawn, wanted, atol=1e-5)
    assert network.drawn(0, places[:0]).shape == (0, network.widths[-1])
