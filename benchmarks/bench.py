"""Measure how fast everything is, beside what people use instead.

Run by `make bench`; prints a table and writes renders/bench/bench.json and bench.md. It judges,
and does not fail: the exit code is 0 unless a measurement breaks down.
"""

from __future__ import annotations

import argparse
import datetime
import platform
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks import history
from benchmarks.figures import Figure
from benchmarks.rows import (
    clusters,
    commands,
    drawing,
    encoders,
    films,
    gif,
    large,
    learning,
    many_points,
    opening,
    page_training,
    whole_run,
    worker_pools,
)  # fmt: skip
from benchmarks.table import json_text, markdown_table, summary, text_table
from benchmarks.workshop import Workshop
from spiralcore.errors import SpiralError
from spiralcore.system.cores import cores
from spiralcore.system.files import whole_file
from spiralcore.version import __version__

PACKAGES = (
    "spiralcore", "numpy", "scipy", "torch", "manim", "numba", "imageio-ffmpeg", "matplotlib"
)  # fmt: skip

BROKEN = "broken down"


@dataclass(frozen=True)
class Measurement:
    """Figures that are measured together.

    Attributes
    ----------
    numbers
        As the table shows them, without letters; ``-`` for what has no target.
    measure
        Gives the figures.
    """

    numbers: tuple[str, ...]
    measure: Callable[[Workshop], Iterator[Figure]]


MEASUREMENTS = (
    Measurement(("1", "2"), films.against_peers),
    Measurement(("3",), worker_pools.against_encoding),
    Measurement(("5",), worker_pools.scaling),
    Measurement(("4",), encoders.settings_against_manim),
    Measurement(("6",), worker_pools.memory),
    Measurement(("7",), drawing.points),
    Measurement(("8", "9"), learning.training),
    Measurement(("10",), commands.answers),
    Measurement(("11",), commands.trajectories),
    Measurement(("12",), gif.gif),
    Measurement(("13",), commands.nothing_to_do),
    Measurement(("14",), clusters.against_pool),
    Measurement(("15",), page_training.against_python),
    Measurement(("16", "17", "18"), large.large),
    Measurement(("19",), whole_run.make_render),
    Measurement(("20",), opening.opening),
    Measurement(("21",), many_points.many_points),
    Measurement(("-",), worker_pools.other_formats),
)


def chosen(only: Sequence[str]) -> list[Measurement]:
    """The measurements that have one of these numbers; all for none.

    Raises
    ------
    SpiralError
        If there is no such figure.
    """
    known = [number for measurement in MEASUREMENTS for number in measurement.numbers]
    for number in only:
        if number not in known:
            raise SpiralError(f"There is no figure {number}.", f"some of {' '.join(known)}.")
    return [m for m in MEASUREMENTS if not only or set(only) & set(m.numbers)]


def measured(measurement: Measurement, shop: Workshop) -> Iterator[Figure]:
    """The figures of a measurement; where it breaks down, a line that says so."""
    try:
        yield from measurement.measure(shop)
    # Whatever it is, the other figures are still worth their minutes.
    except Exception as error:
        shop.say(f"{BROKEN}: {type(error).__name__}: {error}")
        words = str(error).splitlines() or [type(error).__name__]
        yield Figure(" ".join(measurement.numbers), f"{BROKEN}: {words[0]}")


def about_run(seconds: float) -> dict[str, Any]:
    """Date, machine, versions."""
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "machine": {
            "system": platform.platform(),
            "processor": _processor(),
            "cores": cores(),
            "python": platform.python_version(),
        },
        "versions": {name: metadata.version(name) for name in PACKAGES},
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="numbers of figures")
    parser.add_argument("--repeats", type=int, default=3, help="how often each timing is taken")
    parser.add_argument("--out", type=Path, default=Path("renders/bench"))
    parser.add_argument("--history", action="store_true", help="keep ratios in docs/performance.md")
    options = parser.parse_args()
    # An end from outside takes programs and scratch with it.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    options.out.mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    broken = False
    try:
        measurements = chosen(options.only)
        with tempfile.TemporaryDirectory(dir=options.out.resolve()) as folder:
            shop = Workshop(Path(folder), options.repeats)
            shop.warm_up()
            for measurement in measurements:
                for figure in measured(measurement, shop):
                    figures.append(figure)
                    broken |= figure.title.startswith(BROKEN)
                    shop.say(text_table([figure], notes=False).splitlines()[-1])
            about = about_run(shop.seconds)
    except SpiralError as error:
        sys.exit(f"bench: {error}")
    figures.sort(key=lambda figure: history.order(figure.number))
    for name, text in (
        ("bench.json", json_text(figures, about)),
        ("bench.md", markdown_table(figures)),
    ):
        with whole_file(options.out / name) as part:
            part.write_text(text, encoding="utf-8")
    if options.history:
        history.keep(figures, __version__)
    print(f"\n{text_table(figures)}\n\n{summary(figures)}, {about['seconds']:.0f} s")
    sys.exit(broken)


if __name__ == "__main__":
    main()
