from __future__ import annotations

import numpy as np
import pytest

from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.spaces import PLANE, Space
from spiralcore.trajectory.play.probes import probes_of

SPACES = {entry.space for entry in ACTIVATIONS.values()} | {PLANE}


@pytest.mark.parametrize("units", [2, 3, 5])
@pytest.mark.parametrize("space", sorted(SPACES, key=str), ids=str)
def test_probes_lie_in_their_space(space: Space, units: int) -> None:
    probes = probes_of(space, units, 500)
    assert probes.shape[1] == units
    assert space.distance(probes).max() < 1e-9
    np.testing.assert_array_equal(probes, probes_of(space, units, 500))


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu", "disk", "sphere"])
def test_shares_of_probes_are_shares_of_the_area(name: str) -> None:
    space = ACTIVATIONS[name].space
    probes = probes_of(space, 2, 2048)
    middle = 0.5 if name in ("sigmoid", "relu") else 0.0
    for axis in (0, 1):
        assert (probes[:, axis] > middle).mean() == pytest.approx(0.5, abs=0.01)
    if name == "tanh":
        corner = (probes > 0.9).all(axis=1).mean()
        assert corner == pytest.approx(0.05**2, abs=0.001)
    if name == "disk":
        assert (np.linalg.norm(probes, axis=1) < 0.5).mean() == pytest.approx(0.25, abs=0.01)
