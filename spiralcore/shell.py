"""Lines that people type: words as the shell of this system takes them."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

PLAIN = re.compile(r"[\w@%+=:,./\\~-]+")
"""Words that the shells of Windows take as they are."""


def quoted(word: str | Path) -> str:
    """A word, or a path, in quotes if it needs them."""
    text = str(word)
    if sys.platform != "win32":
        return shlex.quote(text)
    # Neither cmd nor PowerShell knows what a POSIX shell writes around a quote.
    return text if PLAIN.fullmatch(text) else '"{}"'.format(text.replace('"', '\\"'))


def with_variable(name: str, value: str, command: str) -> str:
    """A command that is to find a variable in its environment."""
    if sys.platform == "win32":  # PowerShell, which is the shell of its terminal
        return f'$env:{name} = "{value}"; {command}'
    return f"{name}={shlex.quote(value)} {command}"


def pip_install(extras: Iterable[str], version: str = "") -> str:
    """The line that installs some extras; in double quotes, which every shell takes."""
    return f'pip install "spiralcore[{",".join(extras)}]{version}"'
