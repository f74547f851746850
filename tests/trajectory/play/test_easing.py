from __future__ import annotations

import numpy as np
import pytest

from spiralcore.trajectory.play.easing import Keys, eased


def test_what_is_eased_stands_still_at_both_ends() -> None:
    assert [eased(share) for share in (-1, 0, 0.5, 1, 2)] == [0, 0, 0.5, 1, 1]
    shares = np.linspace(0, 1, 101)
    steps = np.diff([eased(share) for share in shares])
    assert (steps > 0).all()
    assert steps[0] < 0.05 * steps.max()
    assert steps[-1] < 0.05 * steps.max()


def test_keys_are_reached_at_their_time_and_rests_are_kept() -> None:
    keys = Keys([(1, 0.0), (3, 1.0), (4, 1.0), (8, -1.0)])
    reached = [keys(second) for second in (-5, 1, 2, 3, 3.5, 4, 6, 8, 99)]
    assert reached == [0, 0, 0.5, 1, 1, 1, 0, -1, -1]


def test_two_keys_at_one_time_are_a_leap() -> None:
    keys = Keys([(0, 0.0), (2, 0.0), (2, 1.0)])
    assert (keys(1.999), keys(2.0)) == (0.0, 1.0)


@pytest.mark.parametrize("keys", [[], [(2, 0.0), (1, 1.0)]])
def test_keys_out_of_order_are_refused(keys: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="keys have to be in the order of time, and one at least"):
        Keys(keys)
