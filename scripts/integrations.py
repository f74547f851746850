"""Tests the integrations, in an environment that has their frameworks: `make test-integrations`.

The environment lies on top of the one of `make setup`, whose packages it sees, and holds what
``locks/integrations.lock`` names, some 600 MB: `make setup` stays as small as it is.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from scripts.installing import ROOT, build_environment, say
from scripts.lock import INTEGRATIONS

PLACE = Path(sys.prefix) / "integrations"
READY = PLACE / ".ready"
"""What the environment was made from, written when all of it was there."""


def provide() -> Path:
    """See to it that the environment is there; its Python.

    Raises
    ------
    subprocess.CalledProcessError
        If something cannot be installed; pip has said what.
    """
    python = PLACE / "bin" / "python"
    wanted = hashlib.sha256(INTEGRATIONS.read_bytes() + sys.version.encode()).hexdigest()
    if READY.is_file() and READY.read_text() == wanted and python.exists():
        return python
    say(f"installing the packages of {INTEGRATIONS.name}")
    shutil.rmtree(PLACE, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(PLACE)], check=True)
    (site,) = PLACE.glob("lib/python*/site-packages")
    beneath = sysconfig.get_path("purelib")
    (site / "beneath.pth").write_text(f"import site; site.addsitedir({beneath!r})\n")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    strict = ("--no-deps", "--only-binary", ":all:", "--require-hashes", "--no-compile")
    subprocess.run(
        [*pip, *strict, "--requirement", str(INTEGRATIONS)],
        check=True,
        env=build_environment(Path(sys.prefix)),
    )
    READY.write_text(wanted)
    return python


def main() -> int:
    """Run the tests."""
    try:
        python = provide()
    except subprocess.CalledProcessError:
        return 1
    tests = ("tests/integrations", "tests/recording/test_jax.py")
    command = [str(python), "-m", "pytest", *tests, "--durations", "10"]
    return subprocess.run([*command, *sys.argv[1:]], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
