"""How much the command tells: Python's logging, set up in this one place.

Everything below the logger ``spiralcore`` goes to stderr: what is wrong always, how far the work is
unless ``--quiet``, what each job and file costs with ``--verbose``. What was asked for, such as the
table of ``spiral info``, is no message, and goes to stdout.
"""

from __future__ import annotations

import logging
from typing import Any

import click

LOG = logging.getLogger("spiralcore")

LEVELS = {"quiet": logging.WARNING, "verbose": logging.DEBUG}


class _Stderr(logging.Handler):
    """Writes to stderr as it is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one message, without anything before it but the time of what is verbose."""
        click.echo(self.format(record), err=True)


class _Plain(logging.Formatter):
    """Messages as they are; those for `--verbose` with the time and who tells."""

    def format(self, record: logging.LogRecord) -> str:
        """Write down a message."""
        if record.levelno > logging.DEBUG:
            return record.getMessage()
        when = self.formatTime(record, "%H:%M:%S")
        return f"{when}.{record.msecs:03.0f} {record.name}: {record.getMessage()}"


def begin() -> None:
    """Tell the usual."""
    if not any(isinstance(handler, _Stderr) for handler in LOG.handlers):
        handler = _Stderr()
        handler.setFormatter(_Plain())
        LOG.addHandler(handler)
        LOG.propagate = False
    LOG.setLevel(logging.INFO)


def is_quiet() -> bool:
    """Whether only what is wrong is told."""
    return not LOG.isEnabledFor(logging.INFO)


def _choose(context: click.Context, parameter: click.Parameter, chosen: bool) -> None:
    if not chosen:
        return
    if context.meta.setdefault(__name__, parameter.name) != parameter.name:
        raise click.UsageError("--quiet and --verbose: expected one of them.", context)
    LOG.setLevel(LEVELS[str(parameter.name)])


def options() -> list[click.Option]:
    """The two options that every verb has."""
    more: dict[str, Any] = {"is_flag": True, "expose_value": False, "callback": _choose}
    return [
        click.Option(["--quiet", "-q"], help="Tell only what is wrong.", **more),
        click.Option(["--verbose", "-v"], help="Tell what each job and file costs, too.", **more),
    ]
