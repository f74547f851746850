"""Recipes as TOML, and everything that is wrong with one in a single message."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, Tag, ValidationError

from spiralcore.data.table_text import UTF_16
from spiralcore.errors import UsageError, nearest
from spiralcore.recipe.run_recipe import Recipe
from spiralcore.system.whole_read import read_whole

MAX_RECIPE_BYTES = 64_000
"""Ten times what the default recipe takes with all its comments."""

MAX_KEY_PARTS = 50
"""Dots of a line at most: reading ``a.a.a.a = 1`` takes the square of their number."""

MAX_PROBLEMS = 20
"""Problems of a file that are named; the others are counted."""

LONGEST_VALUE = 200
"""Letters of a wrong value, or a wrong name, that are shown."""

PLAIN_WORDS = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "a text",
    "string_pattern_mismatch": "a text that is not blank",
    "string_too_short": "a text that is not blank",
    "tuple_type": "a list",
    "model_type": "a table of settings",
    "model_attributes_type": "a table of settings",
}
"""What pydantic calls by the names of Python's types."""

Model = TypeVar("Model", bound=BaseModel)


def default_recipe_text() -> str:
    """Text of the recipe that `make render` uses; it documents every setting."""
    return resources.files("spiralcore.recipe").joinpath("default.toml").read_text("utf-8")


def load_recipe(path: Path | None, overrides: Mapping[str, Any] | None = None) -> Recipe:
    """Read a recipe file, or the default where ``path`` is None.

    Parameters
    ----------
    path
        A TOML file.
    overrides
        Values that replace those of the file, under dotted names: ``{"film.quality": "720p30"}``.
        With another kind of data, all that the file says of data is left out.

    Raises
    ------
    UsageError
        If the file cannot be read, or anything in it is unknown or impossible.
    """
    if path is None:
        return parse_recipe(default_recipe_text(), "the default recipe", overrides)
    advice = "spiral render --print-recipe > my.toml, then change what you like"
    return parse_recipe(read_toml(path, "a recipe", advice), str(path), overrides)


def read_toml(path: Path, kind: str, next_step: str) -> str:
    """Read a TOML file as text.

    Parameters
    ----------
    path
        The file.
    kind
        What it should be, for messages.
    next_step
        What to type for want of such a file.

    Raises
    ------
    UsageError
        If it cannot be read, is too large, or is not text in UTF-8, or UTF-16 that says so.
    """
    expected = f"{kind} in TOML."
    data = read_whole(path, MAX_RECIPE_BYTES, expected, next_step)
    # UTF-16 is what `>` writes in the PowerShell that comes with Windows.
    encoding = "utf-16" if data.startswith(UTF_16) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text.", expected) from None


def parse_toml(text: str, origin: str, kind: str) -> dict[str, Any]:
    """Turn TOML text into tables; `UsageError` if it is none."""
    for number, line in enumerate(text.split("\n"), 1):
        if len(re.findall(r"\.[^.]", line)) > MAX_KEY_PARTS:
            raise UsageError(
                f"{origin}, line {number}: there are more than {MAX_KEY_PARTS} dots.",
                f"{kind} in TOML.",
            )
    try:
        return tomllib.loads(text)
    except ValueError as error:
        # What is wrong with a number of thousands of digits is no TOMLDecodeError.
        what = str(error).partition("; use sys.")[0]
        raise UsageError(f"{origin} is not valid TOML: {what}.", f"{kind} in TOML.") from None
    except RecursionError:
        raise UsageError(f"{origin} is nested too deeply.", f"{kind} in TOML.") from None


def parse_recipe(text: str, origin: str, overrides: Mapping[str, Any] | None = None) -> Recipe:
    """Turn TOML text into a recipe.

    Parameters
    ----------
    text
        The TOML.
    origin
        What messages call it.
    overrides
        See `load_recipe`.

    Raises
    ------
    UsageError
        Naming all problems at once.
    """
    values = parse_toml(text, origin, "a recipe")
    if {"data.kind", "data.table"} & set(overrides or {}):
        values["data"] = {}  # what is said of one kind of data means nothing to another
    lost = []
    for name, value in (overrides or {}).items():
        *tables, key = name.split(".")
        target: Any = values
        for table in tables:
            target = target.setdefault(table, {})
            if not isinstance(target, dict):
                lost.append(name)
                break
        else:
            target[key] = value
    origin = f"{origin}, with the options," if overrides else origin
    found = checked(Recipe, values, origin)  # if no table is one, it says so
    if lost:
        raise UsageError(
            f"{origin} has a setting that cannot be used:\n  {lost[0]}: there is no such setting."
        )
    return found


def checked(model: type[Model], values: Mapping[str, Any], origin: str) -> Model:
    """Validate settings and report everything that is wrong with them in one error.

    Raises
    ------
    UsageError
        With one line for each problem: the setting, what was found, what was expected.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        entries: list[dict[str, Any]] = [dict(entry) for entry in error.errors(include_url=False)]
    # A list is too short, too, if its items have problems of their own.
    within = {entry["loc"][:depth] for entry in entries for depth in range(len(entry["loc"]))}
    entries = [
        entry for entry in entries if entry["type"] != "too_short" or entry["loc"] not in within
    ]
    problems = [_problem(model, entry) for entry in entries[:MAX_PROBLEMS]]
    if len(entries) > MAX_PROBLEMS:
        problems.append(f"and {len(entries) - MAX_PROBLEMS:,} more")
    count = (
        "a setting that cannot be used"
        if len(entries) == 1
        else f"{len(entries):,} settings that cannot be used"
    )
    raise UsageError(f"{origin} has {count}:\n" + "\n".join(f"  {line}" for line in problems))


def _problem(model: type[BaseModel], entry: dict[str, Any]) -> str:
    location, known = _located(model, entry["loc"])
    name = ".".join(location) or "settings"
    if entry["type"] == "extra_forbidden":
        return f"{name}: there is no such setting.{nearest(location[-1], known)}"
    if entry["type"] in ("union_tag_invalid", "union_tag_not_found"):
        given = entry["input"].get("kind")
        return f"{name}.kind: found {_shown(given)}, expected one of {', '.join(known)}." + (
            nearest(given, known) if isinstance(given, str) else ""
        )
    if entry["type"] == "missing":
        return f"{name}: missing."
    message = entry["msg"].removeprefix("Value error, ")
    message = message.removeprefix("Input should be ")
    message = PLAIN_WORDS.get(entry["type"], message)
    if entry["type"] == "too_short":
        least = entry["ctx"]["min_length"]
        message = f"at least {least} item" + ("s" if least > 1 else "")
    if entry["type"] == "too_long":
        message = f"at most {entry['ctx']['max_length']} items"
    if entry["type"] == "literal_error" and isinstance(entry["input"], str):
        choices = [word for word in message.split("'")[1::2]]
        message += "." + nearest(entry["input"], choices)
    if isinstance(entry["input"], Mapping) and entry["type"] == "value_error":
        return f"{name}: {message}" if location else message
    return f"{name}: found {_shown(entry['input'])}, expected {message}"


def _shown(value: Any) -> str:
    """A wrong value, as it would be typed, if that is not too long."""
    try:
        return _short(repr(value))
    except (RecursionError, ValueError):
        # Nested a thousandfold, or with a number of thousands of digits.
        return "what is too long to show"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


def _located(model: type[BaseModel], places: Sequence[int | str]) -> tuple[list[str], list[str]]:
    """Where a problem is, in the words of a recipe, and the names that are known there.

    Where settings are of one of several kinds, pydantic names the kind on the way; a recipe does
    not. There the known names are those of the kinds.
    """
    names: list[str] = []
    within: Any = model
    known: list[str] = []
    for place in places:
        if isinstance(within, dict):
            within = _settings_in(within.get(place))
            continue
        names.append(_short(str(place)))
        known = list(within.model_fields) if within else []
        within = _settings_in(within.model_fields[place].annotation) if place in known else None
    return names, list(within) if isinstance(within, dict) else known


def _settings_in(annotation: Any) -> Any:
    """The class of a group of settings, such classes by their kinds, or None."""
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, BaseModel) else None
    if (choices := get_args(annotation))[1:] == (type(None),):  # or left out
        return _settings_in(choices[0])
    tagged = {
        note.tag: get_args(choice)[0]
        for choice in get_args(annotation)
        for note in getattr(choice, "__metadata__", ())
        if isinstance(note, Tag)
    }
    return tagged or None
