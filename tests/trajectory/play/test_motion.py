"""How much points move: the width that movement is measured by, and the marks between it."""

from __future__ import annotations

import numpy as np

from spiralcore.registry.spaces import PLANE, QUADRANT, SQUARE
from spiralcore.trajectory.play.motion import panel_width, panel_widths


def test_a_bounded_space_has_one_width() -> None:
    run = np.random.default_rng(0).normal(size=(5, 3, 2)).astype(np.float32)
    assert panel_widths(run, SQUARE).tolist() == [2.0] * 5
    assert panel_width(run[0], SQUARE) == 2.0


def test_an_unbounded_space_reaches_to_the_farthest_point() -> None:
    run = np.array([[[1.0, 4.0], [2.0, 0.0]], [[0.1, 0.2], [0.0, 0.3]]], dtype=np.float32)
    assert panel_widths(run, QUADRANT).tolist() == [4.0, 0.5]
    lower = run - np.float32(1.5)
    np.testing.assert_allclose(panel_widths(lower, PLANE), [4.0, 0.5])
    # The origin is always in the panel.
    assert panel_width(run[0] + 10, PLANE) == 14.0
