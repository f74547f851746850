"""Options that several verbs have: those of recipes, and how many processes there are."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiralcore.cli.option_kinds import list_option
from spiralcore.cli.verbosity import LOG
from spiralcore.cluster.address import EXAMPLE, Address
from spiralcore.errors import UsageError, harmless, lookup
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.aspects import ASPECTS
from spiralcore.registry.films import LAYOUTS
from spiralcore.registry.formats import OUTPUT_FORMATS
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.registry.themes import NO_OWN, OPAQUE_THEMES, OWN, THEMES, Theme
from spiralcore.system.cores import cores

if TYPE_CHECKING:
    from spiralcore.recipe import Recipe
    from spiralcore.recipe.theme_settings import ThemeSettings

PROCESSES = click.IntRange(1, 256)
"""Each process takes hundreds of megabytes."""

Decorator = Callable[[Any], Any]


@dataclass(frozen=True)
class RecipeOption:
    """An option that stands for a setting of a recipe.

    Attributes
    ----------
    setting
        Its name there, with dots.
    help
        One line for people.
    several
        What stands for its values, where it takes several.
    how
        More for `click.option`.
    """

    setting: str
    help: str
    several: str = ""
    how: Mapping[str, Any] = field(default_factory=dict)


WHOLE: Mapping[str, Any] = {"type": int}
NUMBER: Mapping[str, Any] = {"type": float}

RECIPE_ENDING = ".toml"

THEME_HELP = f"{', '.join(THEMES)}, {OWN} (the recipe's), or a recipe with a table [theme]."

STILL_THEME_HELP = f"{', '.join(OPAQUE_THEMES)}, or a recipe with a table [theme]."

RECIPE_OPTIONS = {
    "classes": RecipeOption("classes", "Class counts.", "K", WHOLE),
    "activations": RecipeOption("activations", f"{', '.join(ACTIVATIONS)}.", "NAME"),
    "films": RecipeOption("films", "See `spiral films`.", "FILM"),
    "formats": RecipeOption("formats", f"{', '.join(OUTPUT_FORMATS)}; png is the poster.", "F"),
    "figures/--no-figures": RecipeOption("figures", "Still figures of all networks, too."),
    "seed": RecipeOption("seed", "Random seed.", how=WHOLE),
    "epochs": RecipeOption("training.epochs", "Full-batch steps of Adam.", how=WHOLE),
    "widths": RecipeOption("network.widths", "Hidden widths, the drawn layer last.", "W", WHOLE),
    "quality": RecipeOption(
        "film.quality", "Height (shorter side) and frame rate: 1080p60, 720p30."
    ),
    "aspect": RecipeOption("film.aspect", f"{', '.join(ASPECTS)}: laid out anew, not cropped."),
    "gif-height": RecipeOption(
        "film.gif_height", "Of GIF and WebP, in pixels; at most. [default: 480]", how=WHOLE
    ),
    "seconds": RecipeOption(
        "film.seconds", "Seconds that the training takes on screen.", how=NUMBER
    ),
    "timeline": RecipeOption("film.timeline", "motion, log or linear."),
    "layer": RecipeOption(
        "film.layer", "Show this hidden layer, counted from 1, not the last one.", how=WHOLE
    ),
    "theme": RecipeOption("film.theme", THEME_HELP),
    "highlight": RecipeOption(
        "film.highlight", "Classes that stand out, by their names or numbers.", "CLASS"
    ),
    "captions/--no-captions": RecipeOption("film.captions", "Say on the picture what happens."),
    "language": RecipeOption("film.language", f"Of the captions: {', '.join(LANGUAGES)}."),
    "narration": RecipeOption(
        "film.narration",
        "Folder with an audio file for each caption: 01.wav, 02.mp3 ... The film waits for them.",
    ),
    "layout": RecipeOption("film.layout", f"{', '.join(LAYOUTS)}: see the recipe."),
    "loop/--no-loop": RecipeOption("film.loop", "Fade back to the start at the end, or not."),
}
"""By the name of the option."""

OF_RUNS = ("classes", "activations", "seed", "epochs", "widths", "films")
"""Options that mean something for a whole run only: what is trained, and which films are made."""

_SETTINGS = {
    name.partition("/")[0].replace("-", "_"): option.setting
    for name, option in RECIPE_OPTIONS.items()
}


def recipe_options(*names: str, **helps: str) -> Decorator:
    """Give a verb some of `RECIPE_OPTIONS`, a recipe file, and ``--set`` for all other settings.

    Parameters
    ----------
    names
        Of the options.
    helps
        What to say of one, where it means something else here.
    """

    def decorate(command: Any) -> Any:
        command = set_option(command)
        for name in reversed(names):
            option = RECIPE_OPTIONS[name]
            text = helps.get(name.replace("-", "_"), option.help)
            if option.several:
                metavar = f"{option.several} ..."
                command = list_option(f"--{name}", metavar=metavar, help=text, **option.how)(
                    command
                )
            else:
                how = {"default": None} if "/" in name else option.how
                command = click.option(f"--{name}", help=text, **how)(command)
        return click.option(
            "--recipe",
            type=click.Path(path_type=Path),
            help="A TOML file. See `spiral render --print-recipe`.",
        )(command)

    return decorate


set_option = click.option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any other setting of a recipe, again and again: data.imbalance=10. "
    "`spiral render --print-recipe` has them all.",
)

_jobs_option = click.option(
    "--jobs",
    type=PROCESSES,
    callback=lambda context, parameter, value: value or cores(),
    help="Processes. [default: number of cores]",
)

_scheduler_option = click.option(
    "--scheduler",
    metavar="URL",
    callback=lambda context, parameter, value: None if value is None else Address.parse(value),
    help=f"Of a Dask cluster that does the work: {EXAMPLE}",
)


def engine_options(command: Any) -> Any:
    """Give a verb ``--jobs``, a number, and ``--scheduler``, an `Address` or None.

    `spiralcore.cli.engines.chosen_engine` makes an engine of the two.
    """
    return _jobs_option(_scheduler_option(command))


def refuse_unused(options: Mapping[str, Any], names: Sequence[str], why: str) -> None:
    """Refuse options that would change nothing, so that nobody waits for what they ask for.

    Parameters
    ----------
    options
        What was given, by the names of parameters.
    names
        Those that would change nothing here.
    why
        The reason, as the end of a sentence.

    Raises
    ------
    UsageError
        If one of them was given.
    """
    given = [name for name in names if options.get(name) not in (None, ())]
    given = [name for name in given if options[name] is not False]
    if given:
        option = f"--{given[0].replace('_', '-')}"
        raise UsageError(f"{option} changes nothing here: {why}.", f"the same without {option}.")


def overrides(options: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a recipe that options stand for, by their names with dots.

    Raises
    ------
    UsageError
        If ``--set`` is given something else than NAME=VALUE.
    """
    found = {
        _SETTINGS[name]: list(value) if isinstance(value, tuple) else value
        for name, value in options.items()
        if name != "given" and value not in (None, ())
    }
    name = found.get("film.theme")
    if isinstance(name, str) and name.endswith(RECIPE_ENDING):
        found["film.theme"] = theme_of(Path(name)).model_dump()
    return found | dict(map(setting, options.get("given", ())))


def theme_of(recipe: Path) -> ThemeSettings:
    """The theme that a recipe brings with it.

    Raises
    ------
    UsageError
        If it cannot be read, or brings none.
    """
    from spiralcore.recipe import load_recipe  # here, as few verbs need it, and it takes time

    found = load_recipe(recipe).theme
    if found is None:
        raise UsageError(f"{recipe} has no table [theme].", *NO_OWN[1:])
    return found


def still_theme(name: str) -> Theme:
    """A theme with a background, by its name or that of a recipe; tells what is too close in it.

    Raises
    ------
    UsageError
        If there is no such theme.
    """
    if not name.endswith(RECIPE_ENDING):
        return lookup(OPAQUE_THEMES, name, "theme")
    found = theme_of(Path(name))
    _remark(found)
    return found.theme()


def told(recipe: Recipe) -> Recipe:
    """The same recipe, when people have been told what is too close in its theme."""
    if not isinstance(recipe.film.theme, str):
        _remark(recipe.film.theme)
    return recipe


def _remark(found: ThemeSettings) -> None:
    for line in found.remarks():
        LOG.warning("theme: %s", harmless(line))


def setting(text: str) -> tuple[str, Any]:
    """Name and value of a setting that is given as ``NAME=VALUE``; the value is read as TOML.

    Raises
    ------
    UsageError
        If there is no name, or no value.
    """
    name, _, value = (part.strip() for part in text.partition("="))
    if not (name and value):
        raise UsageError(
            f"--set: found '{text}'.", "NAME=VALUE.", "--set data.imbalance=10, for example"
        )
    try:
        read = tomllib.loads(f"value = {value}")
    except (ValueError, RecursionError):  # the latter of brackets in brackets, a thousandfold
        return name, value  # a text without quotation marks
    return name, read["value"] if len(read) == 1 else value
