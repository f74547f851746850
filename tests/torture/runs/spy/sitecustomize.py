"""Loaded by every Python that a yard starts with this folder on its path: notes what it does.

`SPY_LOG` names a file that gets a line for each job that begins or ends, for each file that is
finished, and for each attempt to reach another machine.
"""

import os
import sys
import time

LOG = os.environ.get("SPY_LOG")


def note(*words: object) -> None:
    """Append a line; all processes write to the same file, a line at a time."""
    line = "\t".join([f"{time.monotonic():.6f}", str(os.getpid()), *map(repr, words)]) + "\n"
    handle = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, line.encode())
    os.close(handle)


def hear(event: str, arguments: tuple[object, ...]) -> None:
    """Note what would leave this machine, or asks for the way."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        note("network", event, arguments[1])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        note("network", event, arguments[1:] if event == "socket.sendto" else arguments)


def watch_jobs() -> None:
    """Note when jobs begin and end, and which files are finished."""
    from contextlib import contextmanager

    from spiralcore.system import files, workers

    perform, call, whole = workers.perform, workers.call, files.whole_file
    at_work: list[workers.Job] = []

    def known(job: workers.Job, report: workers.Report) -> tuple[str, object]:
        at_work[:] = [job]
        return perform(job, report)

    def noted(function: str, keywords: object, report: workers.Report) -> object:
        (job,) = at_work
        note("begin", str(job.place), job.title)
        try:
            return call(function, keywords, report)
        finally:
            note("end", str(job.place), job.title)

    @contextmanager
    def noted_file(path):
        with whole(path) as part:
            yield part
        note("file", str(path))

    workers.perform, workers.call, files.whole_file = known, noted, noted_file


if LOG:
    sys.addaudithook(hear)
    if os.environ.get("SPY_JOBS"):
        watch_jobs()
