from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from PIL import Image

from spiralcore import Trajectory
from spiralcore.errors import UsageError
from spiralcore.figures.catalogue import FIGURES, figure_entry, make
from spiralcore.registry.themes import rgb, theme
from tests.cli import known
from tests.conftest import made_trajectory

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", list(FIGURES))
def test_files_open_elsewhere_and_are_the_same_when_made_again(
    name: str, trajectory: Trajectory, tmp_path: Path
) -> None:
    for round_ in ("first", "second"):
        targets = [(tmp_path / f"{round_}.{kind}", kind, "a note") for kind in ("png", "svg")]
        make(name, trajectory, theme("dark"), targets)
    for kind in ("png", "svg"):
        first, second = ((tmp_path / f"{r}.{kind}").read_bytes() for r in ("first", "second"))
        assert first == second
    with Image.open(tmp_path / "first.png") as picture:
        assert picture.text["Comment"] == "a note"
        assert min(picture.size) > 1000
        corner = picture.convert("RGB").getpixel((2, 2))
    assert corner == tuple(int(part) for part in rgb(theme("dark").background))
    root = ElementTree.parse(tmp_path / "first.svg").getroot()
    assert root.tag == f"{SVG}svg"
    assert not list(root.iter(f"{SVG}text"))  # letters are outlines
    text = (tmp_path / "first.svg").read_text()
    assert "a note" in text
    assert "dc:date" not in text


def test_themes_differ_and_settings_are_left_as_they_were(
    trajectory: Trajectory, tmp_path: Path
) -> None:
    before = dict(matplotlib.rcParams)
    for name in ("dark", "light"):
        make("loss", trajectory, theme(name), [(tmp_path / f"{name}.png", "png", "")])
    assert dict(matplotlib.rcParams) == before
    assert (tmp_path / "dark.png").read_bytes() != (tmp_path / "light.png").read_bytes()


def test_what_a_trajectory_lacks(trajectory: Trajectory) -> None:
    def lacks(subject: Trajectory) -> dict[str, str]:
        found = {name: entry.lack(subject) for name, entry in FIGURES.items()}
        return {name: text for name, text in found.items() if text}

    assert lacks(trajectory) == {}
    assert not any(entry.gap(trajectory) for entry in FIGURES.values())
    bare = dataclasses.replace(trajectory, parameters=None, parameter_epochs=None)
    assert lacks(bare) == {"field": "its network was not recorded"}
    assert FIGURES["input"].gap(bare) == (
        "without predicted classes, as its network was not recorded"
    )
    ball = made_trajectory(np.zeros((2, 4, 2)))
    deep = Trajectory.from_arrays(
        epochs=[0, 1], inputs=np.zeros((4, 5)), labels=[0, 1, 0, 1], hidden=np.ones((2, 4, 3))
    )
    assert lacks(deep) == {
        "input": "its points have 5 coordinates, not 2",
        "hidden": "its drawn layer has 3 units, not 2",
        "field": "its points have 5 coordinates, not 2",
        "angles": "its drawn layer has 3 units, not 2",
        "loss": "its losses were not recorded",
    }
    assert FIGURES["hidden"].gap(deep) == "without regions, as its read-out was not recorded"
    assert FIGURES["hidden"].gap(ball) == ""


def test_an_unknown_figure_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        figure_entry("angels")
    assert str(caught.value) == (
        "There is no figure 'angels'. Did you mean 'angles'?\n"
        f"expected: one of {known.figures}.\n"
        "next: spiral plot --help"
    )


def test_figures_need_neither_manim_nor_numba_nor_pyplot() -> None:
    code = (
        "import sys; import spiralcore.figures.plane_figures, spiralcore.figures.angles_figure, "
        "spiralcore.figures.field_figure, spiralcore.figures.loss_figure; "
        "print([m for m in ('manim', 'numba', 'torch', 'matplotlib.pyplot') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_measured_values_are_a_scale_with_its_ends() -> None:
    inputs = np.random.default_rng(0).normal(size=(30, 2))
    values = np.linspace(-1.5, 2, 30)
    path = Trajectory.from_arrays(
        {"activation": "tanh"}, epochs=[0, 1], inputs=inputs, hidden=np.tanh([inputs, 2 * inputs]),
        targets=values,
    )  # fmt: skip
    look = theme("light")
    figure = figure_entry("hidden").draw(path, look)
    assert {"value: -1.5", "2"} <= {text.get_text() for text in figure.texts}
    (bar,) = [axes for axes in figure.axes if axes.images]
    np.testing.assert_allclose(
        np.asarray(bar.images[0].get_array())[0, [0, -1]] * 255,
        look.value_colours(np.array([0.0, 1.0])), atol=0.5,
    )  # fmt: skip
    assert figure_entry("angles").lack(path) == "its points have no classes"
