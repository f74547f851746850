from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore import Trajectory
from spiralcore.errors import TrajectoryError
from tests.conftest import made_trajectory


def test_evaluating_a_kept_epoch_gives_what_was_kept(trajectory: Trajectory) -> None:
    for i, epoch in enumerate(trajectory.epochs):
        moment = trajectory.evaluate(float(epoch))
        np.testing.assert_array_equal(moment.hidden, trajectory.hidden[i])
        np.testing.assert_array_equal(moment.readout_weight, trajectory.readout_weight[i])
        np.testing.assert_array_equal(moment.readout_bias, trajectory.readout_bias[i])


@given(share=st.floats(0, 1))
def test_between_kept_epochs_the_path_is_straight(share: float) -> None:
    path = made_trajectory(np.array([[[0.0, 0.0]], [[1.0, -0.5]]]), np.array([10, 20]))
    moment = path.evaluate(10 + 10 * share)
    np.testing.assert_allclose(moment.hidden, [[share, -0.5 * share]], atol=1e-6)


def test_outside_of_the_kept_epochs_nothing_moves(trajectory: Trajectory) -> None:
    np.testing.assert_array_equal(trajectory.evaluate(-5).hidden, trajectory.hidden[0])
    np.testing.assert_array_equal(trajectory.evaluate(1e9).hidden, trajectory.hidden[-1])


def test_dead_units_are_named_with_the_epoch() -> None:
    hidden = np.ones((4, 3, 2))
    hidden[2:, :, 1] = 0
    path = made_trajectory(hidden, np.array([0, 5, 9, 12]), activation="relu")
    assert path.dead_since == {1: 9}
    assert made_trajectory(np.ones((2, 3, 2))).dead_since == {}


def changed(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Trajectory], None]:
    def make(path: Trajectory) -> None:
        dataclasses.replace(path, **{name: change(getattr(path, name).copy())})

    return make


def with_nan(array: np.ndarray) -> np.ndarray:
    array[(1,) * array.ndim] = np.nan
    return array


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            changed("hidden", lambda a: a[:, :-1]),
            "the given arrays: the array 'hidden' has the shape (4, 2, 2).\n"
            "expected: floats of the shape (T, N, D). Here T = 4, N = 3, I = 2, D = 2.",
        ),
        (
            changed("hidden", with_nan),
            "the given arrays: the array 'hidden' holds nan at [1, 1, 1].\n"
            "expected: finite numbers below 1e+15.",
        ),
        (
            changed("accuracy", with_nan),
            "the given arrays: the array 'accuracy' holds nan at [1].\n"
            "expected: finite numbers from 0 to 1.",
        ),
        (
            changed("accuracy", lambda a: np.array([0, 50, 98, 99.5], np.float32)),
            "the given arrays: the array 'accuracy' holds 50.0 at [1].\n"
            "expected: finite numbers from 0 to 1.",
        ),
        (
            changed("cross_entropy", lambda a: a - 100),
            "the given arrays: the array 'cross_entropy' holds -99.0 at [0].\n"
            "expected: finite numbers from 0 below 1e+15.",
        ),
        (
            changed("epochs", lambda a: a[::-1]),
            "the given arrays: the array 'epochs' goes from 3 to 0 and does not increase "
            "throughout.\nexpected: strictly increasing epochs from 0 to 3 at most.",
        ),
        (
            changed("epochs", lambda a: np.array([0, 1, 1, 3])),
            "the given arrays: the array 'epochs' goes from 0 to 3 and does not increase "
            "throughout.\nexpected: strictly increasing epochs from 0 to 3 at most.",
        ),
        (
            changed("labels", lambda a: a + 1),
            "the given arrays: the labels go from 1 to 2.\n"
            "expected: 0 to 1, as 'readout_bias' has 2 classes.",
        ),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    make: Callable[[Trajectory], None], message: str
) -> None:
    path = made_trajectory(np.ones((4, 3, 2)))
    with pytest.raises(TrajectoryError) as error:
        make(path)
    assert str(error.value) == message


def test_unknown_and_missing_arrays_are_named() -> None:
    with pytest.raises(TrajectoryError, match=r"There is no array called 'hiden' in a trajectory"):
        Trajectory.from_arrays(hiden=[1.0])
    with pytest.raises(TrajectoryError) as error:
        Trajectory.from_arrays(epochs=[0, 1])
    assert str(error.value) == (
        "the given arrays: the array 'inputs' is missing.\nexpected: floats of the shape (N, I)."
    )


def test_reading_trajectories_loads_neither_torch_nor_manim() -> None:
    code = (
        "import sys, spiralcore.trajectory, spiralcore.analysis.network.decision_polygons; "
        "print([name for name in ('torch', 'manim', 'numba') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_arrays_of_the_wrong_kind_are_refused_before_they_are_used() -> None:
    arrays = made_trajectory(np.zeros((2, 3, 2))).arrays()

    def said(**changes: object) -> str:
        with pytest.raises(TrajectoryError) as raised:
            Trajectory.from_arrays(**{**arrays, **changes})
        return str(raised.value)

    assert said(hidden=None) == (
        "the given arrays: the array 'hidden' is missing.\nexpected: floats of the shape (T, N, D)."
    )
    assert said(labels=np.array([0.0, 1.5, 0.0])) == (
        "the given arrays: the array 'labels' has the type float64 and holds 1.5 at [1].\n"
        "expected: integers of the shape (N,)."
    )
    assert said(fidelity=np.zeros(2)) == (
        "the given arrays: the array 'fidelity' has the shape (2,).\n"
        "expected: floats of the shape (3,)."
    )
    one = {"readout_weight": np.zeros((2, 1, 2)), "readout_bias": np.zeros((2, 1))}
    assert said(labels=np.zeros(3, int), **one) == (
        "the given arrays: there is one class only.\nexpected: two classes or more."
    )
