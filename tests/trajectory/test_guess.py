"""What is reached by guessing, beside which losses are shown."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.figures.loss_figure import draw_loss
from spiralcore.registry.themes import theme
from spiralcore.trajectory.guess import Guess


@pytest.mark.parametrize(
    ("sizes", "cross_entropy", "accuracy", "text"),
    [
        ([200, 200, 200, 200], np.log(4), 0.25, "ln 4 = 1.39"),
        ([1, 1], np.log(2), 0.5, "ln 2 = 0.69"),
        ([3, 1], 0.75 * np.log(4 / 3) + 0.25 * np.log(4), 0.75, "0.56"),
        ([100, 10, 1], None, 100 / 111, "0.35"),
        # Points of seven digits out of ten, or of none: of the others nobody knows how many.
        ([5, 5, 5, 9, 5, 5, 5, 0, 0, 0], np.log(10), 0.1, "ln 10 = 2.30"),
        ([0, 0, 0], np.log(3), 1 / 3, "ln 3 = 1.10"),
    ],
)
def test_guessing(
    sizes: list[int], cross_entropy: float | None, accuracy: float, text: str
) -> None:
    guess = Guess.among(np.array(sizes))
    if cross_entropy is not None:
        assert guess.cross_entropy == pytest.approx(cross_entropy)
    assert guess.accuracy == pytest.approx(accuracy)
    assert guess.text == text


def test_nobody_who_looks_at_no_point_does_better() -> None:
    sizes = np.array([40, 7, 3])
    shares = sizes / sizes.sum()
    rng = np.random.default_rng(0)
    for said in rng.dirichlet(np.ones(3), 200):
        assert Guess.among(sizes).cross_entropy <= -(shares * np.log(said)).sum() + 1e-12


def test_it_is_what_figures_say(trajectory: Trajectory) -> None:
    texts = [text.get_text() for text in draw_loss(trajectory, theme("dark")).axes[0].texts]
    assert "guessing: ln 3 = 1.10" in texts
    labels = np.minimum(np.arange(trajectory.points) // 5, 2).astype(trajectory.labels.dtype)
    unequal = Trajectory.of({**trajectory.recipe}, epochs=trajectory.epochs,
                            inputs=trajectory.inputs, labels=labels, hidden=trajectory.hidden,
                            readout_weight=trajectory.readout_weight,
                            readout_bias=trajectory.readout_bias,
                            cross_entropy=trajectory.cross_entropy)  # fmt: skip
    texts = [text.get_text() for text in draw_loss(unequal, theme("dark")).axes[0].texts]
    assert texts == [f"guessing: {unequal.guess.text}"]
    assert unequal.guess.cross_entropy < 0.5
