"""Killed: runs that end by SIGKILL, and what the next one makes of it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.parts import Row
from tests.torture.yard import Yard

KILLS = 200
LANES = 4
VICTIMS = ("parent", "worker", "encoder")


@dataclass
class Toll:
    """What came of many kills.

    Attributes
    ----------
    kills
        How many of each victim.
    stages
        What was there of the results when the victim died.
    half
        Files that were not whole under their final names.
    fatal
        Calls that did not survive the death of a worker or an encoder.
    failed
        Next calls that did not complete.
    different
        Files that differ from those of an undisturbed run.
    left
        What remained after the next call.
    """

    kills: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)
    half: list[str] = field(default_factory=list)
    fatal: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def troubles(self) -> list[str]:
        """Everything that went wrong."""
        return self.half + self.fatal + self.failed + self.different + self.left


def undisturbed(folder: Path) -> tuple[dict[str, str], float]:
    """The files of a run that nobody disturbs, and its seconds."""
    yard = Yard(folder)
    run = yard.run()
    if run.code:
        raise RuntimeError(run.err)
    return yard.finished(), run.seconds


def kill_one(
    folder: Path, victim: str, share: float, wanted: dict[str, str], seconds: float, toll: Toll
) -> float:
    """Kill a victim of one run, then run again, and note what comes of it.

    A run that is over before its moment comes is done again, with an earlier one.

    Parameters
    ----------
    folder
        Where; it has to be new.
    victim
        One of `VICTIMS`.
    share
        When, as a part of the time that a run takes.
    wanted
        Files of an undisturbed run.
    seconds
        That a run takes.
    toll
        Gets what came of it.

    Returns
    -------
    float
        Seconds that the next call took.
    """
    yard = Yard(folder)
    process = yard.start()
    time.sleep(share * seconds)
    while process.poll() is None:
        found = _of_kind(yard, victim, process.pid)
        if found:
            yard.note_shared_memory()
            os.kill(found, signal.SIGKILL)
            toll.kills[victim] += 1
            break
        time.sleep(0.002)
    else:
        process.communicate()
        shutil.rmtree(folder)
        return kill_one(folder, victim, 0.8 * share, wanted, seconds, toll)
    name = f"{victim} at {share:.2f}"
    if victim == "parent":
        process.wait()
    at_death = yard.finished()
    toll.stages[f"{len(at_death)} of {len(wanted)} files"] += 1
    toll.half += [f"{name}: {n}" for n, d in at_death.items() if wanted.get(n) != d]
    _, err = process.communicate()
    if victim != "parent" and process.returncode:
        toll.fatal.append(f"{name}: {err[-300:]}")
    again = yard.run()
    if again.code:
        toll.failed.append(f"{name}: {again.err[-300:]}")
    found_files = yard.finished()
    toll.different += [f"{name}: {n}" for n, d in wanted.items() if found_files.get(n) != d]
    toll.left += [f"{name}: {what}" for what in yard.left_behind(wanted)]
    return again.seconds


def _of_kind(yard: Yard, victim: str, parent: int) -> int | None:
    if victim == "parent":
        return parent
    word = "spawn_main" if victim == "worker" else "ffmpeg"
    found = [number for number, line in yard.processes().items() if word in line]
    return random.choice(found) if found else None


def kill_many(folder: Path, count: int, seed: int, lanes: int) -> Toll:
    """Kill one run after the other, some side by side, at moments that the seed decides.

    `KILLS` and `MINUTES` in the environment are how many, and how long at most.
    """
    wanted, seconds = undisturbed(folder / "undisturbed")
    rng = random.Random(seed)
    toll = Toll()
    deadline = time.monotonic() + 60 * float(os.environ.get("MINUTES") or "inf")
    plan = [(n, VICTIMS[n % len(VICTIMS)], rng.random()) for n in range(count)]

    def one(number: int, victim: str, share: float) -> None:
        nonlocal seconds
        if time.monotonic() > deadline:
            return
        yard = folder / f"{number:03d}"
        spent = kill_one(yard, victim, share, wanted, seconds, toll)
        # The machine may have other things to do: moments follow how fast it is now.
        seconds = 0.9 * seconds + 0.1 * max(spent, 1.0)
        if number % 10 == 9:
            print(f"  {number + 1} kills, {len(toll.troubles())} troubles", *toll.troubles()[-1:])

    with ThreadPoolExecutor(lanes) as pool:
        list(pool.map(lambda each: one(*each), plan))
    return toll


def rows(folder: Path, short: bool) -> Iterator[Row]:
    """The table of this part."""
    count = 3 if short else int(os.environ.get("KILLS", KILLS))
    toll = kill_many(folder, count, 7, 1 if short else LANES)
    killed = ", ".join(f"{number} {name}s" for name, number in sorted(toll.kills.items()))
    stages = ", ".join(f"{stage} {number}" for stage, number in sorted(toll.stages.items()))
    total = sum(toll.kills.values())
    yield Row(f"runs of training and film with a victim of SIGKILL: {total}", killed)
    yield Row("what was finished at that moment", stages)
    checks = (
        ("half-written files under a final name at that moment", toll.half),
        ("calls that did not survive the death of a worker or an encoder", toll.fatal),
        ("next calls that did not complete", toll.failed),
        ("files that differ from an undisturbed run, byte by byte", toll.different),
        ("processes, temporary files, locks, shared memory after the next call", toll.left),
    )
    for what, troubles in checks:
        yield Row(what, "; ".join([str(len(troubles)), *troubles[:3]]), not troubles)
