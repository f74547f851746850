"""The command `spiral`, one file a verb."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from spiralcore.cli import interrupts as stopping


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

    from spiralcore.errors import SpiralError
    from spiralcore.extras import missing_extra
    from spiralcore.system.pipes import is_broken_pipe

    if isinstance(error, ModuleNotFoundError):
        error = missing_extra(error) or error
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if is_broken_pipe(error):
        # Whoever read our output has gone; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    if isinstance(error, OSError):
        error = SpiralError.of_os(error)
    if not isinstance(error, SpiralError):
        raise error
    click.echo(f"spiral: {error}", err=True)
    return error.exit_code
