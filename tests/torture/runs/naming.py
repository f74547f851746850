"""Odd places: names with anything in them, folders that go away, clocks that step back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.torture.parts import Row
from tests.torture.runs.workroom import contents, make, tiny_recipe
from tests.torture.yard import Yard

NAMES = (
    "with spaces", "it's 'quoted'", 'a "double" one', "line\nbreak", "tab\tand\rreturn",
    "Spirale größer 渦巻き 🌀", "%d and %03d", "-loglevel", "a:b", "pipe:", "concat:x|y", "file:x",
    "[stream], ; = #", "back\\slash", "$(touch evil) `id` & | >", "*?[a-z]", "\x1b[31mred",
    "..hidden", "n" * 250, os.fsdecode(b"not \xff text"),
)  # fmt: skip
SHORT_NAMES = ("line\nbreak 'and' \"all\" %d ?# [a]", "n" * 250)


def name_all(folder: Path, names: tuple[str, ...]) -> list[str]:
    """Make everything in folders of odd names; what went wrong."""
    troubles = []
    make(tiny_recipe(folder / "plain", figures=False))
    wanted = contents(folder / "plain")
    for name in names:
        place = folder / name
        failures = make(tiny_recipe(place, figures=False)).failures
        troubles += [f"{name!r}: {failure.error}" for failure in failures]
        if contents(place) != wanted:
            troubles.append(f"{name!r}: other files")
        shutil.rmtree(place)
    return troubles


def command_line(folder: Path) -> list[str]:
    """The whole command on files whose names have everything in them; what went wrong."""
    yard = Yard(folder)
    troubles = []
    name = 'it\'s a\n"film" 🌀 %d.npz'
    for arguments in (
        ("train", "--classes", "2", "--points", "8", "--epochs", "30", "--attempts", "1",
         "--widths", "8", "2", "--out", name),
        ("render", "bending", name, "--quality", "120p10", "--seconds", "1",
         "--out", f"{name}.mp4"),
        ("info", name),
        ("plot", name, "--figures", "loss", "--out", name.removesuffix(".npz")),
    ):  # fmt: skip
        run = yard.run(*arguments)
        if run.code or "Traceback" in run.err:
            troubles.append(f"{arguments[0]}: exit code {run.code}, {run.err[-300:]}")
    made = {path.name for path in yard.folder.rglob("*") if path.is_file()}
    stem = name.removesuffix(".npz")
    for path in (name, f"{name}.mp4", f"loss-{stem}.png", f"loss-{stem}.svg"):
        if path not in made:
            troubles.append(f"{path!r} is missing")
    long = "m" * 246 + ".npz"
    shutil.copy(folder / name, folder / long)
    run = yard.run("render", "bending", long)
    said = f"The name bending-{'m' * 32}... is 258 bytes long.\nexpected: up to 255 bytes."
    if run.code != 2 or said not in run.err:
        troubles.append(f"a name of 258 bytes: exit code {run.code}, {run.err!r}")
    return troubles


def vanish(folder: Path, wanted: dict[str, str], how: str) -> list[str]:
    """Take the folder of results away while films are made; what went wrong.

    Parameters
    ----------
    folder
        Where; it has to be new.
    wanted
        Files of an undisturbed run.
    how
        ``removed`` or ``renamed``.
    """
    yard = Yard(folder)
    process = yard.start()
    while process.poll() is None and not list(yard.renders.glob(".segments/.part-*")):
        time.sleep(0.01)
    if how == "removed":
        while process.poll() is None and yard.renders.exists():
            shutil.rmtree(yard.renders, ignore_errors=True)
    else:
        yard.renders.rename(yard.folder / "elsewhere")
    _, err = process.communicate()
    troubles = []
    if process.returncode not in (0, 1) or "Traceback" in err:
        troubles.append(f"{how}: exit code {process.returncode}, {err[-400:]}")
    if process.returncode == 1 and "expected:" not in err:
        troubles.append(f"{how}: said {err[-400:]}")
    again = yard.run()
    if again.code or yard.finished() != wanted:
        troubles.append(f"{how}: the next call ends with {again.code}, {again.err[-300:]}")
    return troubles + [f"{how}: {left}" for left in yard.left_behind(wanted)]


FAKETIME = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
)


def why_no_clock() -> str:
    """Why the clock cannot be turned back here; an empty text where it can."""
    found = sys.platform == "linux" and any(Path(path).exists() for path in FAKETIME)
    return "" if found else "turning the clock back takes libfaketime (apt-get install faketime)"


def turn_back(folder: Path, wanted: dict[str, str]) -> list[str]:
    """Step the clock of a run back by a year while it runs, and again; what went wrong."""
    yard = Yard(folder)
    stamp = yard.folder / "clock"
    stamp.write_text("+0")
    clock = {
        "LD_PRELOAD": next(path for path in FAKETIME if Path(path).exists()),
        "FAKETIME_TIMESTAMP_FILE": str(stamp), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    process = yard.start(environment=clock)
    while process.poll() is None and not yard.finished():
        time.sleep(0.02)
    stamp.write_text("-1y")
    _, err = process.communicate()
    troubles = []
    if process.returncode or yard.finished() != wanted:
        troubles.append(f"the run ends with {process.returncode}, {err[-300:]}")
    year = [sys.executable, "-c", "import time; print(time.gmtime().tm_year)"]
    shown = subprocess.run(year, env={**os.environ, **clock}, capture_output=True, check=True)
    if int(shown.stdout) >= time.gmtime().tm_year:
        troubles.append("the clock has not been turned back")
    again = yard.run(environment=clock)
    if again.out != f"Everything is up to date: {len(wanted)} files.\n":
        troubles.append(f"the next call says {again.out} {again.err[-300:]}")
    return troubles


def rows(folder: Path, short: bool) -> Iterator[Row]:
    """The table of this part."""
    names = SHORT_NAMES if short else NAMES
    troubles = name_all(folder / "names", names)
    yield _row(
        f"{len(names)} names of folders: quotes, line breaks, 250 letters and worse", troubles
    )
    if short:
        return
    yield _row("the commands on files with such names", command_line(folder / "commands"))
    yard = Yard(folder / "undisturbed")
    yard.run()
    wanted = yard.finished()
    for how in ("removed", "renamed"):
        troubles = vanish(folder / how, wanted, how)
        yield _row(f"results {how} in the middle of a run, and the next call", troubles)
    why = why_no_clock()
    if why:
        yield Row("a clock that steps back by a year in the middle of a run", f"not tried: {why}")
    else:
        troubles = turn_back(folder / "clock", wanted)
        yield _row("a clock that steps back by a year in the middle of a run", troubles)


def _row(what: str, troubles: list[str]) -> Row:
    return Row(what, "; ".join([f"{len(troubles)} troubles", *troubles[:3]]), not troubles)
