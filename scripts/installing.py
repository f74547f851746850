"""Installs what the locks say into a virtual environment, with pip.

It runs before anything is installed: nothing but the standard library is there.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
"""The Pythons that will do; `setup.sh` chooses one of them, and `pyproject.toml` says them, too."""

PIP_SETTINGS = {
    f"PIP_{name}"
    for name in (
        *("INDEX_URL", "EXTRA_INDEX_URL", "FIND_LINKS", "NO_INDEX", "TRUSTED_HOST", "CONFIG_FILE"),
        *("PROXY", "CERT", "CLIENT_CERT", "KEYRING_PROVIDER", "TIMEOUT", "DEFAULT_TIMEOUT"),
        *("RETRIES", "CACHE_DIR", "NO_CACHE_DIR"),
    )
}
"""Settings of pip in the caller's variables that count: where packages come from."""

PIP_START = re.compile(rb"\A(#!/bin/sh\n'''exec' .*\n' '''|#!.*/python[0-9.]*)$", re.MULTILINE)
"""How the programs begin that pip writes: where the Python is that they need."""

BESIDE = b"""#!/bin/sh
'''exec' "$(dirname "$(realpath "$0")")/python" "$0" "$@"
' '''"""
"""How they begin when they look for it beside themselves."""


class SetupError(Exception):
    """Something the user can mend.

    Parameters
    ----------
    lines
        What to say.
    """

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))


def say(*lines: str) -> None:
    """Tell something, beside what the commands print."""
    for line in "\n".join(lines).splitlines():
        print(f"setup: {line}", file=sys.stderr, flush=True)


def run(
    command: Sequence[str],
    lock: int,
    variables: Mapping[str, str] | None = None,
    stdout: int | None = None,
) -> str:
    """Run a program that an interrupt ends without a word.

    Parameters
    ----------
    command
        The program and its arguments.
    lock
        An open file that it keeps open, too, for as long as it runs.
    variables
        Its environment; ours if left out.
    stdout
        Where its output goes, see `subprocess.Popen`.

    Returns
    -------
    str
        Its output, if that goes to a pipe.

    Raises
    ------
    subprocess.CalledProcessError
        If it ends with another code than 0; it has said why.
    """
    # Ctrl-C goes to us alone.
    process = subprocess.Popen(
        command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, stdout=stdout, text=True,
        pass_fds=(lock,), start_new_session=True,
    )  # fmt: skip
    try:
        output, _ = process.communicate()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, list(command), output)
    return output or ""


def build_environment(venv: Path) -> dict[str, str]:
    """The variables that pip runs with.

    What builds packages (meson, ninja, cython) lies in the environment itself, so its programs
    come first. What would lead pip elsewhere is left out.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in PIP_SETTINGS or not name.startswith(("PIP_", "PYTHONHOME", "PYTHONPATH"))
    }
    path = os.pathsep.join([str(venv / "bin"), os.environ.get("PATH", os.defpath)])
    ours = {"PIP_USER": "0", "PIP_QUIET": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return {**kept, **ours, "PATH": path}


@contextlib.contextmanager
def plain_name(venv: Path) -> Iterator[Path]:
    """Give an environment a plain name for a while, and its programs a first line without it.

    Not every builder copes with quotes, spaces or all letters in the path of a Python, and neither
    do the first lines of the programs that pip writes.
    """
    if re.fullmatch(r"[\w./+-]+", str(venv), re.ASCII):
        yield venv
        return
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder, "venv")
        plain.symlink_to(venv)
        try:
            yield plain
        finally:
            for program in (venv / "bin").iterdir():
                if program.is_file() and not program.is_symlink():
                    content = program.read_bytes()
                    mended = PIP_START.sub(lambda _: BESIDE, content, count=1)
                    if mended != content:
                        program.write_bytes(mended)


def install(venv: Path, lock: int) -> None:
    """Install what the locks say, and this project.

    Parameters
    ----------
    venv
        A virtual environment.
    lock
        See `run`.

    Raises
    ------
    SetupError
        If the locks do not fit what this project declares.
    subprocess.CalledProcessError
        If something cannot be installed; pip has said what.
    """
    with plain_name(venv) as place:
        _install(place, lock)


def remove_metadata() -> None:
    """Remove what tools that build have left in the tree.

    It is found before what is installed, and may lack entry points that have come since.
    """
    for stale in ROOT.glob("*.egg-info"):
        shutil.rmtree(stale)


def _install(venv: Path, lock: int) -> None:
    variables = build_environment(venv)

    def pip(*arguments: str, stdout: int | None = None) -> str:
        command = [str(venv / "bin" / "python"), "-m", "pip", *arguments]
        return run(command, lock, variables, stdout)

    def troubles() -> str:
        try:
            pip("check", stdout=subprocess.PIPE)
        except subprocess.CalledProcessError as error:
            return str(error.output).rstrip()
        return ""

    # Every file has to have a hash that the lock knows; nothing is resolved, and what comes as
    # source is built with the tools of locks/build.lock instead of whatever is newest today.
    unresolved = (
        *("install", "--quiet", "--no-deps", "--no-build-isolation", "--use-pep517"),
        "--no-compile",  # see below
    )
    strict = (*unresolved, "--require-hashes", "--requirement")
    pip(*strict, "locks/build.lock")
    pip(*strict, "locks/packages.lock")
    # One version of torch has several builds. Which of them pip takes is up to this machine, its
    # index and its own files; afterwards it has to be one that the lock knows, like all the rest.
    lines = (ROOT / "locks" / "torch.lock").read_text()
    torch = re.findall(r"^torch==[^ ;]+", lines, re.MULTILINE)[0]
    if not list(venv.glob(f"lib/python*/site-packages/{torch.replace('==', '-')}*.dist-info")):
        with tempfile.TemporaryDirectory() as folder:
            pip("download", "--quiet", "--no-deps", "--dest", folder, torch)
            found = (*strict, "locks/torch.lock", "--no-index", "--find-links", folder)
            try:
                pip(*found)
            except subprocess.CalledProcessError:
                pip(*strict, "locks/torch.lock")
    remove_metadata()
    pip(*unresolved, "--editable", ".")
    # On all processors, where pip would use one. What Python cannot compile nobody imports.
    packages = map(str, venv.glob("lib/python*/site-packages"))
    compiling = ("-m", "compileall", "-qq", "-j", "0", *packages)
    with contextlib.suppress(subprocess.CalledProcessError):
        run([str(venv / "bin" / "python"), *compiling], lock, variables)
    left = troubles()
    if re.search(r"^torch .* requires", left, re.MULTILINE):
        say("this torch is one for CUDA: installing what it asks for, some gigabytes")
        pip(*strict, "locks/cuda.lock")
        left = troubles()
    if left:
        raise SetupError(
            *left.splitlines(),
            "the locks and pyproject.toml do not fit each other",
            "next: make lock, then the same make again",
        )
