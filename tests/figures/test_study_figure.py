from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from spiralcore.figures.study_figure import MEASURES, draw_measure, draw_study
from spiralcore.registry.themes import theme

SHIPPED = Path(__file__).parents[2] / "docs" / "study.parquet"


@pytest.fixture(scope="module")
def study() -> pa.Table:
    return pq.read_table(SHIPPED)


def of(name: str) -> object:
    return next(measure for measure in MEASURES if measure.name == name)


def by_hand(study: pa.Table, activation: str, units: int, column: str) -> dict[int, list[float]]:
    """Values of one activation and width, for each class count."""
    found = defaultdict(list)
    for row in study.to_pylist():
        if (row["activation"], row["units"]) == (activation, units) and row[column] is not None:
            found[row["classes"]].append(row[column])
    return found


def test_lines_are_medians_over_the_seeds(study: pa.Table) -> None:
    figure = draw_measure(study, of("accuracy"), theme("dark"))
    tanh = figure.axes[0]
    classes, medians = tanh.lines[1].get_data()  # D = 2
    wanted = by_hand(study, "tanh", 2, "accuracy")
    assert list(classes) == sorted(wanted) == list(range(2, 13))
    np.testing.assert_allclose(medians, [np.median(wanted[k]) for k in sorted(wanted)])
    (band,) = tanh.collections
    edges = band.get_paths()[0].vertices
    for k in wanted:
        inside = edges[edges[:, 0] == k][:, 1]
        np.testing.assert_allclose(
            [inside.min(), inside.max()], np.quantile(wanted[k], [0.25, 0.75])
        )


def test_dead_units_are_shares_of_networks(study: pa.Table) -> None:
    figure = draw_measure(study, of("dead"), theme("light"))
    relu = figure.axes[1]
    wanted = by_hand(study, "relu", 5, "dead_units")
    shares = [np.mean([value > 0 for value in wanted[k]]) for k in sorted(wanted)]
    np.testing.assert_allclose(relu.lines[4].get_ydata(), shares)
    assert not relu.collections  # a share has no quartiles


def test_activations_without_the_measure_have_no_panel(study: pa.Table) -> None:
    assert len(draw_measure(study, of("accuracy"), theme("dark")).axes) == 4
    assert len(draw_measure(study, of("one-vs-rest"), theme("dark")).axes) == 3


def test_files_are_the_same_when_drawn_again(study: pa.Table, tmp_path: Path) -> None:
    few = study.filter(pa.compute.less_equal(study.column("classes"), 4))
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        made = draw_study(few, tmp_path / name, theme("dark"), ("png", "svg"))
        assert [path.name for path in made[:2]] == ["study-accuracy.png", "study-accuracy.svg"]
        assert len(made) == 8
    for path in made:
        assert path.read_bytes() == (tmp_path / "first" / path.name).read_bytes()
    with Image.open(tmp_path / "first" / "study-packing.png") as picture:
        assert picture.width > 2000
