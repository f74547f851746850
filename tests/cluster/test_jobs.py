"""Jobs on a cluster: files travel by their content, what goes wrong is said, places are claimed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from spiralcore.cluster.address import Address
from spiralcore.cluster.cluster import Cluster
from spiralcore.cluster.remote import Made, digest_of, take_in
from spiralcore.errors import HelperDiedError, SpiralError, UsageError
from spiralcore.system.engine import Done, Engine, Event, Failed, Job, Progress, Waiting
from spiralcore.system.worker_pool import WorkerPool
from tests.cluster.conftest import Loopback
from tests.system.test_locks import holder


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("caller")


@pytest.fixture(scope="module")
def pair(caller: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """Two workers."""
    loopback = Loopback(caller, tmp_path_factory.mktemp("elsewhere"))
    loopback.worker(), loopback.worker()
    yield loopback
    loopback.stop()


@pytest.fixture
def engine(pair: Loopback) -> Iterator[Cluster]:
    with Cluster(Address.parse(pair.address)) as cluster:
        yield cluster


def job(name: str, **more: object) -> Job:
    return Job(name, f"tests.cluster.work:{name}", **more)  # type: ignore[arg-type]


def done_by(engine: Engine, *jobs: Job) -> list[Event]:
    for each in jobs:
        engine.submit(each)
    return list(engine.events())


def joining(folder: Path, *names: str, made: str = "made.bin") -> Job:
    return job(
        "joined",
        reads={"sources": tuple(folder / name for name in names)},
        makes={"path": folder / "out" / made},
        may_make={"more": folder / "out" / "more.bin"},
    )


@pytest.mark.parametrize("kind", ["pool", "cluster"])
def test_files_are_where_the_job_says(
    kind: str, caller: Path, pair: Loopback, request: pytest.FixtureRequest
) -> None:
    """The same declaration serves both engines."""
    folder = caller / kind
    folder.mkdir()
    (folder / "out").mkdir()
    (folder / "a").write_bytes(b"one")
    (folder / "b").write_bytes(b"two")
    # Another name for the same content, and another content under the same name.
    (folder / "other").mkdir()
    (folder / "other" / "a").write_bytes(b"two")
    single = joining(folder, "a")
    engine = request.getfixturevalue("engine") if kind == "cluster" else WorkerPool(1)
    with engine if kind == "pool" else pytest.MonkeyPatch.context():
        (event,) = done_by(engine, single)
        assert event == Done(single, ["a"])
        assert not (folder / "out" / "more.bin").exists()
        several = joining(folder, "b", "other/a", "a", made="several.bin")
        (event,) = done_by(engine, several)
        assert event == Done(several, ["b", "a", "a"])
    assert (folder / "out" / "made.bin").read_bytes() == b"one"
    assert (folder / "out" / "several.bin").read_bytes() == b"twotwoone"
    assert (folder / "out" / "more.bin").read_bytes() == b"several"
    assert sorted(path.name for path in (folder / "out").iterdir()) == [
        "made.bin", "more.bin", "several.bin",
    ]  # fmt: skip
    assert pair.touched() == []


def test_a_file_that_changes_is_sent_anew(caller: Path, engine: Cluster) -> None:
    source = caller / "changing"
    for content in (b"before", b"after"):
        source.write_bytes(content)
        (event,) = done_by(engine, joining(caller, "changing", made="changed.bin"))
        assert isinstance(event, Done)
        assert (caller / "out" / "changed.bin").read_bytes() == content


def test_what_goes_wrong_is_said_of_the_callers_files(caller: Path, engine: Cluster) -> None:
    source = caller / "empty"
    source.touch()
    jobs = [
        job("refuse", reads={"source": source}),
        job("refuse", reads={"source": caller / "absent"}),
        job("idle", makes={"path": caller / "never"}),
        job("stumble"),
    ]
    events = {event.job: event for event in done_by(engine, *jobs)}
    errors = [event.error for event in map(events.get, jobs) if isinstance(event, Failed)]
    assert isinstance(errors[0], UsageError)
    assert [str(error) for error in errors[:3]] == [
        f"{source} is empty.\nexpected: a full one.\nnext: fill {source}",
        f"{caller / 'absent'}: No such file or directory.\n"
        "expected: a place with room that is yours to write.",
        f"idle: the worker has not made {caller / 'never'}.\n"
        "expected: the same spiralcore on all machines.\n"
        "next: the same command tries again",
    ]
    assert str(errors[3]).startswith("ZeroDivisionError: by hand\n")
    assert not (caller / "never").exists()


def test_the_job_of_a_killed_encoder_is_done_again(
    engine: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> None:
    marker = tmp_path_factory.mktemp("there") / "marker"
    events = done_by(engine, job("helped", arguments={"marker": str(marker)}))
    assert [event.result for event in events if isinstance(event, Done)] == ["helped"]


def test_progress_comes_back(engine: Cluster) -> None:
    (*shares, last) = done_by(engine, job("patient"))
    told = [event.share for event in shares if isinstance(event, Progress)]
    assert len(told) == len(shares) >= 1
    assert told == sorted(told)
    assert all(0 < share < 1 for share in told)
    assert isinstance(last, Done)


def test_jobs_that_stay_are_done_here_without_a_cluster(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "out").mkdir()
    staying = joining(tmp_path, "a")
    staying.stays = True
    # Nobody listens there, and nobody is asked.
    with Cluster(Address.parse("tcp://127.0.0.1:9")) as cluster:
        assert done_by(cluster, staying) == [Done(staying, ["a"])]
    assert (tmp_path / "out" / "made.bin").read_bytes() == b"one"


def test_what_another_process_is_at_is_waited_for(caller: Path, engine: Cluster) -> None:
    (caller / "a").write_bytes(b"one")
    held = joining(caller, "a", made="held.bin")
    held.place = caller / "out" / "held.bin"
    with holder("place", held.place) as other:
        engine.submit(held)
        events = engine.events()
        assert next(events) == Waiting(held)
        other.kill()
        other.wait()
        assert list(events) == [Done(held, ["a"])]
    held.is_made = held.place.exists
    assert done_by(engine, held) == [Done(held, None)]
    assert not list((caller / "out").glob(".*"))


def test_work_that_nobody_waits_for_ends(
    pair: Loopback, tmp_path_factory: pytest.TempPathFactory
) -> None:
    marker = tmp_path_factory.mktemp("there") / "marker"
    with Cluster(Address.parse(pair.address)) as cluster:
        cluster.submit(job("endless", arguments={"marker": str(marker)}))
        events = cluster.events()
        cluster.submit(job("stumble"))
        assert isinstance(next(events), Failed)
        while not marker.exists():
            time.sleep(0.01)
    while not marker.with_suffix(".ended").exists():
        time.sleep(0.01)


def test_what_comes_damaged_is_not_taken(tmp_path: Path) -> None:
    path, more = tmp_path / "made", tmp_path / "more"
    wanted = job("idle", makes={"path": path}, may_make={"more": more})
    good = Made(b"good", digest_of(b"good"))
    for made in ([Made(b"goof", good.digest), None], [good, Made(b"goof", good.digest)]):
        with pytest.raises(HelperDiedError) as caught:
            take_in(wanted, made)
        assert str(caught.value) == (
            f"{more if made[1] else path} has come damaged from another machine: its SHA-256 is "
            "not that of what was sent.\nexpected: a network that delivers what is sent.\n"
            "next: the same command tries again"
        )
        assert list(tmp_path.iterdir()) == []
    take_in(wanted, [good, None])
    assert path.read_bytes() == b"good"
    assert not more.exists()
    with pytest.raises(SpiralError, match="has not made"):
        take_in(wanted, [None, good])


def test_a_notebook_has_a_loop_of_its_own(caller: Path, pair: Loopback) -> None:
    """Code that is called within a loop that runs, as that of a cell is."""

    (caller / "alone.bin").write_bytes(b"alone")

    async def cell() -> list[Event]:
        with Cluster(Address.parse(pair.address)) as cluster:
            return done_by(cluster, joining(caller, "alone.bin", made="in_a_cell.bin"))

    with ThreadPoolExecutor(1) as thread:  # browsers of other tests have a loop in this one
        events = thread.submit(asyncio.run, cell()).result()
    assert any(isinstance(event, Done) for event in events)
