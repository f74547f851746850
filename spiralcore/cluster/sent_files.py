"""Files that a cluster holds for the jobs that read them, each once, by its content."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from distributed import Client, Future

from spiralcore.cluster.remote import digest_of
from spiralcore.system.engine import Job, listed


class SentFiles:
    """What is sent of this machine's files, for as long as a job reads it.

    Dask hands a file on to a worker once, whoever reads it there, and brings it again where the
    worker that had it is lost: to it a file is a task without work.
    """

    def __init__(self) -> None:
        self._digests: dict[Path, tuple[tuple[int, int], str]] = {}
        self._futures: dict[str, Future] = {}

    def digests(self, job: Job) -> dict[Path, str]:
        """SHA-256 of the files that a job reads, as they are now.

        Raises
        ------
        OSError
            If one cannot be read.
        """
        found = {}
        for path in listed(job.reads):
            facts = os.stat(path)
            state = (facts.st_mtime_ns, facts.st_size)
            known, digest = self._digests.get(path, (None, ""))
            if known != state:
                digest = digest_of(path.read_bytes())
                self._digests[path] = (state, digest)
            found[path] = digest
        return found

    def futures(self, client: Client, digests: Mapping[Path, str]) -> dict[str, Future]:
        """What Dask knows files by, by their SHA-256; they are sent where they are not yet."""
        for path, digest in digests.items():
            if digest not in self._futures:
                self._futures[digest] = client.submit(
                    eval, "data", {"data": path.read_bytes()}, key=f"file-{digest}"
                )
        return {digest: self._futures[digest] for digest in digests.values()}

    def forget(self, job: Job, others: Iterable[Job]) -> None:
        """Let go of what a job has read and no other one reads."""
        read = {path for other in others for path in listed(other.reads)}
        needed = {self._digests[path][1] for path in read if path in self._digests}
        for path in listed(job.reads):
            _, digest = self._digests.get(path, (None, ""))
            if digest in self._futures and digest not in needed:
                self._futures.pop(digest).release()
