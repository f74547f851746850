"""What is asked for and would change nothing is refused, and settings are never overridden."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiralcore import Trajectory
from tests.conftest import spiral

SMALL = ("--epochs", "3", "--attempts", "1", "--widths", "2", "--points", "8", "--jobs", "1")


def test_set_counts_where_an_option_has_a_default(tmp_path: Path) -> None:
    given = ("classes=[2]", "seed=7", 'activations=["relu"]')
    sets = [word for text in given for word in ("--set", text)]
    made = spiral(tmp_path, "train", *SMALL, *sets, "--out", "a.npz")
    assert made.returncode == 0, made.stderr
    recipe = Trajectory.load(tmp_path / "a.npz").recipe
    assert [recipe[name] for name in ("classes", "seed", "activation")] == [2, 7, "relu"]


def test_set_does_not_change_what_a_table_decides(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("x,y,label\n0,0,a\n1,1,b\n2,0,a\n0,1,b\n")
    call = ("train", "--data", "points.csv", *SMALL[:6], "--jobs", "1", "--out", "a.npz", "--set")
    refused = spiral(tmp_path, *call, "classes=[3]")
    assert refused.returncode == 2
    assert refused.stderr == (
        "spiral: --set classes=[3] does not go with --data: points.csv has 2 classes and points of "
        "its own.\nexpected: one of the two.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["render", "bending", "k3.npz", "--epochs", "500"],
         "--epochs changes nothing here: the film 'bending' is made of files.\n"
         "expected: the same without --epochs.\n"),
        (["render", "bending", "k3.npz", "--seed", "0"],
         "--seed changes nothing here: the film 'bending' is made of files.\n"
         "expected: the same without --seed.\n"),
        (["gallery", "k3.npz", "--classes", "3"],
         "--classes changes nothing here: the page is made of files.\n"
         "expected: the same without --classes.\n"),
        (["gallery", "k3.npz", "--run", "renders"],
         "--run changes nothing here: the page is made of files.\n"
         "expected: the same without --run.\n"),
        (["diff", "k3.npz", "k3.npz", "--quality", "720p30"],
         "--quality changes nothing here: no film is asked for, see --film.\n"
         "expected: the same without --quality.\n"),
        (["render", "--out", "films.mp4"],
         "films.mp4 ends like a file, and several files go there.\n"
         "expected: a folder.\nnext: --out films\n"),
        (["plot", "k3.npz", "--out", "a.png"],
         "a.png ends like a file, and several files go there.\n"
         "expected: a folder.\nnext: --out a\n"),
        (["study", "grid.toml", "--out", "a.parquet"],
         "a.parquet ends like a file, and several files go there.\n"
         "expected: a folder.\nnext: --out a\n"),
        (["gallery", "k3.npz", "--out", "page.html"],
         "page.html ends like a file, and several files go there.\n"
         "expected: a folder.\nnext: --out page\n"),
        (["export", "bending", "k3.npz", "--max-size", f"{'9' * 400}MB"],
         f"'{'9' * 80}' is no size of a file.\nexpected: a number and a unit.\n"
         "next: --max-size 5MB, 500kB or 5MiB\n"),
        (["export", f"bending-{'9' * 5000}-tanh"], "There is no film"),
        (["render", "bending", "k3.npz", "--highlight", "9" * 5000],
         f"--highlight: there is no class '{'9' * 80}' in k3.npz."),
        (["train", "--data", "points.csv", "--x", "9" * 5000],
         f"--x: there is no column '{'9' * 40}' in points.csv."),
    ],
)  # fmt: skip
def test_the_whole_message(
    tmp_path: Path, trajectory: Trajectory, arguments: list[str], message: str
) -> None:
    trajectory.save(tmp_path / "k3.npz")
    (tmp_path / "points.csv").write_text("x,y,label\n0,0,a\n1,1,b\n")
    before = {path.name for path in tmp_path.iterdir()}
    refused = spiral(tmp_path, *arguments)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"spiral: {message}")
    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "--set", "seed.x=1"],
         "spiral: the default recipe, with the options, has a setting that cannot be used:\n"
         "  seed.x: there is no such setting.\n"),
        (["train", "--set", "seed=1\nclasses=[2]"],
         "spiral: the default recipe, with the options, has a setting that cannot be used:\n"
         "  seed: found '1\\nclasses=[2]', expected a whole number\n"),
        (["train", "--set", f"seed={'[' * 5000}"],
         "spiral: the default recipe, with the options, has a setting that cannot be used:\n"
         f"  seed: found '{'[' * 199}..., expected a whole number\n"),
        (["train", "--set", 'class_names=["a", "b", "c", " "]'],
         "spiral: the default recipe, with the options, has a setting that cannot be used:\n"
         "  class_names.3: found ' ', expected a text that is not blank\n"),
        (["train", "--activation", ""], "Error: Option '--activation' requires an argument.\n"),
        (["train", "--classes", "--epochs", "5"],
         "Error: Option '--classes' requires an argument.\n"),
        (["train", "--scheduler", ""], "spiral: '' is not an address: it has no host.\n"),
        (["render", "--layer", "9", "--films", "bending", "--classes", "3"],
         "spiral: 3 classes, tanh, seed 1: there is no hidden layer 9.\n"
         "expected: 1 to 4, as there are 4 widths.\nnext: --layer 4\n"),
        (["render", "--highlight", "cat", "--films", "bending", "--classes", "3"],
         "spiral: --highlight: there is no class 'cat' in 3 classes, tanh, seed 1.\n"
         "expected: numbers from 0 to 2.\n"),
    ],
)  # fmt: skip
def test_nothing_is_trained_for_what_cannot_be(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    refused = spiral(tmp_path, *arguments)
    assert refused.returncode == 2
    assert message in refused.stderr
    assert not list(tmp_path.rglob("*.npz"))
