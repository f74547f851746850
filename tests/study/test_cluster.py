"""Dask distributed: a real scheduler and real workers, on loopback."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from spiralcore import __version__
from spiralcore.study.batch_jobs import REVISION
from tests.study.conftest import SMALL

SAME = f"expected: spiralcore {__version__} with the extra 'study', as here.\n"
INSTALL = f"next: pip install 'spiralcore[study]=={__version__}' there, and start it again\n"


class Loopback:
    """A scheduler of our own, and workers that are started and killed as a test likes."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self.processes: list[subprocess.Popen[str]] = []
        self._log = folder / "scheduler.log"
        self.scheduler = self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            log=self._log, settings=settings,
        )  # fmt: skip
        self.address = self._wait_for(r"Scheduler at: +(tcp://127\.0\.0\.1:\d+)", self._log)

    def _start(
        self, program: str, *arguments: str, log: Path, settings: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *arguments],
                stdout=output, stderr=output, text=True, cwd=self._folder,
                env={**os.environ, **(settings or {})},
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

    def worker(self, settings: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a worker of one thread that no nanny starts again."""
        log = self._folder / f"worker-{len(self.processes)}.log"
        process = self._start(
            "dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(self._folder / "dask"), log=log, settings=settings,
        )  # fmt: skip
        self._wait_for("Registered to", log)
        self.last_worker = self._wait_for(r"worker at: +(tcp://\S+)", log)
        return process

    def without(self, *packages: str) -> dict[str, str]:
        """Settings of a process in which some packages cannot be found."""
        folder = self._folder / "-".join(["without", *packages])
        folder.mkdir(exist_ok=True)
        (folder / "sitecustomize.py").write_text(
            "import sys\n"
            "class Absent:\n"
            "    def find_spec(self, name, path=None, target=None):\n"
            f"        if name.partition('.')[0] in {packages!r}:\n"
            "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
            "sys.meta_path.insert(0, Absent())\n"
        )
        return {"PYTHONPATH": str(folder)}

    def refused(self, *more: str) -> tuple[int, str]:
        """Exit code and message of a study that nothing comes of."""
        running = self.study(*more)
        output, errors = running.communicate(timeout=120)
        assert output == ""
        assert self.parts() == []
        return running.returncode, without_slowness(errors)

    def study(self, address: str = "", epochs: int = 120) -> subprocess.Popen[str]:
        """Start `spiral study` on this cluster, or at another address."""
        grid = SMALL.replace("epochs = 120", f"epochs = {epochs}")
        (self._folder / "small.toml").write_text(grid)
        return subprocess.Popen(
            [sys.executable, "-m", "spiralcore.cli", "study", "small.toml",
             "--scheduler", address or self.address],
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

    def stop(self) -> None:
        """Kill all that runs."""
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Loopback]:
    loopback = Loopback(tmp_path)
    yield loopback
    loopback.stop()


def without_slowness(messages: str) -> str:
    """Messages without those that tell that an answer takes long, as it may on a busy machine."""
    lines = messages.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("waiting for an answer"))


def said(running: subprocess.Popen[str], text: str) -> str:
    """The first line of a study's messages with a text in it; fails if there is none."""
    assert running.stderr is not None
    # Whatever happens, a test ends.
    late = threading.Timer(120, running.kill)
    late.start()
    for line in running.stderr:
        if text in line:
            late.cancel()
            return line
    raise AssertionError(f"nobody said {text!r}")


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


def test_a_worker_that_has_no_spiralcore(cluster: Loopback) -> None:
    cluster.worker(cluster.without("spiralcore"))
    unfit = cluster.last_worker
    what = (
        f"spiral: The Dask worker at {unfit} cannot load spiralcore: "
        "ModuleNotFoundError(\"No module named 'spiralcore'\")."
    )
    assert cluster.refused() == (1, f"{what}\n{SAME}{INSTALL}")
    cluster.worker()
    others = "So it is with 1 of 2 workers."
    assert cluster.refused() == (1, f"{what} {others}\n{SAME}{INSTALL}")


def test_a_worker_without_what_trains(cluster: Loopback) -> None:
    cluster.worker(cluster.without("torch", "numba"))
    assert cluster.refused() == (
        1,
        f"spiral: The Dask worker at {cluster.last_worker} lacks torch and numba.\n{SAME}{INSTALL}",
    )


def test_a_worker_with_another_spiralcore(cluster: Loopback, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(
        "spiralcore", other / "spiralcore", ignore=shutil.ignore_patterns("__pycache__", "reveal")
    )
    start = other / "spiralcore" / "__init__.py"
    start.write_text(start.read_text().replace(__version__, "0.0.9"))
    cluster.worker({"PYTHONPATH": str(other)})
    assert cluster.refused() == (
        1,
        f"spiral: The Dask worker at {cluster.last_worker} has spiralcore 0.0.9 with the revisions "
        f"{REVISION}, and this machine {__version__} with {REVISION}.\n{SAME}{INSTALL}",
    )


def test_a_scheduler_needs_no_spiralcore(tmp_path: Path, cluster: Loopback) -> None:
    bare = Loopback(tmp_path, cluster.without("spiralcore"))
    try:
        bare.worker()
        running = bare.study()
        _, errors = running.communicate(timeout=300)
        assert running.returncode == 0, errors
    finally:
        bare.stop()


def test_addresses_of_something_else(cluster: Loopback, tmp_path: Path) -> None:
    port = cluster.address.rpartition(":")[2]
    printed = "expected: the address that `dask scheduler` prints"
    assert cluster.refused("http://127.0.0.1:8787/status") == (
        2,
        "spiral: 'http://127.0.0.1:8787/status' is the address of a web page, such as Dask's "
        f"dashboard.\n{printed}, such as tcp://127.0.0.1:8786.\n"
        "next: --scheduler tcp://127.0.0.1:8786\n",
    )
    assert not (tmp_path / "small").exists()
    assert cluster.refused(f"tls://127.0.0.1:{port}") == (
        2,
        f"spiral: What listens at tls://127.0.0.1:{port} speaks tcp, and not tls.\n"
        f"expected: an address that begins with tcp://.\nnext: --scheduler {cluster.address}\n",
    )
    cluster.worker()
    assert cluster.refused(cluster.last_worker) == (
        2,
        f"spiral: A Dask worker listens at {cluster.last_worker}, and not a scheduler.\n"
        f"{printed}.\nnext: --scheduler {cluster.address}\n",
    )


def test_when_the_last_worker_is_gone_others_are_waited_for(
    cluster: Loopback, tmp_path: Path, small_study: Path
) -> None:
    last = cluster.worker()
    running = cluster.study()
    cluster.wait_for_parts(2, running)
    last.kill()
    assert said(running, "waiting for workers") == (
        f"waiting for workers of {cluster.address}; "
        f"start some with: dask worker {cluster.address} --nworkers auto --nthreads 1\n"
    )
    cluster.worker()
    _, errors = running.communicate(timeout=300)
    assert running.returncode == 0, errors
    made = (tmp_path / "small" / "study.parquet").read_bytes()
    assert made == (small_study / "study.parquet").read_bytes()


def test_an_unfit_worker_that_comes_later_ends_the_study(cluster: Loopback) -> None:
    cluster.worker()
    running = cluster.study(epochs=50_000)
    cluster.wait_for_parts(1, running)
    cluster.worker(cluster.without("spiralcore"))
    _, errors = running.communicate(timeout=120)
    assert running.returncode == 1
    assert errors.endswith(
        f"spiral: The Dask worker at {cluster.last_worker} cannot load spiralcore: "
        "ModuleNotFoundError(\"No module named 'spiralcore'\"). So it is with 1 of 2 workers.\n"
        f"{SAME}{INSTALL}"
    )
    assert "Traceback" not in errors


def test_ctrl_c_while_waiting_for_workers(cluster: Loopback) -> None:
    running = cluster.study()
    said(running, "waiting for workers")
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert (running.returncode, without_slowness(errors)) == (
        130,
        "spiral: interrupted; what is finished is kept, the same command makes the rest\n",
    )


def run(code: str) -> str:
    """What a piece of Python prints, errors that a user is told among it."""
    lines = "".join(f"    {line}\n" for line in code.splitlines())
    whole = (
        "from spiralcore.errors import SpiralError\n"
        "from spiralcore.system.worker_pool import Job\n"
        "from spiralcore.study.cluster import Cluster\n"
        f"try:\n{lines}except SpiralError as error:\n    print(error)\n"
    )
    ran = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    return without_slowness(ran.stdout)


def test_workers_are_not_waited_for_without_end(cluster: Loopback) -> None:
    worker = f"dask worker {cluster.address} --nworkers auto --nthreads 1"
    waiting = f"waiting for workers of {cluster.address}; start some with: {worker}\n"
    none = (
        f"The Dask scheduler at {cluster.address} has no workers.\n"
        f"expected: at least one within 1 seconds.\nnext: {worker}\n"
    )
    begin = f"Cluster('{cluster.address}', patience=1, say=print)"
    assert run(f"{begin}.__enter__()") == waiting + none
    lost = cluster.worker()
    # The worker ends in the middle of its job, as one does that is killed.
    code = (
        f"with {begin} as engine:\n"
        "    engine.submit(Job('one', 'os:kill', {}, 1.0))\n"
        "    import os, signal\n"
        f"    os.kill({lost.pid}, signal.SIGKILL)\n"
        "    print(list(engine.events()))"
    )
    assert run(code) == waiting + none


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
