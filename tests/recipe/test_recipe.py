from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from spiralcore.data import DATA_SETS, GENERATED, Rings, Spirals
from spiralcore.errors import UsageError
from spiralcore.recipe import (
    FilmSettings,
    NetworkRecipe,
    Quality,
    Recipe,
    default_recipe_text,
    load_recipe,
    parse_recipe,
)
from spiralcore.settings import Settings
from spiralcore.subjects.runs import networks
from tests.cli import known
from tests.conftest import TRAINED_FILMS


def test_the_shipped_recipe_states_the_defaults() -> None:
    assert parse_recipe(default_recipe_text(), "default") == Recipe()


def test_the_shipped_recipe_names_every_setting() -> None:
    text = default_recipe_text()
    groups = [Recipe.model_fields]
    for name in ("network", "training", "recording", "film"):
        groups.append(Recipe.model_fields[name].annotation.model_fields)
    groups += [kind.model_fields for kind in DATA_SETS.values()]
    tables = {"data", "network", "training", "recording", "film"}
    missing = [name for group in groups for name in group if f"{name} =" not in text]
    assert set(missing) <= tables | {"table_sha256"}  # which follows from the table


def test_all_problems_are_reported_at_once_with_the_nearest_name() -> None:
    text = """
    classses = [3]
    seed = -1
    activations = ["tahn"]
    [film]
    qualty = "720p30"
    quality = "720"
    timeline = "motoin"
    [data]
    inner_radius = 30
    """
    with pytest.raises(UsageError) as error:
        parse_recipe(text, "my.toml")
    assert str(error.value) == (
        "my.toml has 7 settings that cannot be used:\n"
        f"  activations.0: found 'tahn', expected one of {known.activations}. "
        "Did you mean 'tanh'?\n"
        "  seed: found -1, expected greater than or equal to 0\n"
        "  data: inner_radius must be smaller than outer_radius\n"
        "  film.quality: found '720', expected a height and a frame rate such as 1080p60, "
        "720p30 or 2160p60\n"
        "  film.timeline: found 'motoin', expected 'motion', 'log' or 'linear'. "
        "Did you mean 'motion'?\n"
        "  film.qualty: there is no such setting. Did you mean 'quality'?\n"
        "  classses: there is no such setting. Did you mean 'classes'?"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("classes = []", "classes: found [], expected at least 1 item"),
        ("classes = [1]", "classes.0: found 1, expected greater than or equal to 2"),
        ("[network]\nwidths = []", "network.widths: found [], expected at least 1 item"),
        (
            "[network]\nwidths = [65]",
            "widths: found [65], expected a last hidden layer, the one that is drawn, of 1 to 64",
        ),
        (
            'films = ["bendin"]',
            f"films.0: found 'bendin', expected one of {', '.join(TRAINED_FILMS)}.",
        ),
        ("[training]\nlearning_rate = inf", "learning_rate: found inf, expected a finite number"),
        ("[training]\nlearning_rate = nan", "learning_rate: found nan"),
        ("[data]\npoints_per_class = 0", "points_per_class: found 0"),
        ("[data]\npoints_per_class = 1000000000", "points_per_class: found 1000000000"),
        ("seed = true", "seed: found True, expected a whole number"),
        ("x = [", "my.toml is not valid TOML"),
        ("x = " + 3000 * "[", "my.toml is nested too deeply"),
        ("film = 3", "film: found 3, expected a table of settings"),
        ("classes = {a = 1}", "classes: found {'a': 1}, expected a list"),
        ("classes = [3, 3]", "classes: found [3, 3], expected each value once"),
        ("[training]\nlearning_rate = 1e38", "learning_rate: found 1e+38"),
    ],
)
def test_impossible_values_are_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_recipe(text, "my.toml")
    assert message in str(error.value)


def test_overrides_win_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text('classes = [3]\n[film]\nquality = "720p30"\n')
    recipe = load_recipe(path, {"film.quality": "480p15", "training.epochs": 7})
    assert recipe.classes == (3,)
    assert recipe.film.quality == "480p15"
    assert recipe.training.epochs == 7


def test_overrides_of_a_table_that_is_none_are_reported_as_such() -> None:
    with pytest.raises(UsageError, match=r"film: found 3, expected a table of settings"):
        parse_recipe("film = 3", "my.toml", {"film.quality": "480p15"})


def test_a_recipe_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(UsageError) as error:
        load_recipe(path)
    assert str(error.value) == (
        f"{path} cannot be read: No such file or directory.\nexpected: a recipe in TOML.\n"
        "next: spiral render --print-recipe > my.toml, then change what you like"
    )


def test_keys_depend_on_what_makes_the_network_and_on_nothing_else() -> None:
    recipe = Recipe()
    key = recipe.network_recipe(4, "tanh").key()
    same = Recipe.model_validate({"film": {"theme": "light"}, "classes": [4]})
    assert same.network_recipe(4, "tanh").key() == key
    for change in ({"seed": 8}, {"data": {"noise": 0.2}}, {"training": {"epochs": 5}}):
        other = Recipe.model_validate(change)
        assert other.network_recipe(4, "tanh").key() != key


def test_keys_of_today_stay_valid() -> None:
    recipe = Recipe()
    assert recipe.network_recipe(2, "tanh").key() == "ddc28731ab25"
    assert recipe.network_recipe(4, "tanh").key() == "fce322ceb9bc"
    assert recipe.network_recipe(7, "relu").key() == "42ee8a151f63"
    other = Recipe.model_validate(
        {
            "seed": 8,
            "data": {"noise": 0.2, "turns": 1.5},
            "network": {"widths": [8, 2], "inner_activation": "relu"},
            "training": {"epochs": 5, "attempts": 1},
            "recording": {"keep": "log"},
        }
    )
    assert other.network_recipe(3, "disk").key() == "cdff5605b13d"


class Shuffling(Settings):
    """A group of settings that there is not yet."""

    share: float = 0.0
    seed: int | None = None


class DataToCome(Spirals):
    jitter: float = 0.0


class RecipeToCome(NetworkRecipe):
    """A recipe with settings that there are not yet: alone, in a group, and a group of them."""

    momentum: float | None = None
    data: DataToCome = DataToCome()
    shuffling: Shuffling = Shuffling()


def test_a_new_setting_changes_keys_where_it_is_used_and_nowhere_else() -> None:
    plain = {"classes": 4, "activation": "tanh", "seed": 1, "data": {"noise": 0.2}}
    before = NetworkRecipe.model_validate(plain)
    assert RecipeToCome.model_validate(plain).settings() == before.settings()
    stated = {**plain, "momentum": None, "shuffling": {"share": 0.0}}
    stated["data"] = {"noise": 0.2, "jitter": 0.0}
    assert RecipeToCome.model_validate(stated).key() == before.key()
    used = [
        RecipeToCome.model_validate({**plain, **change}).key()
        for change in (
            {"momentum": 0.9},
            {"data": {"noise": 0.2, "jitter": 0.1}},
            {"shuffling": {"share": 0.5}},
            {"shuffling": {"seed": 3}},
        )
    ]
    assert len({before.key(), *used}) == 5


def test_qualities_have_even_sizes() -> None:
    assert Quality.parse("1080p60") == Quality(1080, 60)
    assert [Quality.parse(f"{h}p30").width for h in (1080, 720, 480, 2160)] == [
        1920, 1280, 854, 3840,
    ]  # fmt: skip


def test_transparent_films_are_made_in_formats_that_can_be_transparent() -> None:
    assert load_recipe(None).formats == ("mp4", "gif", "png")
    recipe = load_recipe(None, {"film.theme": "transparent"})
    assert recipe.formats == ("webm", "png")
    named = load_recipe(None, {"film.theme": "transparent", "formats": ["mov"]})
    assert named.formats == ("mov",)
    assert Recipe(film=FilmSettings(theme="transparent")).formats == ("webm", "png")
    assert load_recipe(None, {"formats": ["webm", "mov"]}).film.theme == "dark"


def test_formats_that_cannot_be_transparent_are_refused() -> None:
    text = 'formats = ["gif", "webm", "mp4"]\n[film]\ntheme = "transparent"\n'
    with pytest.raises(UsageError) as error:
        parse_recipe(text, "my.toml")
    assert str(error.value) == (
        "my.toml has a setting that cannot be used:\n"
        "  formats: found 'gif', 'mp4' with the theme 'transparent', expected webm, mov, webp, "
        "avif or png; left out they are webm and png"
    )


def test_a_film_takes_networks_that_suit_it() -> None:
    recipe = load_recipe(None, {"films": ["bending", "stack", "layers"], "activations": ["tanh"]})
    assert [network.network.widths for network in networks(recipe)] == [
        (120, 80, 40, 2),
        (120, 2, 80, 2, 40, 2),
    ]
    own = load_recipe(None, {"films": ["stack"], "network.widths": [9, 2, 9, 2]})
    assert {network.network.widths for network in networks(own)} == {(9, 2, 9, 2)}


def test_only_what_films_show_is_trained() -> None:
    recipe = load_recipe(None, {"films": ["bending"], "close_ups": [5]})
    assert [(n.classes, n.activation) for n in networks(recipe)] == [(5, "tanh"), (5, "relu")]
    every = load_recipe(None, {"films": []})
    assert len(networks(every)) == 12
    assert len(networks(load_recipe(None))) == 12


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'films = ["layers", "row"]\n[network]\nwidths = [40, 1]',
            "films: found 'row' with the widths 40 1, expected a layer of 2 units or more at the "
            "end",
        ),
        (
            'films = ["bending", "stack"]\n[film]\nlayer = 2',
            "films: found 'stack' with layer = 2, expected films that show one layer",
        ),
        ("[film]\nlayer = 0", "film.layer: found 0, expected greater than or equal to 1"),
    ],
)
def test_films_that_have_nothing_to_show_are_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_recipe(text, "my.toml")
    assert str(error.value) == f"my.toml has a setting that cannot be used:\n  {message}"


def test_an_aspect_is_one_of_four_and_the_quality_its_shorter_side() -> None:
    quality = Quality.parse("720p30")
    assert [quality.size(aspect) for aspect in ("16:9", "4:3", "1:1", "9:16")] == [
        (1280, 720), (960, 720), (720, 720), (720, 1280),
    ]  # fmt: skip
    assert load_recipe(None, {"film.aspect": "9:16"}).film.aspect == "9:16"
    with pytest.raises(UsageError, match=r"film\.aspect: found '16x9', expected '16:9'"):
        load_recipe(None, {"film.aspect": "16x9"})


@pytest.mark.parametrize("kind", [kind for kind in GENERATED if kind != "spirals"])
def test_the_shipped_recipe_states_the_defaults_of_other_data(kind: str) -> None:
    line = re.search(rf"^#   {kind} +(\S.*)$", default_recipe_text(), re.M)
    assert line is not None
    stated = tomllib.loads(line[1].replace(", ", "\n"))
    own = set(GENERATED[kind].model_fields) - {"kind", "points_per_class", "imbalance"}
    assert stated == {name: GENERATED[kind].model_fields[name].default for name in own}


def test_kinds_of_data() -> None:
    recipe = parse_recipe('classes = [3]\nclose_ups = [3]\n[data]\nkind = "rings"', "my.toml")
    assert recipe.data == Rings()
    assert recipe.network_recipe(3, "tanh").title == "rings, 3 classes, tanh, seed 1"
    assert recipe.network_recipe(3, "tanh").settings()["data"] == {
        "kind": "rings", "points_per_class": 200, "inner_radius": 4.0, "outer_radius": 20.0,
        "noise": 0.5,
    }  # fmt: skip
    # What the file says of spirals means nothing to rings.
    assert load_recipe(None, {"data.kind": "rings", "data.noise": 0.1}).data == Rings(noise=0.1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('kind = "ring"', f"data.kind: found 'ring', expected one of {known.data_sets}. "
         "Did you mean 'rings'?"),
        ("kind = 3", f"data.kind: found 3, expected one of {known.data_sets}."),
        ('kind = "rings"\nturns = 2.0', "data.turns: there is no such setting."),
        ("turn = 2.0", "data.turn: there is no such setting. Did you mean 'turns'?"),
        ('kind = "moons"\nnoise = -1.0',
         "data.noise: found -1.0, expected greater than or equal to 0"),
        ('kind = "table"', "data.table: missing."),
        ('kind = "checkerboard"\nfields = 2',
         "data.fields: found 2 a side with 5 classes, expected at least 3"),
        ("points_per_class = [1, 2]", "data.points_per_class: found a list of 2 with 3 classes, "
         "expected one number for each class, or one for all"),
        ("points_per_class = [3, 0]",
         "data.points_per_class.1: found 0, expected greater than or equal to 1"),
        ('points_per_class = "many"',
         "data.points_per_class: found 'many', expected a whole number"),
        ("points_per_class = [1, 2]\nimbalance = 2.0",
         "data: imbalance: found 2 with a list of points_per_class, expected one of the two"),
        ("imbalance = 0.5", "data.imbalance: found 0.5, expected greater than or equal to 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_data_is_said_in_the_words_of_a_recipe(text: str, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_recipe(f"classes = [3, 5]\nclose_ups = []\n[data]\n{text}", "my.toml")
    assert error.value.found == f"my.toml has a setting that cannot be used:\n  {problem}"


def test_a_language_that_is_not_there_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UsageError) as error:
        load_recipe(None, {"film.language": "ed"})
    assert str(error.value) == (
        "the default recipe, with the options, has a setting that cannot be used:\n"
        f"  film.language: found 'ed', expected one of {known.languages}. Did you mean 'es'?"
    )
    settings = load_recipe(None, {"film.language": "fr", "film.captions": False}).film
    assert (settings.language, settings.captions) == ("fr", False)
    assert (FilmSettings().language, FilmSettings().captions) == ("en", True)
