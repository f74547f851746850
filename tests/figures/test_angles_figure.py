from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, StepPatch

from spiralcore import Trajectory
from spiralcore.analysis.network.class_directions import class_directions
from spiralcore.figures.angles_figure import BAR, axis_start, draw_angles, row_order
from spiralcore.figures.style import styled
from spiralcore.registry.themes import THEMES
from tests.conftest import made_trajectory

DARK = THEMES["dark"]


@pytest.fixture(autouse=True)
def _styled() -> Iterator[None]:
    with styled(DARK):
        yield


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.texts]


def pointing(degrees: list[float], activation: str = "tanh", length: float = 1.0) -> Trajectory:
    """Points of two classes by turns, in given directions."""
    radians = np.radians(degrees)
    hidden = length * np.column_stack((np.cos(radians), np.sin(radians)))
    return made_trajectory(np.tile(hidden, (2, 1, 1)), activation=activation)


def bars(figure: Figure) -> list[tuple[float, float, float]]:
    """Left edge, row and height of the bars beside the circle."""
    found = [p for p in figure.axes[1].patches if type(p) is Rectangle and p.get_height() > 0]
    return [(p.get_x(), p.get_y(), p.get_height()) for p in found]


def test_numbers_are_circular_means_and_deviations(trajectory: Trajectory) -> None:
    figure = draw_angles(trajectory, DARK)
    found = class_directions(trajectory.hidden[-1], trajectory.labels, 3)
    written = texts(figure)
    for k in range(3):
        assert f"class {k + 1}" in written
        assert f"{found.mean[k]:.1f}° ± {found.deviation[k]:.1f}°" in written
    assert "points (bars)" in written
    assert "plane (outline)" in written


def test_a_mean_across_zero() -> None:
    written = texts(draw_angles(pointing([350, 90, 10, 90]), DARK))
    assert "0.0° ± 10.0°" in written or "360.0° ± 10.0°" in written
    assert "90.0° ± 0.0°" in written


def test_bars_count_the_directions_of_a_class() -> None:
    figure = draw_angles(pointing([42, 201, 42, 201, 58, 201]), DARK)
    # The largest gap lies around 305 or 124 degrees; bars of 5 degrees from there on.
    first, second = sorted({row for _, row, _ in bars(figure)}, reverse=True)
    by_row = {row: [(x % 360, h) for x, r, h in bars(figure) if r == row]
              for row in (first, second)}  # fmt: skip
    flat = sorted(part for parts in by_row.values() for part in parts)
    assert [x for x, _ in flat] == [40, 55, 200]
    assert [h for _, h in flat] == pytest.approx([BAR, BAR / 2, BAR])


def test_what_points_straight_up_in_a_quadrant_is_in_the_last_bar() -> None:
    figure = draw_angles(pointing([90, 0, 90, 30], "relu", 3.0), DARK)
    assert sorted((x, h) for x, _, h in bars(figure)) == [(0, BAR), (30, BAR), (87.5, BAR)]
    assert figure.axes[1].get_xlim() == (0, 90)
    assert figure.axes[0].get_thetamax() == 90


def test_points_at_zero_are_counted_and_not_drawn() -> None:
    trajectory = pointing([0, 45, 0, 45], "relu")
    hidden = trajectory.hidden.copy()
    hidden[-1, ::2] = 0
    written = texts(draw_angles(dataclasses.replace(trajectory, hidden=hidden), DARK))
    assert any(t.endswith("2 of 4 points at zero, without direction (class 1: 2)") for t in written)
    assert "all at zero" in written
    hidden[-1] = 0
    everything = texts(draw_angles(dataclasses.replace(trajectory, hidden=hidden), DARK))
    assert everything.count("all at zero") == 2


def test_the_circle_is_cut_where_no_class_points() -> None:
    vectors = np.array([[1, 0.01], [0.01, 1.0], [-1, 0.01]], dtype=np.float32)
    found = class_directions(vectors, np.arange(3), 3)
    start = axis_start(found, 5.0)
    assert start == pytest.approx(270.0)
    assert row_order(found, start) == [0, 1, 2]
    assert row_order(found, 45.0) == [1, 2, 0]


def test_without_a_network_only_the_points_are_there(trajectory: Trajectory) -> None:
    def outlines(figure: Figure) -> list[StepPatch]:
        return [p for p in figure.axes[1].patches if isinstance(p, StepPatch)]

    assert len(outlines(draw_angles(trajectory, DARK))) == 3
    bare = draw_angles(
        dataclasses.replace(trajectory, parameters=None, parameter_epochs=None), DARK
    )
    assert outlines(bare) == []
    assert "plane (outline)" not in texts(bare)


@pytest.mark.parametrize("classes", [2, 12])
def test_texts_stay_inside(classes: int) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    degrees = np.linspace(0, 355, classes * 9)
    radians = np.radians(degrees)
    hidden = np.column_stack((np.cos(radians), np.sin(radians))).astype(np.float32)
    base = made_trajectory(np.tile(hidden, (2, 1, 1)))
    many = dataclasses.replace(
        base, labels=np.repeat(np.arange(classes), 9),
        readout_weight=np.zeros((2, classes, 2), np.float32),
        readout_bias=np.zeros((2, classes), np.float32),
    )  # fmt: skip
    figure = draw_angles(many, DARK)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    width, height = canvas.get_width_height()
    boxes = [text.get_window_extent() for text in figure.texts]
    for box in boxes:
        assert 0 <= box.x0 < box.x1 <= width
        assert 0 <= box.y0 < box.y1 <= height
    for i, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[i + 1 :])
