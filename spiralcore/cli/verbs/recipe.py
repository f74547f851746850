"""`spiral recipe`: the default recipe, and the schema of recipes."""

from __future__ import annotations

import json

import click

from spiralcore.recipe import default_recipe_text


@click.command("recipe")
@click.option("--schema", is_flag=True, help="The JSON schema of recipes, for editors.")
def command(schema: bool) -> None:
    """Print the default recipe, or the schema that editors check recipes by.

    The first line of the default recipe names the schema as a file beside it: `spiral recipe
    --schema > recipe.schema.json`.
    """
    if not schema:
        click.echo(default_recipe_text(), nl=False)
        return
    from spiralcore.recipe.recipe_schema import recipe_schema

    click.echo(json.dumps(recipe_schema(), indent=2))
