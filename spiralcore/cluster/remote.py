"""Jobs on their way to a worker that sees no file of ours, and what it made on the way back.

Files travel as bytes, each with its SHA-256. Those that a job reads are sent to a worker once, for
all jobs that read them there; those that it makes come back with its result.
"""

from __future__ import annotations

import hashlib
import pickle
import shutil
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from distributed import get_worker
from threadpoolctl import threadpool_limits

from spiralcore.errors import HelperDiedError, SpiralError
from spiralcore.system.engine import Files, Job, Report, listed
from spiralcore.system.files import whole_file
from spiralcore.system.workers import attempted, call

STORE_BYTES = 2_000_000_000
"""A worker forgets files of earlier jobs when they have more bytes than this."""

REPORT_SECONDS = 1.0
"""How often a worker says how far a job is."""

_ALONE = threading.Lock()
"""A process does one job at a time: jobs set what belongs to all of it, such as numbers of threads
and Manim's configuration."""


class Parcel(NamedTuple):
    """A job without its files.

    Attributes
    ----------
    function, arguments
        As in `spiralcore.system.engine.Job`.
    reads
        Its files here, with what names their content.
    makes, may_make
        Its files here.
    topic
        What Dask is told its progress under.
    """

    function: str
    arguments: Mapping[str, Any]
    reads: Mapping[str, Files]
    digests: Mapping[Path, str]
    makes: Mapping[str, Files]
    may_make: Mapping[str, Files]
    topic: str


class Made(NamedTuple):
    """A file that a worker has made.

    Attributes
    ----------
    data
        What is in it.
    digest
        SHA-256 of that.
    """

    data: bytes
    digest: str


Answer = tuple[str, Any, list[Made | None]]
"""What became of a job, as `spiralcore.system.workers.perform` says it, and its files."""


def digest_of(data: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def packed(job: Job, digests: Mapping[Path, str], topic: str) -> bytes:
    """Make a parcel of a job; in bytes, as a scheduler that has no spiralcore hands it on.

    Parameters
    ----------
    job
        The job.
    digests
        SHA-256 of each file that it reads.
    topic
        What its progress is told under, as the key of its task and its share.
    """
    return pickle.dumps(
        Parcel(
            job.function, job.arguments, job.reads, digests, job.makes, job.may_make, topic
        )
    )  # fmt: skip


def work(parcel: bytes, contents: Mapping[str, bytes]) -> Answer:
    """Do a job, in a worker.

    Parameters
    ----------
    parcel
        See `packed`.
    contents
        The files that it reads, by their SHA-256.
    """
    own: Parcel = pickle.loads(parcel)
    folder = Path(get_worker().local_directory) / "spiralcore"
    made: list[Made | None] = []

    def done_there() -> tuple[str, Any]:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix="job-") as scratch:
            stored = _stored(folder / "read", own.digests, contents)
            reads = _renamed(own.reads, stored)
            outputs = listed({**own.makes, **own.may_make})
            # Each in a folder of its own, as two of them may have one name.
            there = {path: Path(scratch, str(i), path.name) for i, path in enumerate(outputs)}
            for path in there.values():
                path.parent.mkdir()
            keywords = {
                **own.arguments,
                **reads,
                **_renamed(own.makes, there),
                **_renamed(own.may_make, there),
            }
            try:
                # As in the processes of one machine: the bits depend on it.
                with threadpool_limits(1):
                    result = call(own.function, keywords, _report(own.topic))
            except SpiralError as error:
                raise _in_our_words(error, stored) from None
            made.extend(_read(there[path]) for path in outputs)
            return "done", result

    with _ALONE:
        kind, value = attempted(done_there)
    return kind, value, made if kind == "done" else []


def take_in(job: Job, made: Sequence[Made | None]) -> None:
    """Write what a worker has made where it belongs, each file whole or not at all.

    Raises
    ------
    HelperDiedError
        If something has come damaged, so that the job is to be done again.
    SpiralError
        If the worker has not made what it should have.
    OSError
        If it cannot be written.
    """
    certain = listed(job.makes)
    files = list(zip([*certain, *listed(job.may_make)], made, strict=True))
    for path, file in files:
        if file is None and path in certain:
            raise SpiralError(
                f"{job.title}: the worker has not made {path}.",
                "the same spiralcore on all machines.",
                "the same command tries again",
            )
        if file is not None and digest_of(file.data) != file.digest:
            raise _damaged(path)
    # Those that may be absent first: where the others are, the job is done.
    for path, file in reversed(files):
        if file is not None:
            with whole_file(path) as part:
                part.write_bytes(file.data)


def _damaged(path: Path) -> HelperDiedError:
    return HelperDiedError(
        f"{path} has come damaged from another machine: its SHA-256 is not that of what was sent.",
        "a network that delivers what is sent.",
        "the same command tries again",
    )


def _stored(
    store: Path, digests: Mapping[Path, str], contents: Mapping[str, bytes]
) -> dict[Path, Path]:
    """Files that a job reads, under their names; those of earlier jobs are there already."""
    kept = [] if not store.exists() else [path for path in store.rglob("*") if path.is_file()]
    if sum(path.stat().st_size for path in kept) > STORE_BYTES:
        shutil.rmtree(store)
    places = {path: store / digest / path.name for path, digest in digests.items()}
    for path, place in places.items():
        if not place.exists():
            data = contents[digests[path]]
            if digest_of(data) != digests[path]:
                raise _damaged(path)
            with whole_file(place) as part:
                part.write_bytes(data)
    return places


def _renamed(files: Mapping[str, Files], places: Mapping[Path, Path]) -> dict[str, Files]:
    return {
        name: tuple(places[path] for path in own) if isinstance(own, tuple) else places[own]
        for name, own in files.items()
    }


def _read(path: Path) -> Made | None:
    if not path.exists():
        return None
    data = path.read_bytes()
    return Made(data, digest_of(data))


def _in_our_words(error: SpiralError, places: Mapping[Path, Path]) -> SpiralError:
    """The same error about the files as whoever sent them knows them."""
    texts = [error.found, error.expected, error.next_step]
    for path, place in places.items():
        texts = [text.replace(str(place), str(path)) for text in texts]
    return type(error)(*texts)


def _report(topic: str) -> Report:
    """What a job calls as it gets on; it ends one that nobody waits for any more."""
    worker = get_worker()
    key = worker.get_current_task()
    told = time.monotonic()

    def report(share: float) -> None:
        nonlocal told
        task = worker.state.tasks.get(key)
        if task is None or task.state not in ("executing", "long-running"):
            raise SpiralError("Nobody waits for this any more.")
        if time.monotonic() - told > REPORT_SECONDS:
            told = time.monotonic()
            worker.log_event(topic, [key, share])

    return report
