"""Running programs and calls, and what they cost: wall time, processor time, memory."""

from __future__ import annotations

import importlib
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from spiralcore.errors import SpiralError
from spiralcore.system.engine import Report

ROOT = Path(__file__).resolve().parents[1]

POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Spent:
    """What a program cost, with all the processes that it started and waited for.

    Attributes
    ----------
    wall, cpu
        Seconds; ``cpu`` is user and system time.
    output
        What it printed.
    """

    wall: float
    cpu: float
    output: str


def run(
    command: Sequence[str | Path], folder: Path = ROOT, look: Callable[[int], None] | None = None
) -> Spent:
    """Run a program to its end.

    Parameters
    ----------
    command, folder
        The program with its arguments, and where it runs.
    look
        Is called again and again while it runs, with the number of its process.

    Raises
    ------
    SpiralError
        If it fails, with the last line of what it said.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=folder,
        )  # fmt: skip
        try:
            with _looking(look and partial(look, process.pid)):
                _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            said = err.read().decode(errors="replace").strip().splitlines() or ["nothing"]
            raise SpiralError(
                f"{Path(command[0]).name} ended with {process.returncode}: {said[-1]}"
            )
        output = (out.read() + err.read()).decode(errors="replace")
    return Spent(wall, usage.ru_utime + usage.ru_stime, output)


def python(*words: str | Path | int) -> list[str]:
    """The command that runs this interpreter."""
    return [sys.executable, *(str(word) for word in words)]


def spiral(*words: str | Path | int) -> list[str]:
    """The command `spiral` of this environment."""
    return [str(Path(sys.executable).with_name("spiral")), *(str(word) for word in words)]


def interleaved(repeats: int, *calls: Callable[[], float]) -> list[list[float]]:
    """Call each in turn, again and again; the results of each call."""
    results: list[list[float]] = [[] for _ in calls]
    for _ in range(repeats):
        for result, call in zip(results, calls, strict=True):
            result.append(call())
    return results


def metered(
    function: str,
    arguments: dict[str, Any],
    report: Report,
    children: bool = False,
    core: int | None = None,
) -> dict[str, float]:
    """Make a call inside a worker process, and tell what it cost.

    Parameters
    ----------
    function, arguments, report
        As in `spiralcore.system.worker_pool.Job`.
    children
        Watch the memory of child processes, too.
    core
        The only one that the call and its child processes may use; any of them if None, and where
        the system has no way to say so.

    Returns
    -------
    dict
        ``wall``; ``own`` and ``children``, processor time of this process and of those that it
        waited for; ``peak`` and ``peak_children``, the most memory so far in MB.
    """
    if core is not None and sys.platform == "linux":
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(os.getppid()))[core]})
    module, name = function.split(":")
    call = getattr(importlib.import_module(module), name)
    own, theirs, started = _cpu(), _cpu(resource.RUSAGE_CHILDREN), time.perf_counter()
    with _watching(children) as largest:
        call(**arguments, report=report)
    return {
        "wall": time.perf_counter() - started,
        "own": _cpu() - own,
        "children": _cpu(resource.RUSAGE_CHILDREN) - theirs,
        "peak": _peak("self"),
        "peak_children": largest[0],
    }


def _cpu(who: int = resource.RUSAGE_SELF) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def _peak(process: str) -> float:
    """Largest resident memory of a process in MB; 0 if it is gone."""
    # Not ru_maxrss where it can be avoided: on Linux it starts with that of the parent.
    try:
        for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        if process == "self":
            unit = 1 if sys.platform == "darwin" else 1024
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return 0.0


def memory_of_all(process: int) -> float:
    """What a process and all below it hold in memory now, in MB; Linux only, 0 elsewhere.

    What they share counts once: each has its part of it.
    """
    held = 0
    # Some end while they are looked at.
    with suppress(OSError):
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
        held = sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return held * 1024 / 1e6 + sum(map(memory_of_all, _children(process)))


def _children(process: int | str) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text().split())
    return found


@contextmanager
def _watching(wanted: bool) -> Iterator[list[float]]:
    """Watch the memory of this process's children; Linux only, 0 elsewhere."""
    largest = [0.0]

    def watch() -> None:
        largest[0] = max([largest[0], *(_peak(str(child)) for child in _children("self"))])

    with _looking(watch if wanted else None):
        yield largest


@contextmanager
def _looking(look: Callable[[], None] | None) -> Iterator[None]:
    """Call something again and again while a block runs."""
    over = threading.Event()

    def repeat() -> None:
        while look and not over.wait(POLL_SECONDS):
            look()

    thread = threading.Thread(target=repeat, daemon=True)
    if look:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if look:
            thread.join()
