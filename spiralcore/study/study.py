"""Running a study: what is finished is kept, what comes in is written, what fails is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from spiralcore.errors import SpiralError
from spiralcore.study.batch_jobs import FAILED, batch_job, measuring_job
from spiralcore.study.grid import Batch, Grid
from spiralcore.study.table import is_current, merge, read_part, rows_of, write_part
from spiralcore.system.engine import Done, Engine, Event, Failed, Job
from spiralcore.system.files import remove_leftovers

PARTS = "parts"
FINISHED = "study.parquet"


@dataclass
class Study:
    """A grid and the folder that its results come to.

    Parameters
    ----------
    grid
        What to train.
    folder
        Where ``parts/`` and ``study.parquet`` belong.
    """

    grid: Grid
    folder: Path
    _batches: dict[Job, Batch] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.batches = self.grid.batches()

    def part(self, batch: Batch) -> Path:
        """Where the rows of a batch are."""
        return self.folder / PARTS / f"{batch.key}.parquet"

    def jobs(self) -> list[Job]:
        """What is left to do: training, and measuring what is trained already.

        Part after part of the grid, and in each of them the longest first.
        """
        remove_leftovers(self.folder, self.folder / PARTS)
        jobs = []
        for batch in self.batches:
            found = read_part(self.part(batch))
            rows = [] if found is None else found.to_pylist()
            own = [row["key"] for row in rows] == list(batch.keys)
            if not own or any(row["status"] == FAILED for row in rows):
                job = batch_job(batch)
            elif found is not None and not is_current(found):
                job = measuring_job(batch, rows)
            else:
                continue
            self._batches[job] = batch
            jobs.append(job)
        return sorted(jobs, key=lambda job: (self._batches[job].part, -job.weight))

    def run(self, jobs: list[Job], engine: Engine) -> Iterator[Event]:
        """Have jobs done, and write the rows of each batch before its event is passed on.

        A batch whose worker fails again and again becomes rows with the error's text; the same
        command tries it again.
        """
        for job in jobs:
            engine.submit(job)
        for event in engine.events():
            if isinstance(event, Done):
                self._write(event.job, event.result)
            elif isinstance(event, Failed):
                self._fail(event.job, event.error)
            yield event

    def _write(self, job: Job, outcomes: list[dict[str, object]]) -> None:
        batch = self._batches[job]
        write_part(self.part(batch), rows_of(batch, outcomes))

    def _fail(self, job: Job, error: SpiralError) -> None:
        batch = self._batches[job]
        if read_part(self.part(batch)) is None:
            failure = {"status": FAILED, "error": str(error)}
            write_part(self.part(batch), rows_of(batch, [failure] * len(batch.networks)))

    def finish(self) -> pa.Table:
        """Join all parts to ``study.parquet``, in the order of the grid file."""
        return merge([self.part(batch) for batch in self.batches], self.folder / FINISHED)
