"""The two commands for people without make: they do what those of the Makefile do."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.setup.small_project import ROOT, Project, python

FILES = ("__init__.py", "errors.py", "version.py", "setup.py")

SHOWS = "import sys; print('spiral', *sys.argv[1:]); sys.exit(3 * ('no' in sys.argv))"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.make(tmp_path / "small")
    for name in FILES:
        shutil.copy(ROOT / "spiralcore" / name, made.folder / "spiralcore")
    (made.folder / "spiralcore" / "__main__.py").write_text(SHOWS)
    return made


def call(project: Project, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python(), "-m", "spiralcore.setup", *words], cwd=project.folder,
        env=project.environment(**variables), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_an_environment_is_made_once_and_used(project: Project) -> None:
    ran = call(project)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == (
        "setup: installing the Python packages into .venv: some minutes, two of them are compiled\n"
    )
    assert project.packages() == ["cloth", "small", "torch", "weave"]
    # It is that of `make setup`, which finds nothing to do.
    again = project.set_up()
    assert (again.returncode, again.stderr) == (0, "")
    ran = call(project, "render", "--classes", "3", "5")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "spiral render --classes 3 5\n", "")
    assert call(project, "render", "no").returncode == 3


def test_what_is_wrong_is_said_as_make_says_it(project: Project) -> None:
    (project.folder / "taken").mkdir()
    (project.folder / "taken" / "notes.txt").touch()
    ran = call(project, VENV="taken")
    assert ran.returncode == 2
    assert ran.stderr == (
        "setup: taken is there already, and was not made by this setup\n"
        "setup: expected: nothing, an empty folder, or a virtual environment with pip and with a "
        "Python that will do\n"
        "setup: next: another place for it: make setup VENV=/elsewhere/venv\n"
    )
    ran = call(project, "gallery")
    assert ran.returncode == 2
    assert ran.stderr == (
        "spiral: There is no command 'gallery' here.\n"
        "expected: nothing, or render.\n"
        "next: python -m spiralcore.setup render\n"
    )
    shutil.rmtree(project.folder / "scripts")
    ran = call(project)
    assert ran.returncode == 2
    assert ran.stderr == (
        f"spiral: {project.folder} is no clone of spiralcore.\n"
        "expected: the folder of the repository; what pip has installed needs no set-up.\n"
        "next: spiral render\n"
    )
