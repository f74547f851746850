"""`spiral diff`: exit codes, what it says, and its film."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from subprocess import CompletedProcess

import av
import numpy as np
import pytest
from click.testing import CliRunner, Result

from spiralcore import Trajectory
from spiralcore.cli.verbs import diff
from spiralcore.cli.verbs.diff import command
from tests.cli import known
from tests.conftest import made_trajectory, of_width, spiral


@pytest.fixture
def files(tmp_path: Path, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a.npz, a turned copy of it, and one with a moved point."""
    hidden, point = trajectory.hidden.copy(), 51
    hidden[7, point] += (0.12, -0.16)
    quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])
    trajectory.save(tmp_path / "a.npz")
    dataclasses.replace(trajectory, hidden=hidden).save(tmp_path / "moved.npz")
    dataclasses.replace(
        trajectory,
        hidden=(trajectory.hidden @ quarter).astype(np.float32),
        hidden_mean=(trajectory.hidden_mean @ quarter).astype(np.float32),
        readout_weight=(trajectory.readout_weight @ quarter).astype(np.float32),
    ).save(tmp_path / "turned.npz")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, standalone_mode=False)


def test_exit_codes_are_those_of_diff(files: Path) -> None:
    codes = {
        names: spiral(files, "diff", *names).returncode
        for names in (("a.npz", "a.npz"), ("a.npz", "moved.npz"), ("a.npz", "none.npz"))
    }
    assert list(codes.values()) == [0, 1, 2]
    ran = spiral(files, "diff", "a.npz", "none.npz")
    assert ran.stdout == ""
    assert ran.stderr == (
        "spiral: none.npz does not exist.\nexpected: a trajectory file.\n"
        "next: spiral train --out none.npz\n"
    )


def test_the_table_says_where_they_differ(files: Path, trajectory: Trajectory) -> None:
    ran = run("a.npz", "moved.npz")
    assert ran.return_value == 1
    epoch, kept = int(trajectory.epochs[7]), len(trajectory.epochs)
    label = trajectory.labels[51]
    rows = [line.split() for line in ran.stdout.splitlines() if line.strip()]
    assert rows[0] == ["array", "same", "deviation", "allowed", "epoch", "point", "class", "first",
                       "epoch"]  # fmt: skip
    assert ["hidden", "no", "0.1", "0.01", str(epoch), "51", str(label), str(epoch)] in rows
    assert ["loss", "yes", "0", "0.01"] in rows
    assert ran.stdout.splitlines()[-3:] == [
        f"{kept} epochs compared that A or B has kept, {kept} of them kept by both",
        f"different: from epoch {epoch} on, first in hidden",
        f"worst: hidden at epoch {epoch}, point 51 of class {label}: off by 0.1 of the panel's "
        "width, 10 times the tolerance of 0.01",
    ]
    same = run("a.npz", "moved.npz", "--atol", "0.2")
    assert same.return_value == 0
    assert same.stdout.splitlines()[-1] == "same: they agree within 0.2 of the panel's width"


def test_json_is_for_programs(files: Path, trajectory: Trajectory) -> None:
    ran = run("a.npz", "moved.npz", "--json")
    facts = json.loads(ran.stdout)
    epoch = int(trajectory.epochs[7])
    assert not facts["same"]
    assert (facts["a"], facts["b"], facts["atol"]) == ("a.npz", "moved.npz", 0.01)
    assert facts["first"] == facts["worst"]
    assert facts["worst"] == {
        "array": "hidden",
        "same": False,
        "deviation": pytest.approx(0.1, abs=1e-6),
        "tolerance": 0.01,
        "unit": "of the panel's width",
        "epoch": epoch,
        "point": 51,
        "class": int(trajectory.labels[51]),
        "first_epoch": epoch,
    }
    assert [entry["array"] for entry in facts["arrays"] if not entry["same"]] == ["hidden"]
    assert json.loads(run("a.npz", "a.npz", "--json").stdout)["worst"] is None


def test_a_turned_copy_is_the_same_up_to_rotation(files: Path) -> None:
    assert run("a.npz", "turned.npz").return_value == 1
    ran = run("a.npz", "turned.npz", "--align", "rotation", "classes")
    assert ran.return_value == 0
    assert "B was laid on A: turned by -90.0°; classes as they are" in ran.stdout
    assert "not compared: parameters, an alignment does not move the whole network" in ran.stdout
    assert run("a.npz", "turned.npz", "--arrays", "labels,inputs").return_value == 0


@pytest.fixture(scope="module")
def filmed(
    tmp_path_factory: pytest.TempPathFactory, trajectory: Trajectory
) -> tuple[Path, CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("filmed")
    trajectory.save(folder / "a.npz")
    hidden = trajectory.hidden[:, :, ::-1].copy()
    hidden[20:30, :20] *= 0.7
    dataclasses.replace(trajectory, hidden=hidden, hidden_mean=None).save(folder / "b.npz")
    ran = spiral(folder, "diff", "a.npz", "b.npz", "--align", "rotation", "--film", "film.mp4",
                 "--quality", "240p10", "--seconds", "1", "--jobs", "1", "--json")  # fmt: skip
    return folder, ran


def test_a_difference_is_filmed(filmed: tuple[Path, CompletedProcess[str]]) -> None:
    folder, ran = filmed
    assert ran.returncode == 1
    assert sorted(path.name for path in folder.iterdir()) == [
        "a.npz",
        "b.npz",
        "film.mp4",
        "film.srt",
        "film.vtt",
    ]
    with av.open(str(folder / "film.mp4")) as video:
        stream = video.streams.video[0]
        assert (stream.height, stream.average_rate) == (240, 10)
        pictures = [frame.to_ndarray(format="rgb24") for frame in video.decode(stream)]
    assert len(pictures) == 50
    assert np.abs(pictures[20].astype(int) - pictures[0]).mean() > 1
    json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("film", "message"),
    [
        ("film", "film does not say what kind of film it is.\nexpected: a file.mp4, for example.\n"
         "next: --film film.mp4"),
        ("film.avi", "There is no way to make a '.avi' file.\n"
         "expected: .mp4, .webm, .mov, .gif, .webp, .avif or .png."),
    ],
)  # fmt: skip
def test_films_that_cannot_be_made_are_refused(files: Path, film: str, message: str) -> None:
    ran = run("a.npz", "moved.npz", "--film", film)
    assert str(ran.exception) == message
    assert ran.exception.exit_code == 2


def test_a_failure_is_no_difference(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "film.mp4")

    monkeypatch.setattr(diff, "show", full)
    ran = run("a.npz", "moved.npz")
    assert ran.exception.exit_code == 2
    assert str(ran.exception) == (
        "film.mp4: No space left on device.\nexpected: a place with room that is yours to write."
    )


def test_wide_layers_are_compared_and_their_film_is_refused(
    tmp_path: Path, wide_trajectory: Trajectory
) -> None:
    path = tmp_path / "wide.npz"
    wide_trajectory.save(path)
    assert run(str(path), str(path), "--align", "rotation").return_value == 0
    ran = run(str(path), str(path), "--film", "film.mp4")
    assert str(ran.exception) == (
        f"{path}: the drawn layer has 5 units.\n"
        "expected: a layer of 2 units for the film 'difference'.\n"
        "next: spiral train --widths 120 80 40 2 --out FILE.npz"
    )


def test_render_takes_two_files(files: Path) -> None:
    for names in ([], ["a.npz"], ["a.npz", "a.npz", "a.npz"]):
        ran = spiral(files, "render", "difference", *names)
        assert ran.returncode == 2
    assert ran.stderr == (
        "spiral: 3 files are given.\nexpected: two trajectories of the same points.\n"
    )
    of_width(3, "tanh").save(files / "deep.npz")
    made_trajectory(np.zeros((5, 4, 2))).save(files / "small.npz")
    said = {
        "deep.npz": "deep.npz: the drawn layer has 3 units.\n"
        "expected: a layer of 2 units for the film 'difference'.\n"
        "next: spiral train --widths 120 80 40 2 --out FILE.npz",
        "small.npz": "a.npz and small.npz cannot be compared: 120 and 4 points.\n"
        "expected: trajectories of the same points in the same classes, in layers of one width.",
    }
    for name, message in said.items():
        assert spiral(files, "render", "difference", "a.npz", name).stderr == f"spiral: {message}\n"
    ran = spiral(files, "render", "--films", "difference")
    assert (
        f"films.0: found 'difference', expected one of {known.trained_films}. 'difference' is "
        "made of two trajectories: "
        "spiral render difference FILE.npz FILE.npz"
    ) in ran.stderr
