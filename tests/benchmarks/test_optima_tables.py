from __future__ import annotations

from benchmarks.facts.optima_tables import DOCUMENT, renewed, tables


def test_the_document_holds_the_table_that_ships() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert renewed(text) == text


def test_known_rows() -> None:
    text = tables()
    square = text.split("### Square [-1, 1]²")[1].split("###")[0]
    assert "| 4 | **2.0000000** | **1.4142136** | 0.7071068 |" in square
    assert "| 5 | 1.4142136 |" in square
    circle = text.split("### Circle")[1].split("###")[0]
    assert "| 3 | **1.7320508** | **1.5000000** | **0.8660254** |" in circle
    angles = text.split("### Angles")[1]
    assert "| 4 | 30.00000 |" in angles
    assert text.count("###") == 9


def test_what_stands_around_the_tables_stays() -> None:
    text = "before\n<!-- optima: made by make optima -->\nold\n<!-- end of optima -->\nafter\n"
    new = renewed(text)
    assert new.startswith("before\n<!-- optima")
    assert new.endswith("<!-- end of optima -->\nafter\n")
    assert "\nold\n" not in new
    assert renewed(new) == new
