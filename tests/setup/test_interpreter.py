"""Which Python `make setup` takes, and what it says where there is none, or no compiler."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from scripts import system_packages
from tests.setup.small_project import ROOT, SYSTEM_PATH, copy_scripts, program, python, tools

OLD = 'case $* in *version_info*) ;; *) echo "Python 3.9.2";; esac'
"""A Python that is too old."""

NEW = 'case $* in *version_info*) echo "Python $0";; *) echo "$0 $*"; exit 7;; esac'
"""One that is not, and that tells what it is called with."""


def set_up(path: str, venv: str = "v", **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / "setup.sh"), venv],
        env={"PATH": path, **variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def pythons(folder: Path, **versions: str) -> str:
    for name, text in versions.items():
        program(folder / name.replace("_", "."), text)
    return f"{folder}:{tools(folder / 'system', *(f'python3.{n}' for n in range(8, 16)))}"


@pytest.mark.parametrize(
    ("versions", "taken"),
    [
        ({"python3": NEW, "python3_14": NEW}, "python3"),
        ({"python3": OLD, "python3_14": NEW, "python3_12": NEW}, "python3.14"),
        ({"python3": OLD, "python3_11": NEW, "python3_12": NEW}, "python3.12"),
    ],
)
def test_python3_if_it_will_do_and_else_the_newest(
    tmp_path: Path, versions: dict[str, str], taken: str
) -> None:
    ran = set_up(pythons(tmp_path, **versions))
    assert ran.returncode == 7
    wanted = f"{tmp_path}/{taken} -E -s -m scripts.environment v\n"
    assert ran.stdout == wanted


def test_there_is_none(tmp_path: Path) -> None:
    ran = set_up(pythons(tmp_path, python3=OLD))
    assert ran.returncode == 2
    assert ran.stderr == (
        "setup: found no Python from 3.11 to 3.14\n"
        "setup: next: install one (on Debian and Ubuntu: apt-get install python3), or name it:\n"
        "setup:   make setup PYTHON=/path/to/python3\n"
    )


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("/nowhere/python3", "there is no such program"),
        ("pyhton3", "there is no such program"),
        ("{folder}", "there is no such program"),
        ("python3.9", "found Python 3.9.2"),
        ("/bin/true", "found a program that is no Python"),
        ("/bin/echo", "found a program that is no Python"),
        ("exit", "there is no such program"),
        ("{folder}/broken", "found a program that is no Python"),
    ],
)
def test_a_python_that_was_named_is_taken_or_refused(
    tmp_path: Path, named: str, found: str
) -> None:
    """And never another one instead."""
    path = pythons(tmp_path, python3=NEW, python3_9=OLD, broken="exit 1")
    named = named.format(folder=tmp_path)
    ran = set_up(path, PYTHON=named)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr == (
        f"setup: PYTHON={named}: {found}\n"
        "setup: expected: a Python from 3.11 to 3.14\n"
        "setup: next: make setup PYTHON=/path/to/python3, or leave PYTHON out\n"
    )


def test_a_python_may_lie_in_a_folder_with_spaces(tmp_path: Path) -> None:
    named = program(tmp_path / "two words" / "python3", NEW)
    ran = set_up("/usr/bin:/bin", PYTHON=str(named))
    assert ran.stdout == f"{named} -E -s -m scripts.environment v\n"


def lines(python_packages: str, sudo: str) -> str:
    return (
        "setup: next, whichever fits, by an administrator, then the same make again:\n"
        f"setup:   apt:    {sudo}apt-get install build-essential pkg-config libcairo2-dev "
        f"libpango1.0-dev{python_packages}\n"
    )


def python_packages() -> str:
    name = system_packages.system_python()
    return f" {name}-dev {name}-venv" if name else ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_who_may_not_install_is_told_what_to_type(tmp_path: Path) -> None:
    """A user without sudo, on a machine that has apt but no compiler."""
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(0o755)
    path = tools(tmp_path / "programs", "cc", "pkg-config", "sudo")
    checkout = tmp_path / "checkout"
    copy_scripts(checkout)
    checkout.chmod(0o777)
    ran = subprocess.run(
        ["/bin/sh", "scripts/setup.sh", "venv"], cwd=checkout, user=65534, group=65534,
        env={"PATH": path, "PYTHON": "python3"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert ran.stderr.startswith("setup: missing: a C compiler, pkg-config, cairo, pangocairo\n"), (
        ran.stderr
    )
    assert "setup:   apt:    apt-get install build-essential pkg-config " in ran.stderr
    assert not (checkout / "venv").exists()


def test_what_apt_did_not_bring_is_still_missing(tmp_path: Path) -> None:
    """It is looked for again; an apt that fails, or brings nothing, is no reason to go on."""
    calls = tmp_path / "calls"
    program(tmp_path / "apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {calls}')
    program(tmp_path / "sudo", 'shift; exec "$@"')
    path = f"{tmp_path}:{tools(tmp_path / 'system', 'pkg-config', 'apt-get', 'sudo')}"
    ran = set_up(path, str(tmp_path / "venv"), PYTHON=python())
    assert ran.returncode == 2
    assert ran.stderr.startswith(
        "setup: missing: pkg-config, cairo, pangocairo; installing with apt\n"
        "setup: missing: pkg-config, cairo, pangocairo\n" + lines(python_packages(), "sudo ")
    )
    update, install = calls.read_text().splitlines()
    assert update == "noninteractive -qq -o DPkg::Lock::Timeout=300 update"
    assert install == (
        "noninteractive -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "
        f"build-essential pkg-config libcairo2-dev libpango1.0-dev{python_packages()}"
    )


def test_an_apt_that_was_killed_is_brought_to_its_end_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It refuses everything until `dpkg --configure -a` has run."""
    calls = tmp_path / "calls"
    refuses = f"case $* in *install*) grep -q configure {calls} || exit 100;; esac"
    program(tmp_path / "apt-get", f'{refuses}; echo "$*" >> {calls}')
    program(tmp_path / "dpkg", f'echo "$*" >> {calls}')
    program(tmp_path / "sudo", 'shift; exec "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path}:{SYSTEM_PATH}")
    assert system_packages.install(["this"])
    called = [line.split()[-1] for line in calls.read_text().splitlines()]
    assert called == ["update", "-a", "this"]


@pytest.mark.parametrize(
    ("program_path", "name"),
    [
        ("/usr/bin/python3.12", "python3.12"),
        ("/usr/bin/python3.12-dbg", "python3.12"),
        ("/usr/local/bin/python3.12", None),
        ("/opt/conda/bin/python3.12", None),
    ],
)
def test_headers_are_those_of_the_python_that_was_chosen(
    monkeypatch: pytest.MonkeyPatch, program_path: str, name: str | None
) -> None:
    """3.12 beside 3.11; and a Python that is not the system's brings its own."""
    monkeypatch.setattr("sys.executable", program_path)
    monkeypatch.setattr("sys.version_info", (3, 12, 1))
    assert system_packages.system_python() == name
    wanted = [f"{name}-dev", f"{name}-venv"] if name else []
    assert system_packages.apt_names()[4:] == wanted
