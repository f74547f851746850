"""The group of all verbs."""

from __future__ import annotations

import importlib

import click

from spiralcore.cli import interrupts as stopping
from spiralcore.cli.verbs import VERBS
from spiralcore.version import __version__


class _Verbs(click.Group):
    """Loads a verb when it is called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import one verb."""
        if name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"spiralcore.cli.verbs.{name}").command
        stopping.begin()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="spiral")
def cli() -> None:
    """Train small networks on spirals, and film how they bend space while they learn."""
