"""Everything that reads a file, and what becomes of it when the file is bad."""

from __future__ import annotations

import os
import resource
import signal
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

import spiralcore
from spiralcore import Trajectory
from spiralcore.data import read_table
from spiralcore.errors import SpiralError, TrajectoryError
from spiralcore.recipe import load_recipe
from spiralcore.recipe.reading import default_recipe_text
from spiralcore.study.crowd import Crowd
from spiralcore.study.grid import example_grid_text, load_grid
from spiralcore.trajectory.play.pacing import motion_clock, timeline
from spiralcore.trajectory.summary import notes, summary
from spiralcore.video.cache_key import is_up_to_date, trajectory_digest
from tests.torture.attacks.mutants import archive, byte_mutants, digest, npz_mutants, text_mutants

SECONDS = 2.0
"""Longest that any bad file may take."""

MEMORY = 4
"""Times of what a file declares, or of its size, that reading it may take."""

ROUNDING = 16_000_000
"""Bytes by which what the system gives a process may be more than what Python counts."""

MOST_MAPPED = 3 * 2**29
"""Bytes beyond what the process has that an attack may ask of the system: more is refused there."""

STUCK_SECONDS = 60
"""By the clock, on however busy a machine: from here on a reader is taken to wait for ever."""


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
    floor
        Bytes of memory that reading may take in any case, however little a file declares: for the
        reader itself, and for the largest table or recipe that is not refused by its size.
    """

    name: str
    ending: str
    read: Callable[[Path], object]
    refuses: type[Exception]
    make: Callable[[int, int], Iterator[tuple[str, bytes]]]
    floor: int = 24_000_000


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
        Seconds of the processor, of the slowest.
    largest
        Largest memory that Python counts, as a multiple of what the file declares, of what is
        above the floor.
    resident
        Largest growth of the process in bytes, as the system counts it; 0 where it does not.
    crashes
        What went wrong, with the digest of the file.
    """

    loaded: int = 0
    refused: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    largest: float = 0.0
    resident: int = 0
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


def npz_table() -> bytes:
    """A small valid table of points."""
    rng = np.random.default_rng(1)
    good = {"x": rng.normal(size=(9, 2)), "y": np.arange(9) % 3, "recipe": np.array("{}")}
    return archive(good)


def film(kind: str) -> bytes:
    """A small film, GIF or WebP."""
    out = BytesIO()
    first, *others = (Image.new("RGB", (8, 6), (60 * colour, 0, 0)) for colour in range(4))
    first.save(out, kind, save_all=True, append_images=others, duration=40)
    return out.getvalue()


CSV = b"x,y,label\n0.5,1,red\n1,2.25,blue\n-1e3,0,red\n3,3,green\n"


READERS = (
    Reader("trajectories", ".npz", use_trajectory, TrajectoryError,
           lambda seed, count: npz_mutants(good_trajectories(), seed, count), 8_000_000),
    Reader("point tables, npz", ".npz", read_table, SpiralError,
           lambda seed, count: npz_mutants([npz_table()], seed, count)),
    Reader("point tables, CSV", ".csv", read_table, SpiralError,
           lambda seed, count: text_mutants([CSV], seed, count)),
    Reader("digests of trajectories", ".npz", trajectory_digest, TrajectoryError,
           lambda seed, count: npz_mutants(good_trajectories(), seed, count), 8_000_000),
    Reader("marks of films", ".png", lambda path: is_up_to_date(path, "0" * 16), ValueError,
           lambda seed, count: byte_mutants(film("gif"), seed, count)),
    Reader("recipes", ".toml", load_recipe, SpiralError,
           lambda seed, count: text_mutants([default_recipe_text().encode()], seed, count)),
    Reader("study grids", ".toml", load_grid, SpiralError,
           lambda seed, count: text_mutants([example_grid_text().encode()], seed, count)),
)  # fmt: skip


class Stuck(BaseException):
    """A reader does not come back; no `Exception`, as readers turn those into errors of theirs."""


def study_reader(good: bytes) -> Reader:
    """Reads the Parquet of a study, given a good one."""
    from tests.torture.attacks.studies import study_mutants

    return Reader(
        "studies, Parquet", ".parquet", Crowd.load, SpiralError,
        lambda seed, count: study_mutants(good, seed, count), 64_000_000,
    )  # fmt: skip


def attack(
    reader: Reader,
    files: Iterable[tuple[str, bytes]],
    folder: Path,
    keep: Path | None = None,
    *,
    counted: bool = True,
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
    counted
        Whether Python counts memory, too, and not the system alone; it takes twice the time.
    """
    path = folder / f"bad{reader.ending}"

    def paths() -> Iterator[tuple[str, Path]]:
        for kind, data in files:
            path.write_bytes(data)
            yield kind, path

    return attack_with(reader, paths(), keep, counted=counted)


def attack_with(
    reader: Reader,
    paths: Iterable[tuple[str, Path]],
    keep: Path | None = None,
    *,
    counted: bool = True,
) -> Tally:
    """Have a reader read what is at some paths, files or not; see `attack`."""
    tally = Tally()
    with _guarded(counted):
        for kind, path in paths:
            trouble = _watch(reader, kind, path, tally)
            if getattr(spiralcore, "trapped", False):
                raise AssertionError(f"{kind}: code in a file was run")
            if trouble:
                data = path.read_bytes() if os.path.isfile(path) else b""
                tally.crashes.append(f"{reader.name}, {kind}, {digest(data)}: {trouble}")
                if keep is not None:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{digest(data)}{reader.ending}").write_bytes(data)
    return tally


@contextmanager
def _guarded(counted: bool) -> Iterator[None]:
    """Count memory, limit it, and end waiting, while the block runs."""

    def stuck(number: int, frame: object) -> None:
        raise Stuck

    before = signal.signal(signal.SIGALRM, stuck)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if LINUX:
        resource.setrlimit(resource.RLIMIT_AS, (_status("VmSize") + MOST_MAPPED, hard))
    if counted:
        tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGALRM, before)


LINUX = Path("/proc/self/clear_refs").exists()


def _status(name: str) -> int:
    """Bytes of memory, as Linux counts them: VmRSS now, VmHWM at most, VmSize in all."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise KeyError(name)


def _watch(reader: Reader, kind: str, path: Path, tally: Tally) -> str:
    """Read one file; what went wrong, or an empty text."""
    size = os.path.getsize(path) if os.path.isfile(path) else 0
    allowed = reader.floor + MEMORY * max(declared(path), size)
    if tracemalloc.is_tracing():
        tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    resident = _reset_peak()
    started = time.process_time()
    signal.alarm(STUCK_SECONDS)
    trouble = ""
    try:
        reader.read(path)
        tally.loaded += 1
    except reader.refuses as error:
        tally.refused += 1
        tally.kinds[kind] += 1
        if not all(letter.isprintable() or letter == "\n" for letter in str(error)):
            trouble = "a message with letters that a terminal obeys"
        if len(str(error)) > LONGEST_MESSAGE:
            trouble = f"a message of {len(str(error)):,} letters"
    except Stuck:
        trouble = f"not back after {STUCK_SECONDS} s"
    except Exception as error:
        trouble = f"{type(error).__name__}: {error}"[:200]
    finally:
        signal.alarm(0)
    seconds = time.process_time() - started
    grown = _status("VmHWM") - resident if LINUX else 0
    peak = tracemalloc.get_traced_memory()[1] - before
    if not tracemalloc.is_tracing():
        tally.slowest = max(tally.slowest, seconds)
    tally.resident = max(tally.resident, grown)
    tally.largest = max(
        tally.largest, (peak - reader.floor) / ((allowed - reader.floor) / MEMORY or 1)
    )
    if peak > allowed or grown > allowed + ROUNDING:
        return trouble or f"{peak:,} bytes of memory, {grown:,} resident, {allowed:,} allowed"
    # Counting makes Python three times as slow.
    if seconds > SECONDS and not tracemalloc.is_tracing():
        return trouble or f"{seconds:.1f} s"
    return trouble


LONGEST_MESSAGE = 10_000


def _reset_peak() -> int:
    """Forget how large this process has been; how large it is now."""
    if not LINUX:
        return 0
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    return _status("VmRSS")


def declared(path: Path) -> int:
    """Bytes that a file declares; 0 where it declares nothing."""
    import zipfile

    if path.suffix == ".parquet":
        return _declared_by_parquet(path)
    if path.suffix != ".npz" or not os.path.isfile(path) or os.path.getsize(path) > 10_000_000:
        return 0
    try:
        with zipfile.ZipFile(path) as made:
            return min(sum(info.file_size for info in made.infolist()), LARGEST_ARCHIVE)
    except Exception:
        return 0


LARGEST_ARCHIVE = 64_000_000
"""What unpacks to more is refused if it is as small as the files of an attack."""


def _declared_by_parquet(path: Path) -> int:
    import pyarrow.parquet as pq

    from spiralcore.study.row_checks import declared_bytes
    from spiralcore.study.table import Footer

    try:
        with Footer(path) as footer, pq.ParquetFile(footer, pre_buffer=True) as file:
            footer.verify(file)
            return declared_bytes(file.metadata)
    except Exception:
        return 0
