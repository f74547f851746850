from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks.crowding import PACKING, STUDY, Shown, filled

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
