from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.quiver import Quiver

from spiralcore import Trajectory
from spiralcore.analysis.network.decision_polygons import decision_polygons
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import mapped, reach
from spiralcore.figures.field_figure import draw_field
from spiralcore.figures.plane_figures import draw_hidden, draw_input, hidden_limits
from spiralcore.figures.style import styled
from spiralcore.registry.spaces import DISK, PLANE, QUADRANT, SQUARE
from spiralcore.registry.themes import THEMES
from spiralcore.trajectory.trouble import dead_units
from tests.conftest import made_trajectory, record, small_recipe

DARK = THEMES["dark"]


@pytest.fixture(autouse=True)
def _styled() -> Iterator[None]:
    with styled(DARK):
        yield


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.texts]


def scattered(figure: Figure) -> np.ndarray:
    (cloud,) = [a for a in figure.axes[0].collections if isinstance(a, PathCollection)]
    return np.asarray(cloud.get_offsets())


def in_order(points: np.ndarray) -> np.ndarray:
    return np.array(sorted(points.tolist()))


def pixels(figure: Figure) -> np.ndarray:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def colour_at(figure: Figure, picture: np.ndarray, place: np.ndarray) -> np.ndarray:
    x, y = figure.axes[0].transData.transform(place)
    return picture[picture.shape[0] - 1 - int(y), int(x), :3]


def test_the_input_plane_shows_all_points_in_their_colours(trajectory: Trajectory) -> None:
    figure = draw_input(trajectory, DARK)
    np.testing.assert_allclose(in_order(scattered(figure)), in_order(trajectory.inputs))
    (cloud,) = [a for a in figure.axes[0].collections if isinstance(a, PathCollection)]
    colours = {tuple(np.round(255 * c[:3]).astype(int)) for c in cloud.get_facecolor()}
    assert colours == {tuple(c.astype(int)) for c in DARK.class_colours(3)}
    assert texts(figure) == [
        "3 classes, tanh, seed 1",
        "The data, and the class predicted after epoch 300",
        f"accuracy {trajectory.accuracy[-1]:.3f}, cross-entropy {trajectory.cross_entropy[-1]:.3f}",
    ]


def test_the_regions_of_the_input_plane_are_what_the_network_predicts(
    trajectory: Trajectory,
) -> None:
    figure = draw_input(trajectory, DARK)
    for cloud in [a for a in figure.axes[0].collections if isinstance(a, PathCollection)]:
        cloud.remove()
    picture = pixels(figure)
    side = 0.98 * reach(trajectory)
    places = np.random.default_rng(5).uniform(-side, side, (400, 2)).astype(np.float32)
    logits = np.sort(mapped(RecordedNetwork(trajectory), places).logits, axis=1)
    classes = mapped(RecordedNetwork(trajectory), places).logits.argmax(axis=1)
    clear = logits[:, -1] - logits[:, -2] > 0.15  # not on a line between two
    assert clear.sum() > 200
    fills = DARK.region_colours(3).astype(int)
    for place, label in zip(places[clear], classes[clear], strict=True):
        found = colour_at(figure, picture, place).astype(int)
        assert np.abs(found - fills[label]).max() <= 2


def test_without_a_network_the_data_are_shown_alone(trajectory: Trajectory) -> None:
    bare = dataclasses.replace(trajectory, parameters=None, parameter_epochs=None)
    figure = draw_input(bare, DARK)
    assert texts(figure)[1] == "The data; the network was not recorded: no predicted classes"
    assert len(scattered(figure)) == trajectory.points
    assert len(figure.axes[0].collections) == 1


def test_the_hidden_plane_shows_the_last_epoch_and_its_regions(trajectory: Trajectory) -> None:
    figure = draw_hidden(trajectory, DARK)
    np.testing.assert_allclose(in_order(scattered(figure)), in_order(trajectory.hidden[-1]))
    wanted = decision_polygons(
        trajectory.readout_weight[-1], trajectory.readout_bias[-1], (-1, -1), (1, 1)
    )
    found = [p.get_xy()[:-1] for p in figure.axes[0].patches if isinstance(p, Polygon)]
    filled = found[::2]  # each is followed by its border line
    for polygon, region in zip(filled, [w for w in wanted if len(w)], strict=True):
        np.testing.assert_allclose(polygon, region)
    (square,) = [p for p in figure.axes[0].patches if type(p) is Rectangle]
    assert (square.get_xy(), square.get_width(), square.get_height()) == ((-1.0, -1.0), 2.0, 2.0)
    subtitle = "The last hidden layer after epoch 300, and the class predicted there"
    assert texts(figure)[1] == subtitle


def test_the_quadrant_has_its_axes(relu_trajectory: Trajectory) -> None:
    axes = draw_hidden(relu_trajectory, DARK).axes[0]
    (line,) = axes.lines
    top = axes.get_xlim()[1]
    assert np.array(line.get_xydata()).tolist() == [[0, top], [0, 0], [top, 0]]
    assert axes.get_ylim() == axes.get_xlim()
    assert top > relu_trajectory.hidden[-1].max()


def test_the_disk_has_its_ring_and_cuts_the_regions() -> None:
    trajectory, _, _ = record(small_recipe(activation="disk"))
    figure = draw_hidden(trajectory, DARK)
    (ring,) = [p for p in figure.axes[0].patches if type(p) is Circle]
    assert (tuple(ring.center), ring.radius) == ((0, 0), 1)
    for cloud in [a for a in figure.axes[0].collections if isinstance(a, PathCollection)]:
        cloud.remove()
    picture = pixels(figure)
    panel = [int(DARK.panel[i : i + 2], 16) for i in (1, 3, 5)]
    outside = colour_at(figure, picture, np.array([0.8, 0.8]))
    assert outside.tolist() == panel
    inside = colour_at(figure, picture, np.array([0.31, 0.47]))
    assert inside.tolist() != panel


def test_without_a_readout_there_are_no_regions(trajectory: Trajectory) -> None:
    arrays = {
        name: value
        for name, value in trajectory.arrays().items()
        if not name.startswith(("readout", "fidelity"))
    }
    bare = Trajectory.from_arrays(trajectory.recipe, **arrays)
    figure = draw_hidden(bare, DARK)
    assert not [p for p in figure.axes[0].patches if isinstance(p, Polygon)]
    assert texts(figure)[1] == (
        "The last hidden layer after epoch 300; no read-out was recorded: no regions"
    )


@pytest.mark.parametrize(
    ("space", "limits"),
    [
        (SQUARE, (-1.12, 1.12)),
        (DISK, (-1.12, 1.12)),
        (QUADRANT, (-0.24, 4.24)),
        (PLANE, (-2.36, 4.36)),
    ],
)
def test_limits_show_the_points_and_the_space(space: object, limits: tuple[float, float]) -> None:
    points = np.array([[-2.0, 0.5], [4.0, 1.0]], dtype=np.float32)
    if space is not PLANE:
        points = np.abs(points)
    assert hidden_limits(points, space) == pytest.approx(limits)


def test_points_that_are_all_the_same_have_limits() -> None:
    zero = np.zeros((4, 2), dtype=np.float32)
    for space in (PLANE, QUADRANT):
        lower, upper = hidden_limits(zero, space)
        assert lower < 0 < upper


def test_arrows_have_the_direction_of_the_function_and_one_length(trajectory: Trajectory) -> None:
    figure = draw_field(trajectory, DARK)
    (arrows,) = [a for a in figure.axes[0].collections if isinstance(a, Quiver)]
    vectors = np.column_stack((arrows.U, arrows.V))
    hidden = mapped(RecordedNetwork(trajectory), arrows.XY.astype(np.float32)).hidden
    wanted = hidden / np.linalg.norm(hidden, axis=1, keepdims=True)
    np.testing.assert_allclose(vectors, wanted, atol=1e-4)
    assert len(vectors) == 27 * 27
    assert arrows.pivot == "middle"


def test_where_a_vector_is_zero_there_is_a_dot() -> None:
    """With a bias of -1 on both units the network is dead in a part of the plane."""
    trajectory, _, _ = record(small_recipe(activation="relu"))
    parameters = trajectory.parameters.copy()
    parameters[-1, -2 - 3 : -3] -= 1.0  # the biases of the two drawn units
    changed = dataclasses.replace(trajectory, parameters=parameters)
    figure = draw_field(changed, DARK)
    (arrows,) = [a for a in figure.axes[0].collections if isinstance(a, Quiver)]
    dots = scattered(figure)
    assert len(dots) + arrows.N == 27 * 27
    assert len(dots) > 0
    hidden = mapped(RecordedNetwork(changed), dots.astype(np.float32)).hidden
    assert not hidden.any()
    assert texts(figure)[1].endswith("after epoch 300; dots: zero")


def test_a_dead_network_is_drawn_and_named() -> None:
    """All points at the corner, one class predicted everywhere."""
    trajectory, _, _ = record(small_recipe(activation="relu"))
    parameters = trajectory.parameters.copy()
    parameters[-1] = 0.0
    hidden = trajectory.hidden.copy()
    hidden[-1] = 0.0
    dead = dataclasses.replace(
        trajectory, hidden=hidden, parameters=parameters, hidden_mean=None,
        readout_weight=np.zeros_like(trajectory.readout_weight),
    )  # fmt: skip
    for draw in (draw_input, draw_hidden, draw_field):
        figure = draw(dead, DARK)
        assert f"dead: {dead_units(dead)}" in texts(figure)
        assert pixels(figure).shape[2] == 4


def test_points_of_a_plain_layer_have_two_axes_through_zero() -> None:
    hidden = np.random.default_rng(0).normal(size=(3, 6, 2)) * 5
    axes = draw_hidden(made_trajectory(hidden, activation="unheard of"), DARK).axes[0]
    assert [line.get_xdata()[0] for line in axes.lines][1] == 0
    assert not [a for a in axes.collections if isinstance(a, QuadMesh)]


def test_a_dollar_in_a_name_is_no_formula() -> None:
    hidden = np.random.default_rng(0).normal(size=(3, 6, 2))
    figure = draw_hidden(made_trajectory(hidden, activation="$\\frac{"), DARK)
    pixels(figure)
    assert texts(figure)[0] == "2 classes, $\\frac{"
