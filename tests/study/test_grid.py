from __future__ import annotations

from pathlib import Path

import pytest

from spiralcore.errors import UsageError
from spiralcore.study.grid import Grid, Part, example_grid_text, load_grid, parse_grid
from tests.cli import known
from tests.study.conftest import SMALL


def networks(grid: Grid) -> list[tuple[str, int, int, int]]:
    return [
        (recipe.activation, recipe.network.widths[-1], recipe.classes, recipe.seed)
        for batch in grid.batches()
        for recipe in batch.networks
    ]


def test_the_example_gives_the_usual_values() -> None:
    grid = parse_grid(example_grid_text(), "the example")
    assert grid == Grid(part=grid.part)
    assert len(networks(grid)) == 4 * 3 * 2 * 4


def test_a_count_of_seeds_stands_for_the_first_ones() -> None:
    values = {"classes": [2], "units": [2], "activations": ["tanh"]}
    assert Part.model_validate({**values, "seeds": 3}).seeds == (1, 2, 3)
    assert Part.model_validate({**values, "seeds": [7, 5]}).seeds == (7, 5)


def test_every_combination_is_there_once() -> None:
    found = networks(parse_grid(SMALL, "small.toml"))
    assert len(found) == len(set(found)) == 2 * 2 * 3 * 3
    assert found[0] == ("tanh", 1, 2, 1)
    assert found[-1] == ("disk", 2, 3, 3)


def test_what_an_earlier_part_names_is_not_trained_again() -> None:
    text = SMALL + '[[part]]\nclasses = [3]\nunits = [2]\nactivations = ["tanh"]\nseeds = 7\n'
    one, two = parse_grid(SMALL, ""), parse_grid(text, "")
    extra = networks(two)[len(networks(one)) :]
    assert extra == [("tanh", 2, 3, seed) for seed in (4, 5, 6, 7)]
    # So a grown grid goes on where the smaller one ended.
    assert [b.key for b in two.batches()][: len(one.batches())] == [b.key for b in one.batches()]


def test_batches_hold_networks_of_one_shape() -> None:
    batches = parse_grid(SMALL, "").batches()
    assert [len(batch.networks) for batch in batches[:4]] == [2, 1, 2, 1]
    assert batches[0].title == "2 classes, tanh, 1 unit, seed 1 to 2"
    assert batches[-1].title == "3 classes, disk, 2 units, seed 3"
    assert len({batch.key for batch in batches}) == len(batches)


@pytest.mark.parametrize("line", ["noise = 0.2", "inner_radius = 1.0", "turns = 2.0"])
def test_what_decides_on_a_result_is_in_its_name(line: str) -> None:
    changed = SMALL.replace("[data]", f"[data]\n{line}")
    before = {batch.key for batch in parse_grid(SMALL, "").batches()}
    assert before.isdisjoint(batch.key for batch in parse_grid(changed, "").batches())


def test_the_composition_of_a_batch_is_in_its_name() -> None:
    changed = parse_grid(SMALL.replace("batch = 2", "batch = 3"), "")
    before = {batch.key for batch in parse_grid(SMALL, "").batches()}
    assert before.isdisjoint(batch.key for batch in changed.batches())
    assert networks(changed) == networks(parse_grid(SMALL, ""))


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = """
    [trainig]
    epochs = 10
    [[part]]
    classes = [1]
    units = [2, 2]
    activations = ["tahn"]
    seeds = 0
    """
    with pytest.raises(UsageError) as error:
        parse_grid(text, "my.toml")
    assert str(error.value) == (
        "my.toml has 5 settings that cannot be used:\n"
        "  part.0.classes.0: found 1, expected greater than or equal to 2\n"
        "  part.0.units: found [2, 2], expected each value once\n"
        f"  part.0.activations.0: found 'tahn', expected one of {known.activations}. "
        "Did you mean 'tanh'?\n"
        "  part.0.seeds: found 0, expected a number of seeds from 1 to 1,000,000, or "
        "a list of them\n"
        "  trainig: there is no such setting. Did you mean 'training'?"
    )


def test_a_slip_of_the_keyboard_is_no_endless_study() -> None:
    text = SMALL.replace("seeds = 3", "seeds = 1000000")
    with pytest.raises(UsageError) as error:
        parse_grid(text, "my.toml")
    assert str(error.value) == (
        "my.toml has a setting that cannot be used:\n"
        "  part: found 12,000,000 networks, expected at most 1,000,000"
    )


def test_files_that_are_no_grid(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        load_grid(tmp_path / "none.toml")
    assert str(error.value) == (
        f"{tmp_path}/none.toml cannot be read: No such file or directory.\n"
        "expected: a grid in TOML.\n"
        "next: spiral study --print-grid > my.toml, then change what you like"
    )
    (tmp_path / "odd.toml").write_text("batch = ")
    with pytest.raises(UsageError) as error:
        load_grid(tmp_path / "odd.toml")
    assert str(error.value).startswith(f"{tmp_path}/odd.toml is not valid TOML: ")
