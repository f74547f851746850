"""The figures of a whole recipe."""

from __future__ import annotations

from pathlib import Path

from spiralcore.figures.catalogue import FIGURES
from spiralcore.recipe import FilmSettings, Recipe, parse_recipe
from spiralcore.video.cache_key import is_up_to_date
from spiralcore.video.stills import figure_orders
from tests.conftest import spiral

RECIPE = """
classes = [2]
activations = ["relu"]
films = []
[data]
points_per_class = 20
[training]
attempts = 1
epochs = 60
"""


def times(folder: Path) -> dict[str, int]:
    return {str(p.relative_to(folder)): p.stat().st_mtime_ns
            for p in folder.rglob("*") if p.is_file()}  # fmt: skip


def test_a_run_makes_all_figures_once(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text(RECIPE)
    command = ("render", "--recipe", "my.toml", "--figures")
    ran = spiral(tmp_path, *command)
    assert ran.returncode == 0, ran.stderr
    expected = {f"{figure}-2-relu.{kind}" for figure in FIGURES for kind in ("png", "svg")}
    folder = tmp_path / "renders" / "figures"
    assert {path.name for path in folder.iterdir()} == expected
    assert "figures: " in ran.stdout
    before = times(tmp_path)
    again = spiral(tmp_path, *command)
    assert (again.returncode, again.stdout) == (0, "Everything is up to date: 11 files.\n")
    assert times(tmp_path) == before

    (folder / "loss-2-relu.svg").unlink()
    assert spiral(tmp_path, *command).returncode == 0
    after = times(tmp_path)
    assert {n for n in after if after[n] != before[n]} == {"renders/figures/loss-2-relu.svg"}


def test_a_recipe_asks_for_figures() -> None:
    assert Recipe().figures is False
    assert parse_recipe("figures = true", "text").figures is True


def test_orders_are_one_for_each_network_and_transparent_ones_dark() -> None:
    recipe = Recipe(classes=(2, 3), close_ups=(3,), film=FilmSettings(theme="light"))
    orders = figure_orders(recipe)
    assert [order.stem for order in orders] == ["3-tanh", "3-relu", "2-tanh", "2-relu"]
    assert {order.theme.name for order in orders} == {"light"}
    overlay = Recipe(formats=("webm",), film=FilmSettings(theme="transparent"))
    assert {order.theme.name for order in figure_orders(overlay)} == {"dark"}
    target = orders[0].target("loss", "svg")
    assert target == Path("renders/figures/loss-3-tanh.svg")
    assert not is_up_to_date(target.with_name("nothing.svg"), "key")
