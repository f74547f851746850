"""Packages that only some targets of the Makefile need: installed when the first of them runs."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.markers import default_environment

from scripts.installing import build_environment, say
from scripts.lock import ON_DEMAND, Pin, parse


def provide(extra: str) -> None:
    """See to it that what an extra's lock names is there, with pip, as `make setup` would.

    Raises
    ------
    subprocess.CalledProcessError
        If something cannot be installed; pip has said what.
    """
    lock = ON_DEMAND[extra]
    here = {name: str(value) for name, value in default_environment().items()}
    if all(_is_there(pin) for pin in parse(lock.read_text()) if pin.fits(here)):
        return
    say(f"installing the packages of {lock.name}")
    strict = ("--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *strict, "--requirement", str(lock)],
        check=True,
        env=build_environment(Path(sys.prefix)),
    )


def _is_there(pin: Pin) -> bool:
    try:
        return version(pin.name) == pin.version
    except PackageNotFoundError:
        return False
