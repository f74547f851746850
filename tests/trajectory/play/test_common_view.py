"""What panels share that show different trajectories."""

from __future__ import annotations

from spiralcore.trajectory.play.common_view import CommonView
from spiralcore.trajectory.play.view import Frame


class Fixed:
    """Shows one part of the plane, and then the same one unit farther to the right."""

    def __init__(self, limits: tuple[float, float], rise: float) -> None:
        self.limits, self.rise = limits, rise

    def frame(self, second: float) -> Frame:
        return Frame((self.limits[0] + second, self.limits[1] + second), self.rise - second)


def test_a_common_view_is_the_square_around_all_of_them() -> None:
    # From 0 to 4 across and from 0 to 5 upright: half a unit more on either side.
    both = CommonView([Fixed((0.0, 2.0), 0.0), Fixed((1.0, 4.0), 1.0)])  # type: ignore[list-item]
    assert both.frame(0.0) == Frame((-0.5, 4.5), 0.5)
    assert both.frame(2.0) == Frame((1.5, 6.5), -1.5)
    # From -3 to 5 across and from -1 to 1 upright.
    wide = CommonView([Fixed((-3.0, -1.0), 2.0), Fixed((3.0, 5.0), -4.0)])  # type: ignore[list-item]
    assert wide.frame(0.0) == Frame((-3.0, 5.0), -1.0)
    # From 0 to 1 across and from 6 to 9 upright.
    high = CommonView([Fixed((0.0, 1.0), 6.0), Fixed((0.0, 1.0), 8.0)])  # type: ignore[list-item]
    assert high.frame(0.0) == Frame((-1.0, 2.0), 7.0)
    alone = CommonView([Fixed((2.0, 3.0), -7.0)])  # type: ignore[list-item]
    assert alone.frame(0.0) == Frame((2.0, 3.0), -7.0)
