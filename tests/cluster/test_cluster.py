"""Dask distributed: a real scheduler and real workers, on loopback."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from spiralcore import __version__
from tests import warm
from tests.cluster.conftest import Loopback, said, without_slowness
from tests.conftest import spiral
from tests.study.conftest import SMALL

SAME = f"expected: spiralcore {__version__} with the extra 'study', as here.\n"
INSTALL = f'next: pip install "spiralcore[study]=={__version__}" there, and start it again\n'


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
    _, errors = running.communicate(timeout=600)
    assert running.returncode == 1
    assert errors.endswith(
        f"spiral: The Dask scheduler at {cluster.address} is gone.\n"
        "expected: one that runs until the end.\n"
        "next: the same command: what is finished is kept\n"
    )
    assert "Traceback" not in errors
    again = spiral(tmp_path, "study", "small.toml")
    assert again.returncode == 0, again.stderr
    made = (tmp_path / "small" / "study.parquet").read_bytes()
    assert made == (small_study / "study.parquet").read_bytes()


def test_where_nobody_answers(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL)
    ran = spiral(tmp_path, "study", "small.toml", "--scheduler", "tcp://127.0.0.1:9")
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
    start = other / "spiralcore" / "version.py"
    start.write_text(start.read_text().replace(__version__, "0.0.9"))
    cluster.worker({"PYTHONPATH": str(other)})
    assert cluster.refused() == (
        1,
        f"spiral: The Dask worker at {cluster.last_worker} has spiralcore 0.0.9, "
        f"and this machine {__version__}.\n{SAME}{INSTALL}",
    )


def test_a_worker_with_other_code_of_the_same_version(cluster: Loopback, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(
        "spiralcore", other / "spiralcore", ignore=shutil.ignore_patterns("__pycache__", "reveal")
    )
    changed = other / "spiralcore" / "training" / "trainer.py"
    changed.write_text(changed.read_text().replace("1e12", "1e11"))
    cluster.worker({"PYTHONPATH": str(other)})
    assert cluster.refused() == (
        1,
        f"spiral: The Dask worker at {cluster.last_worker} has other code of spiralcore "
        f"{__version__} than this machine.\n"
        "expected: the same code on all machines, so that they make the same bytes.\n"
        "next: install the same checkout there, and start it again\n",
    )


def test_a_scheduler_needs_no_spiralcore(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, cluster: Loopback
) -> None:
    bare = Loopback(tmp_path, tmp_path_factory.mktemp("bare"), cluster.without("spiralcore"))
    try:
        bare.worker()
        running = bare.study()
        _, errors = running.communicate(timeout=600)
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
    _, errors = running.communicate(timeout=600)
    assert running.returncode == 0, errors
    made = (tmp_path / "small" / "study.parquet").read_bytes()
    assert made == (small_study / "study.parquet").read_bytes()


def test_an_unfit_worker_that_comes_later_ends_the_study(cluster: Loopback) -> None:
    cluster.worker()
    running = cluster.study(epochs=20_000)
    cluster.wait_for_parts(1, running)
    cluster.worker(cluster.without("spiralcore"))
    _, errors = running.communicate(timeout=600)
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
    _, errors = running.communicate(timeout=600)
    assert (running.returncode, without_slowness(errors)) == (
        130,
        "spiral: interrupted; what is finished is kept, the same command makes the rest\n",
    )


def run(code: str) -> str:
    """What a piece of Python prints, errors that a user is told among it."""
    lines = "".join(f"    {line}\n" for line in code.splitlines())
    whole = (
        "from spiralcore.errors import SpiralError\n"
        "from spiralcore.system.engine import Job\n"
        "from spiralcore.cluster.address import Address\n"
        "from spiralcore.cluster.cluster import Cluster\n"
        f"try:\n{lines}except SpiralError as error:\n    print(error)\n"
    )
    ran = warm.run("-c", whole, folder=Path.cwd())
    assert ran.stderr == ""
    return without_slowness(ran.stdout)


def test_workers_are_not_waited_for_without_end(cluster: Loopback) -> None:
    worker = f"dask worker {cluster.address} --nworkers auto --nthreads 1"
    waiting = f"waiting for workers of {cluster.address}; start some with: {worker}\n"
    none = (
        f"The Dask scheduler at {cluster.address} has no workers.\n"
        f"expected: at least one within 1 seconds.\nnext: {worker}\n"
    )
    begin = f"Cluster(Address.parse('{cluster.address}'), patience=1, say=print)"
    assert run(f"{begin}.cores") == waiting + none
    cluster.worker()
    # The worker ends in the middle of its job, as one does that is killed.
    code = (
        f"with {begin} as engine:\n"
        "    engine.submit(Job('one', 'tests.cluster.work:die'))\n"
        "    print(list(engine.events()))"
    )
    assert run(code) == waiting + none


def test_a_scheduler_without_workers(cluster: Loopback) -> None:
    code = f"Cluster(Address.parse('{cluster.address}'), patience=1).cores"
    assert run(code) == (
        f"The Dask scheduler at {cluster.address} has no workers.\n"
        "expected: at least one within 1 seconds.\n"
        f"next: dask worker {cluster.address} --nworkers auto --nthreads 1\n"
    )
