"""Each data set on its whole way: trained, said what it is, measured in a study, filmed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from spiralcore import Trajectory
from spiralcore.data import GENERATED
from spiralcore.study.grid import LATER_COLUMNS, parse_grid
from spiralcore.study.table import PART_SCHEMA, STUDY_SCHEMA, read_part, read_study
from spiralcore.subjects.sentences import data_name, sentence
from tests.conftest import spiral
from tests.study.conftest import finished

SHORT = ("--epochs", "30", "--widths", "8 2", "--attempts", "1", "--jobs", "1")

GRID = """
[data]
kind = "{kind}"
points_per_class = 12
{more}
[network]
inner_widths = [6]
[training]
epochs = 5
[[part]]
classes = [2, 3]
units = [2]
activations = ["tanh"]
seeds = 2
"""


@pytest.mark.parametrize("kind", list(GENERATED))
def test_a_network_of_each_data_set(kind: str, tmp_path: Path) -> None:
    settings = ("--points", "20", "--set", "data.imbalance=4.0")
    ran = spiral(
        tmp_path, "train", "--data", kind, "--classes", "3", *SHORT, *settings, "--out", "a.npz"
    )
    assert ran.returncode == 0, ran.stderr
    trajectory = Trajectory.load(tmp_path / "a.npz")
    data = GENERATED[kind](points_per_class=20, imbalance=4.0)
    points = data.draw(3, np.random.default_rng([1, 0]))
    assert (trajectory.inputs == points.inputs).all()
    assert np.bincount(trajectory.labels).tolist() == [20, 10, 5]
    assert sentence(trajectory) == f"a tanh network bends the {data.noun} into the square"


def test_what_is_trained_on_rings_is_kept_measured_and_filmed(tmp_path: Path) -> None:
    command = ("train", "--data", "rings", "--classes", "3", *SHORT, "--out", "a.npz")
    spiral(tmp_path, *command)
    again = spiral(tmp_path, *command)
    assert "training" not in again.stderr  # what is there is not made again
    info = spiral(tmp_path, "info", "a.npz", "--json")
    assert json.loads(info.stdout)["points"] == 600
    film = spiral(
        tmp_path, "render", "row", "a.npz", "--quality", "120p10", "--seconds", "1",
        "--out", "a.png",
    )  # fmt: skip
    assert film.returncode == 0, film.stderr
    assert (tmp_path / "a.png").is_file()


def test_data_of_several_kinds_are_points(tmp_path: Path) -> None:
    for kind in ("rings", "moons"):
        spiral(tmp_path, "train", "--data", kind, *SHORT, "--out", f"{kind}.npz")
    both = [Trajectory.load(tmp_path / f"{kind}.npz") for kind in ("rings", "moons")]
    assert data_name(both) == "points"
    assert data_name(both[:1] * 2) == "rings"


@pytest.mark.parametrize("kind", list(GENERATED))
def test_a_study_of_each_data_set(kind: str, tmp_path: Path) -> None:
    more = "imbalance = 3.0\n" + ("fields = 6\n" if kind == "checkerboard" else "")
    grid = parse_grid(GRID.format(kind=kind, more=more), "grid.toml")
    finished(tmp_path, grid)
    rows = read_study(tmp_path / "study.parquet").to_pylist()
    assert [row["status"] for row in rows] == ["done"] * 4
    assert {row["data"] for row in rows} == {kind}
    assert [row["points_per_class"] for row in rows] == [12] * 4
    assert {tuple(row["class_sizes"]) for row in rows} == {(12, 4), (12, 7, 4)}
    if kind == "spirals":
        assert {(row["noise"], row["data_settings"]) for row in rows} == {(0.17, None)}
    else:
        assert {row["noise"] for row in rows} == {None}
        told = json.loads(rows[0]["data_settings"])
        own = set(GENERATED[kind].model_fields) - {"kind", "points_per_class", "imbalance"}
        assert told == {name: getattr(grid.data, name) for name in own}
    part = next(tmp_path.rglob("parts/*.parquet"))
    table = read_part(part)
    assert table is not None
    assert table.schema.equals(PART_SCHEMA)


def test_names_of_networks_in_studies_stay_and_those_of_other_data_differ() -> None:
    def keys(kind: str, more: str = "") -> list[str]:
        grid = parse_grid(GRID.format(kind=kind, more=more), "grid.toml")
        return [key for batch in grid.batches() for key in batch.keys]

    pinned = ["4669881230ee", "59b099483038", "ce6990541fa1", "d86c8dc00655"]
    assert keys("spirals") == pinned
    found = [
        keys("spirals"), keys("spirals", "imbalance = 2.0"), keys("rings"), keys("moons"),
        keys("rings", "noise = 0.1"), keys("rings", "imbalance = 2.0"),
    ]  # fmt: skip
    assert len({key for some in found for key in some}) == 6 * 4


def test_studies_of_before_are_of_spirals(tmp_path: Path) -> None:
    shipped = pq.read_table(Path(__file__).parents[2] / "docs" / "study.parquet")
    pq.write_table(shipped.drop_columns(list(LATER_COLUMNS)), tmp_path / "study.parquet")
    table = read_study(tmp_path / "study.parquet")
    assert table.schema.equals(STUDY_SCHEMA)
    assert set(table.column("data").to_pylist()) == {"spirals"}
    assert table.column("class_sizes").null_count == table.num_rows


def test_a_study_with_data_that_nobody_knows(tmp_path: Path) -> None:
    from spiralcore.errors import SpiralError

    shipped = read_study(Path(__file__).parents[2] / "docs" / "study.parquet").slice(0, 3)
    place = shipped.column_names.index("data")
    wrong = shipped.set_column(place, "data", [["spirals", "torus", "spirals"]])
    pq.write_table(wrong, tmp_path / "study.parquet")
    with pytest.raises(SpiralError, match="has the data 'torus', which is unknown"):
        read_study(tmp_path / "study.parquet")


def test_a_data_set_that_is_not_there(tmp_path: Path) -> None:
    ran = spiral(tmp_path, "train", "--data", "ring")
    assert (ran.returncode, ran.stderr) == (
        2,
        "spiral: There is no data set and no file 'ring'. Did you mean 'rings'?\nexpected: "
        "spirals, rings, moons, blobs, checkerboard, or a file with the columns x, y and label.\n",
    )
    ran = spiral(tmp_path, "train", "--data", "blobs", "--set", "noise")
    assert (ran.returncode, ran.stderr) == (
        2,
        "spiral: --set: found 'noise'.\nexpected: NAME=VALUE.\n"
        "next: --set data.imbalance=10, for example\n",
    )
    ran = spiral(tmp_path, "train", "--data", "rings", "--turns", "2")
    assert (ran.returncode, ran.stderr) == (
        2,
        "spiral: the default recipe, with the options, has a setting that cannot be used:\n"
        "  data.turns: there is no such setting.\n",
    )
