"""The command `spiral`, one file a verb."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from spiralcore.cli import stopping

VERBS = {
    "train": "Train networks on spirals and record how their hidden layer moves.",
    "info": "Tell what is in a trajectory file.",
    "render": "Make films; without a film, everything that a recipe asks for.",
    "export": "Make films for a talk or a page: several formats, drawn once, of a limited size.",
    "plot": "Draw still figures of trajectories.",
    "diff": "Tell whether two trajectories agree, and where they do not.",
    "films": "List the films.",
    "gallery": "Make a page: a table of networks in step, and any one of them live.",
    "study": "Train every network of a grid, and write a row for each to a Parquet file.",
    "doctor": "Tell what this machine has and lacks.",
}

EXTRAS = {
    "torch": ("train", "Training"),
    "manim": ("film", "Drawing films"),
    "manimpango": ("film", "Drawing films"),
    "numba": ("all", "Training or drawing"),
    "ffmpeg": ("film", "Encoding films"),
    "imageio": ("film", "Encoding films"),
    "imageio_ffmpeg": ("film", "Encoding films"),
    "font_source_sans_pro": ("film", "Drawing films"),
    "pyarrow": ("study", "A study"),
    "distributed": ("study", "A study on a cluster"),
    "pptx": ("talk", "A PowerPoint file"),
    "PIL": ("film", "Drawing films"),
    "cairo": ("film", "Drawing films"),
    "matplotlib": ("film", "Drawing figures"),
}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; errors of the user end without a traceback.

    Exit codes: 0 done, 1 failed, 2 a mistake in the call, 130 interrupted, 143 terminated.
    """
    stopping.listen()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Names of files need not be text, and not every terminal has all letters.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _run(arguments)
    except BaseException as error:
        # A library that is interrupted in the middle of something may raise anything.
        if stopping.is_stopping():
            stopping.leave()
        code = _tell(error)
    stopping.end()
    sys.exit(code)


def _run(arguments: list[str] | None) -> int:
    # Imported here: from the first line of `main` on, Ctrl-C ends without a traceback.
    from spiralcore.cli.group import cli

    result: Any = cli.main(args=arguments, prog_name="spiral", standalone_mode=False)
    return result if isinstance(result, int) else 0


def _tell(error: BaseException) -> int:
    """Say what is wrong, and give the exit code; what nobody has foreseen is raised again."""
    import click

    from spiralcore.errors import MissingExtraError, SpiralError

    if isinstance(error, ModuleNotFoundError):
        missing = (error.name or "").partition(".")[0]
        if missing in EXTRAS:
            extra, purpose = EXTRAS[missing]
            error = MissingExtraError.for_extra(extra, missing, purpose)
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has gone; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    if isinstance(error, OSError):
        error = SpiralError.of_os(error)
    if not isinstance(error, SpiralError):
        raise error
    click.echo(f"spiral: {error}", err=True)
    return error.exit_code
