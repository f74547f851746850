from __future__ import annotations

import dataclasses
import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from spiralcore import Trajectory
from spiralcore.registry.films import FILMS
from tests.cli import known
from tests.conftest import of_width, spiral

SMALL = ("--epochs", "60", "--points", "20")


def test_help_names_every_verb_and_every_verb_has_help(tmp_path: Path) -> None:
    text = spiral(tmp_path, "--help").stdout
    for verb in ("train", "info", "render", "films", "doctor"):
        assert f"\n  {verb} " in text
        ran = spiral(tmp_path, verb, "--help")
        assert ran.returncode == 0
        assert "Usage: spiral" in ran.stdout


def test_train_then_info(tmp_path: Path) -> None:
    made = spiral(
        tmp_path, "train", "--classes", "4", "--activation", "tanh", "--seed", "7",
        "--out", "k4.npz", *SMALL,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("k4.npz: accuracy 0.")
    facts = json.loads(spiral(tmp_path, "info", "k4.npz", "--json").stdout)
    trajectory = Trajectory.load(tmp_path / "k4.npz")
    assert facts["epochs"] == 60
    assert (facts["points"], facts["classes"]) == (80, 4)
    assert (facts["activation"], facts["seed"]) == ("tanh", 7)
    assert facts["accuracy"] == pytest.approx(float(trajectory.accuracy[-1]))
    assert facts["fidelity"]["max"] == pytest.approx(trajectory.fidelity.max)
    assert "smoothing" not in facts
    assert facts["size_bytes"] == (tmp_path / "k4.npz").stat().st_size
    said = spiral(tmp_path, "info", "k4.npz", "--smoothing").stdout
    assert "80 in 4 classes" in said
    off = json.loads(spiral(tmp_path, "info", "k4.npz", "--json", "--smoothing").stdout)[
        "smoothing"
    ]
    assert 0 < off["p50"] <= off["p90"] <= off["max"] < 1
    assert f"worst point of a frame drawn {100 * off['p50']:.1f} % of the panel" in said


def test_many_values_train_many_networks_once(tmp_path: Path) -> None:
    command = ("train", "--classes", "2", "3", "--activation", "tanh,relu", "--seed", "5",
               *SMALL, "--attempts", "1", "--out", "nets")  # fmt: skip
    assert spiral(tmp_path, *command).returncode == 0
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "nets").iterdir()}
    assert sorted(path.name.rsplit("-", 1)[0] for path in files) == [
        "2-relu", "2-tanh", "3-relu", "3-tanh",
    ]  # fmt: skip
    again = spiral(tmp_path, *command)
    assert again.returncode == 0
    assert {path: path.stat().st_mtime_ns for path in files} == files


def test_a_file_of_other_settings_is_trained_again(tmp_path: Path) -> None:
    spiral(tmp_path, "train", "--classes", "2", "--out", "a.npz", *SMALL)
    before = Trajectory.load(tmp_path / "a.npz")
    spiral(tmp_path, "train", "--classes", "2", "--out", "a.npz", *SMALL, "--noise", "0.3")
    assert Trajectory.load(tmp_path / "a.npz").recipe != before.recipe


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "--activation", "tahn"], "activations.0: found 'tahn', expected one of "
         f"{known.activations}. Did you mean 'tanh'?"),
        (["train", "--classes", "1"], "classes.0: found 1, expected greater than or equal to 2"),
        (["train", "--classes", "2", "3", "--out", "a.npz"], "a.npz is one file, and 2 networks"),
        (["info", "none.npz"], "none.npz does not exist.\nexpected: a trajectory file."),
        (["render", "bendng", "x.npz"], "There is no film 'bendng'. Did you mean 'bending'?"),
        (["render", "bending"], "The film 'bending' is not told what to show."),
        (["render", "--quality", "big"], "film.quality: found 'big', expected a height and"),
        (["render", "--recipe", "none.toml"], "none.toml cannot be read"),
        (["rendr"], "No such command 'rendr'"),
        (["train", "--out", "x.txt"], "x.txt does not end like a trajectory."),
        (["train", "--classes", "2", "2"], "classes: found [2, 2], expected each value once"),
        (["train", "--learning-rate", "1e38"], "training.learning_rate: found 1e+38"),
    ],
)  # fmt: skip
def test_mistakes_end_with_a_message_and_exit_code_2(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    ran = spiral(tmp_path, *arguments)
    assert ran.returncode == 2
    assert message in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_trajectory_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.npz").write_text("my own data")
    ran = spiral(tmp_path, "train", "--out", "mine.npz", *SMALL)
    assert ran.returncode == 2
    assert "mine.npz is there and is not a trajectory, so it is not replaced" in ran.stderr
    assert (tmp_path / "mine.npz").read_text() == "my own data"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = spiral(tmp_path, "train", "--out", "file/a.npz", *SMALL)
    assert ran.returncode == 1
    assert "expected: a place with room that is yours to write." in ran.stderr
    assert "Traceback" not in ran.stderr


def test_control_characters_in_a_file_do_not_reach_the_terminal(
    tmp_path: Path, trajectory: Trajectory
) -> None:
    recipe = {"activation": "\x1b[31mred\x07", "seed": "\ud800"}
    dataclasses.replace(trajectory, recipe=recipe).save(tmp_path / "odd.npz")
    ran = spiral(tmp_path, "info", "odd.npz")
    assert ran.returncode == 0, ran.stderr
    assert "?[31mred?" in ran.stdout
    assert spiral(tmp_path, "info", "odd.npz", "--json").returncode == 0


def test_a_diverging_network_fails_alone(tmp_path: Path) -> None:
    ran = spiral(tmp_path, "train", "--classes", "2", "--activation", "tanh", "relu",
                 "--learning-rate", "1e6", *SMALL, "--out", "nets")  # fmt: skip
    assert ran.returncode == 1
    assert "2 classes, ReLU, seed 1: the loss is" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_one_film_of_a_file(tmp_path: Path, trajectory_file: Path) -> None:
    ran = spiral(tmp_path, "render", "bending", str(trajectory_file), "--quality", "240p10",
                 "--seconds", "1", "--out", "film.mp4")  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["film.mp4", "k3.npz"]
    assert "film.mp4" in ran.stdout


def test_a_layer_that_a_film_cannot_show_is_refused_with_what_to_type(
    tmp_path: Path, trajectory_file: Path
) -> None:
    ran = spiral(tmp_path, "render", "space", str(trajectory_file))
    assert ran.returncode == 2
    assert ran.stderr == (
        f"spiral: {trajectory_file}: the drawn layer has 2 units.\n"
        "expected: a layer of 3 units for the film 'space'.\n"
        "next: spiral train --widths 120 80 40 3 --out FILE.npz\n"
    )
    of_width(1, "tanh").save(tmp_path / "line.npz")
    ran = spiral(tmp_path, "render", "bending", "line.npz")
    assert ran.returncode == 2
    assert ran.stderr == (
        "spiral: line.npz: the drawn layer has 1 unit.\n"
        "expected: a layer of 2 units or more for the film 'bending'.\n"
        "next: spiral train --widths 120 80 40 2 --out FILE.npz\n"
    )


def test_films_whose_layers_have_another_width_are_refused_before_training(tmp_path: Path) -> None:
    ran = spiral(tmp_path, "render", "--films", "bending", "--widths", "9", "1", "--classes", "3")
    assert ran.returncode == 2
    assert ran.stderr == (
        "spiral: the default recipe, with the options, has a setting that cannot be used:\n"
        "  films: found 'bending' with the widths 9 1, expected a layer of 2 units or more at the "
        "end\n"
    )
    assert list(tmp_path.rglob("*.npz")) == []


def test_close_ups_alone_train_their_networks_only(tmp_path: Path) -> None:
    ran = spiral(tmp_path, "render", "--films", "space", "--widths", "12", "3", "--activations",
                 "ball", "sphere", "--epochs", "40", "--seconds", "1", "--formats", "png",
                 "--quality", "240p10", "--jobs", "1")  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    names = [path.name for path in sorted((tmp_path / "renders").iterdir()) if path.is_file()]
    assert names == ["space-4-ball.png", "space-4-sphere.png"]
    made = [path.name[:8] for path in (tmp_path / "renders" / "trajectories").glob("*.npz")]
    assert {name[:2] for name in made} == {"4-"}


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("k3.mp4", "k3.mp4 cannot be transparent.\n"
         "expected: a .webm, .mov, .webp, .avif or .png with the theme 'transparent'.\n"
         "next: --out k3.webm, or --theme dark\n"),
        ("k3.avi", "There is no way to make a '.avi' file.\n"
         "expected: .mp4, .webm, .mov, .gif, .webp, .avif or .png.\n"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_made_are_refused(
    tmp_path: Path, trajectory_file: Path, out: str, message: str
) -> None:
    ran = spiral(tmp_path, "render", "bending", str(trajectory_file), "--theme", "transparent",
                 "--out", out)  # fmt: skip
    assert ran.returncode == 2
    assert ran.stderr == f"spiral: {message}"
    assert not (tmp_path / out).exists()


def test_a_transparent_preview_is_webm_and_png(tmp_path: Path, trajectory_file: Path) -> None:
    ran = spiral(tmp_path, "render", "bending", str(trajectory_file), "--preview",
                 "--theme", "transparent", "--quality", "240p10", "--seconds", "1")  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    names = ["bending-k3.png", "bending-k3.webm", "k3.npz"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_films_are_a_table_with_the_scenes_where_they_are(tmp_path: Path) -> None:
    for folder in (tmp_path, Path(__file__).parents[2]):
        ran = spiral(folder, "films")
        assert (ran.returncode, ran.stderr) == (0, "")
        lines = ran.stdout.splitlines()
        first = [line.split()[0] for line in lines if line[1:2].strip() and "\u2500" not in line]
        assert first[: len(FILMS) + 1] == ["film", *FILMS]
        for film in FILMS.values():
            (row,) = (line for line in lines if line.startswith(f" {film.name} "))
            assert row.split()[-1] == film.class_name
        *_, file, name = shlex.split(lines[-1])
        assert (folder / file).is_file()
        assert f"class {name}(CaptionedFilm)" in (folder / file).read_text("utf-8")


def test_the_printed_recipe_is_a_recipe(tmp_path: Path) -> None:
    text = spiral(tmp_path, "render", "--print-recipe").stdout
    assert 'quality = "1080p60"' in text


def test_the_doctor_finds_what_is_installed(tmp_path: Path) -> None:
    ran = spiral(tmp_path, "doctor")
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.count("  ok  ") == 6


def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError('gone', name='torch')\n")
    code = (
        "import sys; sys.path.insert(0, '.'); from spiralcore.cli import main; "
        "import spiralcore.cli.verbs.films as films; "
        "films.command.callback = lambda: __import__('torch'); main(['films'])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr == (
        "spiral: Training needs the package 'torch', which is not installed.\n"
        "expected: an installation with the extra 'train'.\n"
        'next: pip install "spiralcore[train]"\n'
    )


def test_a_wide_layer_is_filmed_as_a_projection(
    tmp_path: Path, wide_trajectory: Trajectory
) -> None:
    wide_trajectory.save(tmp_path / "wide.npz")
    for arguments in (["bending"], ["bending", "--layer", "2"], ["layers"]):
        film, *options = arguments
        ran = spiral(tmp_path, "render", film, "wide.npz", *options, "--formats", "png",
                     "--quality", "240p10")  # fmt: skip
        assert ran.returncode == 0, ran.stderr
    names = ["bending-wide-layer-2.png", "bending-wide.png", "layers-wide.png", "wide.npz"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["stack", "k3.npz"], "k3.npz: 1 layer of 2 units was recorded.\n"
         "expected: 2 layers or more of 2 units for the film 'stack'.\n"
         "next: spiral train --widths 120 2 80 2 40 2 --out FILE.npz\n"),
        (["bending", "k3.npz", "--layer", "7"], "k3.npz: there is no hidden layer 7.\n"
         "expected: 1 to 4, with the widths 120 80 40 2.\n"),
        (["layers", "k3.npz", "--layer", "2"], "The film 'layers' does not show one layer, so that "
         "none can be chosen.\nexpected: a film without the option --layer, and without 'layer' in "
         "the recipe.\n"),
    ],
)  # fmt: skip
def test_films_say_what_they_cannot_show(
    tmp_path: Path, trajectory_file: Path, arguments: list[str], message: str
) -> None:
    ran = spiral(tmp_path, "render", *arguments)
    assert ran.returncode == 2
    assert ran.stderr == f"spiral: {message}"
    assert [path.name for path in tmp_path.iterdir()] == ["k3.npz"]


def test_the_package_is_the_command_and_lists_its_names(tmp_path: Path) -> None:
    run = {"cwd": tmp_path, "capture_output": True, "text": True, "check": True}
    by_name = subprocess.run([sys.executable, "-m", "spiralcore", "--help"], **run)
    assert by_name.stdout == spiral(tmp_path, "--help").stdout
    listed = "import spiralcore, sys; print(dir(spiralcore)); print('torch' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", listed], **run)
    names, loaded = ran.stdout.splitlines()
    for name in ("ArrayRecorder", "Recorder", "Trajectory", "__version__"):
        assert f"'{name}'" in names
    assert loaded == "False"
