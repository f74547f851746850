"""A study on one machine: complete, resumable, the same to the last byte."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from spiralcore.errors import SpiralError
from spiralcore.study.study import Study
from spiralcore.study.table import STUDY_SCHEMA, read_part
from spiralcore.system.engine import Done, Event, Failed, Job
from spiralcore.system.worker_pool import InThisProcess, WorkerPool
from tests import warm
from tests.conftest import spiral
from tests.study.conftest import SMALL, finished, small_grid


def test_there_is_one_row_for_each_network(small_study: Path) -> None:
    table = pq.read_table(small_study / "study.parquet")
    assert table.schema.equals(STUDY_SCHEMA)
    keys = table.column("key").to_pylist()
    wanted = [key for batch in small_grid().batches() for key in batch.keys]
    assert keys == wanted
    assert len(set(keys)) == 36
    assert set(table.column("status").to_pylist()) == {"done"}
    assert table.column("inner_widths").to_pylist()[0] == [12, 8]
    units, classes = (table.column(name).to_pylist() for name in ("units", "classes"))
    means = table.column("class_means").to_pylist()
    for d, k, found in zip(units, classes, means, strict=True):
        assert found is None if d == 1 else len(found) == d * k
    # One typical network for each cell in the plane.
    paths = [row for row in table.to_pylist() if row["path_means"] is not None]
    assert len(paths) == 6
    for row in paths:
        cell = [
            other["loss"] for other in table.to_pylist()
            if all(other[name] == row[name] for name in ("activation", "units", "classes"))
        ]  # fmt: skip
        assert row["loss"] == sorted(cell)[1]


def test_the_bytes_do_not_depend_on_the_number_of_workers(
    small_study: Path, tmp_path: Path
) -> None:
    finished(tmp_path, small_grid(), jobs=2)
    assert same_bytes(tmp_path, small_study)


def same_bytes(one: Path, two: Path) -> bool:
    return (one / "study.parquet").read_bytes() == (two / "study.parquet").read_bytes()


def test_a_killed_study_goes_on_where_it_was(small_study: Path, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL)
    command = ("study", "small.toml", "--jobs", "2")
    running = warm.start("-m", "spiralcore.cli", *command, folder=tmp_path)
    parts = tmp_path / "small" / "parts"
    while len(list(parts.glob("[!.]*.parquet"))) < 3:
        assert running.poll() is None
        time.sleep(0.01)
    running.kill()
    running.communicate()
    assert not (tmp_path / "small" / "study.parquet").exists()
    kept = {path: path.stat().st_mtime_ns for path in parts.glob("[!.]*.parquet")}
    assert 3 <= len(kept) < 24

    again = spiral(tmp_path, *command)
    assert again.returncode == 0, again.stderr
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert len(list(parts.iterdir())) == 24
    assert same_bytes(tmp_path / "small", small_study)


def test_a_finished_study_has_nothing_to_do(small_study: Path) -> None:
    assert Study(small_grid(), small_study).jobs() == []


def copied(small_study: Path, folder: Path) -> Study:
    for path in (small_study / "parts").iterdir():
        target = folder / "parts" / path.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    return Study(small_grid(), folder)


def test_a_damaged_part_is_made_again(small_study: Path, tmp_path: Path) -> None:
    study = copied(small_study, tmp_path)
    part = study.part(study.batches[0])
    part.write_bytes(part.read_bytes()[:200])
    (job,) = study.jobs()
    assert job.title == study.batches[0].title
    finished(tmp_path, small_grid())
    assert same_bytes(tmp_path, small_study)


def test_measures_of_an_older_version_are_taken_again_without_training(
    small_study: Path, tmp_path: Path
) -> None:
    study = copied(small_study, tmp_path)
    part = study.part(study.batches[0])
    table = read_part(part)
    assert table is not None
    old = table.set_column(
        table.schema.get_field_index("dead_units"), "dead_units", pa.array([9] * table.num_rows)
    )
    pq.write_table(old.replace_schema_metadata({"spiralcore.measures": "0"}), part)
    (job,) = study.jobs()
    assert job.function == "spiralcore.study.batch_jobs:measure_again"
    finished(tmp_path, small_grid())
    assert same_bytes(tmp_path, small_study)


class Unlucky:
    """An engine whose workers die at some of the jobs."""

    def __init__(self, pool: WorkerPool, unlucky: set[str]) -> None:
        self._pool, self._unlucky = pool, unlucky
        self._failed: list[Failed] = []

    def submit(self, job: Job) -> None:
        if job.title in self._unlucky:
            self._failed.append(Failed(job, SpiralError("the worker process died 3 times.")))
        else:
            self._pool.submit(job)

    def events(self) -> Iterator[Event]:
        yield from self._failed
        yield from self._pool.events()


def test_what_cannot_be_trained_is_named_and_tried_again(small_study: Path, tmp_path: Path) -> None:
    study = Study(small_grid(), tmp_path)
    unlucky = study.batches[5]
    with InThisProcess() as pool:
        events = list(study.run(study.jobs(), Unlucky(pool, {unlucky.title})))
    assert sum(isinstance(event, Done) for event in events) == 23
    rows = study.finish().to_pylist()
    assert len(rows) == 36
    failed = [row for row in rows if row["status"] == "failed"]
    assert [row["key"] for row in failed] == list(unlucky.keys)
    assert failed[0]["error"] == "the worker process died 3 times."
    assert failed[0]["accuracy"] is None
    assert [job.title for job in Study(small_grid(), tmp_path).jobs()] == [unlucky.title]
    finished(tmp_path, small_grid())
    assert same_bytes(tmp_path, small_study)
