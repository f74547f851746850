"""What smoothing costs, on paths with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.trajectory.play.drawn_error import drawn_error
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import SMOOTHING, Playback
from spiralcore.trajectory.play.timeline import Timeline
from tests.conftest import made_trajectory

EVEN = Timeline(np.array([0.0, 10.0]), np.array([0.0, 1000.0]))


def test_exact_paths_are_drawn_where_they_are(trajectory: Trajectory) -> None:
    paced = timeline([trajectory], 8)
    assert drawn_error(Playback(trajectory, paced, smoothing=0)) == (0.0, 0.0, 0.0)
    off = drawn_error(Playback(trajectory, paced))
    assert 0 < off.p50 <= off.p90 <= off.max < 1


def test_a_jump_is_drawn_half_of_it_away_at_most() -> None:
    """One of the points jumps through half of the square at once, and stands still else."""
    hidden = np.zeros((4, 3, 2))
    hidden[2:, 1, 0] = 1.0
    path = made_trajectory(hidden, np.array([0, 501, 502, 1000]))
    off = drawn_error(Playback(path, EVEN, smoothing=0.2))
    # The square is 2 wide; at the time of the jump the mean of both places is drawn.
    assert off.max == pytest.approx(0.25, abs=0.03)
    # Within three deviations of the jump, 12 of 100 tenths, and nowhere else.
    assert off.p50 == pytest.approx(0.0, abs=1e-6)
    assert off.p90 < 0.02


def test_steady_motion_costs_nothing() -> None:
    hidden = np.linspace(-0.9, 0.9, 11)[:, None, None] * np.ones((1, 2, 2))
    path = made_trajectory(hidden, np.arange(0, 1001, 100))
    assert drawn_error(Playback(path, EVEN, smoothing=0.2)).p50 < 1e-6


def test_films_smooth_as_playbacks_do_and_a_recipe_may_say_other() -> None:
    assert FilmSettings().smoothing == SMOOTHING
    assert FilmSettings(smoothing=0).smoothing == 0
