"""A Dask cluster on loopback, with workers that may not touch the files of who calls."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import warm
from tests.study.conftest import SMALL, small_study

__all__ = ["Loopback", "finished", "said", "small_study", "spiral", "without_slowness"]

Process = warm.Started | subprocess.Popen[str]

ROOT = Path(__file__).parents[2]

GUARD = """
import os, sys

def guard(event, arguments):
    for value in arguments:
        for part in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(part, (str, bytes, os.PathLike)):
                path = os.path.abspath(os.fsdecode(part))
                if (path + os.sep).startswith({folder!r} + os.sep):
                    os.write(2, f"TOUCHED {{event}} {{path}}\\n".encode())
                    raise PermissionError(1, "not on this machine", path)

sys.addaudithook(guard)
"""
"""A module that keeps a process, and what it calls, out of a folder: as if it were not there."""


class Loopback:
    """A scheduler of our own, and workers that are started and killed as a test likes."""

    def __init__(
        self, folder: Path, elsewhere: Path, settings: Mapping[str, str] | None = None
    ) -> None:
        self._folder = folder
        self._elsewhere = elsewhere
        self.processes: list[Process] = []
        self._log = elsewhere / "scheduler.log"
        self.scheduler = self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            log=self._log, settings=settings,
        )  # fmt: skip
        self.address = self._wait_for(r"Scheduler at: +(tcp://127\.0\.0\.1:\d+)", self._log)

    def _start(
        self, program: str, *arguments: str, log: Path, settings: Mapping[str, str] | None = None
    ) -> Process:
        # Each process has a folder of its own to work in.
        place = log.with_suffix("")
        place.mkdir()
        command = ("-m", f"distributed.cli.{program}", *arguments)
        with log.open("w") as output:
            variables = self.guarded() if settings is None else settings
            process = warm.start(*command, folder=place, variables=variables, output=output)
        self.processes.append(process)
        return process

    def _wait_for(self, pattern: str, log: Path) -> str:
        for _ in range(3000):
            found = re.search(pattern, log.read_text())
            if found:
                return found[found.lastindex or 0]
            time.sleep(0.1)
        raise AssertionError(log.read_text())

    def worker(self, settings: Mapping[str, str] | None = None) -> Process:
        """Start a worker of one thread that no nanny starts again."""
        log = self._elsewhere / f"worker-{len(self.processes)}.log"
        process = self._start(
            "dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(log.with_suffix("")), log=log, settings=settings,
        )  # fmt: skip
        self._wait_for("Registered to", log)
        self.last_worker = self._wait_for(r"worker at: +(tcp://\S+)", log)
        return process

    def without(self, *packages: str) -> dict[str, str]:
        """Settings of a process in which some packages cannot be found."""
        folder = self._elsewhere / "-".join(["without", *packages])
        folder.mkdir(exist_ok=True)
        (folder / "sitecustomize.py").write_text(
            "import sys\n"
            "class Absent:\n"
            "    def find_spec(self, name, path=None, target=None):\n"
            f"        if name.partition('.')[0] in {packages!r}:\n"
            "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
            "sys.meta_path.insert(0, Absent())\n"
            "for name in list(sys.modules):  # of a process that has loaded them already\n"
            f"    if name.partition('.')[0] in {(*packages, 'spiralcore')!r}:\n"
            "        del sys.modules[name]\n"
        )
        return {"PYTHONPATH": str(folder)}

    def guarded(self) -> dict[str, str]:
        """Settings of a process for which there is nothing where the caller is."""
        folder = self._elsewhere / "guarded"
        folder.mkdir(exist_ok=True)
        (folder / "sitecustomize.py").write_text(GUARD.format(folder=str(self._folder)))
        return {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}

    def touched(self) -> list[str]:
        """What processes have tried to do with the caller's files."""
        logs = [path.read_text() for path in self._elsewhere.glob("*.log")]
        return [line for log in logs for line in log.splitlines() if line.startswith("TOUCHED")]

    def spiral(self, *words: str | Path) -> Process:
        """Start `spiral` with its work on this cluster."""
        return spiral(self._folder, *words, "--scheduler", self.address)

    def refused(self, *more: str) -> tuple[int, str]:
        """Exit code and message of a study that nothing comes of."""
        running = self.study(*more)
        output, errors = running.communicate(timeout=600)
        assert output == ""
        assert self.parts() == []
        return running.returncode, without_slowness(errors)

    def study(self, address: str = "", epochs: int = 120) -> Process:
        """Start `spiral study` on this cluster, or at another address."""
        grid = SMALL.replace("epochs = 120", f"epochs = {epochs}")
        (self._folder / "small.toml").write_text(grid)
        return spiral(self._folder, "study", "small.toml", "--scheduler", address or self.address)

    def parts(self) -> list[Path]:
        """Parts that are there by now."""
        return list((self._folder / "small" / "parts").glob("[!.]*.parquet"))

    def wait_for_parts(self, count: int, running: Process) -> None:
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
def cluster(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """A scheduler, and workers as the test starts them."""
    loopback = Loopback(tmp_path, tmp_path_factory.mktemp("elsewhere"))
    yield loopback
    loopback.stop()


def spiral(folder: Path, *words: str | Path) -> Process:
    """Start `spiral` in a folder."""
    return warm.start("-m", "spiralcore.cli", *map(str, words), folder=folder)


def finished(running: Process) -> str:
    """What a command has printed that ends well."""
    output, errors = running.communicate(timeout=600)
    assert running.returncode == 0, errors
    assert "Traceback" not in errors
    return output


def without_slowness(messages: str) -> str:
    """Messages without those that tell that an answer takes long, as it may on a busy machine."""
    lines = messages.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("waiting for an answer"))


def said(running: Process, text: str) -> str:
    """The first line of a study's messages with a text in it; fails if there is none."""
    assert running.stderr is not None
    # Whatever happens, a test ends.
    late = threading.Timer(600, running.kill)
    late.start()
    for line in running.stderr:
        if text in line:
            late.cancel()
            return line
    raise AssertionError(f"nobody said {text!r}")
