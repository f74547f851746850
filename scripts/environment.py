"""Makes the virtual environment that everything runs in: what `make setup` does.

`make` calls it each time. It needs nothing but the standard library, and runs with the Python that
the environment gets. An environment is ready, or out of date, and then brought up to date, or
neither, as when a set-up was killed or its Python has gone; then it is made anew.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts import system_packages
from scripts.installing import PYTHONS, ROOT, SetupError, build_environment, install, run, say

INPUTS = (
    "pyproject.toml",
    "locks/*.lock",
    "scripts/setup.sh",
    "scripts/environment.py",
    "scripts/installing.py",
)
"""What an environment is made from."""

READY = ".ready"
"""In an environment: what it was made from, written when all of it was there."""

OWN = ".made-by-setup"
"""In an environment: that it is ours, so that it can be removed when it is broken."""

LOCK = ROOT / ".setup.lock"
"""Held by whoever makes an environment."""

ELSEWHERE = "next: another place for it: make setup VENV=/elsewhere/venv"


def main() -> int:
    """Make the environment that is named, unless it is ready."""
    name = sys.argv[1]
    try:
        set_up(Path(os.path.realpath(ROOT / name)), name)
    except SetupError as error:
        say(str(error))
        return 2
    except subprocess.CalledProcessError:
        say(f"{name} is not complete; what went wrong stands above", "next: the same make again")
        return 1
    except OSError as error:
        say(f"{error.filename or name}: {error.strerror or error}")
        say("expected: a place with room that is yours to write", ELSEWHERE)
        return 1
    except KeyboardInterrupt:
        say(f"{name} is not complete", "next: the same make again")
        return 130
    return 0


def set_up(venv: Path, name: str) -> None:
    """See to it that an environment is ready.

    Raises
    ------
    SetupError
        If the user has to do something first.
    subprocess.CalledProcessError
        If something could not be installed.
    """
    if _is_current(venv):
        return
    _check_place(venv)
    with _alone(name) as lock:
        if _is_current(venv):
            return
        system_packages.provide()
        if _state(venv) is None:
            _prepare(venv, name, lock)
        (venv / READY).unlink(missing_ok=True)
        say(f"installing the Python packages into {name}: some minutes, two of them are compiled")
        try:
            install(venv, lock)
        except SetupError:
            # All is installed, only it does not fit: nothing has to be made anew.
            _write_state(venv, inputs="")
            raise
        _write_state(venv, _inputs())


def _is_current(venv: Path) -> bool:
    state = _state(venv)
    return state is not None and state["inputs"] == _inputs()


def _state(venv: Path) -> dict[str, str] | None:
    """What a complete environment was made from; None if there is none that works."""
    try:
        if not (venv / READY).is_file():
            return None
        state = json.loads((venv / READY).read_text())
        python = Path(state["python"])
        works = state["place"] == str(venv) and os.access(python, os.X_OK) and "inputs" in state
        same = _python_of(venv) == python
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None
    return state if works and same and _is_wanted(python) else None


def _is_wanted(python: Path) -> bool:
    """Whether it is the Python that the user has named, if one was named."""
    return not os.environ.get("PYTHON") or Path(sys.executable).resolve() == python


def _inputs() -> str:
    digest = hashlib.sha256()
    for pattern in INPUTS:
        for file in sorted(ROOT.glob(pattern)):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _write_state(venv: Path, inputs: str) -> None:
    state = {"place": str(venv), "python": str(_python_of(venv)), "inputs": inputs}
    part = venv / f"{READY}.part"
    part.write_text(json.dumps(state, indent=2))
    part.replace(venv / READY)


def _check_place(venv: Path) -> None:
    text = str(venv)
    if os.pathsep in text:
        raise SetupError(
            f"{text}: no virtual environment works in a folder with a colon in its name", ELSEWHERE
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise SetupError(
            f"{text!a}: pip cannot write to a name that is not UTF-8", ELSEWHERE
        ) from None


@contextlib.contextmanager
def _alone(name: str) -> Iterator[int]:
    """Wait until nobody else makes an environment.

    Yields
    ------
    int
        The lock, for those programs to hold it, too, that go on when this one is killed.
    """
    with LOCK.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another setup of {name}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def _prepare(venv: Path, name: str, lock: int) -> None:
    """See to it that there is an environment to install into.

    One of ours that is not complete is made anew: packages may be half installed. One that somebody
    else has made is taken as it is, if it works; if its Python has gone, and it is where ours
    belongs, it is put aside.

    Raises
    ------
    SetupError
        If there is something else; nothing of it is removed.
    """
    left = list(venv.iterdir()) if venv.exists() else []
    foreign = bool(left) and not (venv / OWN).exists()
    if foreign and _works(venv):
        return
    if foreign and venv == ROOT / ".venv" and _is_dead(venv):
        _put_aside(venv, name)
        left = []
    elif foreign:
        raise SetupError(
            f"{name} is there already, and was not made by this setup",
            "expected: nothing, an empty folder, or a virtual environment with pip and with "
            f"{f'the Python {sys.executable}' if os.environ.get('PYTHON') else 'a Python'} "
            "that will do",
            ELSEWHERE,
        )
    if left:
        say(f"{name} is not complete, or its Python has gone or is another: making it anew")
    venv.mkdir(parents=True, exist_ok=True)
    (venv / OWN).touch()
    for path in left:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != OWN:
            path.unlink()
    # Neither git nor ruff looks into it, whatever its name is.
    (venv / ".gitignore").write_text("*\n")
    run([sys.executable, "-E", "-s", "-m", "venv", "--without-pip", str(venv)], lock)
    ensurepip = [str(venv / "bin" / "python"), "-m", "ensurepip", "--default-pip"]
    run(ensurepip, lock, build_environment(venv), subprocess.DEVNULL)


def _is_dead(venv: Path) -> bool:
    """Whether it is an environment whose Python has gone, or is of another version now."""
    if not (venv / "pyvenv.cfg").exists():
        return False
    asked = _asked(venv, "import sys; print('python{}.{}'.format(*sys.version_info))")
    return asked is None or not (venv / "lib" / asked).is_dir()


def _put_aside(venv: Path, name: str) -> None:
    """Rename an environment, so that nothing is left in its place."""
    number = 1
    while (aside := venv.with_name(f"{venv.name}.old-{number}")).exists():
        number += 1
    venv.rename(aside)
    found = f"the Python of {name} has gone or is another"
    say(f"{found}; it is {aside.name} now, which nothing needs any more")


def _works(venv: Path) -> bool:
    """Whether an environment has pip and a Python that will do."""
    will_do = _asked(venv, f"import sys, pip; print(sys.version_info[:2] in {PYTHONS})")
    return (venv / "pyvenv.cfg").exists() and will_do == "True" and _is_wanted(_python_of(venv))


def _asked(venv: Path, code: str) -> str | None:
    """What the Python of an environment prints; None if it does not start, or fails."""
    command = [str(venv / "bin" / "python"), "-E", "-s", "-c", code]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def _python_of(venv: Path) -> Path:
    return (venv / "bin" / "python").resolve()


if __name__ == "__main__":
    sys.exit(main())
