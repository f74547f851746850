"""Everything that reads a file, and what becomes of it when the file is bad."""

from __future__ import annotations

import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

import spiralcore
from spiralcore import Trajectory
from spiralcore.data import read_table
from spiralcore.errors import SpiralError, TrajectoryError
from spiralcore.recipe import load_recipe
from spiralcore.recipe.reading import default_recipe_text
from spiralcore.study.grid import example_grid_text, load_grid
from spiralcore.study.table import read_study
from spiralcore.trajectory.pacing import motion_clock, timeline
from spiralcore.trajectory.summary import notes, summary
from tests.torture.mutants import archive, digest, npz_mutants, text_mutants

SECONDS = 2.0
"""Longest that any bad file may take."""

MEMORY = 4
"""Times of what a file declares, or of its size, that reading it may take."""

FLOOR = 4_000_000
"""Bytes that reading may take in any case, for the reader itself."""


class Reader(NamedTuple):
    """Something that reads files.

    Attributes
    ----------
    name
        For people.
    ending
        Of the files.
    read
        Reads a path and uses what it got.
    refuses
        The only error that it may raise.
    make
        ``make(seed, count)``: bad files.
    """

    name: str
    ending: str
    read: Callable[[Path], object]
    refuses: type[SpiralError]
    make: Callable[[int, int], Iterator[tuple[str, bytes]]]


@dataclass
class Tally:
    """What became of many bad files.

    Attributes
    ----------
    loaded, refused
        How many.
    kinds
        How many of each kind of mutation were refused.
    slowest
        Seconds of the slowest.
    largest
        Largest memory, as a multiple of what the file declares, of those above the floor.
    crashes
        What went wrong, with the digest of the file.
    """

    loaded: int = 0
    refused: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    largest: float = 0.0
    crashes: list[str] = field(default_factory=list)


def good_trajectories() -> list[bytes]:
    """Small valid files with everything that a file can hold."""
    rng = np.random.default_rng(0)
    files = []
    for units, inputs in ((2, 2), (3, 5)):
        path = Trajectory.from_arrays(
            {"activation": "tanh", "seed": 1, "network": {"widths": [4, units]}, "classes": 3},
            epochs=np.arange(5),
            inputs=rng.normal(size=(12, inputs)),
            labels=np.arange(12) % 3,
            hidden=rng.uniform(-1, 1, size=(5, 12, units)),
            readout_weight=rng.normal(size=(5, 3, units)),
            readout_bias=rng.normal(size=(5, 3)),
            cross_entropy=rng.uniform(size=9),
            loss=rng.uniform(size=9),
            accuracy=rng.uniform(size=9),
            fidelity=np.array([0.1, 0.2, 0.3]),
            hidden_mean=rng.uniform(-1, 1, size=(5, 12, units)),
            layer_1=rng.uniform(-1, 1, size=(5, 12, 4)),
            parameters=rng.normal(size=(2, 30)),
            parameter_epochs=np.array([0, 8]),
        )
        from spiralcore.trajectory.file import to_bytes

        files.append(to_bytes(path))
    return files


def use_trajectory(path: Path) -> object:
    """Load a file and ask it what every film asks."""
    trajectory = Trajectory.load(path)
    summary(trajectory)
    notes(trajectory)
    repr(trajectory)
    trajectory.evaluate(float(trajectory.epochs[-1]) / 2)
    timeline([trajectory], 2.0, "linear")
    motion_clock(trajectory)
    return trajectory.space, trajectory.shown, trajectory.activation_label, trajectory.dead_since


def _npz_table(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    rng = np.random.default_rng(1)
    good = {"x": rng.normal(size=(9, 2)), "y": np.arange(9) % 3, "recipe": np.array("{}")}
    return npz_mutants([archive(good)], seed, count)


CSV = b"x,y,label\n0.5,1,red\n1,2.25,blue\n-1e3,0,red\n3,3,green\n"


READERS = (
    Reader("trajectories", ".npz", use_trajectory, TrajectoryError,
           lambda seed, count: npz_mutants(good_trajectories(), seed, count)),
    Reader("point tables, npz", ".npz", read_table, SpiralError, _npz_table),
    Reader("point tables, CSV", ".csv", read_table, SpiralError,
           lambda seed, count: text_mutants([CSV], seed, count)),
    Reader("recipes", ".toml", load_recipe, SpiralError,
           lambda seed, count: text_mutants([default_recipe_text().encode()], seed, count)),
    Reader("study grids", ".toml", load_grid, SpiralError,
           lambda seed, count: text_mutants([example_grid_text().encode()], seed, count)),
)  # fmt: skip


def study_reader(good: bytes) -> Reader:
    """Reads the Parquet of a study, given a good one."""
    from tests.torture.mutants import BYTES

    def make(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
        rng = np.random.default_rng(seed)
        for number in range(count):
            change = BYTES[number % len(BYTES)]
            yield change.__name__, change(rng, good)

    return Reader("studies, Parquet", ".parquet", read_study, SpiralError, make)


def attack(
    reader: Reader, files: Iterable[tuple[str, bytes]], folder: Path, keep: Path | None = None
) -> Tally:
    """Have a reader read bad files, and watch.

    Parameters
    ----------
    reader
        Who reads.
    files
        What.
    folder
        Where they are written, one after the other.
    keep
        Where those go that brought the reader down.
    """
    tally = Tally()
    path = folder / f"bad{reader.ending}"
    tracemalloc.start()
    try:
        for kind, data in files:
            path.write_bytes(data)
            trouble = _watch(reader, kind, path, tally)
            if getattr(spiralcore, "trapped", False):
                raise AssertionError(f"{kind}: code in a file was run")
            if trouble:
                tally.crashes.append(f"{reader.name}, {kind}, {digest(data)}: {trouble}")
                if keep is not None:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{digest(data)}{reader.ending}").write_bytes(data)
    finally:
        tracemalloc.stop()
    return tally


def _watch(reader: Reader, kind: str, path: Path, tally: Tally) -> str:
    """Read one file; what went wrong, or an empty text."""
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    started = time.perf_counter()
    trouble = ""
    try:
        reader.read(path)
        tally.loaded += 1
    except reader.refuses as error:
        tally.refused += 1
        tally.kinds[kind] += 1
        if not all(letter.isprintable() or letter == "\n" for letter in str(error)):
            trouble = "a message with letters that a terminal obeys"
    except Exception as error:
        trouble = f"{type(error).__name__}: {error}"[:200]
    seconds = time.perf_counter() - started
    peak = tracemalloc.get_traced_memory()[1] - before
    tally.slowest = max(tally.slowest, seconds)
    share = max(peak - FLOOR, 0) / max(declared(path.read_bytes()), path.stat().st_size, 1)
    tally.largest = max(tally.largest, share)
    if share > MEMORY:
        return trouble or f"{peak:,} bytes of memory, {share:.1f} times its size"
    if seconds > SECONDS:
        return trouble or f"{seconds:.1f} s"
    return trouble


def declared(data: bytes) -> int:
    """Bytes that the directory of an archive declares; 0 where there is none."""
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as made:
            return sum(info.file_size for info in made.infolist())
    except Exception:
        return 0
