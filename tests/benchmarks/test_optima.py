from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from benchmarks.facts.optima import ORDER, OWN_TABLE, Cell, quantities_of, related, write
from spiralcore.analysis.optima.arrangement import Arrangement, Quantity, assess
from spiralcore.analysis.optima.containers import CONTAINERS
from spiralcore.analysis.optima.table import MOST_POINTS, SCHEMA, TABLE


@pytest.fixture(scope="module")
def found() -> dict[Cell, Arrangement]:
    """Random arrangements for every cell of 1 and 2 dimensions."""
    rng = np.random.default_rng(0)
    cells = {}
    for name in ORDER:
        for quantity in quantities_of(CONTAINERS[name]):
            for dimension in (1, 2):
                for count in range(2, MOST_POINTS + 1):
                    points = CONTAINERS[name].scatter(rng, (1, count, dimension))[0]
                    cells[name, quantity, dimension, count] = assess(quantity, points)
    return cells


def test_the_file_holds_values_and_points(found: dict[Cell, Arrangement], tmp_path: Path) -> None:
    path = tmp_path / "optima.json"
    write(found, path, seed=4, seconds=12.3)
    content = json.loads(path.read_text())
    assert content["schema"] == SCHEMA
    assert (content["about"]["seed"], content["about"]["cpu_seconds"]) == (4, 12)
    assert set(content["optima"]) == set(CONTAINERS)
    assert set(content["optima"]["unit_cube"]) == {"margin", "margin_without_bias"}
    for (name, quantity, dimension, count), cell in found.items():
        row = content["optima"][name][quantity.value][str(dimension)]
        assert row["values"][count - 2] == pytest.approx(cell.value, rel=1e-11)
        if dimension == 2:
            points = np.array(row["points"][count - 2]).reshape(count, 2)
            assert points == pytest.approx(cell.points, abs=1e-10)
        else:
            assert "points" not in row


def test_what_is_found_goes_into_the_table_that_ships() -> None:
    ships = resources.files("spiralcore.analysis.optima").joinpath(TABLE)
    assert (Path(__file__).parents[2] / OWN_TABLE).read_bytes() == ships.read_bytes()


def test_what_an_earlier_run_found_is_kept_where_it_is_better(
    found: dict[Cell, Arrangement], tmp_path: Path
) -> None:
    path = tmp_path / "optima.json"
    write(found, path, seed=4, seconds=12.3)
    lucky, unlucky = ("ball", Quantity.DISTANCE, 2, 5), ("ball", Quantity.DISTANCE, 2, 6)
    factor = {lucky: 2.0, unlucky: 0.5}
    again = {
        cell: one._replace(points=one.points * by, value=one.value * by)
        for cell, one in found.items()
        for by in [factor.get(cell, 1.0)]
    }
    write(again, path, seed=5, seconds=1.0)
    row = json.loads(path.read_text())["optima"]["ball"]["distance"]["2"]
    for cell, kept in ((lucky, again), (unlucky, found)):
        assert row["values"][cell[3] - 2] == pytest.approx(kept[cell].value)
        np.testing.assert_allclose(row["points"][cell[3] - 2], kept[cell].points.ravel(), atol=1e-9)


def test_related_arrangements_fit(found: dict[Cell, Arrangement]) -> None:
    for name in ("cube", "unit_cube", "ball", "sphere"):
        cell = (name, Quantity.MARGIN, 2, 5)
        others = list(related(cell, found))
        assert len(others) >= 4
        assert {points.shape for points in others} == {(5, 2)}
        container = CONTAINERS[name]
        for points in others:
            assert container.project(points) == pytest.approx(points, abs=1e-9)
