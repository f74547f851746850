"""A wheel and a source distribution as a stranger gets them: whole, and at work in any folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from email import message_from_string
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import spiralcore
from tests.setup.small_project import ROOT

BUILD = "from setuptools.build_meta import build_sdist; print(build_sdist({!r}))"
SEVERAL = """
import json, sys
from spiralcore.cli.group import cli
for words in json.loads(sys.argv[1]):
    cli.main(words, "spiral", standalone_mode=False)
"""
"""Runs commands one after the other: most of what one takes alone is to load libraries."""

TINY = ["--set", "data.points_per_class=8", "--set", "training.epochs=12"]
FILM = ["--set", 'film.quality="120p1"', "--set", "film.seconds=1", "--set", "film.hold=0.1"]


def python(folder: Path, *words: str, program: Path | None = None) -> str:
    """Run Python, or a program, in a folder, without this tree in sight."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ran = subprocess.run(
        [str(program or sys.executable), *words],
        capture_output=True, text=True, check=False, cwd=folder, env=kept,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def tree(folder: Path) -> Path:
    """What git knows of this tree, elsewhere, so that nothing is built into it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.link(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    said = python(tree(folder / "tree"), "-c", BUILD.format(str(folder)))
    return folder / said.splitlines()[-1]


@pytest.fixture(scope="module")
def unpacked(sdist: Path) -> Path:
    with tarfile.open(sdist) as archive:
        # The filter is of Python 3.11.4; the archive is our own.
        safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(sdist.parent, **safe)  # type: ignore[arg-type]
    return sdist.parent / sdist.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def wheel(unpacked: Path) -> Path:
    """Built of the source distribution alone."""
    kind = ("wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation")
    python(unpacked, "-m", "pip", *kind, "--wheel-dir", "..", ".")
    return next(unpacked.parent.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The folder of programs of an environment with the wheel, and the packages of this one."""
    folder = wheel.parent / "env"
    venv.create(folder, with_pip=False, symlinks=True)
    here = Path(str(distribution("numpy").locate_file("")))
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "packages.pth").write_text(f"{here}\n")
    pip = ("install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", "--no-compile")
    python(folder, "-m", "pip", *pip, str(wheel), program=folder / "bin" / "python")
    # What Numba has compiled here is right for files of the same age.
    for compiled in (ROOT / "spiralcore").rglob("__pycache__/*.nb[ic]"):
        source = compiled.parents[1] / f"{compiled.name.partition('.')[0]}.py"
        there = site / compiled.relative_to(ROOT)
        if not source.is_file():  # of a module of before
            continue
        if not there.parent.exists():
            there.parent.mkdir()
        shutil.copy(compiled, there)
        age = source.stat()
        os.utime(site / source.relative_to(ROOT), ns=(age.st_atime_ns, age.st_mtime_ns))
    return folder / "bin"


def test_the_source_distribution_is_the_whole_tree(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    known = {
        str(path.relative_to(sdist.parent / "tree"))
        for path in (sdist.parent / "tree").rglob("*")
        if path.is_file() and "egg-info" not in str(path)
    }
    assert known - held == set()
    assert [name for name in held if re.search(r"\.pyc$|\.nb[ic]$|\.npz\.", name)] == []


def test_the_wheel_holds_every_module_and_file_that_the_package_reads(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    for folder, place in (("spiralcore", "spiralcore"), ("scenes", "spiralcore/scenes")):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix not in (".pyc", ".nbi", ".nbc"):
                name = f"{place}/{path.relative_to(ROOT / folder)}"
                assert held[name] == path.read_bytes(), name
    tops = {name.partition("/")[0] for name in held}
    info = f"spiralcore-{spiralcore.__version__}.dist-info"
    assert tops == {"spiralcore", "pytest_spiralcore.py", info}


def test_what_an_index_shows_leads_somewhere(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith("/METADATA"))
        said = message_from_string(archive.read(name).decode())
    assert relative(str(said.get_payload())) == []
    assert "Project-URL" not in said
    here = tree(tmp_path / "tree")
    project = (here / "pyproject.toml").read_text("utf-8")
    (here / "pyproject.toml").unlink()
    place = "https://example.org/me/spiralcore"
    filled = project.replace('repository = ""', f'repository = "{place}"')
    assert filled != project
    (here / "pyproject.toml").write_text(filled)
    code = "import setuptools.build_meta as b; b.prepare_metadata_for_build_wheel('.')"
    python(here, "-c", code)
    (metadata,) = here.glob("*.dist-info/METADATA")
    said = message_from_string(metadata.read_text("utf-8"))
    text = str(said.get_payload())
    assert relative(text) == []
    assert (
        f"![All networks in step, drawn live]({place}/raw/main/docs/media/gallery-table.png)"
        in text
    )
    assert f"[films in a talk]({place}/blob/main/docs/talks.md)" in text
    assert f"git clone {place} spiralcore" in text
    assert said.get_all("Project-URL") == [
        f"Source, {place}", f"Changelog, {place}/blob/main/CHANGELOG.md", f"Issues, {place}/issues",
    ]  # fmt: skip


def relative(text: str) -> list[str]:
    """Links and pictures of a text that lead nowhere without the tree."""
    targets = re.findall(r"\]\(([^)]+)\)", text)
    return [one for one in targets if not urlsplit(one).scheme and not one.startswith("#")]


def test_an_installed_wheel_works_in_any_folder(installed: Path, tmp_path: Path) -> None:
    spiral = installed / "spiral"
    where = "import spiralcore; print(spiralcore.__file__)"
    assert str(installed.parent) in python(tmp_path, "-c", where, program=installed / "python")
    run = ["--classes", "2", "--activations", "tanh", "--films", "bending", "--jobs", "1"]
    more = [*TINY, *FILM, "--set", "close_ups=[2]", "--set", 'formats=["png"]']
    python(tmp_path, "render", *run, *more, program=spiral)
    assert (tmp_path / "renders" / "bending-2-tanh.png").exists()
    (network,) = (tmp_path / "renders" / "trajectories").glob("*.npz")
    deck = ["bending", str(network), "--to", "pptx", "--jobs", "1", *FILM]
    page = [str(network), "--out", "page", "--jobs", "1"]
    both = json.dumps([["export", *deck], ["gallery", *page]])
    python(tmp_path, "-c", SEVERAL, both, program=installed / "python")
    assert len(list(tmp_path.glob("*.pptx"))) == 1
    assert (tmp_path / "page" / "index.html").exists()
    said = python(
        tmp_path, "-m", "spiralcore", "render", "--print-recipe", program=installed / "python"
    )
    assert said == (ROOT / "spiralcore/recipe/default.toml").read_text("utf-8")


def test_manim_finds_the_films_of_an_installed_wheel(installed: Path, tmp_path: Path) -> None:
    place = python(tmp_path, "-m", "spiralcore.scenes", "bending", program=installed / "python")
    assert Path(place.strip()).is_relative_to(installed.parent)
    assert place.strip() in python(tmp_path, "films", program=installed / "spiral").replace("'", "")
    folder = python(tmp_path, "-m", "spiralcore.scenes", program=installed / "python").strip()
    assert Path(folder) == Path(place.strip()).parent
    spiral = ["train", "--classes", "2", "--activation", "tanh", "--out", "k2.npz", "--jobs", "1"]
    python(tmp_path, *spiral, *TINY, program=installed / "spiral")
    code = (
        "import os, sys; os.environ['SPIRAL_TRAJECTORY'] = 'k2.npz'\n"
        f"sys.argv = 'manim render -r 214,120 --fps 1'.split() + [{place.strip()!r}, 'Bending']\n"
        "from manim.__main__ import main; main()"
    )
    python(tmp_path, "-c", code, program=installed / "python")
    assert len(list(tmp_path.rglob("Bending.mp4"))) == 1


def test_the_plugin_of_an_installed_wheel_is_found(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "def test_it(trajectory_snapshot): assert trajectory_snapshot\n"
    )
    said = python(tmp_path, "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", ".", "-p",
                  "no:cacheprovider", "test_it.py", program=installed / "python")  # fmt: skip
    assert "1 passed" in said


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["bendin"], "spiral: There is no film 'bendin'. Did you mean 'bending'?\n"),
        (["row", "field"], "spiral: Found 2 films.\nexpected: one, or none.\n"
                           "next: python -m spiralcore.scenes bending\n"),
    ],
)  # fmt: skip
def test_a_film_that_is_not_there_is_said(words: list[str], fault: str) -> None:
    command = [sys.executable, "-m", "spiralcore.scenes", *words]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(fault)
