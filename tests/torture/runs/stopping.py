"""Stopped: SIGINT and SIGTERM at random moments, from the first one on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.torture.parts import Row
from tests.torture.runs.killing import undisturbed
from tests.torture.yard import Yard

STOPS = 48
LANES = 2
MOST_SECONDS = 2.0
EARLY = 0.3
"""Part of a run in which half of the signals come: programs load libraries then."""

HOW_TO_GO_ON = "what is finished is kept, the same command makes the rest\n"


class Stop(NamedTuple):
    """A stopped run.

    Attributes
    ----------
    signal
        Which one.
    share
        When, as a part of the time that a run takes.
    listening
        Whether the first line of the program had been reached.
    code, err
        Exit code, and what it said.
    seconds
        From the signal to the end.
    left
        Processes, temporary files and shared memory that are still there.
    """

    signal: signal.Signals
    share: float
    listening: bool
    code: int
    err: str
    seconds: float
    left: list[str]

    def troubles(self) -> list[str]:
        """What is wrong with it."""
        found = [f"left {what}" for what in self.left]
        if self.listening:
            if self.code != 128 + self.signal:
                found.append(f"exit code {self.code}")
            if not self.err.endswith(HOW_TO_GO_ON):
                found.append(f"said {self.err[-200:]!r}")
        if "Traceback" in self.err and (self.listening or self.signal == signal.SIGTERM):
            found.append(f"traceback {self.err[-500:]!r}")
        return [f"{self.signal.name} at {self.share:.3f}: {text}" for text in found]


def stop_one(
    folder: Path, number: signal.Signals, share: float, seconds: float, *, group: bool
) -> Stop | None:
    """Stop a run; None if it ended before.

    Parameters
    ----------
    folder
        Where; it has to be new.
    number
        The signal.
    share, seconds
        When, as a part of the time that a run takes, and that time.
    group
        Whether all processes of the run get it, as from Ctrl-C in a terminal, or the first one.
    """
    yard = Yard(folder)
    process = yard.start()
    time.sleep(share * seconds)
    listening = hears(process)
    if process.poll() is not None:
        process.communicate()
        return None
    started = time.monotonic()
    (os.killpg if group else os.kill)(process.pid, number)
    _, err = process.communicate()
    spent = time.monotonic() - started
    # Pieces of a film stay on purpose; what was being written is the next call's to remove.
    left = [what for what in yard.left_behind(yard.files()) if what != "folder .segments"]
    return Stop(number, share, listening, process.returncode, err, spent, left)


def hears(process: subprocess.Popen[str]) -> bool:
    """Whether a process has reached the line that listens to SIGTERM, which Python does not."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return False
    caught = int(status.split("SigCgt:")[1].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def stop_many(folder: Path, count: int, seed: int, lanes: int) -> list[Stop]:
    """Stop one run after the other."""
    _, seconds = undisturbed(folder / "undisturbed")
    rng = random.Random(seed)
    numbers = (signal.SIGINT, signal.SIGTERM)
    plan = [
        (n, numbers[n % 2], rng.random() * (EARLY if n % 4 < 2 else 1.0), n % 8 < 4)
        for n in range(count)
    ]

    def one(n: int, number: signal.Signals, share: float, group: bool) -> Stop | None:
        return stop_one(folder / f"{n:03d}", number, share, seconds, group=group)

    with ThreadPoolExecutor(lanes) as pool:
        stops = list(pool.map(lambda each: one(*each), plan))
    return [stop for stop in stops if stop is not None]


def rows(folder: Path, short: bool) -> Iterator[Row]:
    """The table of this part."""
    count = 6 if short else int(os.environ.get("STOPS", STOPS))
    stops = stop_many(folder, count, 11, 1 if short else LANES)
    heard = [stop for stop in stops if stop.listening]
    times = sorted(stop.seconds for stop in heard)
    both = [
        f"{sum(s.signal == n for s in stops)} {n.name}" for n in (signal.SIGINT, signal.SIGTERM)
    ]
    yield Row("runs stopped by a signal at a random moment", ", ".join(both))
    yield Row(
        "of these before the program's first line, in Python's own start",
        f"{len(stops) - len(heard)}",
    )
    found = f"{times[len(times) // 2]:.2f} s, {times[-1]:.2f} s"
    yield Row("from the signal to the end: median, longest", found, times[-1] <= MOST_SECONDS)
    troubles = [text for stop in stops for text in stop.troubles()]
    yield Row(
        "other exit codes than 130 and 143, no word on how to go on, tracebacks, leftovers",
        "; ".join([str(len(troubles)), *troubles[:3]]),
        not troubles,
    )
