"""A reader who types what the pages say, in one folder, with networks and pictures that are tiny.

Commands of `spiral` run in this process, with their own options and, above these, small ones.
What `make` would run is what it runs, but for the environment: its Python is a program that takes
down its arguments.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement

from spiralcore.cli.group import cli
from spiralcore.system.worker_pool import worker_pool
from tests.docs.blocks import ROOT
from tests.test_dependencies import EXTRAS

FILM = {
    "film.quality": '"120p1"',
    "film.seconds": "1",
    "film.hold": "0.1",
    "film.gif_height": "120",
    "film.gif_frame_rate": '"film"',
}
FEW_POINTS = {"data.points_per_class": "8"}
RUN = {
    **FEW_POINTS,
    "classes": "[4]",
    "close_ups": "[4]",
    "activations": '["tanh"]',
}
TRAINING = {"training.epochs": "12", "training.attempts": "1"}

SMALL = {
    "train": TRAINING,
    "render": {**FILM, **TRAINING},
    "export": {**FILM, **TRAINING},
    "gallery": {**FILM, **TRAINING},
}
"""Settings of verbs that stand above what a page says."""

GRID = """
[data]
points_per_class = 8
[network]
inner_widths = [8]
[training]
epochs = 6
[[part]]
classes = [2, 3]
units = [2]
activations = ["tanh"]
seeds = 1
"""

RECORDER = """#!/bin/sh
exec {python} -c 'import json, sys; print(json.dumps(sys.argv[1:]), file=open("{calls}", "a"))' "$@"
"""


@dataclass
class Session:
    """The folder in which a reader types, and what is known there.

    Attributes
    ----------
    folder
        Where commands run.
    names
        What blocks of Python find, and leave behind.
    typed
        Commands that have run, with what they were given; the same one makes the same again.
    """

    folder: Path
    names: dict[str, object] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)

    def type(self, line: str) -> None:
        """Do what one line of a page says; what is not known how to run fails."""
        for command in line.split("&&"):
            words = shlex.split(command.partition(" #")[0])
            variables = []
            while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
                variables.append(words.pop(0))
            assert words[0] in PROGRAMS, f"nobody knows how to try {words[0]}: {line}"
            PROGRAMS[words[0]](self, words[1:])

    def spiral(self, words: list[str]) -> None:
        """Run the command, smaller."""
        target = words.pop() if ">" in words else ""
        words = [word for word in words if word != ">"]
        words = [
            str(path)
            for word in words
            for path in (sorted(self.folder.glob(word)) if "*" in word else [word])
        ]
        if "--scheduler" in words:  # what a cluster does is tried elsewhere
            place = words.index("--scheduler")
            assert re.fullmatch(r"tcp://[\d.]+:\d+", words[place + 1])
            del words[place : place + 2]
        if words == ["playground"] or words[0] == "watch":
            return  # it serves until Ctrl-C
        if "--narration" in words:
            self._read_aloud(self.folder / words[words.index("--narration") + 1])
        words = [*words, *self._small(words)]
        recipe = (self.folder / "my.toml").read_text() if "my.toml" in words else ""
        if (whole := f"{shlex.join(words)} {recipe}") in self.typed:
            return
        self.typed.add(whole)
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.chdir(self.folder):
            code = cli.main(words, "spiral", standalone_mode=False)
        # Two trainings differ, and so may what a machine has.
        assert not code or words[0] in ("diff", "doctor"), said.getvalue()
        if target:
            small = GRID if words[0] == "study" else said.getvalue()
            (self.folder / target).write_text(small)

    def _read_aloud(self, folder: Path) -> None:
        """Record what the script in a folder says, as a hum."""
        (script,) = folder.glob("*.txt")
        for name in re.findall(r"(?m)^\d+\.wav", script.read_text("utf-8")):
            with wave.open(str(folder / name), "wb") as recording:
                recording.setparams((1, 2, 8000, 0, "NONE", ""))
                recording.writeframes(b"\x00\x10\x00\xf0" * 800)

    def _small(self, words: list[str]) -> list[str]:
        verb, *rest = words
        if verb == "diff" and "--film" in rest:
            return ["--quality", "120p1", "--seconds", "1"]
        settings = dict(SMALL.get(verb, {}))
        if verb == "train" and not any(word.endswith(".csv") for word in rest):
            settings |= FEW_POINTS
        names = [word for word in rest if not word.startswith("-")]
        if verb == "render" and (not names or rest[0].startswith("-")):
            settings |= RUN | ({"formats": '["png"]'} if rest else {})
        if verb in ("gallery", "export") and not any(".npz" in word for word in rest):
            settings |= RUN
        return [word for item in settings.items() for word in ("--set", "=".join(item))]

    def make(self, words: list[str]) -> None:
        """Ask make what it would run, and run that if it is `spiral`."""
        for call in called_by_make(self.folder, words):
            assert call[0] == "-m" or (ROOT / call[0]).exists() or call[0] == "-c"
            if call[:2] == ["-m", "spiralcore.cli"]:
                self.spiral(call[2:])
            elif call[0] == "-m":
                assert find_spec(call[1])

    def pip(self, words: list[str]) -> None:
        """Look up the extras."""
        assert words[0] == "install"
        for asked in map(Requirement, words[1:]):
            assert asked.name == "spiralcore"
            assert asked.extras <= EXTRAS.keys()

    def manim(self, words: list[str]) -> None:
        """Look up the scene; what it shows is tried with the films."""
        verb, file, name = words[0], words[-2], words[-1]
        if found := re.fullmatch(r"\$\(python -m spiralcore.scenes (\w+)\)", file):
            file = f"scenes/{found[1]}.py"
        if verb == "render":
            if (self.folder / file).exists():  # written by `spiral new`, which has its own tests
                assert f"class {name}(Film)" in (self.folder / file).read_text()
                return
            scene = import_module(f"spiralcore.scenes.{Path(file).stem}")
            assert (ROOT / file).exists()
            assert isinstance(getattr(scene, name), type)

    def manim_slides(self, words: list[str]) -> None:
        """Look up the command."""
        from manim_slides.__main__ import cli as main

        assert isinstance(main, click.Group)
        assert words[0] in main.commands
        if words[0] == "render":
            self.manim(words)

    def dask(self, words: list[str]) -> None:
        """Read the options as Dask would."""
        command = import_module(f"distributed.cli.dask_{words[0]}").main
        command.make_context("dask", words[1:])

    def docker(self, words: list[str]) -> None:
        """Look up the file, and read what follows the name of the image as the image would."""
        assert (ROOT / "Dockerfile").exists()
        if words[0] == "run":
            verb, *rest = words[words.index("spiralcore") + 1 :]
            command = cli.get_command(click.Context(cli), verb)
            assert command is not None
            command.make_context(verb, rest)

    def nothing(self, words: list[str]) -> None:
        """What the test has done already: a clone, an environment."""


PROGRAMS: dict[str, Callable[[Session, list[str]], object]] = {
    "spiral": Session.spiral,
    "make": Session.make,
    "pip": Session.pip,
    "manim": Session.manim,
    "manim-slides": Session.manim_slides,
    "dask": Session.dask,
    "docker": Session.docker,
    "git": Session.nothing,
    "cd": Session.nothing,
    ".": Session.nothing,
}
"""How each program is tried."""


def called_by_make(folder: Path, words: list[str]) -> list[list[str]]:
    """What make gives to the Python of its environment, in order."""
    calls, python = folder / "calls.txt", folder / "fake" / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(RECORDER.format(python=shlex.quote(sys.executable), calls=calls))
    python.chmod(0o755)
    calls.write_text("")
    ready = ["-o", "setup", "-o", "test-programs", f"VENV={folder / 'fake'}"]
    if "setup" in words:
        ready = ["-n"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    subprocess.run(
        ["make", *ready, *words], cwd=ROOT, env=kept, check=True, stdout=subprocess.DEVNULL
    )
    return [json.loads(line) for line in calls.read_text().splitlines()]


def without_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands do their work in this process, where everything is loaded."""
    monkeypatch.setattr("spiralcore.cli.engines.worker_pool", lambda jobs: worker_pool(0))
