"""Points and regions on their way from the data to the layer are at both ends what panels show."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.registry.themes import theme
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.predicted_grid import GRID_STEP, PredictedGrid
from spiralcore.stage.marks.regions import HiddenRegions, InputRegions
from spiralcore.stage.painted import Painted
from spiralcore.stage.panels.data_panel import input_plane
from spiralcore.stage.story.morph import Morph, MorphRegions
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.view import View
from tests.conftest import record, small_recipe
from tests.stage.test_drawn import canvas

BOX = Box(100, 200, 400, 400)
SECONDS = (-1.0, 0.7, 99.0)


@pytest.fixture(scope="module", params=["tanh", "relu", "disk", "leaky_relu"])
def played(request: pytest.FixtureRequest) -> Playback:
    trajectory = record(small_recipe(activation=request.param))[0]
    return Playback(trajectory, timeline([trajectory], 2.0))


def painted(mobject: Painted) -> np.ndarray:
    paper = canvas()
    mobject.paint(paper)
    return paper.pixels[200:600, 100:500].copy()


@pytest.mark.parametrize("second", SECONDS)
def test_points_are_at_both_ends_where_the_panels_have_them(
    played: Playback, second: float
) -> None:
    trajectory, morph = played.trajectory, Morph(played, BOX)
    data = input_plane(trajectory, BOX).to_scene(trajectory.inputs)
    np.testing.assert_array_equal(morph.places(second, 0.0), data)
    frame = View(played).frame(second)
    plane = Plane(BOX, frame.limits, trajectory.space, frame.rise)
    layer = plane.to_scene(played.at(second).hidden)
    np.testing.assert_array_equal(morph.places(second, 1.0), layer)


def test_paths_are_straight_and_lead_one_way(played: Playback) -> None:
    morph = Morph(played, BOX)
    start, end = morph.places(0.7, 0.0), morph.places(0.7, 1.0)
    way, length = end - start, np.linalg.norm(end - start, axis=1)
    passed = np.zeros(len(start))
    for share in np.linspace(0, 1, 9)[1:]:
        gone = morph.places(0.7, float(share)) - start
        np.testing.assert_allclose(np.linalg.norm(gone, axis=1), share * length, atol=1e-9)
        along = (gone * way).sum(axis=1) / np.maximum(length, 1e-12)
        np.testing.assert_allclose(along, share * length, atol=1e-9)
        assert (along >= passed).all()
        passed = along


@pytest.mark.parametrize("second", SECONDS)
def test_regions_are_at_both_ends_those_of_the_panels(played: Playback, second: float) -> None:
    trajectory, colours = played.trajectory, theme("dark")
    morph = Morph(played, BOX)
    bent = MorphRegions(morph, colours)
    bent.move(second, 0.0)
    plane = input_plane(trajectory, BOX)
    grid = PredictedGrid(played, plane, GRID_STEP)
    behind_data = InputRegions(plane, colours, grid.at(second))
    behind_data.covered = grid.covered
    assert alike(painted(bent), painted(behind_data)) == 1.0
    bent.move(second, 1.0)
    frame, moment = View(played).frame(second), played.at(second)
    layer = Plane(BOX, frame.limits, trajectory.space, frame.rise)
    cuts = HiddenRegions(layer, colours, moment.readout_weight, moment.readout_bias)
    # The same straight lines, once from a grid and once from their formula.
    assert alike(painted(bent), painted(cuts)) > 0.995


def alike(one: np.ndarray, other: np.ndarray) -> float:
    """Share of pixels that look the same."""
    return float((np.abs(one.astype(int) - other).max(axis=2) <= 6).mean())


def test_regions_bend_without_a_leap(played: Playback) -> None:
    bent = MorphRegions(Morph(played, BOX), theme("dark"))
    pictures = []
    for share in np.linspace(0, 1, 26):
        bent.move(99.0, float(share))
        pictures.append(painted(bent))
    changes = [1 - alike(one, other) for one, other in pairwise(pictures)]
    assert max(changes) < 0.35
    assert 1 - alike(pictures[0], pictures[-1]) > 0.1


def test_any_moment_can_be_asked_for_in_any_order(played: Playback) -> None:
    colours = theme("dark")
    asked = [(0.3, 0.2), (99.0, 0.7), (-1.0, 1.0)]
    once, again = (MorphRegions(Morph(played, BOX), colours) for _ in range(2))
    pictures = {}
    for key in asked:
        once.move(*key)
        pictures[key] = painted(once)
    for key in reversed(asked):
        again.move(*key)
        np.testing.assert_array_equal(painted(again), pictures[key])


def test_without_a_recorded_network_there_are_points_but_no_regions(played: Playback) -> None:
    path = played.trajectory
    arrays = {name: value for name, value in path.arrays().items() if "parameter" not in name}
    bare = Trajectory.from_arrays(path.recipe, **arrays)
    assert MorphRegions.has_regions(path)
    assert not MorphRegions.has_regions(bare)
    morph = Morph(Playback(bare, played.timeline), BOX)
    np.testing.assert_array_equal(morph.places(0.5, 0.4), Morph(played, BOX).places(0.5, 0.4))


def test_data_of_more_dimensions_start_in_their_principal_plane(played: Playback) -> None:
    path = played.trajectory
    wide = np.column_stack([path.inputs, 0.01 * path.inputs[:, :1]])
    arrays = {name: value for name, value in path.arrays().items() if "parameter" not in name}
    wider = Trajectory.from_arrays(path.recipe, **{**arrays, "inputs": wide})
    morph = Morph(Playback(wider, played.timeline), BOX)
    (left, top), (right, bottom) = BOX.corners()[:, :2]
    start = morph.places(0.0, 0.0)
    assert ((start[:, 0] > left) & (start[:, 0] < right)).all()
    assert ((start[:, 1] > bottom) & (start[:, 1] < top)).all()
