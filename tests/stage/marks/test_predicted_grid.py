"""Regions in the planes of inner layers agree with the network itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.network.at_layer import at_layer
from spiralcore.analysis.network.projection import ProjectedTrajectory, projected
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.recipe import NetworkSettings
from spiralcore.registry.themes import theme
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.predicted_grid import LEVEL, PredictedGrid
from spiralcore.stage.marks.regions import InputRegions
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.view import Frame
from tests.conftest import record, small_recipe
from tests.stage.test_drawn import canvas

BOX = Box(100, 200, 300, 300)


@pytest.fixture(scope="module", params=["tanh", "relu"])
def stacked(request: pytest.FixtureRequest) -> Trajectory:
    network = NetworkSettings(widths=(16, 2, 12, 2))
    return record(small_recipe(activation=request.param, network=network))[0]


def played(trajectory: Trajectory) -> Playback:
    return Playback(trajectory, timeline([trajectory], 2.0))


def nodes(grid: PredictedGrid, shape: tuple[int, ...]) -> np.ndarray:
    """Coordinates of the nodes, shape (rows * columns, 2)."""
    across, upright = grid.covered
    x, y = np.linspace(*across, shape[1]), np.linspace(*upright[::-1], shape[0])
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)


def check(grid: PredictedGrid, network: RecordedNetwork, lift: Callable[..., np.ndarray]) -> None:
    """At the end of the training the grid holds the logits of the network."""
    values = grid.at(99.0)
    assert min(values.shape[:2]) > 70
    places = nodes(grid, values.shape)
    expected = network.logits(-1, lift(places), grid._layer)
    found = values.reshape(-1, values.shape[2])
    # Between the nodes of a refined grid a layer with kinks is interpolated.
    close = np.abs(found - expected).max(axis=1) < 0.02 * np.ptp(expected)
    assert close.mean() > 0.98
    assert (found.argmax(axis=1) == expected.argmax(axis=1)).mean() > 0.97


def test_the_plane_of_an_inner_layer(stacked: Trajectory) -> None:
    inner = at_layer(stacked, 2)
    for path in (stacked, inner):
        grid = PredictedGrid(played(path), Plane(BOX, (-1.2, 1.4), inner.space), 3.0, 2)
        check(grid, RecordedNetwork(stacked), lambda places: places)


def test_the_plane_on_which_a_wide_layer_is_shown(stacked: Trajectory) -> None:
    flat = projected(at_layer(stacked, 3))
    assert isinstance(flat, ProjectedTrajectory)
    plane = Plane(BOX, (-1.0, 2.0), flat.space, rise=0.5)
    grid = PredictedGrid(played(flat), plane, 3.0, 3)
    network = RecordedNetwork(stacked)
    check(grid, network, lambda places: flat.lifted(places, float(network.epochs[-1])))


def test_the_input_plane_of_a_wide_network(wide_trajectory: Trajectory) -> None:
    grid = PredictedGrid(played(projected(wide_trajectory)), Plane(BOX, (-20.0, 20.0)), 3.0)
    check(grid, RecordedNetwork(wide_trajectory), lambda places: places)


def test_a_moving_plane_is_covered_and_asked_anew_only_in_steps(stacked: Trajectory) -> None:
    inner = at_layer(stacked, 1)
    flat = projected(inner)
    plane = Plane(BOX, (-1.0, 1.0), flat.space)
    grid = PredictedGrid(played(flat), plane, 3.0, 1)
    seen = set()
    for zoom in np.geomspace(1, 2, 50):
        plane.show(Frame((-zoom, 1.5 * zoom), 0.2 * zoom))
        grid.at(0.5)
        for covered, limits in zip(grid.covered, (plane.inside, plane.inside_upright), strict=True):
            assert covered[0] <= limits[0] + 1e-9
            assert covered[1] >= limits[1] - 1e-9
            assert covered[1] <= limits[1] * LEVEL * (1 + 1e-9)
        seen.add(grid.covered)
    assert 8 <= len(seen) <= 24


def test_a_bounded_space_is_covered_exactly(stacked: Trajectory) -> None:
    inner = dataclasses.replace(at_layer(stacked, 2), recipe={**stacked.recipe})
    grid = PredictedGrid(played(stacked), Plane(BOX, (-1.3, 1.3), inner.space), 3.0, 2)
    grid.at(0.0)
    lower = inner.space.lower
    assert lower is not None
    assert grid.covered[0][0] == lower
    if inner.space.upper is not None:
        assert grid.covered == ((lower, inner.space.upper), (lower, inner.space.upper))


def test_regions_of_a_larger_grid_are_painted_in_their_place() -> None:
    """A grid beyond the panel gives the same picture as one that ends with it."""
    weight, bias = np.array([[1.0, 0.3], [-0.5, 0.7], [0.1, -1.0]]), np.array([0.0, 0.1, 0.2])
    papers = []
    for across, upright in (((-1.0, 1.0), (-0.5, 1.5)), ((-1.5, 2.0), (-1.0, 3.0))):
        plane = Plane(Box(0, 0, 600, 600), (-1.0, 1.0), rise=0.5)
        x, y = np.linspace(*across, 61), np.linspace(*upright[::-1], 71)
        places = np.stack(np.meshgrid(x, y), axis=-1)
        regions = InputRegions(plane, theme("dark"), (places @ weight.T + bias).astype(np.float32))
        regions.covered = across, upright
        papers.append(canvas())
        regions.paint(papers[-1])
    one, other = (paper.pixels.astype(int) for paper in papers)
    assert one[:600, :600, :3].max() > 0
    assert one[600:].max() == other[600:].max() == 255
    difference = np.abs(one - other)
    assert (difference > 3).mean() < 0.001
