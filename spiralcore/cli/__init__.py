"""The command `spiral`, one file a verb."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from typing import Any

import click

from spiralcore import __version__
from spiralcore.errors import MissingExtraError, SpiralError

VERBS = {
    "train": "Train networks on spirals and record how their hidden layer moves.",
    "info": "Tell what is in a trajectory file.",
    "render": "Make films; without a film, everything that a recipe asks for.",
    "export": "Make films for a talk or a page: several formats, drawn once, of a limited size.",
    "plot": "Draw still figures of trajectories.",
    "diff": "Tell whether two trajectories agree, and where they do not.",
    "films": "List the films.",
    "study": "Train every network of a grid, and write a row for each to a Parquet file.",
    "doctor": "Tell what this machine has and lacks.",
}

AGAIN = "what is finished is kept, the same command makes the rest"

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


class _Verbs(click.Group):
    """Loads a verb when it is called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import one verb."""
        if name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"spiralcore.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="spiral")
def cli() -> None:
    """Train small networks on spirals, and film how they bend space while they learn."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; errors of the user end without a traceback.

    Exit codes: 0 done, 1 failed, 2 a mistake in the call, 130 interrupted, 143 terminated.
    """
    signal.signal(signal.SIGTERM, _terminated)
    try:
        result: Any = cli.main(args=arguments, prog_name="spiral", standalone_mode=False)
        code = result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except SpiralError as error:
        click.echo(f"spiral: {error}", err=True)
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo(f"spiral: interrupted; {AGAIN}", err=True)
        code = 130
    except _Terminated:
        click.echo(f"spiral: terminated; {AGAIN}", err=True)
        code = 143
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as error:
        click.echo(f"spiral: {SpiralError.of_os(error)}", err=True)
        code = 1
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in EXTRAS:
            raise
        extra, purpose = EXTRAS[missing]
        click.echo(f"spiral: {MissingExtraError.for_extra(extra, missing, purpose)}", err=True)
        code = 2
    sys.exit(code)


class _Terminated(BaseException):
    """SIGTERM has arrived."""


def _terminated(number: int, frame: object) -> None:
    raise _Terminated
