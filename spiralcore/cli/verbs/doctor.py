"""`spiral doctor`: what this machine has and lacks."""

from __future__ import annotations

import importlib
import platform
import shutil
from collections.abc import Callable
from pathlib import Path

import click

from spiralcore import headers
from spiralcore.extras import DRAWING, absent
from spiralcore.shell import pip_install
from spiralcore.system.cores import cores
from spiralcore.version import __version__

HEADERS = "install the packages of your system that have them"

LEAST_FREE_BYTES = 2_000_000_000


@click.command("doctor")
def command() -> int:
    """Tell what this machine has and lacks, and the line that mends it."""
    count = cores()
    system = f"{platform.system()} {platform.machine()}, {count} core{'s' * (count > 1)}"
    click.echo(f"spiralcore {__version__}, Python {platform.python_version()}, {system}")
    checks: list[tuple[str, Callable[[], str], str]] = [
        ("torch", lambda: _version("torch"), pip_install(["train"])),
        ("numba", lambda: _version("numba"), pip_install(["train"])),
        *([("headers", _headers, headers.line() or HEADERS)] if absent(DRAWING.packages) else []),
        ("manim", lambda: _version("manim"), pip_install(["film"])),
        ("ffmpeg", _ffmpeg, pip_install(["film"])),
        ("font", _font, pip_install(["film"])),
        ("disk", _disk, "free some room in this folder"),
    ]
    lacking = 0
    for name, check, mend in checks:
        try:
            click.echo(f"  ok       {name:8}{check()}")
        except Exception as error:
            lacking += 1
            click.echo(f"  missing  {name:8}{error}; {mend}")
    return 1 if lacking else 0


def _headers() -> str:
    lacks = headers.missing()
    if lacks:
        raise OSError(", ".join(lacks))
    return "those that pycairo and ManimPango are compiled with"


def _version(package: str) -> str:
    module = importlib.import_module(package)
    return str(module.__version__)


def _ffmpeg() -> str:
    from spiralcore.video.encode.ffmpeg_pipe import ffmpeg_program

    return Path(ffmpeg_program()).name


def _font() -> str:
    from spiralcore.stage.marks.words import FONT_FILES

    absent = [file for file in FONT_FILES.values() if not Path(file).exists()]
    if absent:
        raise FileNotFoundError(absent[0])
    return "Source Sans Pro"


def _disk() -> str:
    free = shutil.disk_usage(Path.cwd()).free
    if free < LEAST_FREE_BYTES:
        raise OSError(f"{free / 1e9:.1f} GB are free, {LEAST_FREE_BYTES / 1e9:.0f} GB are needed")
    return f"{free / 1e9:.0f} GB free"
