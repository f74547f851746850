"""A place to hurt the program in: small runs as a user starts them, and what they leave."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

RECIPE = """
classes = [3]
close_ups = [3]
activations = ["tanh"]
films = ["bending"]
formats = {formats}
seed = 1
[data]
points_per_class = 12
[training]
attempts = 1
epochs = 40
learning_rate = 0.002
[film]
quality = "120p10"
gif_height = 120
seconds = 4.0
hold = 0.2
"""
"""One network of forty epochs, and 5.4 s of film in two segments."""

MARK = "SPIRAL_YARD"
"""Variable in the environment by which a yard knows its processes, and theirs."""

GRACE = 30.0
"""Seconds in which orphans have to notice that they are alone."""


@dataclass
class Run:
    """How a command ended.

    Attributes
    ----------
    code
        Exit code, negative for a signal.
    out, err
        What it said.
    seconds
        How long it took.
    """

    code: int
    out: str
    err: str
    seconds: float


@dataclass
class Yard:
    """A folder, and the processes that are started for it.

    Parameters
    ----------
    folder
        Where commands run and results go, to `renders`. It is made.
    formats
        Of the film.
    """

    folder: Path
    formats: tuple[str, ...] = ("mp4", "png")
    mark: str = field(default_factory=lambda: uuid.uuid4().hex, init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir(exist_ok=True)
        (self.folder / "my.toml").write_text(RECIPE.format(formats=list(self.formats)))
        self._shared: set[str] = set()

    @property
    def renders(self) -> Path:
        """Where results go."""
        return self.folder / "renders"

    def start(
        self, *arguments: str, environment: dict[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Start the command in a session of its own."""
        mine = {MARK: self.mark, "TMPDIR": str(self.temporary), **(environment or {})}
        return subprocess.Popen(
            [sys.executable, "-m", "spiralcore.cli", *(arguments or RENDER)],
            cwd=self.folder, env={**os.environ, **mine}, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *arguments: str, environment: dict[str, str] | None = None) -> Run:
        """Run the command to its end."""
        started = time.monotonic()
        process = self.start(*arguments, environment=environment)
        out, err = process.communicate()
        return Run(process.returncode, out, err, time.monotonic() - started)

    def files(self) -> dict[str, str]:
        """What is in the results, hidden files too: a digest for each name."""
        found = {}
        for path in sorted(self.renders.rglob("*")):
            try:
                if path.is_file():
                    name = str(path.relative_to(self.renders))
                    found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
            except FileNotFoundError:
                continue
        return found

    def finished(self) -> dict[str, str]:
        """Those under the names of finished files."""
        return {
            n: d for n, d in self.files().items() if not any(p[0] == "." for p in Path(n).parts)
        }

    def processes(self) -> dict[int, str]:
        """Processes that run for this yard, by number, with their command lines."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"{MARK}={self.mark}".encode() in (folder / "environ").read_bytes():
                    line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if line:  # the dead have none
                        found[int(folder.name)] = line
            except (OSError, UnicodeDecodeError):
                continue
        return found

    def note_shared_memory(self) -> None:
        """Remember what the processes of this yard have in shared memory now; others have, too."""
        for number in self.processes():
            self._shared |= shared_memory(number)

    def left_behind(self, wanted: dict[str, str]) -> list[str]:
        """What there is that should not be: files, processes, temporary files, shared memory."""
        deadline = time.monotonic() + GRACE
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        left = [f"process {line}" for line in self.processes().values()]
        left += [f"file {name}" for name in self.files() if name not in wanted]
        left += [f"folder {p.name}" for p in self.renders.glob(".*") if p.is_dir()]
        left += [f"temporary {path.name}" for path in self.temporary.iterdir()]
        return left + [f"shared memory {n}" for n in self._shared if Path(SHARED, n).exists()]


RENDER = ("render", "--recipe", "my.toml", "--jobs", "2")


def shared_memory(process: int) -> set[str]:
    """Names in shared memory that a process has open."""
    try:
        lines = Path(f"/proc/{process}/maps").read_text().splitlines()
    except OSError:
        return set()
    return {line.partition(SHARED)[2].split(" ")[0] for line in lines if SHARED in line}


SHARED = "/dev/shm/"


def frames_digest(path: Path) -> str:
    """The decoded frames of a film, by another reader than the one that wrote them."""
    import av

    digest = hashlib.sha256()
    with av.open(str(path)) as video:
        for frame in video.decode(video=0):
            digest.update(np.ascontiguousarray(frame.to_ndarray(format="rgb24")).tobytes())
    return digest.hexdigest()
