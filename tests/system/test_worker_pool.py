"""Crews of workers: results, failures, deaths and interrupts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spiralcore.errors import HelperDiedError, SpiralError, UsageError
from spiralcore.system.engine import Done, Event, Failed, Job, Progress, Report, Waiting
from spiralcore.system.job_queue import ATTEMPTS
from spiralcore.system.worker_pool import InThisProcess, WorkerPool
from spiralcore.system.workers import perform
from tests import warm
from tests.system.test_locks import holder


def square(value: int, report: Report) -> int:
    report(0.5)
    return value * value


def here(report: Report) -> int:
    return os.getpid()


def refuse(value: int, report: Report) -> None:
    raise UsageError(f"{value} is refused.", "another number.")


def stumble(value: int, report: Report) -> None:
    raise ZeroDivisionError("by hand")


def die_once(marker: str, report: Report) -> str:
    path = Path(marker)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def die(value: int, report: Report) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def job(name: str, **arguments: object) -> Job:
    return Job(name, f"tests.system.test_worker_pool:{name}", arguments)


def events_of(*jobs: Job, workers: int = 2) -> list[Event]:
    with WorkerPool(workers) as pool:
        for each in jobs:
            pool.submit(each)
        return list(pool.events())


def test_results_and_progress_come_back() -> None:
    events = events_of(*(job("square", value=value) for value in range(5)))
    results = sorted(event.result for event in events if isinstance(event, Done))
    assert results == [0, 1, 4, 9, 16]
    assert [event.share for event in events if isinstance(event, Progress)] == [0.5] * 5


@pytest.mark.parametrize("name", ["square", "stumble", "die"])
def test_what_is_loaded_in_advance_is_nobodys_result_however_it_ends(name: str) -> None:
    with WorkerPool(1) as pool:
        pool.prepare(job(name, value=5))
        wanted = job("square", value=3)
        pool.submit(wanted)
        events = list(pool.events())
    assert {event.job for event in events} == {wanted}
    assert [event.result for event in events if isinstance(event, Done)] == [9]


def test_a_crew_without_workers_does_the_work_here() -> None:
    with InThisProcess() as alone:
        for each in (job("square", value=3), job("refuse", value=4), job("here")):
            alone.submit(each)
        squared, refused, here = alone.events()
    assert isinstance(squared, Done)
    assert squared.result == 9
    assert isinstance(refused, Failed)
    assert str(refused.error) == "4 is refused.\nexpected: another number."
    assert isinstance(here, Done)
    assert here.result == os.getpid()


def test_a_crew_without_workers_waits_for_others(tmp_path: Path) -> None:
    place = tmp_path / "place"
    waiting = job("here")
    waiting.place = place
    with holder("place", place) as other, InThisProcess() as alone:
        alone.submit(waiting)
        events = alone.events()
        assert isinstance(next(events), Waiting)
        other.kill()
        done = next(events)
    assert isinstance(done, Done)
    assert done.result == os.getpid()


def test_what_is_wanted_soon_comes_before_what_waits() -> None:
    first, second, soon = (job("square", value=value) for value in (1, 2, 3))
    order = []
    with WorkerPool(1) as pool:
        pool.submit(first)
        pool.submit(second)
        for event in pool.events():
            if isinstance(event, Progress) and event.job is first:
                pool.submit(soon, soon=True)
            if isinstance(event, Done):
                order.append(event.result)
    assert order == [1, 9, 4]


def test_a_failure_is_reported_and_the_others_go_on() -> None:
    events = events_of(job("refuse", value=3), job("square", value=2), job("stumble", value=1))
    failures = {event.job.title: event.error for event in events if isinstance(event, Failed)}
    assert str(failures["refuse"]) == "3 is refused.\nexpected: another number."
    assert isinstance(failures["refuse"], UsageError)
    assert str(failures["stumble"]).startswith("ZeroDivisionError: by hand")
    assert [event.result for event in events if isinstance(event, Done)] == [4]


def test_the_job_of_a_killed_worker_is_done_again(tmp_path: Path) -> None:
    events = events_of(job("die_once", marker=str(tmp_path / "marker")), workers=1)
    assert [event.result for event in events if isinstance(event, Done)] == ["alive"]


def test_a_job_that_always_kills_its_worker_fails_in_the_end() -> None:
    (failure,) = [e for e in events_of(job("die", value=1)) if isinstance(e, Failed)]
    assert failure.job.attempts == ATTEMPTS
    assert "die: the worker process died 3 times (exit code -9)." in str(failure.error)
    assert isinstance(failure.error, SpiralError)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_ends_quickly_and_leaves_nothing_half_done(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    process = warm.start(
        "-m", "spiralcore.cli", "train", "--classes", "2", "3", "--epochs", "1000000",
        "--keep", "log", "--out", "files", folder=tmp_path,
    )  # fmt: skip
    # In the middle of it, which a line about progress would tell much later.
    while not list((tmp_path / "files").glob(".lock-*")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    time.sleep(1)
    process.send_signal(number)
    started = time.monotonic()
    _, message = process.communicate(timeout=600)
    assert time.monotonic() - started < 30
    assert process.returncode == code
    assert "what is finished is kept, the same command makes the rest" in message
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == []


def deaf(report: Report) -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_the_first_worker_of_a_process_does_not_hear_an_interrupt_either() -> None:
    code = (
        "from tests.system.test_worker_pool import Done, events_of, job; "
        "print([e.result for e in events_of(job('deaf'), job('deaf')) if isinstance(e, Done)])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "[True, True]\n"


def encode_once(marker: str, report: Report) -> str:
    path = Path(marker)
    if not path.exists():
        path.touch()
        raise HelperDiedError("ffmpeg was ended by a signal (exit code -9).")
    return "encoded"


def test_the_job_of_a_killed_encoder_is_done_again(tmp_path: Path) -> None:
    events = events_of(job("encode_once", marker=str(tmp_path / "marker")), workers=1)
    assert [event.result for event in events if isinstance(event, Done)] == ["encoded"]
    assert not [event for event in events if isinstance(event, Failed)]


def test_what_another_process_is_at_is_waited_for(tmp_path: Path) -> None:
    """And taken over if it dies; what it has made by then is not made again."""
    place, marker = tmp_path / "film.mp4", tmp_path / "marker"
    with holder("place", place) as other, WorkerPool(1) as pool:
        held = job("square", value=3)
        held.place, held.is_made = place, marker.exists
        pool.submit(held)
        pool.submit(job("square", value=2))
        seen = []
        for event in pool.events():
            if isinstance(event, Waiting):
                assert event.job is held
                assert [e.result for e in seen if isinstance(e, Done)] == [4]
                other.kill()
                other.wait()
            seen.append(event)
    assert [event.result for event in seen if isinstance(event, Done)] == [4, 9]
    marker.touch()
    assert perform(held, lambda share: None) == ("done", None)
