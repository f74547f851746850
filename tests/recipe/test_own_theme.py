"""The table [theme] of a recipe: what it takes, whom it reaches, what it refuses."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from font_source_sans_pro import font_files_otf

from spiralcore.errors import UsageError
from spiralcore.recipe import FilmSettings, Recipe, load_recipe, parse_recipe
from spiralcore.system.font_file import font_bytes, font_url

FONT = Path(font_files_otf["SourceSansPro"])
TABLE = '[theme]\nbackground = "#002B5C"\nclasses = ["#7bcaea", "#f4a12c"]\n'


def test_films_take_it_unless_they_are_told_to_have_another() -> None:
    assert parse_recipe(TABLE, "a").film.colours.background == "#002b5c"
    assert parse_recipe(TABLE + '[film]\ntheme = "own"\n', "a").film.colours.name == "own"
    assert parse_recipe(TABLE + '[film]\ntheme = "light"\n', "a").film.colours.name == "light"
    assert parse_recipe(TABLE, "a", {"film.theme": "dark"}).film.colours.name == "dark"
    assert parse_recipe(TABLE, "a", {"film.theme": "transparent"}).formats == ("webm", "png")
    assert load_recipe(None).film.theme == "dark"


def test_settings_of_films_hold_it_as_plain_values() -> None:
    film = parse_recipe(TABLE + f"font = '{FONT}'\n", "a").film
    again = FilmSettings.model_validate_json(film.model_dump_json())
    assert again == film
    assert font_bytes(again.colours.font) == font_bytes(again.colours.bold) == FONT.read_bytes()
    assert FilmSettings().model_dump(mode="json")["theme"] == "dark"


def test_networks_are_the_same_with_every_theme() -> None:
    keys = {
        recipe.network_recipe(4, "tanh").key()
        for recipe in (Recipe(), parse_recipe(TABLE, "a"), Recipe(film=FilmSettings(theme="light")))
    }
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('background = "blue"\n', "theme.background: found 'blue', expected a colour such as"),
        ('backgroud = "#ffffff"\n', "there is no such setting. Did you mean 'background'?"),
        ('ink = "#202020"\n', "theme: ink: found #202020 on the background #101317"),
        ('classes = ["#ff0000"]\n', "theme.classes: found ['#ff0000'], expected at least 2 items"),
        (
            'classes = ["#ff0000", "#FF0000"]\n',
            "different colours; #ff0000 is there twice",
        ),
        (
            'font = "nowhere.otf"\n',
            "a font file, .otf or .ttf; nowhere.otf cannot be read: No such",
        ),
        ('font = "data:font/otf;base64,AAAA"\n', "a font file, .otf or .ttf; it is something else"),
    ],
)
def test_what_it_refuses(text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_recipe(f"[theme]\n{text}", "a")
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 2


def test_own_without_a_table_says_what_to_type() -> None:
    with pytest.raises(UsageError, match=r"There is no theme 'own'.*\n.*expected: a recipe with"):
        parse_recipe('[film]\ntheme = "own"\n', "a")
    with pytest.raises(UsageError, match=r"next: \[theme\] with background"):
        _ = FilmSettings(theme="own").colours


def test_fonts_that_no_text_can_be_set_in_are_refused(tmp_path: Path) -> None:
    path, data = tmp_path / "font.otf", FONT.read_bytes()
    for content, said in (
        (b"wOF2" + data[4:], "it is WOFF2"),
        (b"", "it is something else"),
        (data.replace(b"cmap", b"cmop", 1), "made without: cmap"),
        (data + bytes(8_000_001 - len(data)), "of at most 8 MB"),
    ):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=said):
            font_url(str(path))
    path.write_bytes(data)
    assert font_url(str(path)).endswith(base64.b64encode(data).decode()[-40:])


def test_a_theme_without_classes_reaches_whoever_draws() -> None:
    film = parse_recipe('[theme]\nbackground = "#002b5c"\n', "a").film
    assert FilmSettings.model_validate(film.model_dump(mode="json")) == film
    assert FilmSettings.model_validate_json(film.model_dump_json()) == film
