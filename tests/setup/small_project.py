"""A project that is set up with our scripts, real pip and real environments, in seconds.

Its locks name packages that are made here. One of them is a tool, `weave`, with which another, that
comes as source, is built: as meson and ninja build pycairo.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from tests.conftest import made_once

ROOT = Path(__file__).parents[2]

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"

BACKEND = '''
"""Builds with `weave`, and with nothing else."""
import subprocess, zipfile, pathlib

def build_wheel(folder, config=None, metadata=None):
    subprocess.run(["weave"], check=True)
    name = "NAME-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        wheel.writestr("NAME-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: NAME\\nVersion: 1.0\\n")
        wheel.writestr("NAME-1.0.dist-info/WHEEL", "WHEEL_TEXT")
        wheel.writestr("NAME-1.0.dist-info/entry_points.txt", "[console_scripts]\\nNAME = weaving:main\\n")
        wheel.writestr("NAME-1.0.dist-info/RECORD", "")
    return name

build_editable = build_wheel
'''  # noqa: E501

PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "NAME"
version = "1.0"
"""


ENSUREPIP = """
'''Stands before the one of Python's library, and puts there what that has installed once.'''
import os, pathlib, shutil, sys, sysconfig

site, programs = (pathlib.Path(sysconfig.get_path(name)) for name in ("purelib", "scripts"))
for installed in pathlib.Path({installed!r}).iterdir():
    shutil.copytree(installed, site / installed.name, copy_function=os.link)
for name in ("pip", "pip3"):
    program = programs / name
    program.write_text(f"#!{{sys.executable}}\\nimport runpy\\nrunpy.run_module('pip')\\n")
    program.chmod(0o755)
"""


@dataclass
class Project:
    """A tree that `make setup` can be called in, without a network."""

    folder: Path
    index: Path

    @classmethod
    def make(cls, folder: Path, ensurepip: bool = False) -> Project:
        """Make one, with its own packages.

        Python's own `ensurepip` compiles the whole of pip, which takes as long as all that is
        installed then; its work is done once and copied, if it is not asked for.
        """
        index = folder.parent / f"index of {folder.name}".replace(" ", "-")
        project = cls(folder, index)
        (folder / "locks").mkdir(parents=True)
        index.mkdir()
        copy_scripts(folder)
        shutil.copy(ROOT / "Makefile", folder)
        (folder / "pyproject.toml").write_text(PROJECT.replace("NAME", "small"))
        backend = BACKEND.replace("NAME", "small").replace("WHEEL_TEXT", WHEEL.replace("\n", "\\n"))
        (folder / "backend.py").write_text(backend)
        if not ensurepip:
            project.copy_pip()
        project.lock("build", weave=wheel(index, "weave", "weaving.py", "def main(): pass\n"))
        project.lock("packages", cloth=source(index, "cloth"))
        project.lock("torch", torch=wheel(index, "torch", "torch.py", ""))
        project.lock("cuda")
        return project

    def copy_pip(self) -> None:
        """Let each environment from now on have a copy of a pip instead of its own."""
        text = ENSUREPIP.format(installed=str(made_once("pip", install_pip)))
        (self.folder / "ensurepip.py").write_text(text)

    def lock(self, name: str, **hashes: str) -> None:
        """Write a lock."""
        lines = [f"{package}==1.0 --hash=sha256:{digest}\n" for package, digest in hashes.items()]
        (self.folder / "locks" / f"{name}.lock").write_text("".join(lines))

    def set_up(
        self, *settings: str, path: str = SYSTEM_PATH, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Call `make setup`, with the Python that the tests run with."""
        named = [] if any(s.startswith("PYTHON=") for s in settings) else [f"PYTHON={python()}"]
        return subprocess.run(
            ["make", "setup", *named, *settings],
            cwd=self.folder, env=self.environment(path, **variables),
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def environment(self, path: str = SYSTEM_PATH, **variables: str) -> dict[str, str]:
        """Variables under which pip asks nobody."""
        home = str(self.folder.parent)
        no_index = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.index.as_uri()}
        return {"PATH": path, "HOME": home, "LANG": "C.UTF-8", **no_index, **variables}

    def packages(self, venv: str = ".venv") -> list[str]:
        """What is installed, as another Python reads it."""
        (site,) = (self.folder / venv).glob("lib/python3.*/site-packages")
        names = sorted(found.name for found in distributions(path=[str(site)]))
        return [name for name in names if name not in ("pip", "setuptools")]


def copy_scripts(folder: Path) -> None:
    """Put into a tree the scripts of ours, and what they read of the package."""
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    (folder / "spiralcore").mkdir()
    for name in ("__init__.py", "version.py", "headers.py"):
        shutil.copy(ROOT / "spiralcore" / name, folder / "spiralcore")


def install_pip(folder: Path) -> None:
    """Put into a folder what `ensurepip` puts among the packages of an environment."""
    venv = folder.with_name("environment-of-pip")
    subprocess.run([python(), "-m", "venv", str(venv)], check=True)
    take_pip(venv, folder)
    shutil.rmtree(venv)


def take_pip(venv: Path, folder: Path) -> None:
    """Copy the pip of an environment, with what Python has compiled of it."""
    (site,) = venv.glob("lib/python3.*/site-packages")
    for installed in site.glob("pip*"):
        shutil.copytree(installed, folder / installed.name)


def by_hand(venv: Path) -> None:
    """Make an environment that has pip, as somebody would."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    (site,) = venv.glob("lib/python3.*/site-packages")
    for installed in made_once("pip", install_pip).iterdir():
        shutil.copytree(installed, site / installed.name, copy_function=os.link)


def python() -> str:
    """The Python that the environment of the tests was made with."""
    return str(Path(sys.executable).resolve())


def wheel(index: Path, name: str, module: str, code: str, requires: str = "") -> str:
    """Make a wheel with one module, whose `main` is a program; gives the hash."""
    info = f"{name}-1.0.dist-info"
    asked = f"Requires-Dist: {requires}\n" if requires else ""
    target = index / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(module, code)
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{asked}"
        )
        archive.writestr(f"{info}/WHEEL", WHEEL)
        if "def main" in code:
            script = f"[console_scripts]\n{name} = {module.removesuffix('.py')}:main\n"
            archive.writestr(f"{info}/entry_points.txt", script)
        archive.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(target.read_bytes()).hexdigest()


def source(index: Path, name: str) -> str:
    """Make a source distribution that has to be built with `weave`; gives the hash."""
    backend = BACKEND.replace("NAME", name).replace("WHEEL_TEXT", WHEEL.replace("\n", "\\n"))
    files = {
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        "pyproject.toml": PROJECT.replace("NAME", name),
        "backend.py": backend,
    }
    target = index / f"{name}-1.0.tar.gz"
    with tarfile.open(target, "w:gz") as archive:
        for path, text in files.items():
            entry = tarfile.TarInfo(f"{name}-1.0/{path}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return hashlib.sha256(target.read_bytes()).hexdigest()


def program(path: Path, text: str) -> Path:
    """Write a shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def tools(folder: Path, *without: str) -> str:
    """A PATH with links to the programs of the system, some of them left out."""
    folder.mkdir()
    for place in SYSTEM_PATH.split(os.pathsep):
        for found in Path(place).glob("*"):
            link = folder / found.name
            if found.name not in without and not link.is_symlink():
                link.symlink_to(found)
    return str(folder)
