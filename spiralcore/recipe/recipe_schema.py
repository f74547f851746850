"""What a recipe may hold, as a JSON schema: editors complete, explain and check TOML by it."""

from __future__ import annotations

import re
from typing import Any

from spiralcore.recipe.reading import default_recipe_text
from spiralcore.recipe.run_recipe import Recipe

DIALECT = "https://json-schema.org/draft/2020-12/schema"

SETTING = re.compile(r"(?:# )?(\w+) = .*?(?:  +# *(.*))?")
"""A line of the default recipe: a setting, also one that is left out, and what it means."""

HEADER = re.compile(r"(?:# )?\[(\w+)\](?: .*)?")
"""A line that begins a table, also one that is left out."""

MORE = re.compile(r" {20,}# *(.*)")
"""A line that goes on with it."""


def recipe_schema() -> dict[str, Any]:
    """The schema of a run's recipe; what settings mean is said as in the default recipe."""
    schema: dict[str, Any] = _plain(Recipe.model_json_schema())
    groups = {"": schema}
    for name in ("network", "training", "recording", "film"):
        groups[name] = schema["$defs"][schema["properties"][name]["$ref"].rpartition("/")[2]]
    groups["data"] = schema["$defs"]["Spirals"]
    groups["theme"] = schema["$defs"]["ThemeSettings"]
    for (group, name), text in explained().items():
        groups[group]["properties"][name]["description"] = text
    return {"$schema": DIALECT, "title": "A recipe of spiralcore", **schema}


def explained() -> dict[tuple[str, str], str]:
    """What the default recipe says of each setting, by its group and its name."""
    found: dict[tuple[str, str], str] = {}
    group, last = "", None
    for line in default_recipe_text().splitlines():
        if header := HEADER.fullmatch(line):
            group, last = header[1], None
        elif (setting := SETTING.fullmatch(line)) and setting[2]:
            last = group, setting[1]
            found[last] = setting[2]
        elif last is not None and (more := MORE.fullmatch(line)):
            found[last] += f" {more[1]}"
        else:
            last = None
    return found


def _plain(value: Any) -> Any:
    """Leave out titles, which repeat the names, and let alternatives overlap.

    Data without a ``kind`` are spirals or a table, and would be one alternative too many. What may
    be left out is never null in TOML.
    """
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"anyOf": [one, {"type": "null"}], "default": None, **more}:
            return _plain({**one, **more})
    return {
        "anyOf" if name == "oneOf" else name: _plain(one)
        for name, one in value.items()
        if not (name == "title" and isinstance(one, str)) and name != "discriminator"
    }
