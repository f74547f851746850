"""Tests what needs more than `make setup` brings: `make test-integrations`, `make test-widget`.

Each has an environment of its own, on top of that of `make setup`, whose packages it sees: what
``locks/integrations.lock`` names, the frameworks, some 600 MB, or ``locks/lab.lock``, a JupyterLab.
So `make setup` stays as small as it is, and its environment as it was.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

from scripts.installing import ROOT, build_environment, say
from scripts.lock import INTEGRATIONS, ON_DEMAND


class Apart(NamedTuple):
    """Tests with an environment of their own.

    Attributes
    ----------
    lock
        What is in it.
    tests
        Which run in it.
    """

    lock: Path
    tests: tuple[str, ...]


APART = {
    "integrations": Apart(INTEGRATIONS, ("tests/integrations", "tests/recording/test_jax.py")),
    "lab": Apart(ON_DEMAND["lab"], ("tests/integrations/test_widget.py",)),
}


def provide(name: str) -> Path:
    """See to it that an environment is there; its Python.

    Raises
    ------
    subprocess.CalledProcessError
        If something cannot be installed; pip has said what.
    """
    lock, place = APART[name].lock, Path(sys.prefix) / name
    ready = place / ".ready"  # what it was made from, written when all of it was there
    python = place / "bin" / "python"
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    if ready.is_file() and ready.read_text() == wanted and python.exists():
        return python
    say(f"installing the packages of {lock.name}")
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    (site,) = place.glob("lib/python*/site-packages")
    beneath = sysconfig.get_path("purelib")
    (site / "beneath.pth").write_text(f"import site; site.addsitedir({beneath!r})\n")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    strict = ("--no-deps", "--only-binary", ":all:", "--require-hashes", "--no-compile")
    subprocess.run(
        [*pip, *strict, "--requirement", str(lock)],
        check=True,
        env=build_environment(Path(sys.prefix)),
    )
    ready.write_text(wanted)
    return python


def main() -> int:
    """Run the tests."""
    name = sys.argv[1]
    try:
        python = provide(name)
    except subprocess.CalledProcessError:
        return 1
    # As many files at once as there are processors.
    beside = ("--numprocesses", "auto", "--maxprocesses", "8", "--dist", "loadfile")
    command = [str(python), "-m", "pytest", *APART[name].tests, *beside, "--durations", "10"]
    return subprocess.run([*command, *sys.argv[2:]], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
