"""The two commands for people without make, in a clone: ``python -m spiralcore.setup [render]``.

Without a word it does what ``make setup`` does; with ``render``, and options of ``spiral render``
after it, what ``make render`` does. It needs nothing but the standard library, and runs with the
Python that the environment gets.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from spiralcore.errors import SpiralError, UsageError

ROOT = Path(__file__).resolve().parents[1]
"""The clone."""

PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
"""Those that will do, as `pyproject.toml` says them."""

READY = ".ready"
"""In an environment on Windows: what it was made from."""


def main(words: Sequence[str]) -> int:
    """Do what is asked for, and give the exit code.

    Parameters
    ----------
    words
        Nothing, or ``render`` with options of ``spiral render``.
    """
    try:
        _check(words)
        venv = ROOT / os.environ.get("VENV", ".venv")
        code = set_up(venv)
        if code == 0 and words:
            code = subprocess.call([_program(venv, "python"), "-m", "spiralcore", *words])
    except SpiralError as error:
        print(f"spiral: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return code


def _check(words: Sequence[str]) -> None:
    """See to it that something can be done; raises `UsageError`."""
    if not (ROOT / "scripts" / "environment.py").is_file():
        raise UsageError(
            f"{ROOT} is no clone of spiralcore.",
            "the folder of the repository; what pip has installed needs no set-up.",
            "spiral render",
        )
    if words and words[0] != "render":
        raise UsageError(
            f"There is no command '{words[0]}' here.",
            "nothing, or render.",
            "python -m spiralcore.setup render",
        )
    if sys.version_info[:2] not in PYTHONS:
        raise UsageError(
            f"This is Python {'.'.join(map(str, sys.version_info[:2]))}.",
            "a Python from {}.{} to {}.{}.".format(*PYTHONS[0], *PYTHONS[-1]),
            "/path/to/python3 -m spiralcore.setup",
        )


def set_up(venv: Path) -> int:
    """See to it that an environment is ready, and give the exit code."""
    python = getattr(sys, "_base_executable", sys.executable)
    if sys.platform != "win32":
        # As the caller has named it, for what is said.
        name = os.environ.get("VENV", ".venv")
        return subprocess.call(
            [python, "-E", "-s", "-m", "scripts.environment", name], cwd=ROOT
        )  # fmt: skip
    # The locks are for Linux and macOS; here there are wheels of everything, and nothing is built.
    state = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    ready = venv / READY
    if ready.is_file() and ready.read_text("utf-8") == state:
        return 0
    print(f"setup: installing the Python packages into {venv.name}: some minutes", file=sys.stderr)
    for command in (
        [python, "-m", "venv", str(venv)],
        [_program(venv, "python"), "-m", "pip", "install", "--quiet", "--editable", ".[all]"],
    ):
        if code := subprocess.call(command, cwd=ROOT):
            print(f"setup: {venv.name} is not complete; what went wrong stands above\n"
                  "setup: next: the same command again", file=sys.stderr)  # fmt: skip
            return code
    ready.write_text(state, "utf-8")
    return 0


def _program(venv: Path, name: str) -> str:
    windows = sys.platform == "win32"
    return str(venv / "Scripts" / f"{name}.exe" if windows else venv / "bin" / name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
