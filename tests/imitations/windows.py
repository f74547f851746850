"""A Windows for tests: what it refuses is refused, and what its Python lacks is not there.

    python -m tests.imitations.windows -c "code"
    python -m tests.imitations.windows -m spiralcore info k4.npz

Modules of ours are told that they run on Windows, and find neither `fcntl` nor signals, functions
and constants that its Python lacks. All others go on running here, as they would run there. For
everybody, files are what they are there: one that is open, or mapped, is neither moved nor replaced
nor removed, nothing is synced that is open for reading only, folders are not opened, names are
blind to case, some are refused, as are long paths, and what is locked is not read by others. Texts
have the encoding of the console, cp1252, and its line ends, where none are named. Processes that
are started are imitations, too; `windows_processes` has what is refused of them.
"""

from __future__ import annotations

import builtins
import ctypes
import errno
import fcntl
import io
import os
import runpy
import signal
import sys
import types
from collections.abc import Callable
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

from tests.imitations import windows_processes

ROOT = Path(__file__).parents[2]

OURS = ("spiralcore", "scenes", "scripts", "pytest_spiralcore", "__main__")
"""Modules that are told that this is Windows."""

ABSENT = {"fcntl", "resource", "termios", "pwd", "grp", "pty", "tty", "posix", "readline"}
"""Modules that its Python does not have."""

LACKS = {
    "os": (
        "fork", "forkpty", "killpg", "setsid", "getppid_", "getuid", "geteuid", "getgid", "uname",
        "sysconf", "confstr", "sched_getaffinity", "sched_setaffinity", "posix_fallocate",
        "pread", "pwrite", "mkfifo", "chown", "fchown", "fchmod", "nice", "wait", "WNOHANG",
        "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_SYNC", "EX_OK", "getpgid",
        "set_blocking_", "statvfs", "sync", "fdatasync", "posix_spawn", "getloadavg", "ttyname",
    ),
    "signal": (
        "SIGALRM", "SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGCHLD", "SIGSTOP",
        "SIGTSTP", "SIGQUIT", "alarm", "setitimer", "getitimer", "ITIMER_REAL", "pthread_sigmask",
        "pthread_kill", "sigwait", "pause", "SIG_BLOCK", "SIG_SETMASK", "siginterrupt",
    ),
}  # fmt: skip
"""Names that modules do not have there."""

LONGEST_PATH, LONGEST_FOLDER = 259, 247
REFUSED = frozenset('<>:"|?*')
DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}

_real: dict[str, Callable[..., Any]] = {
    name: getattr(os, name)
    for name in (
        "open", "fsync", "replace", "rename", "unlink", "remove", "rmdir", "mkdir", "stat",
        "lstat", "link", "symlink", "chmod", "kill", "listdir", "access", "utime", "close",
    )
}  # fmt: skip
_real["flock"] = fcntl.flock
_real_open = io.open
_real_import = builtins.__import__


class Lacking(types.ModuleType):
    """A module as Windows has it."""

    def __init__(self, module: types.ModuleType, instead: dict[str, Any]) -> None:
        super().__init__(module.__name__, module.__doc__)
        self.__dict__["_module"], self.__dict__["_instead"] = module, instead

    def __getattr__(self, name: str) -> Any:
        if name in self._instead:
            return self._instead[name]
        if name in LACKS.get(self._module.__name__, ()):
            raise AttributeError(f"module '{self._module.__name__}' has no attribute '{name}'")
        return getattr(self._module, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._module, name, value)


def _is_open(path: str) -> bool:
    """Whether this process, or one of its imitation, has a file open or mapped."""
    real = os.path.realpath(path)
    for process in _family():
        folder = f"/proc/{process}/fd"
        try:
            for entry in _real["listdir"](folder):
                link = os.readlink(f"{folder}/{entry}")
                if link.startswith("/") and link == real:
                    return True
            with _real_open(f"/proc/{process}/maps") as maps:
                if any(line.rstrip("\n").endswith(" " + real) for line in maps):
                    return True
        except OSError:
            continue
    return False


def _family() -> list[int]:
    """This process and all that were started by it or beside it by the same imitation."""
    top, found = int(os.environ.get("SPIRAL_TEST_WINDOWS", os.getpid())), []
    parents = {}
    for name in _real["listdir"]("/proc"):
        if name.isdigit():
            try:
                with _real_open(f"/proc/{name}/stat") as file:
                    parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
    for process in parents:
        above: int | None = process
        while above and above != top:
            above = parents.get(above)
        if above == top or process == os.getpid():
            found.append(process)
    return found


def _text(path: Any) -> str | None:
    """A path as text; None if it is none, or one of the machine's own."""
    if isinstance(path, int) or not isinstance(path, (str, bytes, os.PathLike)):
        return None
    text = os.fsdecode(path)
    whole = os.path.abspath(text)
    return None if whole.startswith(("/proc/", "/sys/", "/dev/")) else text


def _seen(path: Any, *, new: bool = False, folder: bool = False) -> Any:
    """A path as Windows takes it: of names that differ in case only, the one that is there.

    Raises what Windows raises where a name or the path cannot be had.
    """
    text = _text(path)
    if text is None:
        return path
    name = os.path.basename(text.rstrip("/"))
    if new and name not in ("", ".", ".."):
        _refuse_name(text, name, LONGEST_FOLDER if folder else LONGEST_PATH)
    try:
        _real["lstat"](text)
        return path
    except OSError:
        pass
    parent = os.path.dirname(text)
    try:
        for entry in _real["listdir"](parent or "."):
            if entry.casefold() == name.casefold():
                return os.path.join(parent, entry)
    except OSError:
        pass
    return path


def _refuse_name(text: str, name: str, longest: int) -> None:
    if len(os.path.abspath(text)) > longest:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", text)
    why = ""
    if REFUSED & set(name) or any(ord(letter) < 32 for letter in name):
        why = "it has a letter that no name has"
    elif name.partition(".")[0].rstrip(" ").lower() in DEVICES:
        why = "it is a device"
    elif name.endswith((" ", ".")):
        # Windows would take another name, which nobody has asked for.
        why = "it ends with a space or a full stop"
    if why:
        raise OSError(errno.EINVAL, f"Invalid argument: {why}", text)


def _refuse_open(path: Any) -> None:
    text = _text(path)
    if text is not None and not os.path.isdir(text) and _is_open(text):
        raise PermissionError(errno.EACCES, "it is used by another process", text)


def _open(path: Any, flags: int, mode: int = 0o777, **more: Any) -> int:
    text = _text(path)
    # A file without a name, as `tempfile` makes it here, is none of Windows.
    nameless = flags & os.O_TMPFILE == os.O_TMPFILE
    if text is not None and os.path.isdir(text) and not nameless:
        raise PermissionError(errno.EACCES, "Permission denied", text)
    handle: int = _real["open"](_seen(path, new=bool(flags & os.O_CREAT)), flags, mode, **more)
    return handle


def _io_open(
    file: Any,
    mode: str = "r",
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    *rest: Any,
    **more: Any,
) -> Any:
    made = any(letter in mode for letter in "wxa")
    if "b" not in mode and _caller_is_ours():
        encoding = "cp1252" if encoding in (None, "locale") else encoding
        newline = "\r\n" if made and newline is None else newline
    text = _text(file)
    if text is not None and _is_locked(text):
        raise PermissionError(errno.EACCES, "Permission denied: it is locked", text)
    return _real_open(
        _seen(file, new=made), mode, buffering, encoding, errors, newline, *rest, **more
    )


def _is_locked(path: str) -> bool:
    """Whether anybody has locked a file for itself alone; then nobody else reads it."""
    try:
        number = _real["stat"](path).st_ino
    except OSError:
        return False
    with _real_open("/proc/locks") as locks:
        return any(f":{number} " in line and "WRITE" in line for line in locks)


_locked: set[int] = set()


def _flock(file: Any, kind: int) -> None:
    """Lock as Windows does: what has a lock gets no other one."""
    handle = file if isinstance(file, int) else file.fileno()
    if kind & fcntl.LOCK_UN:
        _locked.discard(handle)
    elif handle in _locked:
        raise BlockingIOError(errno.EAGAIN, "it is locked")
    _real["flock"](handle, kind)
    if not kind & fcntl.LOCK_UN:
        _locked.add(handle)


def _close(handle: int) -> None:
    _locked.discard(handle)
    _real["close"](handle)


def _caller_is_ours() -> bool:
    frame = sys._getframe(2)
    while frame is not None and frame.f_globals.get("__name__") in ("pathlib", __name__):
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None and _is_ours(frame.f_globals)


def _fsync(handle: int) -> None:
    if fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(errno.EBADF, "Bad file descriptor")
    _real["fsync"](handle)


def _moving(name: str) -> Callable[..., None]:
    def move(source: Any, target: Any, **more: Any) -> None:
        source, target = _seen(source), _seen(target, new=True)
        _refuse_open(source)
        _refuse_open(target)
        if name == "rename" and os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "File exists", str(target))
        _real[name](source, target, **more)

    return move


def _removing(name: str) -> Callable[..., None]:
    def remove(path: Any, **more: Any) -> None:
        if not more.get("dir_fd"):
            path = _seen(path)
            _refuse_open(path)
        _real[name](path, **more)

    return remove


def _blind(name: str, *, new: bool = False) -> Callable[..., Any]:
    def call(path: Any, *rest: Any, **more: Any) -> Any:
        folder = name == "mkdir"
        return _real[name](_seen(path, new=new, folder=folder), *rest, **more)

    return call


def _console_handler(handler: None, ignore: bool) -> int:
    """`SetConsoleCtrlHandler` without a handler, which children inherit: a mask does that here."""
    resource_tracker.ensure_running()  # which starts here, and unblocks it
    signal.pthread_sigmask(signal.SIG_BLOCK if ignore else signal.SIG_UNBLOCK, [signal.SIGINT])
    return 1


def _no_tracker() -> None:
    raise ImportError("No module named '_posixsubprocess'")


def _is_ours(names: dict[str, Any] | None) -> bool:
    return str((names or {}).get("__name__", "")).partition(".")[0] in OURS


class _Kernel:
    kernel32 = types.SimpleNamespace(SetConsoleCtrlHandler=_console_handler)


def _wrapped() -> dict[str, types.ModuleType]:
    lost = Lacking(resource_tracker, {"ensure_running": _no_tracker})
    return {
        "sys": Lacking(sys, {"platform": "win32"}),
        "os": Lacking(os, {"name": "nt"}),
        "signal": Lacking(signal, {}),
        "ctypes": Lacking(ctypes, {"windll": _Kernel}),
        "multiprocessing.resource_tracker": lost,
    }


_modules: dict[str, types.ModuleType] = {}


def _import(
    name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
) -> Any:
    module = _real_import(name, globals, locals, fromlist, level)
    if level or not _is_ours(globals):
        return module
    if name.partition(".")[0] in ABSENT:
        raise ModuleNotFoundError(f"No module named '{name}'", name=name)
    if name == "multiprocessing" and "resource_tracker" in (fromlist or ()):
        return Lacking(module, {"resource_tracker": _modules[f"{name}.resource_tracker"]})
    return _modules.get(name, module)


def begin() -> None:
    """From now on this process, and all that it starts, are on Windows."""
    os.environ.setdefault("SPIRAL_TEST_WINDOWS", str(os.getpid()))
    here = str(Path(__file__).parent / "site")
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if here not in known:
        os.environ["PYTHONPATH"] = os.pathsep.join([here, str(ROOT), *filter(None, known)])
    os.environ.setdefault("PYTHONIOENCODING", "cp1252:strict")
    for stream, errors in ((sys.stdout, "strict"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding != "cp1252":
            stream.reconfigure(encoding="cp1252", errors=errors)
    _modules.update(_wrapped())
    os.open, os.fsync, os.close = _open, _fsync, _close  # type: ignore[assignment]
    fcntl.flock = _flock  # type: ignore[assignment]
    for name in ("replace", "rename"):
        setattr(os, name, _moving(name))
    for name in ("unlink", "remove"):
        setattr(os, name, _removing(name))
    for name in ("stat", "lstat", "chmod", "access", "utime", "listdir"):
        setattr(os, name, _blind(name))
    os.mkdir = _blind("mkdir", new=True)
    io.open = builtins.open = _io_open  # type: ignore[assignment]
    builtins.__import__ = _import
    windows_processes.begin(_family)


def main() -> None:
    """Run code, or a module, on Windows."""
    begin()
    kind, what, *rest = sys.argv[1:]
    if kind == "-m":
        sys.argv = [what, *rest]
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        sys.argv = ["-c", *([what] if kind != "-c" else []), *rest]
        exec(compile(what, "<code>", "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    from tests.imitations import windows

    windows.main()
