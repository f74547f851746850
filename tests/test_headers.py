"""What has to be there before pip can compile, and the one line that brings it, everywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import system_packages
from spiralcore import headers

ROOT = Path(__file__).parents[1]
PYTHON = "python{}.{}".format(*sys.version_info)

SAY = """
import os, sys, sysconfig
import subprocess
found = sysconfig.get_paths()
sysconfig.get_paths = lambda *_: dict(found, include="/nowhere") if {bare} else found
os.geteuid = lambda: {user}
sys.platform = {platform!r}
from spiralcore.errors import MissingExtraError
for extra in ("film", "train"):
    print(MissingExtraError.for_extra(extra, "some", "This"))
"""


def said(
    folder: Path,
    *programs: str,
    platform: str = "linux",
    user: int = 0,
    bare: bool = False,
    **variables: str,
) -> list[str]:
    """What comes next for films and for training, on a machine with only some programs."""
    folder.mkdir(exist_ok=True)
    for name in programs:
        (folder / name).write_text("#!/bin/sh\nexit 1\n")
        (folder / name).chmod(0o755)
    code = SAY.format(user=user, platform=platform, bare=bare)
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=ROOT, env={"PATH": str(folder), **variables},
    )  # fmt: skip
    assert ran.stderr == ""
    return re.findall(r"(?m)^next: (.*)$", ran.stdout)


FILM, TRAIN = 'pip install "spiralcore[film]"', 'pip install "spiralcore[train]"'
APT = "apt-get install build-essential pkg-config libcairo2-dev libpango1.0-dev"
DNF = "dnf install gcc pkgconf-pkg-config cairo-devel pango-devel"
PACMAN = "pacman -S base-devel pkgconf cairo pango"
BREW = "brew install pkg-config cairo pango"


@pytest.mark.parametrize(
    ("programs", "line"),
    [
        (["apt-get"], APT),
        (["apt-get", "sudo"], APT),
        (["dnf"], DNF),
        (["pacman"], PACMAN),
        (["brew"], BREW),
        (["apt-get", "brew"], APT),
        (["cc", "pkg-config", "apt-get"], APT),
    ],
)
def test_each_system_gets_its_line(tmp_path: Path, programs: list[str], line: str) -> None:
    assert said(tmp_path, *programs) == [f"{line} && {FILM}", TRAIN]


def test_who_is_no_administrator_asks_one(tmp_path: Path) -> None:
    assert said(tmp_path, "apt-get", "sudo", user=1000) == [f"sudo {APT} && {FILM}", TRAIN]


def test_the_headers_of_python_are_asked_for_where_they_are_missing(tmp_path: Path) -> None:
    assert said(tmp_path / "a", "apt-get", bare=True)[0] == f"{APT} {PYTHON}-dev && {FILM}"
    assert said(tmp_path / "d", "dnf", bare=True)[0] == f"{DNF} {PYTHON}-devel && {FILM}"


def test_conda_comes_before_the_system(tmp_path: Path) -> None:
    line = "conda install -c conda-forge compilers pkg-config cairo pango"
    assert said(tmp_path, "apt-get", CONDA_PREFIX="/env") == [f"{line} && {FILM}", TRAIN]


def test_a_system_that_nobody_knows_gets_what_pip_needs(tmp_path: Path) -> None:
    assert said(tmp_path) == [FILM, TRAIN]


def test_on_windows_nothing_is_compiled(tmp_path: Path) -> None:
    assert said(tmp_path, "apt-get", platform="win32") == [FILM, TRAIN]


def test_macos_compiles_pycairo_only(tmp_path: Path) -> None:
    found = tmp_path / "bin"
    found.mkdir()
    (found / "pkg-config").write_text('#!/bin/sh\n[ "$2" = cairo ]\n')
    (found / "pkg-config").chmod(0o755)
    assert said(found, "cc", "brew", platform="darwin") == [FILM, TRAIN]
    assert said(found, "cc", "brew", platform="linux") == [f"{BREW} && {FILM}", TRAIN]


def test_all_that_tell_of_it_tell_the_same() -> None:
    page = (ROOT / "docs" / "pip.md").read_text("utf-8")
    for names in (headers.APT, headers.DNF, headers.PACMAN, headers.BREW, headers.CONDA):
        assert f" {' '.join(names)}" in page
    lines = "\n".join(system_packages.lines_to_type())
    for names in (headers.APT, headers.DNF, headers.PACMAN, headers.BREW):
        assert f" {' '.join(names)}" in lines


@pytest.mark.skipif("CI" not in os.environ and bool(headers.missing()), reason="no headers here")
def test_where_they_are_there_nothing_is_said() -> None:
    assert (headers.missing(), headers.line(), headers.before("film")) == ([], "", "")
