from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.figures.loss_figure import draw_loss, numbers_between
from spiralcore.figures.style import styled
from spiralcore.registry.themes import THEMES

LIGHT = THEMES["light"]


@pytest.fixture(autouse=True)
def _styled() -> Iterator[None]:
    with styled(LIGHT):
        yield


def test_the_curve_is_the_cross_entropy_of_every_epoch(trajectory: Trajectory) -> None:
    axes = draw_loss(trajectory, LIGHT).axes[0]
    curve = next(line for line in axes.lines if len(line.get_xdata()) == 301)
    np.testing.assert_array_equal(curve.get_xdata(), np.arange(301))
    np.testing.assert_allclose(curve.get_ydata(), trajectory.cross_entropy)
    assert axes.get_yscale() == "log"
    low, high = axes.get_ylim()
    assert low < trajectory.cross_entropy.min()
    assert trajectory.cross_entropy.max() < high


def test_guessing_is_marked_at_ln_k(trajectory: Trajectory) -> None:
    figure = draw_loss(trajectory, LIGHT)
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == ["guessing: ln 3 = 1.10"]
    assert axes.texts[0].xy[1] == pytest.approx(np.log(3))
    figure.canvas.draw()
    assert axes.texts[0].get_window_extent().y1 < axes.get_window_extent().y1
    assert any(np.allclose(line.get_ydata(), np.log(3)) for line in axes.lines)


def test_a_loss_of_zero_has_a_place(trajectory: Trajectory) -> None:
    losses = trajectory.cross_entropy.copy()
    losses[-5:] = 0.0
    figure = draw_loss(dataclasses.replace(trajectory, cross_entropy=losses), LIGHT)
    low = figure.axes[0].get_ylim()[0]
    assert 1e-11 < low < 1e-9
    figure.canvas.draw()


@pytest.mark.parametrize(
    ("low", "high", "numbers"),
    [
        (0.004, 2.0, [0.01, 0.1, 1.0]),
        (0.3, 2.3, [0.5, 1.0, 2.0]),
        (1.07, 2.8, [1.5, 2.0, 2.5]),
        (0.679, 0.712, [0.68, 0.69, 0.7, 0.71]),
    ],
)
def test_an_axis_has_a_few_round_numbers(low: float, high: float, numbers: list[float]) -> None:
    found = numbers_between(low, high)
    assert found == pytest.approx(numbers)
    assert len(found) >= 3
