"""Of very many points each is smaller and fainter; small panels show an even choice of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import UNIT
from spiralcore.stage.panels.trajectory_cloud import (
    POINT_OPACITY,
    TrajectoryCloud,
    thinned,
    trajectory_cloud,
)
from tests.stage.test_film import opened


@pytest.fixture(scope="module")
def film(trajectory: Trajectory) -> Film:
    return opened("bending", trajectory)


def cloud_of(film: Film, trajectory: Trajectory, times: int, radius: float) -> TrajectoryCloud:
    """So many copies of the points of a trajectory, in a cloud."""
    many = replace(
        trajectory,
        inputs=np.tile(trajectory.inputs, (times, 1)),
        labels=np.tile(trajectory.labels, times),
        hidden=trajectory.hidden[:1].repeat(times, axis=1),
        epochs=trajectory.epochs[:1],
        readout_weight=trajectory.readout_weight[:1],
        readout_bias=trajectory.readout_bias[:1],
        hidden_mean=None,
        parameters=None,
        parameter_epochs=None,
        layers={},
    )
    places = np.zeros((many.points, 3))
    places[:, :2] = many.inputs / 10
    return trajectory_cloud(film, many, places, radius)


def test_usual_numbers_of_points_are_drawn_as_they_are(film: Film, trajectory: Trajectory) -> None:
    cloud = cloud_of(film, trajectory, 1, 6.0)
    assert (cloud.radius, cloud.opacity) == (6.0 * UNIT, POINT_OPACITY)
    assert len(cloud.order) == trajectory.points


def test_many_points_cover_as_much_as_the_usual_ones(film: Film, trajectory: Trajectory) -> None:
    times = 50_000 // trajectory.points
    cloud = cloud_of(film, trajectory, times, 6.0)
    assert len(cloud.order) == times * trajectory.points
    covered = len(cloud.order) * cloud.radius**2 * cloud.opacity
    assert covered == pytest.approx(5000 * (6.0 * UNIT) ** 2 * POINT_OPACITY, rel=1e-6)
    cloud.show_by(0.5)
    assert cloud.opacity == pytest.approx(POINT_OPACITY * (len(cloud.order) / 5000) ** -0.5 / 2)


def test_small_panels_show_some_of_the_points_of_each_class(
    film: Film, trajectory: Trajectory
) -> None:
    times = 50_000 // trajectory.points
    cloud = cloud_of(film, trajectory, times, 1.6)
    assert len(cloud.order) == len(set(cloud.order.tolist())) == 7680
    labels = np.tile(trajectory.labels, times)
    wanted = np.bincount(labels) * 7680 / len(labels)
    assert np.abs(np.bincount(labels[cloud.order]) - wanted).max() <= 1
    places = np.zeros((len(labels), 3))
    places[:, 0] = labels
    cloud.set_positions(places)
    cloud.emphasise(labels / labels.max())
    np.testing.assert_array_equal(cloud.points[:, 0], labels[cloud.order])
    np.testing.assert_allclose(cloud.strengths, labels[cloud.order] / labels.max())


def test_rare_classes_keep_their_share() -> None:
    labels = np.array([0] * 9900 + [1] * 100)
    chosen = labels[thinned(labels, 1000)]
    assert np.bincount(chosen).tolist() == [990, 10]
