"""What the system has to have before pip can compile pycairo and ManimPango, and how to get it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from scripts.installing import SetupError, say
from spiralcore import headers

CAIRO, PANGO = "cairo >= 1.15.10", "pangocairo >= 1.30.0"
"""Which of them pycairo and ManimPango ask for, in the words of pkg-config."""

LOCK_SECONDS = 300
"""How long apt waits for another one, as a fresh machine installs its updates by itself."""


def provide() -> None:
    """Install what is missing, if that is possible, and look again.

    Raises
    ------
    SetupError
        If something is still missing.
    """
    lacks = missing()
    if lacks and can_install():
        say(f"missing: {', '.join(lacks)}; installing with apt")
        install(apt_names())
        lacks = missing()
    if not lacks:
        return
    text = [f"missing: {', '.join(lacks)}"]
    if not system_python() and any("of Python" in lack for lack in lacks):
        text.append(f"{sys.executable} is not the system's own Python, its parts come from there")
        text.append("next: one that is complete: make setup PYTHON=/path/to/python3, or")
    text.append("next, whichever fits, by an administrator, then the same make again:")
    raise SetupError(*text, *(f"  {line}" for line in lines_to_type()))


def missing() -> list[str]:
    """What is not there, for people."""
    lacks = []
    if not shutil.which("cc"):
        lacks.append("a C compiler")
    if not shutil.which("pkg-config"):
        lacks.append("pkg-config")
    for library in (CAIRO, PANGO):
        if not _has(library):
            lacks.append(library.partition(" ")[0])
    version = "{}.{}".format(*sys.version_info)
    if not _has_headers():
        lacks.append(f"the headers of Python {version}")
    if not importlib.util.find_spec("ensurepip"):
        lacks.append(f"venv of Python {version}")
    return lacks


def _has(library: str) -> bool:
    asked = ["pkg-config", "--exists", library]
    return bool(shutil.which(asked[0])) and subprocess.run(asked, check=False).returncode == 0


def _has_headers() -> bool:
    return Path(sysconfig.get_paths()["include"], "Python.h").exists()


def apt_names() -> list[str]:
    """The packages of Debian and Ubuntu that hold it all."""
    python = system_python()
    return [*headers.APT] + ([f"{python}-dev", f"{python}-venv"] if python else [])


def system_python() -> str | None:
    """``python3.12``, if that is the system's own; its headers come from the system then."""
    program = Path(sys.executable).resolve()
    name = "python{}.{}".format(*sys.version_info)
    return name if program.parent == Path("/usr/bin") and program.name.startswith(name) else None


def root() -> list[str] | None:
    """What to put before a command of the administrator's; None if nobody lets us."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo"):
        asked = subprocess.run([*sudo, "true"], check=False, capture_output=True)
        if asked.returncode == 0:
            return sudo
    return None


def can_install() -> bool:
    """Whether there is apt, and a right to use it."""
    return bool(shutil.which("apt-get")) and root() is not None


def install(names: Sequence[str]) -> bool:
    """Install packages with apt, which says itself what went wrong.

    Returns
    -------
    bool
        Whether apt says that they are there now.
    """
    before = root() or []
    apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    apt += ["-o", f"DPkg::Lock::Timeout={LOCK_SECONDS}"]
    # A list that cannot be renewed may still do.
    subprocess.run([*apt, "update"], check=False)
    command = [*apt, "install", "-y", "--no-install-recommends", *names]
    for _ in range(2):
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0:
            return True
        # One that was killed left its work half done, and refuses everything until it is ended.
        configure = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--configure", "-a"]
        subprocess.run(configure, check=False, stdout=subprocess.DEVNULL)
    return False


def lines_to_type() -> list[str]:
    """How to install it all by hand, by kinds of systems."""
    python = system_python() or "python3"
    sudo = "sudo " if shutil.which("sudo") else ""
    return [
        f"apt:    {sudo}apt-get install {' '.join(apt_names())}",
        f"dnf:    {sudo}dnf install {' '.join(headers.DNF)} {python}-devel",
        f"pacman: {sudo}pacman -S {' '.join(headers.PACMAN)} python",
        f"brew:   brew install {' '.join(headers.BREW)}",
    ]
