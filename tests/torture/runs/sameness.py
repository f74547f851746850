"""Same again: the same recipe, under other circumstances."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import numpy as np

from spiralcore import Trajectory
from tests.torture.parts import Row
from tests.torture.yard import Yard, frames_digest

OTHER_PROCESSORS = {
    "without vector instructions in torch": {"ATEN_CPU_CAPABILITY": "default"},
    "AVX2 at most in torch and MKL": {
        "ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
    },
    "another kind of processor in numba": {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""},
}  # fmt: skip
"""What other processors do to the libraries, as far as it can be asked for here."""

SETTINGS = ("--recipe", "my.toml", "--formats", "mp4", "gif", "png")


def spin() -> None:
    """Keep a core busy."""
    while True:
        sum(range(10_000))


@contextmanager
def load() -> Iterator[None]:
    """All cores busy with something else, twice over."""
    burners = [multiprocessing.Process(target=spin) for _ in range(2 * (os.cpu_count() or 1))]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()


def trajectory_of(yard: Yard) -> Path:
    """The one trajectory of a yard."""
    (path,) = (yard.renders / "trajectories").glob("*.npz")
    return path


def rows(folder: Path, short: bool) -> Iterator[Row]:
    """The table of this part."""
    first = Yard(folder / "first")
    first.run("render", *SETTINGS, "--jobs", "2")
    wanted = first.finished()
    elsewhere = folder / "another place, far away"
    ways: dict[str, tuple[Path, list[str], Callable[[], AbstractContextManager[None]]]] = {
        "another run": (folder / "again", ["--jobs", "2"], nullcontext),
        "one process": (folder / "one", ["--jobs", "1"], nullcontext),
        "five processes": (folder / "five", ["--jobs", "5"], nullcontext),
        "all cores busy twice over": (folder / "load", ["--jobs", "2"], load),
        "another working directory": (elsewhere, ["--jobs", "2"], nullcontext),
    }
    for what, (place, options, circumstances) in list(ways.items())[: 2 if short else None]:
        yard = Yard(place)
        with circumstances():
            yard.run("render", *SETTINGS, *options)
        found = yard.finished()
        equal = [name for name, digest in wanted.items() if found.get(name) == digest]
        text = f"{len(equal)} of {len(wanted)} files equal byte by byte"
        yield Row(f"{what}: trajectory, MP4, GIF, poster", text, found == wanted)
    film = next(first.renders.glob("*.mp4"))
    yield Row("frames of the film, decoded by another reader", frames_digest(film)[:12], None)
    if short:
        return
    for what, environment in OTHER_PROCESSORS.items():
        yard = Yard(folder / what)
        run = yard.run("render", *SETTINGS, environment=environment)
        shutil.copytree(first.renders / "trajectories", yard.folder / "first")
        yield Row(
            f"{what}: the same trajectory?", difference(first, yard) if not run.code else run.err
        )
    sys.stdout.flush()


def difference(one: Yard, other: Yard) -> str:
    """How far two runs of the same recipe are apart."""
    a, b = (Trajectory.load(trajectory_of(yard)) for yard in (one, other))
    if trajectory_of(one).read_bytes() == trajectory_of(other).read_bytes():
        return "byte by byte"
    epochs = np.intersect1d(a.epochs, b.epochs)
    apart = [
        float(np.abs(a.evaluate(float(epoch)).hidden - b.evaluate(float(epoch)).hidden).max())
        for epoch in epochs
    ]
    return f"no: points up to {max(apart):.1e} apart after {int(epochs[-1])} epochs"
