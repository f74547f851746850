"""Dask distributed: a real scheduler and real workers, on loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.study.conftest import SMALL

Start = Callable[[], subprocess.Popen[str]]


class Loopback:
    """A scheduler of our own, and workers that are started and killed as a test likes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.processes: list[subprocess.Popen[str]] = []
        self._log = folder / "scheduler.log"
        self.scheduler = self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            log=self._log,
        )  # fmt: skip
        self.address = self._wait_for(r"Scheduler at: +(tcp://127\.0\.0\.1:\d+)", self._log)

    def _start(self, program: str, *arguments: str, log: Path) -> subprocess.Popen[str]:
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *arguments],
                stdout=output, stderr=output, text=True, cwd=self._folder,
            )  # fmt: skip
        self.processes.append(process)
        return process

    def _wait_for(self, pattern: str, log: Path) -> str:
        for _ in range(600):
            found = re.search(pattern, log.read_text())
            if found:
                return found[found.lastindex or 0]
            time.sleep(0.1)
        raise AssertionError(log.read_text())

    def worker(self) -> subprocess.Popen[str]:
        """Start a worker of one thread that no nanny starts again."""
        log = self._folder / f"worker-{len(self.processes)}.log"
        process = self._start(
            "dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(self._folder / "dask"), log=log,
        )  # fmt: skip
        self._wait_for("Registered to", log)
        return process

    def study(self, *more: str) -> subprocess.Popen[str]:
        """Start `spiral study` on this cluster."""
        (self._folder / "small.toml").write_text(SMALL)
        return subprocess.Popen(
            [sys.executable, "-m", "spiralcore.cli", "study", "small.toml",
             "--scheduler", self.address, *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self._folder,
        )  # fmt: skip

    def parts(self) -> list[Path]:
        """Parts that are there by now."""
        return list((self._folder / "small" / "parts").glob("[!.]*.parquet"))

    def wait_for_parts(self, count: int, running: subprocess.Popen[str]) -> None:
        """Wait until a study has written so many parts."""
        while len(self.parts()) < count:
            assert running.poll() is None, running.communicate()
            time.sleep(0.01)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Loopback]:
    loopback = Loopback(tmp_path)
    yield loopback
    for process in loopback.processes:
        process.kill()
        process.wait()


def test_a_lost_worker_loses_and_doubles_nothing(
    cluster: Loopback, tmp_path: Path, small_study: Path
) -> None:
    victim, _ = cluster.worker(), cluster.worker()
    running = cluster.study()
    cluster.wait_for_parts(3, running)
    os.kill(victim.pid, signal.SIGKILL)
    output, errors = running.communicate()
    assert running.returncode == 0, errors
    assert len(cluster.parts()) == 24
    # Not one row more, none less, and every byte as on one machine.
    made = (tmp_path / "small" / "study.parquet").read_bytes()
    assert made == (small_study / "study.parquet").read_bytes()
    assert output.endswith("36 done\nsmall/study.parquet: 36 networks\n")
    assert "Traceback" not in errors


def test_a_lost_scheduler_ends_the_study_which_goes_on_elsewhere(
    cluster: Loopback, tmp_path: Path, small_study: Path
) -> None:
    cluster.worker()
    running = cluster.study()
    cluster.wait_for_parts(2, running)
    cluster.scheduler.kill()
    _, errors = running.communicate(timeout=120)
    assert running.returncode == 1
    assert errors.endswith(
        f"spiral: The Dask scheduler at {cluster.address} is gone.\n"
        "expected: one that runs until the end.\n"
        "next: the same command: what is finished is kept\n"
    )
    assert "Traceback" not in errors
    again = subprocess.run(
        [sys.executable, "-m", "spiralcore.cli", "study", "small.toml"],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    made = (tmp_path / "small" / "study.parquet").read_bytes()
    assert made == (small_study / "study.parquet").read_bytes()


def test_where_nobody_answers(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL)
    ran = subprocess.run(
        [sys.executable, "-m", "spiralcore.cli", "study", "small.toml",
         "--scheduler", "tcp://127.0.0.1:9"],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert ran.stderr == (
        "spiral: No Dask scheduler answers at tcp://127.0.0.1:9.\n"
        "expected: the address that `dask scheduler` prints.\n"
        "next: dask scheduler --host 127.0.0.1, then --scheduler tcp://127.0.0.1:8786\n"
    )


def test_a_scheduler_without_workers(cluster: Loopback) -> None:
    code = (
        "from spiralcore.study.cluster import Cluster\n"
        "from spiralcore.errors import SpiralError\n"
        "try:\n"
        f"    Cluster('{cluster.address}', patience=1).__enter__()\n"
        "except SpiralError as error:\n"
        "    print(error)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout == (
        f"The Dask scheduler at {cluster.address} has no workers.\n"
        "expected: at least one within 1 seconds.\n"
        f"next: dask worker {cluster.address} --nworkers auto --nthreads 1\n"
    )
