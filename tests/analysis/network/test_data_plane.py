from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.network.data_plane import data_plane


def of(trajectory: Trajectory, inputs: np.ndarray) -> Trajectory:
    count = len(inputs)
    return replace(
        trajectory,
        inputs=inputs.astype(np.float32),
        labels=(np.arange(count) % trajectory.classes).astype(np.int64),
        hidden=np.zeros((len(trajectory.epochs), count, 2), np.float32),
        hidden_mean=None,
        fidelity=None,
        parameters=None,
        parameter_epochs=None,
    )


@pytest.mark.parametrize(("count", "size"), [(50, 5), (20, 300), (9, 9), (1100, 1200)])
def test_the_plane_is_that_of_the_largest_variance(
    trajectory: Trajectory, count: int, size: int
) -> None:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(count, size)) * np.linspace(0.1, 1, size) + 7
    inputs[:, 3] *= 40
    inputs[:, 1] *= 400
    points, share = data_plane(of(trajectory, inputs))
    single = np.linalg.svd(inputs - inputs.mean(axis=0), compute_uv=False)
    assert share == pytest.approx((single[:2] ** 2).sum() / (single**2).sum(), rel=1e-4)
    spread = np.linalg.norm(points, axis=0)
    np.testing.assert_allclose(spread, single[:2], rtol=1e-4)
    again = data_plane(of(trajectory, inputs)).points
    np.testing.assert_array_equal(points, again)


def test_points_of_the_plane_a_line_and_a_place(trajectory: Trajectory) -> None:
    assert data_plane(trajectory) == (trajectory.inputs, None)
    line = data_plane(of(trajectory, np.arange(6.0)[:, None]))
    np.testing.assert_allclose(line.points[:, 0], np.arange(6) - 2.5)
    assert not line.points[:, 1].any()
    assert line.share == pytest.approx(1)
    assert not data_plane(of(trajectory, np.ones((6, 4)))).points.any()
    two = data_plane(of(trajectory, np.eye(2, 9)[[0, 1, 0]]))
    assert two.share == pytest.approx(1)
