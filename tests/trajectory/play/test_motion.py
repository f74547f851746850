"""How much points move: the width that movement is measured by, and the marks between it."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore.registry.spaces import PLANE, QUADRANT, SQUARE
from spiralcore.trajectory.play.motion import MotionMarks, panel_width, panel_widths


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


def line(*places: float) -> list[np.ndarray]:
    """Two points side by side on the x axis, at one place after the other."""
    return [np.array([[place, 0.0], [place, 1.0]], dtype=np.float32) for place in places]


def test_marks_lie_a_step_of_the_panel_apart() -> None:
    marks = MotionMarks(0.1, 100)
    seen = [
        marks.see(epoch, at, 2.0) for epoch, at in enumerate(line(0, 0.19, 0.2, 0.3, 0.39, 0.4))
    ]
    assert seen == [True, False, True, False, False, True]
    assert marks.epochs == [0, 2, 5]


def test_trembling_sets_no_mark_however_long() -> None:
    marks = MotionMarks(0.1, 100)
    for epoch, at in enumerate(line(*[0.0, 0.09] * 50)):
        marks.see(epoch, at, 1.0)
    assert marks.epochs == [0]


def test_movement_is_the_mean_square_over_the_points() -> None:
    start = np.zeros((4, 2), dtype=np.float32)
    one = start.copy()
    one[0] = (0.3, 0.4)  # 0.5 for one of four: 0.25 for all
    marks = MotionMarks(0.25, 100)
    assert marks.see(0, start, 1.0)
    assert not marks.see(1, one, 1.01)
    assert marks.see(2, one, 1.0)


@pytest.mark.parametrize("most", [4, 5])
def test_too_many_marks_are_halved_and_the_step_doubled(most: int) -> None:
    marks = MotionMarks(1.0, most)
    for epoch, at in enumerate(line(*range(most + 1))):
        assert marks.see(10 * epoch, at, 1.0)
    assert marks.epochs == [10 * epoch for epoch in range(0, most + 1, 2)]
    assert marks.step == 2.0
    assert not marks.see(99, line(most + 1.5)[0], 1.0)
    assert marks.see(100, line(most + 2)[0], 1.0)
