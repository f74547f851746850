"""Tables and figures of docs/study.md and docs/packing.md, from the Parquet of two studies.

`python -m benchmarks.crowding` makes them anew from docs/study.parquet and
docs/packing-study.parquet; `--study FILE` and `--packing-study FILE` take a new one as the shipped
one. What is between two marks in a page is replaced; the words around are written by hand.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from benchmarks.study_tables import PACKING_BLOCKS, STUDY_BLOCKS
from spiralcore.files import whole_file
from spiralcore.study.table import read_study

DOCS = Path(__file__).parents[1] / "docs"
MEDIA = DOCS / "media"


class Shown(NamedTuple):
    """A study and the page that shows it.

    Attributes
    ----------
    page, shipped
        The page, and the study as a Parquet file.
    blocks
        What makes the tables of the page.
    """

    page: Path
    shipped: Path
    blocks: Mapping[str, Callable[[pa.Table], str]]


STUDY = Shown(DOCS / "study.md", DOCS / "study.parquet", STUDY_BLOCKS)
PACKING = Shown(DOCS / "packing.md", DOCS / "packing-study.parquet", PACKING_BLOCKS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Bring the pages, their figures and their Parquet files up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path, help="a new study.parquet")
    parser.add_argument("--packing-study", type=Path, help="another one")
    given = parser.parse_args(arguments)
    for shown, new in ((STUDY, given.study), (PACKING, given.packing_study)):
        if new is not None:
            with whole_file(shown.shipped) as part:
                part.write_bytes(new.read_bytes())
        text = filled(shown, shown.page.read_text("utf-8"))
        with whole_file(shown.page) as part:
            part.write_text(text, "utf-8")

    from spiralcore.figures.study import draw_study
    from spiralcore.stage.palette import theme

    made = draw_study(read_study(STUDY.shipped), MEDIA, theme("light"))
    for path in [STUDY.page, PACKING.page, *made]:
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def filled(shown: Shown, text: str) -> str:
    """The page with its tables made anew."""
    table = read_study(shown.shipped)
    for name, make in shown.blocks.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        block = make(table)
        text, count = pattern.subn(lambda found, b=block: f"{found[1]}\n{b}\n\n{found[2]}", text)
        if count != 1:
            raise ValueError(f"{shown.page.name} has {count} places for '{name}', and not one")
    return text


if __name__ == "__main__":
    main()
