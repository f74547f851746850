"""The attack on everything that reads files, in its long form: a part of `make torture`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.torture import bombs, studies
from tests.torture.drawing import draw_figures, draw_films
from tests.torture.generated import each_of, near_files, odd_trajectories
from tests.torture.parts import Row
from tests.torture.readers import READERS, SECONDS, Reader, Tally, attack, attack_with, study_reader

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "docs" / "study.parquet"

ATHERIS = "atheris==3.0.0"
"""Has wheels for Linux on x86-64 only, so that it is no dependency: the long form installs it beside."""

FUZZED = ("trajectories", "point tables, npz", "point tables, CSV", "recipes")


class Counts(NamedTuple):
    """How much of everything is tried."""

    mutants: int
    counted: int
    generated: int
    others: int
    drawn: int
    fuzz_seconds: int


LONG = Counts(90_000, 10_000, 10_000, 5_000, 100, 300)
SHORT = Counts(400, 100, 60, 60, 2, 0)


def rows(folder: Path, short: bool) -> Iterator[Row]:
    """All of it; files that brought a reader down are kept in ``renders/torture``."""
    counts = SHORT if short else LONG
    keep = None if short else ROOT / "renders" / "torture"
    reader, *others = READERS
    tally = attack(reader, reader.make(1, counts.mutants), folder, keep, counted=False)
    yield row(f"{counts.mutants:,} mutated trajectories", tally)
    tally = attack(reader, reader.make(2, counts.counted), folder, keep)
    yield row(f"{counts.counted:,} more, their memory counted by Python, too", tally)
    made: list[tuple[str, bytes]] = []
    each_of(near_files(), counts.generated, 3, lambda data: made.append(("generated", data)))
    yield row(f"{len(made):,} generated trajectories", attack(reader, made, folder, keep))
    for other in [*others, study_reader(STUDY.read_bytes())]:
        tally = attack(other, other.make(4, counts.others), folder, keep)
        yield row(f"{counts.others:,} mutated files, {other.name}", tally)
    yield from _bombs(folder, keep)
    yield _no_files(folder)
    yield _drawn(counts.drawn)
    if counts.fuzz_seconds:
        yield from _fuzzed(folder, counts.fuzz_seconds, keep)


def row(what: str, tally: Tally) -> Row:
    """A line about an attack."""
    text = (
        f"{tally.loaded:,} valid, {tally.refused:,} refused, {len(tally.crashes)} crashes; "
        f"slowest {tally.slowest:.2f} s; memory +{tally.resident / 1e6:.0f} MB at most"
    )
    text += "".join(f"; {crash}" for crash in tally.crashes[:5])
    return Row(what, text, not tally.crashes and tally.slowest < SECONDS)


def _bombs(folder: Path, keep: Path | None) -> Iterator[Row]:
    readers = {reader.name: reader for reader in READERS}
    sets = {
        "trajectories": bombs.ARCHIVES,
        "digests of trajectories": bombs.ARCHIVES,
        "point tables, npz": bombs.npz_tables(),
        "point tables, CSV": bombs.TABLES,
        "recipes": bombs.SETTINGS,
        "study grids": bombs.SETTINGS,
    }
    for name, made in sets.items():
        files = [(what, make()) for what, make in made.items()]
        yield _twice(f"{len(files)} bombs and tricks, {name}", readers[name], files, folder, keep)
    files = list(studies.bombs(STUDY.read_bytes()))
    reader = study_reader(STUDY.read_bytes())
    yield _twice(f"{len(files)} bombs and tricks, studies", reader, files, folder, keep)


def _twice(
    what: str, reader: Reader, files: list[tuple[str, bytes]], folder: Path, keep: Path | None
) -> Row:
    """Once for the time that it takes, and once for the memory."""
    timed = attack(reader, files, folder, keep, counted=False)
    timed.crashes += attack(reader, files, folder, keep).crashes
    return row(what, timed)


def _no_files(folder: Path) -> Row:
    tallies: list[tuple[Reader, Tally]] = []
    for number, reader in enumerate([*READERS, study_reader(STUDY.read_bytes())]):
        if "GIF" in reader.name:
            continue  # reads what it has written itself
        place = folder / f"paths-{number}"
        place.mkdir()
        tallies.append((reader, attack_with(reader, bombs.no_files(place))))
    total = Tally(
        loaded=sum(tally.loaded for _, tally in tallies),
        refused=sum(tally.refused for _, tally in tallies),
        slowest=max(tally.slowest for _, tally in tallies),
        resident=max(tally.resident for _, tally in tallies),
        crashes=[crash for _, tally in tallies for crash in tally.crashes],
    )
    return row("folders, pipes, devices, links and missing files, for each reader", total)


def _drawn(count: int) -> Row:
    wrong: list[str] = []

    def draw(trajectory: object) -> None:
        from spiralcore import Trajectory

        assert isinstance(trajectory, Trajectory)
        found = {**draw_films(trajectory), **draw_figures(trajectory)}
        wrong.extend(f"{name}: {trouble}" for name, trouble in found.items())

    each_of(odd_trajectories(), count, 5, draw)
    text = f"{len(wrong)} films or figures broke down" + "".join(f"; {one}" for one in wrong[:5])
    return Row(f"{count:,} odd but valid trajectories, every film and figure of each", text, not wrong)


def _fuzzed(folder: Path, seconds: int, keep: Path | None) -> Iterator[Row]:
    site = folder / "site"
    install = [sys.executable, "-m", "pip", "install", "-q", "--target", str(site), ATHERIS]
    if subprocess.run(install, capture_output=True, check=False).returncode:
        yield Row("coverage-guided fuzzing", f"{ATHERIS} does not install here")
        return
    for target in FUZZED:
        place = folder / re.sub(r"\W+", "-", target)
        place.mkdir()
        ran = subprocess.run(
            [sys.executable, "-m", "tests.torture.fuzzing", target, str(place), str(seconds)],
            capture_output=True,
            text=True,
            errors="replace",
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(site)},
            check=False,
        )
        yield fuzzed_row(target, ran.stderr, sorted(place.glob("crash-*")), seconds)
        for crash in place.glob("crash-*"):
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                crash.replace(keep / f"{place.name}-{crash.name}")


def fuzzed_row(target: str, report: str, crashes: list[Path], seconds: int) -> Row:
    """A line about what libFuzzer reports."""
    number = {
        name: int(found[1]) if (found := re.search(rf"stat::{name}:\s+(\d+)", report)) else 0
        for name in ("number_of_executed_units", "slowest_unit_time_sec", "peak_rss_mb")
    }
    covered = [int(count) for count in re.findall(r" cov: (\d+)", report)]
    runs = number["number_of_executed_units"]
    text = (
        f"{runs:,} executions; {max(covered, default=0):,} branches reached, "
        f"{covered[0] if covered else 0:,} by the first file; {len(crashes)} crashes; "
        f"slowest {number['slowest_unit_time_sec']} s, the process {number['peak_rss_mb']} MB"
    )
    return Row(f"fuzzed for {seconds} s by coverage, {target}", text, bool(runs) and not crashes)
