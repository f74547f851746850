"""The schema of recipes: what it takes is what the program takes."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from spiralcore.errors import UsageError
from spiralcore.recipe import Recipe, default_recipe_text, parse_recipe
from spiralcore.recipe.recipe_schema import explained, recipe_schema
from spiralcore.registry.activations import ACTIVATIONS
from tests.conftest import spiral


def said_by_the_schema(text: str) -> list[str]:
    """Where a recipe is wrong, as an editor would say it."""
    checker = jsonschema.Draft202012Validator(recipe_schema())
    return sorted(
        "/".join(map(str, e.absolute_path)) for e in checker.iter_errors(tomllib.loads(text))
    )


def test_it_is_a_schema_and_takes_the_default_recipe() -> None:
    jsonschema.Draft202012Validator.check_schema(recipe_schema())
    assert said_by_the_schema(default_recipe_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        'activations = ["disk", "sphere"]\nclasses = [2, 64]\n',
        "[data]\npoints_per_class = [20, 50]\nimbalance = 1.0\n",
        '[data]\nkind = "rings"\nnoise = 0.4\n',
        '[data]\nkind = "table"\ntable = "points.csv"\n',
        '[film]\ntheme = "light"\nlayer = 2\ngif_frame_rate = "film"\n',
        '[theme]\nbackground = "#FFFFFF"\nclasses = ["#e2001a", "#005ca9"]\n',
        '[film.theme]\nink = "#ffffff"\n',
        '[recording]\nkeep = "log"\n',
        '[network]\nwidths = [3]\ninner_activation = "gelu"\n',
        'films = ["layers", "space", "stack"]\n',
    ],
)
def test_what_the_program_takes_it_takes(text: str) -> None:
    assert said_by_the_schema(text) == []
    if "points.csv" not in text and "stack" not in text and "[20, 50]" not in text:
        parse_recipe(text, "a recipe")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('activations = ["tahn"]\n', "activations/0"),
        ("classes = [1]\n", "classes/0"),
        ("classes = []\n", "classes"),
        ("sed = 3\n", ""),
        ('films = ["bendin"]\n', "films/0"),
        ('films = ["difference"]\n', "films/0"),
        ('formats = ["avi"]\n', "formats/0"),
        ('[film]\ntheme = "drak"\n', "film/theme"),
        ('[theme]\ninc = "#ffffff"\n', "theme"),
        ('[theme]\nbackground = "white"\n', "theme/background"),
        ('[film]\nlanguage = "it"\n', "film/language"),
        ("[film]\nseconds = 0.5\n", "film/seconds"),
        ("[film]\ngif_height = 121\n", "film/gif_height"),
        ("[training]\nepoch = 3\n", "training"),
        ('[recording]\nkeep = "some"\n', "recording/keep"),
        ("[recording]\ntolerance = 0.5\n", "recording/tolerance"),
    ],
)
def test_what_the_program_refuses_it_refuses_at_its_place(text: str, where: str) -> None:
    assert said_by_the_schema(text) == [where]
    with pytest.raises(UsageError):
        parse_recipe(text, "a recipe")


def test_every_setting_is_explained_as_in_the_default_recipe() -> None:
    schema = recipe_schema()
    texts = {name: one.get("description") for name, one in settings(schema, "FilmSettings").items()}
    assert texts.pop("loop") == "end with a dissolve back to the first picture"
    assert texts.pop("theme") == (
        "dark | light | transparent: no background, for slides of any colour; in webm (browsers), "
        'mov (Keynote, editors), webp and png. Left out: dark, or "own" where there is a table '
        "[theme]"
    )
    texts |= {n: one.get("description") for n, one in settings(schema, "ThemeSettings").items()}
    assert None not in texts.values()
    known = {"": Recipe.model_fields, "film": Recipe.model_fields["film"].annotation.model_fields}  # type: ignore[union-attr]
    for group, name in explained():
        assert group not in known or name in known[group]
    assert list(schema["properties"]["activations"]["items"]["enum"]) == list(ACTIVATIONS)


def settings(schema: dict[str, Any], group: str) -> dict[str, Any]:
    found: dict[str, Any] = schema["$defs"][group]["properties"]
    return found


def test_the_command_prints_both(tmp_path: Path) -> None:
    said = spiral(tmp_path, "recipe")
    assert said.stdout == default_recipe_text()
    assert said.stdout.startswith("#:schema recipe.schema.json\n")
    assert json.loads(spiral(tmp_path, "recipe", "--schema").stdout) == recipe_schema()
