"""Kinds of options: folders, and lists: ``--classes 2 3 4``, ``--classes "2 3 4"`` or ``2,3,4``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from spiralcore.errors import UsageError
from spiralcore.registry.formats import SUFFIXES
from spiralcore.shell import quoted

MOST_WORDS = 1000
"""After a list option, as far as completion looks back."""

FILE_ENDINGS = (*SUFFIXES, ".svg", ".html", ".pptx", ".npz", ".parquet", ".toml", ".csv", ".zip")
"""How files end that somebody may have in mind who is asked for a folder."""


class ListCommand(click.Command):
    """A command whose list options take all the words that follow them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat a list option before each of its values."""
        lists = {
            name
            for parameter in self.params
            if isinstance(parameter, ListOption)
            for name in parameter.opts
        }
        spread: list[str] = []
        current: str | None = None
        count = 0
        for argument in args:
            name, equals, value = argument.partition("=")
            words = [argument]
            if argument.startswith("-") and name in lists:
                _check_values(ctx, current, count)
                current, count, words = name, 0, _words(value) if equals else []
            elif current is not None and argument.startswith("-") and not argument[1:].isdigit():
                _check_values(ctx, current, count)
                current = None
            elif current is not None:
                words = _words(argument)
            count += len(words)
            spread += words if current is None else [part for w in words for part in (current, w)]
        _check_values(ctx, current, count)
        if current is not None and not count:
            spread.append(current)  # a shell asks for its first value
        left = super().parse_args(ctx, spread)
        if ctx.resilient_parsing:
            self._reach_back()
        return left

    def _reach_back(self) -> None:
        """Let an unfinished word, which a shell asks about, belong to the list before it."""
        for parameter in self.params:
            if isinstance(parameter, ListOption):
                parameter.nargs = MOST_WORDS


class ListOption(click.Option):
    """An option of a `ListCommand` that takes several values."""


def list_option(*names: str, **kwargs: Any) -> Callable[[Any], Any]:
    """Declare a list option of a `ListCommand`."""
    return click.option(*names, cls=ListOption, multiple=True, **kwargs)


def _check_values(ctx: click.Context, option: str | None, count: int) -> None:
    """See to it that a list option has a value; of an unfinished line nothing is asked."""
    if option is not None and not count and not ctx.resilient_parsing:
        raise click.BadOptionUsage(option, f"Option '{option}' requires an argument.", ctx)


def _words(value: str) -> list[str]:
    return value.replace(",", " ").split()


class FolderName(click.Path):
    """A folder, which need not be there yet."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Take a path; raises `UsageError` as `check_folder_name` does."""
        found: Any = super().convert(value, param, ctx)
        path = Path(found)
        check_folder_name(path)
        return path


def check_folder_name(path: Path) -> None:
    """See to it that nobody gets a folder who wanted a file.

    Raises
    ------
    UsageError
        If it is a file, or would be called as one.
    """
    if path.exists() and not path.is_dir():
        raise UsageError(f"{path} is a file.", "a folder.", f"--out {quoted(path.parent)}")
    if path.suffix.lower() in FILE_ENDINGS and not path.exists():
        raise UsageError(
            f"{path} ends like a file, and several files go there.",
            "a folder.",
            f"--out {quoted(path.with_suffix(''))}",
        )
