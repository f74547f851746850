"""What has to be on a system before pip can compile what Manim needs, and the line that brings it.

pycairo comes as source for Linux and macOS, ManimPango for Linux. pip says of that, after minutes,
that a program or a file is missing, and not where it comes from.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

EXTRAS = ("film", "talk", "all")
"""Whose packages are compiled."""

CAIRO, PANGO = "cairo", "pangocairo"

APT = ("build-essential", "pkg-config", "libcairo2-dev", "libpango1.0-dev")
DNF = ("gcc", "pkgconf-pkg-config", "cairo-devel", "pango-devel")
PACMAN = ("base-devel", "pkgconf", "cairo", "pango")
BREW = ("pkg-config", "cairo", "pango")
CONDA = ("compilers", "pkg-config", "cairo", "pango")
"""Packages of systems that hold them: the one list, which `make setup` reads, too."""


def missing() -> list[str]:
    """What is not there, for people; nothing where nothing is compiled."""
    if sys.platform == "win32":
        return []
    lacks = [] if any(map(shutil.which, ("cc", "gcc", "clang"))) else ["a C compiler"]
    lacks += [] if _finder() else ["pkg-config"]
    libraries = (CAIRO, PANGO) if sys.platform == "linux" else (CAIRO,)
    lacks += [library for library in libraries if not _has(library)]
    return lacks + ([] if _has_python() else ["the headers of Python"])


def line() -> str:
    """What to type for it on this system; nothing if nothing is missing, or no way is known."""
    if not missing():
        return ""
    if os.environ.get("CONDA_PREFIX"):
        return f"conda install -c conda-forge {' '.join(CONDA)}"
    python = "" if _has_python() else "python{}.{}".format(*sys.version_info)
    as_root = "sudo " if hasattr(os, "geteuid") and os.geteuid() and shutil.which("sudo") else ""
    if shutil.which("apt-get"):
        return f"{as_root}apt-get install {' '.join((*APT, f'{python}-dev') if python else APT)}"
    if shutil.which("dnf"):
        names = (*DNF, f"{python}-devel") if python else DNF
        return f"{as_root}dnf install {' '.join(names)}"
    if shutil.which("pacman"):
        return f"{as_root}pacman -S {' '.join(PACMAN)}"
    return f"brew install {' '.join(BREW)}" if shutil.which("brew") else ""


def before(extra: str) -> str:
    """What comes before a ``pip install`` of an extra: the line with ``&&``, or nothing."""
    first = line() if extra in EXTRAS else ""
    return f"{first} && " if first else ""


def _finder() -> str | None:
    return shutil.which("pkg-config") or shutil.which("pkgconf")


def _has(library: str) -> bool:
    finder = _finder()
    if finder is None:
        return False
    return subprocess.run([finder, "--exists", library], check=False).returncode == 0


def _has_python() -> bool:
    return Path(sysconfig.get_paths()["include"], "Python.h").exists()
