from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import subspace_angles
from scipy.stats import ortho_group

from spiralcore import Trajectory
from spiralcore.analysis.network.projection import (
    HOLD,
    SECONDS,
    ProjectedTrajectory,
    alignment,
    principal_axes,
    projected,
    seconds_on_screen,
)
from spiralcore.errors import UsageError
from spiralcore.trajectory.shown import Shown
from tests.conftest import made_trajectory


def cloud(seed: int = 0, points: int = 60, units: int = 5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(points, units)) * np.arange(units, 0, -1) + rng.normal(size=units)


def wide_path(scale: np.ndarray | None = None) -> Trajectory:
    """Six epochs of 40 points in five units, two classes."""
    hidden = np.stack([cloud(epoch, 40) for epoch in range(6)])
    if scale is not None:
        hidden *= scale[:, None, None]
    path = made_trajectory(hidden[..., :2])
    rng = np.random.default_rng(9)
    return Trajectory.from_arrays(
        {"activation": "tanh"},
        **{
            **path.arrays(),
            "hidden": hidden,
            "hidden_mean": hidden + 0.25,
            "readout_weight": rng.normal(size=(6, 2, 5)),
            "readout_bias": rng.normal(size=(6, 2)),
        },
    )


def test_one_picture_has_the_axes_of_its_singular_value_decomposition() -> None:
    points = cloud()
    found = principal_axes([points])
    _, sizes, rows = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    for axis, row in zip(found.axes.T, rows, strict=False):
        np.testing.assert_allclose(axis, row * np.sign(row[np.abs(row).argmax()]), atol=1e-9)
    assert found.share == pytest.approx((sizes[:2] ** 2).sum() / (sizes**2).sum())
    assert found.shares.tolist() == [found.share]


def test_the_share_is_the_variance_that_is_left() -> None:
    pictures = [cloud(seed) for seed in range(4)]
    found = principal_axes(pictures, 3)
    kept = [(picture @ found.axes).var(axis=0).sum() for picture in pictures]
    whole = [picture.var(axis=0).sum() for picture in pictures]
    np.testing.assert_allclose(found.shares, np.divide(kept, whole))
    assert found.share == pytest.approx(found.shares.mean())
    np.testing.assert_allclose(found.axes.T @ found.axes, np.eye(3), atol=1e-12)


def test_no_other_axes_show_more() -> None:
    pictures, weights = [cloud(seed) * 10.0**seed for seed in range(4)], np.array([1, 2, 0, 3])
    best = principal_axes(pictures, 2, weights).share
    for seed in range(50):
        axes = ortho_group.rvs(5, random_state=seed)[:, :2]
        shares = [(p @ axes).var(axis=0).sum() / p.var(axis=0).sum() for p in pictures]
        assert np.average(shares, weights=weights) <= best


def test_large_pictures_do_not_drown_small_ones() -> None:
    small, large = cloud(1), cloud(2)
    plain = principal_axes([small, large])
    grown = principal_axes([small, 1e4 * large])
    np.testing.assert_allclose(grown.axes, plain.axes, atol=1e-9)


def test_signs_do_not_depend_on_the_order_of_anything() -> None:
    pictures = [cloud(seed) for seed in range(5)]
    axes = principal_axes(pictures).axes
    assert (axes[np.abs(axes).argmax(axis=0), [0, 1]] > 0).all()
    for other in (pictures[::-1], [picture[::-1] for picture in pictures]):
        np.testing.assert_allclose(principal_axes(other).axes, axes, atol=1e-9)


def test_points_in_one_place_show_all_there_is() -> None:
    dead = np.full((30, 4), 7.0)
    found = principal_axes([dead, dead])
    assert found.shares.tolist() == [1.0, 1.0]
    np.testing.assert_array_equal(found.axes, np.eye(4, 2))
    alive = cloud(units=4)
    np.testing.assert_allclose(
        principal_axes([dead, alive]).axes, principal_axes([alive]).axes, atol=1e-12
    )


def test_one_unit_has_one_axis() -> None:
    found = principal_axes([np.arange(5.0)[:, None]])
    np.testing.assert_array_equal(found.axes, [[1.0, 0.0]])
    assert found.share == 1.0


@pytest.mark.parametrize("mirrored", [False, True])
def test_an_alignment_undoes_a_rotation_or_a_reflection(mirrored: bool) -> None:
    reference = cloud(units=2)
    turn = np.array([[np.cos(2.5), np.sin(2.5)], [-np.sin(2.5), np.cos(2.5)]])
    if mirrored:
        turn = turn @ np.diag([1.0, -1.0])
    found = alignment(reference @ turn + [3.0, -8.0], reference)
    np.testing.assert_allclose(found, turn.T, atol=1e-9)
    assert np.linalg.det(found) == pytest.approx(-1.0 if mirrored else 1.0)


def test_an_alignment_is_the_best_one() -> None:
    picture, reference = cloud(1, units=2), cloud(2, units=2)
    picture, reference = picture - picture.mean(axis=0), reference - reference.mean(axis=0)
    best = ((picture @ alignment(picture, reference) - reference) ** 2).sum()
    for seed in range(50):
        other = ortho_group.rvs(2, random_state=seed)
        assert best <= ((picture @ other - reference) ** 2).sum() + 1e-9


def test_a_projected_layer_lies_on_its_axes() -> None:
    path = wide_path()
    shown = projected(path)
    assert isinstance(shown, ProjectedTrajectory)
    np.testing.assert_allclose(shown.hidden, path.hidden @ shown.axes, atol=1e-5)
    np.testing.assert_allclose(shown.hidden_mean, path.hidden_mean @ shown.axes, atol=1e-5)
    assert shown.shown is not None
    weights = seconds_on_screen(path)
    assert shown.shown.share == pytest.approx(np.average(shown.shares, weights=weights))
    assert shown.shown.units == 5
    assert shown.space.name(2) == "plane"
    assert shown.fidelity is None
    assert shown.share_at(2.5) == pytest.approx(shown.shares[2:4].mean())


def test_regions_are_those_of_the_whole_read_out_on_the_plane() -> None:
    path = wide_path()
    shown = projected(path)
    assert isinstance(shown, ProjectedTrajectory)
    places = cloud(8, units=2).astype(np.float32)
    for index, epoch in enumerate(path.epochs):
        values = shown.lifted(places, float(epoch))
        whole = values @ path.readout_weight[index].T + path.readout_bias[index]
        moment = shown.evaluate(float(epoch))
        np.testing.assert_allclose(
            places @ moment.readout_weight.T + moment.readout_bias, whole, atol=1e-4
        )
        np.testing.assert_allclose(values @ shown.axes, places, atol=1e-5)
        mean = path.hidden[index].mean(axis=0)
        there = shown.lifted((mean @ shown.axes).astype(np.float32)[None], float(epoch))
        np.testing.assert_allclose(there[0], mean, atol=1e-5)


def test_a_layer_that_is_flat_loses_nothing() -> None:
    flat = made_trajectory(np.stack([cloud(epoch, 40, 2) for epoch in range(4)]))
    turn = ortho_group.rvs(6, random_state=1)[:2]
    path = Trajectory.from_arrays(
        {},
        **{
            **flat.arrays(),
            "hidden": flat.hidden @ turn,
            "readout_weight": flat.readout_weight @ turn,
        },
    )
    shown = projected(path)
    assert isinstance(shown, ProjectedTrajectory)
    np.testing.assert_allclose(shown.shares, 1.0, atol=1e-6)
    assert subspace_angles(shown.axes, turn.T).max() < 1e-3
    before, after = (
        np.linalg.norm(one.hidden[:, 1:] - one.hidden[:, :1], axis=2) for one in (flat, shown)
    )
    np.testing.assert_allclose(after, before, atol=1e-4)


def test_a_late_growth_does_not_decide_about_the_axes() -> None:
    grown = wide_path(np.array([1, 1, 1, 1, 1, 300.0]))
    only_last = principal_axes([grown.hidden[-1]]).axes
    shown = projected(grown)
    assert isinstance(shown, ProjectedTrajectory)
    assert subspace_angles(shown.axes, only_last).max() > 0.1
    assert shown.shares[:-1].min() > 0.5


def test_the_time_on_screen_is_that_of_a_film() -> None:
    seen = seconds_on_screen(wide_path())
    assert seen.sum() == pytest.approx(SECONDS + 2 * HOLD)
    assert (seen > 0).all()
    assert seen[0] > HOLD
    assert seen[-1] > HOLD


def test_a_projection_can_be_kept(tmp_path: Path) -> None:
    shown = projected(wide_path())
    shown.save(tmp_path / "flat.npz")
    again = Trajectory.load(tmp_path / "flat.npz")
    assert again.shown == shown.shown
    assert again.space == shown.space
    np.testing.assert_allclose(again.hidden, shown.hidden, atol=0.01)


def test_what_is_as_narrow_stays_as_it_is() -> None:
    path = made_trajectory(np.stack([cloud(epoch, 40, 2) for epoch in range(3)]))
    assert projected(path) is path
    three = projected(wide_path(), 3)
    assert three.units == 3


def test_one_unit_has_no_plane() -> None:
    narrow = made_trajectory(np.zeros((2, 4, 2)))
    narrow = Trajectory.from_arrays(
        {},
        **{
            **narrow.arrays(),
            "hidden": narrow.hidden[..., :1],
            "readout_weight": narrow.readout_weight[..., :1],
        },
    )
    with pytest.raises(UsageError) as error:
        projected(narrow)
    assert str(error.value) == (
        "the given arrays: the layer has 1 unit.\nexpected: 2 units or more."
    )
    with pytest.raises(UsageError, match=r"the layer has 2 units\.\nexpected: 3 units or more"):
        projected(made_trajectory(np.zeros((2, 4, 2))), 3)


def test_what_a_recipe_says_of_a_layer_is_not_trusted() -> None:
    whole = Shown(0, 2, 5, "tanh", 7, 1.0)
    assert Shown.of(whole.note()) == whole
    assert Shown.of(Shown(9, share=0.0).note()) == Shown(9, share=0.0)
    for name, odd, kept in (
        ("layer", -1, 0), ("layers", True, 0), ("known_epochs", 2.5, 0), ("activation", 5, ""),
        ("share", 1.5, None), ("share", -0.1, None), ("share", "all", None),
    ):  # fmt: skip
        note = {"shown": {**whole._asdict(), name: odd}}
        assert Shown.of(note) == whole._replace(**{name: kept})


@pytest.mark.parametrize(
    "note", [3, {}, {"units": True}, {"units": "8"}, {"units": -1, "share": 0.5}]
)
def test_a_recipe_with_other_notes_is_no_projection(note: object) -> None:
    path = made_trajectory(np.zeros((2, 4, 2)))
    odd = Trajectory.from_arrays({"activation": "tanh", "shown": note}, **path.arrays())
    assert odd.shown is None
    assert odd.space.name(2) == "square"
