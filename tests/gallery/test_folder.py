from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from spiralcore import Trajectory
from spiralcore.gallery.downloads import Downloads
from spiralcore.gallery.page import check_folder
from spiralcore.gallery.shown_networks import of_files, rows, safe, unique
from spiralcore.gallery.training import shared_scripts
from tests.conftest import record, small_recipe, spiral


def test_everything_that_the_page_loads_is_there(gallery: Path) -> None:
    text = (gallery / "index.html").read_text()
    places = re.findall(r'(?:src|href)="([^"#:]+)"', text)
    early = {
        view: re.findall(rf'data-{view}="([^"]+)"', text)[0].split()
        for view in ("table", "network")
    }
    names = {
        view: [Path(place).name.rpartition("-")[0] for place in found]
        for view, found in early.items()
    }
    assert names == {
        "table": ["clock", "table-3-tanh", "table-3-relu"],
        "network": ["clock", "table-4-tanh"],
    }
    assert places == ["style/site.css", "script/parts.js", "script/site.js", "data/manifest.js"]
    loaded = [*places, *early["table"], *early["network"]]
    assert [place for place in loaded if not (gallery / place).is_file()] == []
    assert "<script>" not in text
    assert " style=" not in text
    assert re.search(r"\son[a-z]+=", text) is None


def test_scripts_neither_build_html_nor_fetch() -> None:
    site = Path(str(resources.files("spiralcore.gallery") / "site"))
    places = re.findall(r'src="(script/[^"]+)"', (site / "index.html").read_text())
    scripts = sorted((site / "script").glob("*.js"))
    assert {f"script/{path.name}" for path in scripts} | set(shared_scripts()) == set(places)
    for path in scripts:
        # The name of a language is no address that is asked.
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert text.startswith('"use strict";\n//'), path.name
        # `tight` leaves texts as they are, as long as none is within another one.
        assert re.search(r"\$\{[^}`]*`", text) is None, path.name
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "fetch(", "http"):
            assert word not in text, (path.name, word)


def test_trajectories_lie_beside_the_page(
    gallery: Path, trajectories: dict[str, Trajectory]
) -> None:
    for name, trajectory in trajectories.items():
        copied = Trajectory.load(gallery / "files" / f"{name}.npz")
        assert (copied.hidden == trajectory.hidden).all()


def test_a_second_run_makes_nothing_and_another_one_tidies_up(
    tmp_path: Path, trajectory: Trajectory
) -> None:
    trajectory.save(tmp_path / "one.npz")
    record(small_recipe(seed=2))[0].save(tmp_path / "two.npz")
    call = ("gallery", "one.npz", "two.npz", "--seconds", "2", "--jobs", "1")
    first = spiral(tmp_path, *call)
    assert first.returncode == 0, first.stderr
    assert "2 networks, 0 films linked" in first.stdout
    assert "9 parts made, 0 up to date" in first.stdout
    data = tmp_path / "gallery" / "data"
    before = {path.name: path.stat().st_mtime_ns for path in data.glob("*-*.js")}
    assert len(before) == 9
    assert "0 parts made, 9 up to date" in spiral(tmp_path, *call).stdout
    assert {path.name: path.stat().st_mtime_ns for path in data.glob("*-*.js")} == before
    alone = spiral(tmp_path, "gallery", "two.npz", "--seconds", "2", "--jobs", "1")
    assert "3 parts made, 2 up to date" in alone.stdout
    assert len(list(data.glob("*-*.js"))) == 5
    assert [path.name for path in (tmp_path / "gallery" / "files").iterdir()] == ["two.npz"]


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path, trajectory_file: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    answer = spiral(tmp_path, "gallery", str(trajectory_file), "--out", str(tmp_path))
    assert answer.returncode == 2
    assert answer.stderr == (
        f"spiral: {tmp_path} holds 'k3.npz' and no page.\n"
        "expected: a new folder, an empty one, or one that holds a page.\n"
        f"next: --out {tmp_path / 'gallery'}\n"
    )
    answer = spiral(
        tmp_path, "gallery", str(trajectory_file), "--out", str(tmp_path / "thesis.tex")
    )
    assert answer.returncode == 2
    assert answer.stderr == (
        f"spiral: {tmp_path / 'thesis.tex'} is a file.\n"
        "expected: a folder.\n"
        f"next: --out {tmp_path}\n"
    )
    check_folder(tmp_path / "new")


def test_a_file_that_is_no_trajectory_is_named(tmp_path: Path) -> None:
    answer = spiral(tmp_path, "gallery", "none.npz")
    assert answer.returncode == 2
    assert answer.stderr == (
        "spiral: none.npz does not exist.\n"
        "expected: a trajectory file.\n"
        "next: spiral train --out none.npz\n"
    )


def test_names_are_harmless_and_different() -> None:
    assert safe("K4 tanh (final)") == "k4-tanh-final"
    assert safe("../../etc/passwd") == "etc-passwd"
    assert safe("ζ") == "network"
    assert len(safe("a" * 500)) == 60
    assert unique("a", ["a", "a-2"]) == "a-3"


def test_files_of_one_name_do_not_meet(tmp_path: Path, trajectory: Trajectory) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        trajectory.save(tmp_path / folder / "k3.npz")
    exhibits = of_files([tmp_path / "one" / "k3.npz", tmp_path / "two" / "k3.npz"])
    assert [network.name for network in exhibits] == ["k3", "k3-2"]
    assert [len(row) for row in rows(exhibits)] == [2]
    downloads = Downloads(tmp_path / "page")
    places = [downloads.add(network.path)["place"] for network in exhibits]
    assert places == ["files/k3.npz", "files/k3-2.npz"]


def test_films_of_a_run_are_linked(tmp_path: Path) -> None:
    recipe = tmp_path / "small.toml"
    recipe.write_text(
        'classes = [2, 3]\nactivations = ["tanh"]\nfilms = ["row", "packing"]\nformats = ["gif"]\n'
        "close_ups = [3]\n[data]\npoints_per_class = 20\n"
        "[training]\nepochs = 40\nlearning_rate = 0.001\nattempts = 1\n"
        "[network]\nwidths = [8, 2]\n[film]\nseconds = 1.0\nhold = 0.0\ngif_height = 120\n"
        'quality = "120p10"\nloop = false\n'
    )
    call = ("--recipe", str(recipe), "--jobs", "1")
    films = spiral(tmp_path, "render", *call, "--films", "packing")
    assert films.returncode == 0, films.stderr
    made = spiral(tmp_path, "gallery", *call)
    assert made.returncode == 0, made.stderr
    assert "renders/gallery/index.html: 2 networks, 1 film linked" in made.stdout
    assert (
        "2 files of films are missing or out of date, and not linked; "
        "`spiral render` with the same options makes them" in made.stderr
    )
    files = tmp_path / "renders" / "gallery" / "files"
    linked = tmp_path / "renders" / "packing-3-tanh.gif"
    assert (files / "packing-3-tanh.gif").read_bytes() == linked.read_bytes()
    assert sorted(path.name for path in files.iterdir()) == [
        "2-tanh.npz", "3-tanh.npz", "packing-3-tanh.gif"
    ]  # fmt: skip


def test_out_is_where_the_page_goes_and_the_run_is_used(tmp_path: Path) -> None:
    recipe = tmp_path / "small.toml"
    recipe.write_text(
        'classes = [2]\nactivations = ["tanh"]\nfilms = []\n[data]\npoints_per_class = 20\n'
        "[training]\nepochs = 40\nattempts = 1\n[network]\nwidths = [8, 2]\n"
        "[film]\nseconds = 1.0\n"
    )
    call = ("--recipe", str(recipe), "--jobs", "1")
    for run, options in (("renders", ()), ("talk", ("--run", "talk"))):
        trained = spiral(tmp_path, "render", *call, "--out", run)
        assert trained.returncode == 0, trained.stderr
        (file,) = (tmp_path / run / "trajectories").iterdir()
        before = file.stat().st_mtime_ns
        made = spiral(tmp_path, "gallery", *call, *options, "--out", f"page of {run}")
        assert made.returncode == 0, made.stderr
        assert f"page of {run}/index.html: 1 network, 0 films linked" in made.stdout
        assert "training" not in made.stderr
        assert file.stat().st_mtime_ns == before
    names = {"small.toml", "renders", "page of renders", "talk", "page of talk"}
    assert {path.name for path in tmp_path.iterdir()} == names


@pytest.mark.parametrize("name", ["wide_trajectory", "stacked_trajectory"])
def test_other_layers_are_shown(tmp_path: Path, name: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(name).save(tmp_path / "other.npz")
    made = spiral(tmp_path, "gallery", "other.npz", "--seconds", "1", "--jobs", "1")
    assert made.returncode == 0, made.stderr
