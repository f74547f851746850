"""Builds a release and looks at it: what `make package` does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from scripts.installing import ROOT, remove_metadata, say
from scripts.on_demand import provide

DIST = ROOT / "dist"

ALLOWED = {"setup.cfg", "PKG-INFO", "spiralcore.egg-info"}
"""What setuptools puts into a source distribution that is not in the tree."""


def run(*words: str) -> str:
    """Run a module of this Python; gives what it says, and shows it if it fails."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ran = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ran.returncode:
        print(ran.stdout)
        raise subprocess.CalledProcessError(ran.returncode, words)
    return ran.stdout


def tracked() -> set[str]:
    """What git knows, if this is a clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()}


def faults(said: str, sdist: Path) -> Iterator[str]:
    """What is wrong: warnings of the build, and what the source distribution lacks or has."""
    # Nothing to leave out is as it should be.
    lines = [line for line in said.splitlines() if "no previously-included" not in line]
    yield from (line for line in lines if "warning" in line.lower())
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames() if "/" in name}
    known = tracked()
    if known:
        yield from (f"{sdist.name} lacks {name}" for name in sorted(known - held))
        files = {name for name in held if (ROOT / name).is_file()}
        more = {name for name in files - known if name.partition("/")[0] not in ALLOWED}
        yield from (f"{sdist.name} holds {name}, which git does not know" for name in sorted(more))


def main() -> int:
    """Make wheel and source distribution anew."""
    try:
        provide("release")
        shutil.rmtree(DIST, ignore_errors=True)
        said = run("build", "--no-isolation", "--outdir", str(DIST))
        remove_metadata()
        shutil.rmtree(ROOT / "build", ignore_errors=True)
        print(run("twine", "check", "--strict", *map(str, sorted(DIST.iterdir()))), end="")
    except subprocess.CalledProcessError:
        return 1
    wrong = list(faults(said, next(DIST.glob("*.tar.gz"))))
    if wrong:
        say(*wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
