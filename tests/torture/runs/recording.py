"""Recorded trainings killed at random moments: how much of the record is lost, and what is left."""

from __future__ import annotations

import random
import signal
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from spiralcore import Trajectory
from spiralcore.errors import SpiralError
from spiralcore.recording.record_file import PATIENCE
from tests import warm
from tests.torture.parts import Row

KILLS = 100
INTERVAL = 1.0
"""Seconds between two times that the file is saved."""

LONGEST = 3.0
"""Seconds after the first epoch in which a kill comes."""

BEGIN = """
import sys, time
import numpy as np
sys.path.insert(0, {root!r})
from tests.torture.runs.recording import STEP, points, scale, state
def said(epoch):
    print(epoch, time.monotonic(), flush=True)
    time.sleep(STEP)
"""

ARRAYS = """
from spiralcore import ArrayRecorder
x, y, weight = points()
with ArrayRecorder("a.npz", x, y, activation="tanh", resume=True, save_every={interval}) as rec:
    for epoch in range(max(rec.epoch - 1, 0), {last}):
        hidden = state(x, epoch)
        rec.observe(hidden, readout=(weight, None), outputs=hidden @ weight.T)
        said(epoch)
"""

TORCH = """
import torch
from spiralcore import Recorder
x, y, weight = points()
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("scale", torch.ones(()))
        self.bend, self.head = torch.nn.Tanh(), torch.nn.Linear(2, 3, bias=False)
        self.head.weight.data = torch.from_numpy(weight)
    def forward(self, inputs):
        return self.head(self.bend(inputs * self.scale))
net = Net()
rec = Recorder("b.npz", net, layer="bend", inputs=x, labels=y, resume=True, save_every={interval})
first = max(rec.epoch - 1, 0)
for epoch in range(first, {last}):
    net.scale.fill_(float(scale(epoch)))
    rec.step()
    said(epoch)
"""

PROGRAMS = {"a.npz": ARRAYS, "b.npz": TORCH}
STEP = 0.004
LAST = 10**6


def points() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points, labels, and the weight of the read-out."""
    chance = np.random.default_rng(0)
    x = chance.normal(size=(60, 2)).astype(np.float32)
    return x, np.arange(60) % 3, chance.normal(size=(3, 2)).astype(np.float32)


def scale(epoch: int) -> np.float32:
    """By how much the layer enlarges the points: up and down, so that it never rests."""
    return np.float32(1.5 + np.sin(0.02 * epoch))


def state(x: np.ndarray, epoch: int) -> np.ndarray:
    """The layer at an epoch."""
    return np.tanh(x * scale(epoch))


class Kill(NamedTuple):
    """A training that was killed.

    Attributes
    ----------
    lost
        Seconds of it that the file does not have.
    longest
        Seconds between two epochs, at most: a save is in one of them.
    wrong
        What is not as it should be.
    """

    lost: float
    longest: float
    wrong: list[str]


def most_lost(interval: float, longest: float) -> float:
    """Seconds of a training that a kill may cost: saves come less often where they take long."""
    return max(interval, PATIENCE * longest) + longest


def kill_one(folder: Path, file: str, wait: float, interval: float = INTERVAL) -> Kill:
    """Go on with a training, and kill it a while after its first epoch."""
    root = str(Path(__file__).parents[3])
    code = (BEGIN + PROGRAMS[file]).format(root=root, interval=interval, last=LAST)
    before = Trajectory.load(folder / file).trained_epochs if (folder / file).exists() else -1
    process = warm.start("-c", code, folder=folder)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(wait)
    process.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    out, err = process.communicate(timeout=60)
    if not first:
        return Kill(0.0, 0.0, [f"did not go on: {err[-300:]}"])
    # The last line may have been cut off.
    lines = (first + out).splitlines()[: None if out.endswith("\n") else -1]
    times = {int(epoch): float(at) for epoch, at in (line.split() for line in lines or [first])}
    begun, moments = next(iter(times)), [*times.values()]
    longest = max([STEP, *np.diff([*moments, killed])])
    wrong = []
    if begun != max(before, 0):
        wrong.append(f"went on at epoch {begun}, and the file had {before}")
    try:
        kept = Trajectory.load(folder / file).trained_epochs if (folder / file).exists() else -1
    except SpiralError as error:
        return Kill(0.0, longest, [*wrong, f"the file is not whole: {error}"])
    # Before the first save of this process the file is as it was.
    lost = killed - times.get(kept, killed) if kept > before else killed - moments[0]
    if kept < before:
        wrong.append(f"the file had epoch {before}, and has {kept}")
    if lost > most_lost(interval, longest):
        wrong.append(f"lost {lost:.2f} s")
    return Kill(lost, longest, wrong)


def finish(folder: Path, file: str) -> list[str]:
    """Let a training end by itself after some more epochs; what is wrong with its file."""
    root, path = str(Path(__file__).parents[3]), folder / file
    last = (Trajectory.load(path).trained_epochs if path.exists() else 0) + 20
    code = (BEGIN + PROGRAMS[file]).format(root=root, interval=INTERVAL, last=last + 1)
    ran = warm.run("-c", code, folder=folder)
    if ran.returncode:
        return [f"{file} does not end: {ran.stderr[-300:]}"]
    found = Trajectory.load(path)
    wrong = [] if found.trained_epochs == last else [f"{file} ends at {found.trained_epochs}"]
    for epoch, hidden in zip(found.epochs, found.hidden, strict=True):
        if np.abs(hidden - state(points()[0], int(epoch))).max() > 2e-3:
            wrong.append(f"{file} is wrong at epoch {epoch}")
    left = sorted(path.name for path in folder.iterdir() if path.name not in PROGRAMS)
    return [*wrong, *(f"left {name}" for name in left)]


def rows(folder: Path, short: bool) -> Iterator[Row]:
    """All kills, then what is there at the end."""
    chance, files = random.Random(5), list(PROGRAMS)
    count, interval, longest = (2, 0.1, 0.3) if short else (KILLS, INTERVAL, LONGEST)
    kills = [
        kill_one(folder, files[i % 2], chance.uniform(0.0, longest), interval) for i in range(count)
    ]
    wrong = [text for kill in kills for text in kill.wrong]
    yield Row(
        f"recorded trainings, half of them in torch, killed by SIGKILL: {count}",
        f"{len(wrong)} files that are not whole, go back, or are not gone on with"
        + "".join(f"; {text}" for text in wrong[:3]),
        not wrong,
    )
    lost = sorted(kill.lost for kill in kills)
    yield Row(
        f"of the training lost, with a save every {interval:g} s: median, most",
        f"{statistics.median(lost):.2f} s, {lost[-1]:.2f} s",
        all(kill.lost <= most_lost(interval, kill.longest) for kill in kills),
    )
    last = [text for file in files for text in finish(folder, file)]
    yield Row(
        "after one more call: epochs that are missing or wrong, files that were left behind",
        f"{len(last)}" + "".join(f"; {text}" for text in last[:3]),
        not last,
    )
