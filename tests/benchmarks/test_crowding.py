from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from benchmarks.facts.crowding import PACKING, STUDY, Shown, filled, with_new_parts

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("shown", [STUDY, PACKING])
def test_the_page_shows_what_the_parquet_says(shown: Shown) -> None:
    text = shown.page.read_text("utf-8")
    assert filled(shown, text) == text


def test_a_number_of_the_page_counted_by_hand() -> None:
    rows = [row for row in pq.read_table(STUDY.shipped).to_pylist()
            if (row["activation"], row["units"], row["classes"]) == ("disk", 2, 6)]  # fmt: skip
    assert len(rows) == 24
    quartiles = np.quantile([row["distance_part"] for row in rows], [0.5, 0.25, 0.75])
    cell = "{:.3f} [{:.3f}, {:.3f}]".format(*quartiles)
    line = next(
        line for line in STUDY.page.read_text("utf-8").splitlines()
        if line.startswith("| disk | 6 | 24 |")
    )  # fmt: skip
    assert line.split(" | ")[4] == cell


def test_a_page_without_a_place_for_a_table_is_refused() -> None:
    text = STUDY.page.read_text("utf-8").replace("<!-- crowded -->", "")
    with pytest.raises(ValueError, match=re.escape("study.md has 0 places for 'crowded'")):
        filled(STUDY, text)


def test_all_pictures_of_the_page_are_there() -> None:
    pictures = re.findall(r"\]\((media/[^)]+)\)", STUDY.page.read_text("utf-8"))
    assert len(pictures) == 4
    assert all((DOCS / picture).is_file() for picture in pictures)


@pytest.mark.parametrize("shown", [STUDY, PACKING])
def test_parts_are_those_of_the_table_of_optima(shown: Shown) -> None:
    shipped = pq.read_table(shown.shipped)
    renewed = with_new_parts(shipped)
    for name in shipped.column_names:
        if name.endswith("_part"):
            old, new = (np.array(table[name].to_pylist(), float) for table in (shipped, renewed))
            np.testing.assert_allclose(new, old, rtol=1e-6, atol=1e-12)
        else:
            assert renewed[name].equals(shipped[name])


def test_parts_that_are_wrong_are_mended() -> None:
    shipped = pq.read_table(PACKING.shipped)
    place = shipped.column_names.index("distance_part")
    wrong = shipped.set_column(
        place,
        shipped.schema.field(place),
        pc.multiply(shipped["distance_part"], pa.scalar(2, pa.float32())),
    )
    np.testing.assert_allclose(
        np.array(with_new_parts(wrong)["distance_part"].to_pylist(), float),
        np.array(shipped["distance_part"].to_pylist(), float),
        rtol=1e-6,
    )
