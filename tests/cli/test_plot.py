"""`spiral plot`, as a user types it."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spiralcore import Trajectory
from spiralcore.figures.catalogue import FIGURES
from tests.cli import known
from tests.conftest import spiral


def made(folder: Path) -> dict[str, int]:
    return {p.name: p.stat().st_mtime_ns for p in folder.iterdir() if p.suffix != ".npz"}


def test_all_figures_of_a_file_and_nothing_new_the_second_time(
    tmp_path: Path, trajectory_file: Path
) -> None:
    command = ("plot", trajectory_file.name, "--out", "figures")
    ran = spiral(tmp_path, *command)
    assert ran.returncode == 0, ran.stderr
    there = made(tmp_path / "figures")
    assert set(there) == {f"{name}-k3.{kind}" for name in FIGURES for kind in ("png", "svg")}
    assert "figures/angles-k3.svg" in ran.stdout
    again = spiral(tmp_path, *command)
    assert (again.returncode, again.stdout) == (0, "Everything is up to date: 10 files.\n")
    assert made(tmp_path / "figures") == there


def test_what_changed_is_made_again(tmp_path: Path, trajectory: Trajectory) -> None:
    trajectory.save(tmp_path / "a.npz")
    command = ("plot", "a.npz", "--figures", "loss", "hidden", "--formats", "png")
    assert spiral(tmp_path, *command).returncode == 0
    dark = made(tmp_path)
    assert set(dark) == {"loss-a.png", "hidden-a.png"}
    light = spiral(tmp_path, *command, "--theme", "light")
    assert light.returncode == 0
    assert "hidden-a.png" in light.stdout
    with Image.open(tmp_path / "hidden-a.png") as picture:
        assert picture.convert("RGB").getpixel((1, 1)) == (0xFB, 0xFA, 0xF7)
    accuracy = trajectory.accuracy.copy()
    accuracy[-1] = 0.5
    dataclasses.replace(trajectory, accuracy=accuracy).save(tmp_path / "a.npz")
    other = spiral(tmp_path, *command, "--theme", "light")
    assert "loss-a.png" in other.stdout


def test_what_is_missing_is_said_and_the_rest_is_made(
    tmp_path: Path, trajectory: Trajectory
) -> None:
    known = ("epochs", "inputs", "labels", "hidden")
    arrays = {name: value for name, value in trajectory.arrays().items() if name in known}
    Trajectory.from_arrays({"activation": "tanh"}, **arrays).save(tmp_path / "bare.npz")
    ran = spiral(tmp_path, "plot", "bare.npz", "--formats", "svg")
    assert ran.returncode == 0, ran.stderr
    lines = [line for line in ran.stderr.splitlines() if line.startswith("bare.npz")]
    assert lines == [
        "bare.npz: figure 'input' without predicted classes, as its network was not recorded",
        "bare.npz: figure 'hidden' without regions, as its read-out was not recorded",
        "bare.npz: no figure 'field': its network was not recorded",
        "bare.npz: no figure 'loss': its losses were not recorded",
    ]
    assert set(made(tmp_path)) == {"input-bare.svg", "hidden-bare.svg", "angles-bare.svg"}


def test_where_no_figure_can_be_drawn_there_is_none(tmp_path: Path, trajectory: Trajectory) -> None:
    arrays = {**trajectory.arrays(), "hidden": np.ones((len(trajectory.epochs), 120, 3))}
    wide = {n: v for n, v in arrays.items() if n in ("epochs", "inputs", "labels", "hidden")}
    Trajectory.from_arrays({}, **wide).save(tmp_path / "wide.npz")
    ran = spiral(tmp_path, "plot", "wide.npz", "--figures", "hidden")
    assert ran.returncode == 2
    assert ran.stderr == (
        "wide.npz: no figure 'hidden': its drawn layer has 3 units, not 2\n"
        "spiral: No figure can be drawn; see above.\n"
        "expected: a trajectory with what it takes.\n"
        "next: spiral info wide.npz\n"
    )
    assert made(tmp_path) == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "There is nothing to draw.\nexpected: one or more trajectory files.\n"
         "next: spiral plot FILE.npz\n"),
        (["none.npz"], "none.npz does not exist.\nexpected: a trajectory file.\n"
         "next: spiral train --out none.npz\n"),
        (["k3.npz", "--figures", "fields"], "There is no figure 'fields'. Did you mean 'field'?\n"
         f"expected: one of {known.figures}.\nnext: spiral plot --help\n"),
        (["k3.npz", "--formats", "pdf"], "There is no format 'pdf'.\nexpected: one of png, svg.\n"),
        (["k3.npz", "--theme", "transparent"], "There is no theme 'transparent'.\n"
         f"expected: one of {known.opaque_themes}.\n"),
        (["k3.npz", "--out", "k3.npz"], "k3.npz is a file.\nexpected: a folder.\nnext: --out .\n"),
        (["k3.npz", "more/k3.npz"], "2 files are called 'k3', and their figures would be, too.\n"
         "expected: files of different names.\n"
         "next: one `spiral plot` for each, with an --out of its own\n"),
        (["k3.npz", "more/K3.npz"],
         "2 files are called 'k3' or 'K3', and their figures would be, too.\n"
         "expected: files of different names.\n"
         "next: one `spiral plot` for each, with an --out of its own\n"),
    ],
)  # fmt: skip
def test_mistakes_end_with_the_whole_message(
    tmp_path: Path, trajectory_file: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "more").mkdir()
    shutil.copy(trajectory_file, tmp_path / "more")
    shutil.copy(trajectory_file, tmp_path / "more" / "K3.npz")
    ran = spiral(tmp_path, "plot", *arguments)
    assert ran.returncode == 2
    assert ran.stderr == f"spiral: {message}"
    assert made(tmp_path).keys() == {"more"}


def test_a_file_that_is_no_trajectory(tmp_path: Path) -> None:
    (tmp_path / "k.npz").write_text("nothing")
    ran = spiral(tmp_path, "plot", "k.npz")
    assert ran.returncode == 2
    assert ran.stderr.startswith("spiral: k.npz ")
    assert "Traceback" not in ran.stderr
