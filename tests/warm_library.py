"""The process that has loaded what commands load, and its forks: see `tests.warm`."""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import pickle
import pkgutil
import runpy
import select
import signal
import socket
import sys
import threading
import traceback
import types
from multiprocessing import util
from pathlib import Path
from typing import NoReturn

LIBRARIES = (
    "click", "rich.progress", "pydantic.json_schema", "numpy", "scipy.ndimage", "scipy.optimize",
    "scipy.spatial", "scipy.interpolate", "threadpoolctl", "numba", "torch", "matplotlib.figure",
    "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "PIL.ImageDraw",
    "imageio.v3", "imageio_ffmpeg", "ffmpeg", "pyarrow.parquet", "pptx", "distributed", "manim",
)  # fmt: skip

OURS = (
    "analysis", "cli", "data", "figures", "gallery", "recipe", "recording", "registry", "scenes",
    "stage", "story", "study", "subjects", "system", "talk", "training", "trajectory", "video",
)  # fmt: skip
"""Rooms of our own; nothing in them depends on where, when or for whom they are loaded."""

LARGEST_ORDER = 1 << 18
"""Bytes: arguments and environment."""


def _serve(control: socket.socket) -> tuple[str, ...] | None:
    """Fork for each order; gives the arguments in a fork, and None when nobody orders any more."""
    waking, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    interrupted = signal.signal(signal.SIGINT, signal.SIG_DFL)
    running: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([control, waking], [], [])
        if waking in ready:
            os.read(waking, 4096)
            _reap(running)
        if control not in ready:
            continue
        order, streams, _, _ = socket.recv_fds(control, LARGEST_ORDER, 4)
        if not order:
            return None
        arguments, folder, environment = pickle.loads(order)
        *streams, ended = streams
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, interrupted)
            for target, stream in enumerate(streams):
                os.dup2(stream, target)
            _close_all_but(set())
            _open_streams()
            os.environ.clear()
            os.environ.update(environment)
            os.chdir(folder)
            return arguments
        for stream in streams:
            os.close(stream)
        running[pid] = ended
        control.send(str(pid).encode())


def _reap(running: dict[int, int]) -> None:
    """Tell how forks have ended."""
    for pid in list(running):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            ended = running.pop(pid)
            with contextlib.suppress(OSError):  # perhaps nobody listens
                os.write(ended, str(os.waitstatus_to_exitcode(status)).encode())
            os.close(ended)


def _open_streams() -> None:
    """Begin to read and write where the standard streams lead now."""
    sys.stdin, sys.stdout = (os.fdopen(n, mode, closefd=False) for n, mode in ((0, "r"), (1, "w")))
    sys.stderr = os.fdopen(2, "w", 1, errors="backslashreplace", closefd=False)


def _close_all_but(kept: set[int]) -> None:
    """Close what a process that was started from nothing would not have."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in kept:
            with contextlib.suppress(OSError):
                os.close(int(name))


def _perform(arguments: tuple[str, ...]) -> None:
    """Do what Python does with its arguments."""
    _limit_threads()
    first, *rest = arguments
    here = os.getcwd() if first in ("-m", "-c") else os.path.dirname(os.path.abspath(first))
    variable = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    places = [here, *(path for path in variable if path and path not in sys.path)]
    sys.path[:0] = places
    importlib.invalidate_caches()
    # What has the name of a library there comes first.
    folders = [Path(place) for place in places]
    files = [path for folder in folders for path in folder.glob("*.py")]
    files += [path for folder in folders for path in folder.glob("*/__init__.py")]
    hiding = {_module_of(path) for path in files if not _is_loaded(path)}
    if hiding & sys.modules.keys():
        hiding.add("spiralcore")  # which may have what is hidden
    for name in [name for name in sys.modules if name.partition(".")[0] in hiding]:
        del sys.modules[name]
    if "sitecustomize" in hiding:
        importlib.import_module("sitecustomize")
    if first == "-m":
        sys.argv = rest
        package = rest[0].partition(".")[0]
        if getattr(sys.modules.get(package), "__spec__", None) is None:
            # It has put something else in its place, which Python cannot run as a module.
            for name in [name for name in sys.modules if name.partition(".")[0] == package]:
                del sys.modules[name]
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif first == "-c":
        sys.argv = ["-c", *rest[1:]]
        main = types.ModuleType("__main__")
        sys.modules["__main__"] = main
        exec(compile(rest[0], "<string>", "exec"), main.__dict__)
    else:
        sys.argv = list(arguments)
        runpy.run_path(first, run_name="__main__")


def _module_of(path: Path) -> str:
    return path.parent.name if path.name == "__init__.py" else path.stem


def _is_loaded(path: Path) -> bool:
    """Whether what this process has loaded under a name comes from this very file."""
    loaded = getattr(sys.modules.get(_module_of(path)), "__file__", None)
    return bool(loaded) and os.path.samefile(loaded, path)


def _end(work: object, *arguments: object) -> NoReturn:
    """Do something, and end this process as Python ends: with its exit code."""
    code: object = 0
    try:
        work(*arguments)  # type: ignore[operator]
    except SystemExit as end:
        code = end.code
        if not isinstance(code, int | None):
            print(code, file=sys.stderr)
            code = 1
    except BaseException:
        traceback.print_exc()
        code = 1
    with contextlib.suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
    os._exit(code if isinstance(code, int) else 0)


def _limit_threads() -> None:
    """Do what a variable says that libraries read when they are loaded."""
    from threadpoolctl import threadpool_limits

    threads = os.environ.get("OMP_NUM_THREADS")
    if threads and threads != THREADS:
        threadpool_limits(int(threads))


LOCK = type(threading.Lock())

THREADS = os.environ.get("OMP_NUM_THREADS")
"""What libraries have read when they were loaded."""

START_A_PROGRAM = util.spawnv_passfds


def _worker(path: bytes, arguments: list[str], handles: list[int]) -> int:
    """Start what `multiprocessing` starts; a worker as a fork."""
    if "--multiprocessing-fork" not in arguments:
        pid: int = START_A_PROGRAM(path, arguments, handles)
        return pid
    pid = os.fork()
    if pid == 0:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _renew_locks()
        _close_all_but(set(handles))
        _end(_as_worker, arguments)
    return pid


def _renew_locks() -> None:
    """Open the locks of our modules, which threads may have held that are not here."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "spiralcore"]:
        for word, value in list(vars(sys.modules[name]).items()):
            if isinstance(value, LOCK):
                setattr(sys.modules[name], word, threading.Lock())


def _as_worker(arguments: list[str]) -> None:
    _limit_threads()
    place = arguments.index("-c")
    sys.argv = ["-c", *arguments[place + 2 :]]
    exec(arguments[place + 1], {"__name__": "__main__"})


def _load() -> None:
    """Load what every command loads, and what Numba and Pydantic load when they are first used."""
    for library in LIBRARIES:
        importlib.import_module(library)
    for room in OURS:
        package = importlib.import_module(f"spiralcore.{room}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__") and ".widget" not in found.name:
                importlib.import_module(found.name)
    import numba
    import pydantic

    numba.njit(lambda: 0)()
    pydantic.create_model("First", number=(int, 0))
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    del sys.path[0]  # this folder
    _load()
    ordered = _serve(socket.socket(fileno=int(sys.argv[1])))
    if ordered is not None:
        util.spawnv_passfds = _worker
        _end(_perform, ordered)
