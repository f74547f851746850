"""At once: several runs in one folder at the same time."""

from __future__ import annotations

import ast
import os
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.torture.parts import Row
from tests.torture.yard import Yard

SPY = Path(__file__).parent / "spy"


def spying(log: Path, **more: str) -> dict[str, str]:
    """An environment in which every Python notes what it does."""
    paths = [str(SPY), str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")]
    return {"SPY_LOG": str(log), "PYTHONPATH": os.pathsep.join(filter(None, paths)), **more}


def read_log(log: Path) -> list[tuple[float, int, tuple[str, ...]]]:
    """Time, process and words of each line."""
    lines = []
    for line in log.read_text().splitlines() if log.exists() else []:
        moment, process, *words = line.split("\t")
        lines.append((float(moment), int(process), tuple(map(ast.literal_eval, words))))
    return sorted(lines)


def overlaps(log: Path) -> list[str]:
    """Jobs for the same place that were at work at the same moment."""
    at_work: dict[str, set[int]] = defaultdict(set)
    found = []
    for _, process, (kind, place, *_) in read_log(log):
        if kind == "begin":
            if at_work[place]:
                found.append(f"{place} by {process} and {at_work[place]}")
            at_work[place].add(process)
        elif kind == "end":
            at_work[place].discard(process)
    return found


def made_twice(log: Path) -> list[str]:
    """Files that were written more than once."""
    times = Counter(words[1] for _, _, words in read_log(log) if words[0] == "file")
    return [path for path, count in times.items() if count > 1]


ALL = ("mp4", "gif", "png")


def together(
    folder: Path, count: int, wanted: dict[str, str], formats: tuple[str, ...] = ALL
) -> tuple[list[str], list[str]]:
    """Run the same command so often at the same time.

    Returns
    -------
    tuple
        What went wrong, and what those said that waited.
    """
    yard = Yard(folder, formats)
    log = folder / "log"
    processes = [yard.start(environment=spying(log, SPY_JOBS="1")) for _ in range(count)]
    said = [process.communicate()[1] for process in processes]
    troubles = [
        f"exit code {process.returncode}: {err[-300:]}"
        for process, err in zip(processes, said, strict=True)
        if process.returncode
    ]
    troubles += [f"at the same moment: {text}" for text in overlaps(log)]
    troubles += [f"written twice: {text}" for text in made_twice(log)]
    troubles += [f"different: {n}" for n, d in yard.finished().items() if wanted.get(n) != d]
    troubles += [f"missing: {name}" for name in wanted if name not in yard.finished()]
    troubles += yard.left_behind(wanted)
    waited = [line for err in said for line in err.splitlines() if "waiting for" in line]
    return troubles, waited


def take_over(folder: Path, wanted: dict[str, str]) -> list[str]:
    """Kill the one of two runs that the other waits for; what went wrong."""
    yard = Yard(folder, ALL)
    log = folder / "log"
    first = yard.start(environment=spying(log, SPY_JOBS="1"))
    while first.poll() is None and not any("begin" in words for _, _, words in read_log(log)):
        time.sleep(0.01)
    second = yard.start()
    assert second.stderr is not None
    heard = second.stderr.readline()
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    _, err = second.communicate()
    troubles = []
    if "waiting for another process" not in heard:
        troubles.append(f"who waits said {heard!r}")
    if second.returncode or yard.finished() != wanted:
        troubles.append(f"who took over ended with {second.returncode}: {err[-300:]}")
    return troubles + yard.left_behind(wanted)


def rows(folder: Path, short: bool) -> Iterator[Row]:
    """The table of this part."""
    yard = Yard(folder / "undisturbed", ALL)
    yard.run()
    wanted = yard.finished()
    for count in (2,) if short else (2, 5):
        troubles, waited = together(folder / str(count), count, wanted)
        text = "; ".join([f"{len(troubles)} troubles", *troubles[:3]])
        yield Row(
            f"{count} runs at the same time: failures, work done twice, differences, leftovers",
            text,
            not troubles,
        )
        yield Row(
            f"{count} runs: words of those that wait, for example", f"{len(waited)}, {waited[:1]}"
        )
    troubles = take_over(folder / "over", wanted)
    text = "; ".join([f"{len(troubles)} troubles", *troubles])
    yield Row("the one that others wait for is killed: they take over", text, not troubles)
