"""Cut off: everything without a network, and nothing that asks for one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.torture.parts import Row
from tests.torture.runs.together import read_log, spying
from tests.torture.yard import MARK, Yard

UNSHARE = ("unshare", "--net", "--")

COMMANDS = (
    ("render", "--recipe", "my.toml", "--figures"),
    ("train", "--classes", "2", "--points", "8", "--epochs", "30", "--widths", "8", "2"),
    ("info", "k.npz", "--json"),
    ("render", "bending", "k.npz", "--quality", "120p10", "--seconds", "1", "--formats", "png"),
    ("plot", "k.npz", "--figures", "loss"),
    ("diff", "k.npz", "k.npz"),
    ("export", "bending", "k.npz", "--seconds", "1", "--to", "webp", "html", "pptx", "--quality",
     "120p10"),
    ("gallery", "--recipe", "my.toml"),
    ("gallery", "k.npz"),
    ("study", "grid.toml", "--jobs", "2", "--figures"),
    ("films",),
    ("doctor",),
)  # fmt: skip
GRID = """
[data]
points_per_class = 8
[training]
epochs = 20
[[part]]
activations = ["tanh"]
units = [2]
classes = [2]
seeds = 2
"""
SHORT_COMMANDS = (("render", "--recipe", "my.toml", "--jobs", "1"),)


def why_no_cut() -> str:
    """Why the network cannot be cut off here; an empty text where it can."""
    try:
        tried = subprocess.run([*UNSHARE, "true"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "cutting off the network takes unshare, of Linux"
    return "" if tried.returncode == 0 else f"no network namespace here: {tried.stderr.strip()}"


def cut_off(folder: Path, commands: tuple[tuple[str, ...], ...]) -> dict[str, list[str]]:
    """Run commands without a network; what went wrong with each, and what it tried to reach."""
    import os
    import shutil

    yard = Yard(folder)
    (folder / "grid.toml").write_text(GRID)
    troubles: dict[str, list[str]] = {}
    for number, command in enumerate(commands):
        log = folder / f"log-{number}"
        mine = {MARK: yard.mark, "TMPDIR": str(yard.temporary), **spying(log)}
        run = subprocess.run(
            [*UNSHARE, sys.executable, "-m", "spiralcore.cli", *command],
            cwd=folder, env={**os.environ, **mine}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        found = [f"exit code {run.returncode}: {run.stderr[-300:]}"] if run.returncode else []
        found += [f"{process} {words}" for _, process, words in read_log(log)]
        troubles[" ".join(command[:2])] = found
        made = list((yard.renders / "trajectories").glob("*.npz"))
        if made:
            shutil.copy(made[0], folder / "k.npz")
    return troubles


def rows(folder: Path, short: bool) -> Iterator[Row]:
    """The table of this part."""
    why = why_no_cut()
    if why:
        yield Row("everything without a network", f"not tried: {why}")
        return
    for command, troubles in cut_off(folder, SHORT_COMMANDS if short else COMMANDS).items():
        text = "; ".join(
            [f"{len(troubles)} failures and attempts to reach anything", *troubles[:3]]
        )
        yield Row(f"`spiral {command}` without a network", text, not troubles)
