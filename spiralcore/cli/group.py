"""The group of all verbs."""

from __future__ import annotations

import copy
import importlib

import click
from click.shell_completion import CompletionItem

from spiralcore.cli import interrupts as stopping
from spiralcore.cli import verbosity
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
        verb: click.Command = importlib.import_module(f"spiralcore.cli.verbs.{name}").command
        command = copy.copy(verb)
        command.params = [*map(copy.copy, verb.params), *verbosity.options()]
        if ctx.resilient_parsing:
            from spiralcore.cli.completion import teach

            teach(command)
        else:
            stopping.begin()
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a verb without importing any."""
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name, help=text)
            for name, text in VERBS.items()
            if name.startswith(incomplete)
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="spiral")
def cli() -> None:
    """Train small networks on spirals, and film how they bend space while they learn."""
    verbosity.begin()
