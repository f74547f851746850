"""`make setup`: on machines that have never seen it, and on those that have seen half of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import made_once
from tests.setup.small_project import (
    SYSTEM_PATH,
    Project,
    by_hand,
    program,
    python,
    source,
    take_pip,
    wheel,
)

INSTALLING = (
    "setup: installing the Python packages into {}: some minutes, two of them are compiled\n"
)
Completed = subprocess.CompletedProcess[str]

ANEW = "setup: {} is not complete, or its Python has gone or is another: making it anew\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.make(tmp_path / "small")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Completed]:
    """A folder with a project that was set up in it, and what was said; copied to `ready`."""
    folder = tmp_path_factory.mktemp("first")
    project = Project.make(folder / "small", ensurepip=True)
    ran = project.set_up()
    # Whoever needs a pip next has a copy of this one.
    made_once("pip", lambda copies: take_pip(project.folder / ".venv", copies))
    project.copy_pip()
    folder.rename(folder.with_name("kept"))
    return folder, ran


def copied(source: str, target: str) -> None:
    """Copy a file; of pip, which nobody changes, there is one."""
    (os.link if "/site-packages/pip" in source else shutil.copy2)(source, target)


@pytest.fixture
def ready(first: tuple[Path, Completed]) -> Iterator[Project]:
    """A project that is set up: where it was made, as an environment knows its place."""
    folder, _ = first
    shutil.copytree(folder.with_name("kept"), folder, symlinks=True, copy_function=copied)
    yield Project(folder / "small", folder / "index-of-small")
    shutil.rmtree(folder)


def test_what_builds_packages_is_found_in_the_environment(
    first: tuple[Path, Completed], ready: Project
) -> None:
    """With the system's own PATH, on which there is no `weave`."""
    _, ran = first
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == INSTALLING.format(".venv")
    assert ready.packages() == ["cloth", "small", "torch", "weave"]


def test_an_environment_that_is_there_is_left_alone(ready: Project) -> None:
    before = (ready.folder / ".venv" / ".ready").stat().st_mtime_ns
    for settings in ([], [f"PYTHON={python()}"], ["PYTHON="]):
        again = ready.set_up(*settings)
        assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert (ready.folder / ".venv" / ".ready").stat().st_mtime_ns == before


def test_what_has_changed_in_the_locks_is_installed(ready: Project) -> None:
    kept = ready.folder / ".venv" / "notes.txt"
    kept.touch()
    ready.lock("packages", cloth=source(ready.index, "cloth"),
                 silk=source(ready.index, "silk"))  # fmt: skip
    ran = ready.set_up()
    assert ran.stderr == INSTALLING.format(".venv")
    assert ready.packages() == ["cloth", "silk", "small", "torch", "weave"]
    assert kept.exists()


def test_what_older_tools_have_left_in_the_tree_does_not_hide_what_is_installed(
    project: Project,
) -> None:
    stale = project.folder / "small.egg-info"
    stale.mkdir()
    (stale / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: small\nVersion: 0.9\n")
    project.set_up()
    asked = "from importlib.metadata import distribution as d; print(d('small').version)"
    ran = subprocess.run(
        [project.folder / ".venv" / "bin" / "python", "-c", asked],
        cwd=project.folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout == "1.0\n"


def test_a_file_that_the_lock_does_not_know_is_refused(project: Project) -> None:
    source(project.index, "silk")
    project.lock("packages", silk="0" * 64)
    ran = project.set_up()
    assert ran.returncode == 2
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in ran.stderr
    assert "setup: .venv is not complete; what went wrong stands above\n" in ran.stderr
    assert "setup: next: the same make again\n" in ran.stderr
    # It might as well be half installed.
    project.lock("packages", silk=source(project.index, "silk"))
    mended = project.set_up()
    assert mended.stderr == ANEW.format(".venv") + INSTALLING.format(".venv")
    assert project.packages() == ["silk", "small", "torch", "weave"]


def test_a_torch_for_cuda_gets_its_libraries(project: Project) -> None:
    torch = wheel(project.index, "torch", "torch.py", "", requires="libcuda (==1.0)")
    project.lock("torch", torch=torch)
    project.lock("cuda", libcuda=wheel(project.index, "libcuda", "libcuda.py", ""))
    ran = project.set_up()
    assert ran.returncode == 0, ran.stderr
    assert "this torch is one for CUDA: installing what it asks for, some gigabytes" in ran.stderr
    assert "libcuda" in project.packages()


def test_locks_that_do_not_fit_are_said(project: Project) -> None:
    cloth = wheel(project.index, "cloth", "cloth.py", "", requires="thread")
    project.lock("packages", cloth=cloth)
    (project.index / "cloth-1.0.tar.gz").unlink()
    ran = project.set_up()
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[1:4] == [
        "setup: cloth 1.0 requires thread, which is not installed.",
        "setup: the locks and pyproject.toml do not fit each other",
        "setup: next: make lock, then the same make again",
    ]
    (project.folder / ".venv" / "notes.txt").touch()
    project.lock("packages", cloth=cloth, thread=source(project.index, "thread"))
    assert project.set_up().stderr == INSTALLING.format(".venv")
    assert (project.folder / ".venv" / "notes.txt").exists()


@pytest.mark.parametrize("venv", ["a b", '-x/it\'s "so" $HOME `x` \\n Übung'])
def test_an_environment_may_have_any_name(tmp_path: Path, venv: str) -> None:
    project = Project.make(tmp_path / "small", ensurepip=venv != "a b")
    ran = project.set_up(f"VENV={venv.replace('$', '$$')}")
    assert ran.returncode == 0, ran.stderr
    assert project.packages(venv) == ["cloth", "small", "torch", "weave"]
    for name in ("weave", "small", "cloth"):
        subprocess.run([project.folder / venv / "bin" / name], check=True)
    assert project.set_up(f"VENV={venv.replace('$', '$$')}").stderr == ""


@pytest.mark.parametrize("name", ["two words", 'it\'s "so" $(x) Übung'])
def test_a_checkout_may_have_any_name(tmp_path: Path, name: str) -> None:
    project = Project.make(tmp_path / name)
    ran = project.set_up()
    assert ran.returncode == 0, ran.stderr
    assert project.packages() == ["cloth", "small", "torch", "weave"]
    subprocess.run([project.folder / ".venv" / "bin" / "small"], check=True)


def test_a_colon_is_refused(tmp_path: Path) -> None:
    project = Project.make(tmp_path / "12:30")
    ran = project.set_up()
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[:2] == [
        f"setup: {project.folder}/.venv: no virtual environment works in a folder with a colon in "
        "its name",
        "setup: next: another place for it: make setup VENV=/elsewhere/venv",
    ]


def test_a_set_up_that_was_killed_is_made_anew(project: Project) -> None:
    """In the middle of a package: pip would take half of it for the whole."""
    started = project.folder.parent / "started"
    weaving = f"import pathlib, time\ndef main(): pathlib.Path({str(started)!r}).touch(); "
    tool = wheel(project.index, "weave", "weaving.py", f"{weaving}time.sleep(60)\n")
    project.lock("build", weave=tool)
    # A shell lets what it puts into the background ignore interrupts, and all that this begins.
    process = subprocess.Popen(
        ["env", "--default-signal=INT", "make", "setup", f"PYTHON={python()}"],
        cwd=project.folder, start_new_session=True,
        env=project.environment(), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while not started.exists():
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    subprocess.run(["pkill", "-KILL", "-f", str(project.folder)], check=False)
    half = next((project.folder / ".venv").glob("lib/*/site-packages")) / "half.py"
    half.touch()
    tool = wheel(project.index, "weave", "weaving.py", "def main(): pass\n")
    project.lock("build", weave=tool)
    ran = project.set_up()
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ANEW.format(".venv") + INSTALLING.format(".venv")
    assert project.packages() == ["cloth", "small", "torch", "weave"]
    assert not half.exists()


def test_two_at_once_take_turns(project: Project) -> None:
    both = [
        subprocess.Popen(
            ["make", "setup", f"PYTHON={python()}"], cwd=project.folder,
            env=project.environment(), stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    said = sorted(process.communicate()[1] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert said == [
        INSTALLING.format(".venv"), "setup: waiting for another setup of .venv\n",
    ]  # fmt: skip


def gone(venv: Path) -> None:
    """The Python of an environment was upgraded, and the old one removed."""
    for name in ("python", "python3"):
        (venv / "bin" / name).unlink()
        (venv / "bin" / name).symlink_to("/usr/bin/python3.9")


def newer(venv: Path) -> None:
    """`python3` means another Python now than when the environment was made."""
    (venv / "bin" / "python").unlink()
    program(venv / "bin" / "python", "exec false")


def without_pip(venv: Path) -> None:
    """Somebody killed `python -m venv`, before there were notes about it."""
    (venv / ".ready").unlink()
    shutil.rmtree(next(venv.glob("lib/*/site-packages/pip")))


@pytest.mark.parametrize("harm", [gone, newer, without_pip])
def test_a_broken_environment_is_made_anew(ready: Project, harm: object) -> None:
    assert callable(harm)
    harm(ready.folder / ".venv")
    ran = ready.set_up()
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ANEW.format(".venv") + INSTALLING.format(".venv")
    assert ready.packages() == ["cloth", "small", "torch", "weave"]


def test_an_environment_that_moved_with_its_checkout_is_made_anew(ready: Project) -> None:
    moved = Project(ready.folder.rename(ready.folder.with_name("moved")), ready.index)
    ran = moved.set_up()
    assert ran.stderr == ANEW.format(".venv") + INSTALLING.format(".venv")
    subprocess.run([moved.folder / ".venv" / "bin" / "small"], check=True)


def another_python(folder: Path) -> Path:
    """One of another path, which is what an environment knows its Python by."""
    return Path(shutil.copy(python(), folder / "python3"))


def test_whoever_names_another_python_gets_it(ready: Project, tmp_path: Path) -> None:
    other = another_python(tmp_path)
    ran = ready.set_up(f"PYTHON={other}")
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ANEW.format(".venv") + INSTALLING.format(".venv")
    state = ready.folder / ".venv" / ".ready"
    assert json.loads(state.read_text())["python"] == str(other)
    assert ready.packages() == ["cloth", "small", "torch", "weave"]


def test_an_environment_of_ones_own_is_used_and_keeps_what_it_has(project: Project) -> None:
    """It was made by hand, and has something of its own; nothing of it is removed."""
    venv = project.folder / "mine"
    by_hand(venv)
    (venv / "notes.txt").touch()
    ran = project.set_up("VENV=mine")
    assert ran.returncode == 0, ran.stderr
    assert project.packages("mine") == ["cloth", "small", "torch", "weave"]
    assert (venv / "notes.txt").exists()


@pytest.mark.parametrize(
    ("named", "is_venv"),
    [
        *((name, False) for name in ("{thesis}", ".venv", "link", "..", ".")),
        *((name, True) for name in ("{thesis}", "link")),
    ],
)
def test_what_is_no_environment_of_ours_is_never_removed(
    project: Project, tmp_path: Path, is_venv: bool, named: str
) -> None:
    """Whatever it is called, and be it through a link."""
    place = project.folder / ".venv" if named == ".venv" else tmp_path / "thesis"
    place.mkdir()
    (place / "chapter.tex").write_text("all of it")
    (project.folder / "link").symlink_to(place)
    if is_venv:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
        gone(place)
    before = sorted(tmp_path.rglob("*"))
    named = named.format(thesis=place)
    ran = project.set_up(f"VENV={named}")
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[:3] == [
        f"setup: {named} is there already, and was not made by this setup",
        "setup: expected: nothing, an empty folder, or a virtual environment with pip and with "
        f"the Python {python()} that will do",
        "setup: next: another place for it: make setup VENV=/elsewhere/venv",
    ]
    assert (place / "chapter.tex").read_text() == "all of it"
    assert set(tmp_path.rglob("*")) - set(before) <= {
        project.folder / ".setup.lock",
        *(project.folder / "scripts").rglob("*"),
        *(project.folder / "spiralcore").rglob("*"),
    }


def upgraded(venv: Path) -> None:
    """`python3` is of another version than when somebody made the environment."""
    found = next(venv.glob("lib/python3.*"))
    found.rename(found.with_name("python3.9"))


@pytest.mark.parametrize("harm", [gone, upgraded])
def test_one_whose_python_has_gone_is_put_aside(project: Project, harm: object) -> None:
    """Where ours belongs, if it is not known who made it; nothing of it is lost."""
    venv = project.folder / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (venv / "notes.txt").write_text("mine")
    assert callable(harm)
    harm(venv)
    ran = project.set_up()
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == (
        "setup: the Python of .venv has gone or is another; it is .venv.old-1 now, which nothing "
        "needs any more\n" + INSTALLING.format(".venv")
    )
    assert (project.folder / ".venv.old-1" / "notes.txt").read_text() == "mine"
    assert project.packages() == ["cloth", "small", "torch", "weave"]


def test_an_environment_of_ones_own_with_another_python_is_left_alone(
    project: Project, tmp_path: Path
) -> None:
    venv = project.folder / ".venv"
    by_hand(venv)
    (venv / "notes.txt").touch()
    other = another_python(tmp_path)
    ran = project.set_up(f"PYTHON={other}")
    assert ran.returncode == 2
    assert f"with the Python {other} that will do" in ran.stderr
    assert (venv / "notes.txt").exists()


def test_a_pip_that_was_killed_alone_leaves_nothing_half_installed(project: Project) -> None:
    """As by the system, when memory runs out: the package looks installed and has no program."""
    killed = wheel(project.index, "weave", "weaving.py", "import os, signal\n"
                   "def main(): os.kill(os.getppid(), signal.SIGKILL)\n")  # fmt: skip
    project.lock("build", weave=killed)
    ran = project.set_up()
    assert ran.returncode == 2
    assert "setup: next: the same make again" in ran.stderr
    project.lock("build", weave=wheel(project.index, "weave", "weaving.py", "def main(): pass\n"))
    ran = project.set_up()
    assert ran.returncode == 0
    assert ran.stderr == ANEW.format(".venv") + INSTALLING.format(".venv")


def test_an_environment_that_is_active_can_be_made_anew(ready: Project) -> None:
    """It is not made with the Python that is removed with it."""
    venv = ready.folder / ".venv"
    (venv / ".ready").unlink()
    path = f"{venv / 'bin'}:{SYSTEM_PATH}"
    ran = ready.set_up("PYTHON=.venv/bin/python3", path=path)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ANEW.format(".venv") + INSTALLING.format(".venv")
    (venv / ".ready").unlink()
    ran = ready.set_up("PYTHON=", path=path)
    assert ran.returncode == 0, ran.stderr
    assert ready.packages() == ["cloth", "small", "torch", "weave"]


@pytest.mark.parametrize("sign", [".venv/.made-by-setup", ".venv/bin/pip", "weaving"])
def test_an_interrupt_has_no_traceback(tmp_path: Path, sign: str) -> None:
    """While the environment is made, while packages are installed, or built."""
    project = Project.make(tmp_path / "small", ensurepip=sign == ".venv/.made-by-setup")
    weaving = "import pathlib, time\ndef main(): pathlib.Path({!r}).touch(); time.sleep(60)\n"
    weaving = weaving.format(str(project.folder / "weaving"))
    project.lock("build", weave=wheel(project.index, "weave", "weaving.py", weaving))
    process = subprocess.Popen(
        ["make", "setup", f"PYTHON={python()}"], cwd=project.folder, start_new_session=True,
        env=project.environment(), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not (project.folder / sign).exists():
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=300)[1]
    assert process.returncode != 0
    assert "Traceback" not in said
    assert "setup: .venv is not complete\nsetup: next: the same make again\n" in said


@pytest.mark.parametrize("ready", ["[]", "{}", "\0", "[" * 100_000, '{"place": 3, "python": []}'])
def test_notes_that_make_no_sense_are_those_of_a_broken_environment(
    project: Project, ready: str
) -> None:
    venv = project.folder / ".venv"
    venv.mkdir()
    (venv / ".made-by-setup").touch()
    (venv / ".ready").write_text(ready)
    project.lock("build", weave="0" * 64)
    ran = project.set_up()
    assert ran.stderr.startswith(ANEW.format(".venv") + INSTALLING.format(".venv"))
    assert "Traceback" not in ran.stderr


def test_an_empty_name_is_the_usual_one(project: Project) -> None:
    assert project.set_up("VENV=").returncode == 0
    assert project.packages() == ["cloth", "small", "torch", "weave"]


def test_neither_git_nor_linters_look_into_an_environment(project: Project) -> None:
    subprocess.run(["git", "init", "-q"], cwd=project.folder, check=True)
    project.set_up("VENV=my env")
    status = subprocess.run(["git", "status", "--porcelain"], cwd=project.folder, text=True,
                            check=True, capture_output=True)  # fmt: skip
    assert "my env" not in status.stdout


def test_variables_of_the_caller_lead_nothing_elsewhere(project: Project) -> None:
    ran = project.set_up(PIP_USER="1", PIP_TARGET="elsewhere", PIP_PREFIX="elsewhere",
                         PIP_QUIET="1", PIP_REQUIRE_HASHES="1", PIP_DRY_RUN="1",
                         PYTHONPATH="elsewhere", PYTHONHOME="/elsewhere")  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert project.packages() == ["cloth", "small", "torch", "weave"]
