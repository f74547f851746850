"""Tables and figures of docs/study.md and docs/packing.md, from the Parquet of two studies.

`python -m benchmarks.facts.crowding` makes them anew from docs/study.parquet and
docs/packing-study.parquet; `--study FILE` and `--packing-study FILE` take a new one as the shipped
one, and `--parts` takes the parts of the best possible anew, after `make optima`. What is between
two marks in a page is replaced; the words around are written by hand.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from benchmarks.facts.metric_tables import METRIC_BLOCKS
from benchmarks.facts.study_tables import PACKING_BLOCKS, STUDY_BLOCKS
from spiralcore.analysis.packing.metrics import METRICS
from spiralcore.registry.activations import activation
from spiralcore.study.table import read_study, write_table
from spiralcore.system.files import whole_file

DOCS = Path(__file__).parents[2] / "docs"
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
PACKING = Shown(
    DOCS / "packing.md", DOCS / "packing-study.parquet", {**PACKING_BLOCKS, **METRIC_BLOCKS}
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Bring the pages, their figures and their Parquet files up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path, help="a new study.parquet")
    parser.add_argument("--packing-study", type=Path, help="another one")
    parser.add_argument("--parts", action="store_true", help="after a new table of optima")
    given = parser.parse_args(arguments)
    for shown, new in ((STUDY, given.study), (PACKING, given.packing_study)):
        if new is not None:
            with whole_file(shown.shipped) as part:
                part.write_bytes(new.read_bytes())
        if given.parts:
            write_table(shown.shipped, with_new_parts(read_study(shown.shipped)))
        text = filled(shown, shown.page.read_text("utf-8"))
        with whole_file(shown.page) as part:
            part.write_text(text, "utf-8")

    from spiralcore.figures.study_figure import draw_study
    from spiralcore.registry.themes import theme

    made = draw_study(read_study(STUDY.shipped), MEDIA, theme("light"))
    for path in [STUDY.page, PACKING.page, *made]:
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def with_new_parts(study: pa.Table) -> pa.Table:
    """A study whose parts of the best possible are those of the table of optima as it is."""
    rows = study.to_pylist()
    for row in rows:
        space, units = activation(row["activation"]).space, row["units"]
        for metric in METRICS.values():
            placed = row["classes"] - (row["parked_classes"] if metric.placed else 0)
            for name, part in (
                (metric.name, metric.part_name),
                (metric.points_name, metric.points_part_name),
            ):
                if row.get(part) is not None:
                    row[part] = row[name] / metric.best_for(space, units, placed)
    return pa.Table.from_pylist(rows, schema=study.schema)


def filled(shown: Shown, text: str) -> str:
    """The page with its tables made anew."""
    table = read_study(shown.shipped)
    for name, make in shown.blocks.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        block = make(table)
        places = list(pattern.finditer(text))
        if len(places) != 1:
            raise ValueError(
                f"{shown.page.name} has {len(places)} places for '{name}', and not one"
            )
        (found,) = places
        text = f"{text[: found.start()]}{found[1]}\n{block}\n\n{found[2]}{text[found.end() :]}"
    return text


if __name__ == "__main__":
    main()
