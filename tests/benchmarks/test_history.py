from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.figures import Figure
from benchmarks.history import PAGE, keep

PAGE_TEXT = """Words before.
<!-- history -->
| # | ratio | 0.1.0 |
| --- | --- | --- |
| 3 | drawing | 1.85 |
| 9 | recording | 1.08 |
<!-- /history -->
Words after.
"""


def test_a_release_is_a_column_and_what_was_not_measured_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE_TEXT, "utf-8")
    keep([Figure("12", "a GIF", ratio=13.84), Figure("3", "drawing", ratio=1.7)], "0.2.0", page)
    keep([Figure("3", "drawing", ratio=1.5), Figure("6b", "memory", ours=700.0)], "0.2.0", page)
    assert page.read_text("utf-8").splitlines() == [
        "Words before.",
        "<!-- history -->",
        "| # | ratio | 0.1.0 | 0.2.0 |",
        "| --- | --- | --- | --- |",
        "| 3 | drawing | 1.85 | 1.5 |",
        "| 9 | recording | 1.08 |  |",
        "| 12 | a GIF |  | 13.8 |",
        "<!-- /history -->",
        "Words after.",
    ]


def test_the_docs_have_one_place_for_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("No table.", "utf-8")
    with pytest.raises(ValueError, match=r"^page\.md has 0 places for the history, and not one$"):
        keep([], "0.2.0", page)
    page.write_text(PAGE.read_text("utf-8"), "utf-8")
    keep([], "9.9.9", page)
    heads = [line for line in page.read_text("utf-8").splitlines() if line.endswith("| 9.9.9 |")]
    assert len(heads) == 1
