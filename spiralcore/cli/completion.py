"""What a shell may complete: names of films, themes, activations and the like.

click speaks to the shell; this says which names an option or argument has, by what it is called, so
that every verb that has such an option has its names.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import click
from click.shell_completion import CompletionItem

from spiralcore.cli.targets import TARGETS
from spiralcore.data.sets import GENERATED
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.aspects import ASPECTS
from spiralcore.registry.films import FILMS, LAYOUTS
from spiralcore.registry.formats import OUTPUT_FORMATS
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.registry.policies import POLICIES
from spiralcore.registry.themes import OWN, THEMES

NAMES: dict[str, Iterable[str]] = {
    "film": FILMS,
    "films": FILMS,
    "activation": ACTIVATIONS,
    "activations": ACTIVATIONS,
    "inner_activation": ACTIVATIONS,
    "aspect": ASPECTS,
    "data": GENERATED,
    "formats": OUTPUT_FORMATS,
    "keep": POLICIES,
    "language": LANGUAGES,
    "layout": LAYOUTS,
    "theme": [*THEMES, OWN],
    "timeline": ("motion", "log", "linear"),
    "to": TARGETS,
}
"""By the name of the parameter."""

FILES_AS_OPTION, FILES_AS_ARGUMENT = {"data", "theme"}, {"films"}
"""Which of them may be files, too."""


def teach(command: click.Command) -> None:
    """Tell a verb which names its parameters have."""
    for parameter in command.params:
        names = NAMES.get(parameter.name or "")
        if names is not None and parameter._custom_shell_complete is None:
            is_option = isinstance(parameter, click.Option)
            files = parameter.name in (FILES_AS_OPTION if is_option else FILES_AS_ARGUMENT)
            parameter._custom_shell_complete = partial(_complete, tuple(names), files)


def _complete(
    names: tuple[str, ...],
    files: bool,
    context: click.Context,
    parameter: click.Parameter,
    incomplete: str,
) -> list[CompletionItem]:
    """Names that begin so; files as well where these can be meant."""
    found = [CompletionItem(name) for name in names if name.startswith(incomplete)]
    return found + [CompletionItem(incomplete, type="file")] * files
