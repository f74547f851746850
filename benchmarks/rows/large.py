"""Large records of one's own network (16 to 18): ``python -m benchmarks.rows.large CASE FILE``."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, Target
from benchmarks.measuring import python, run, spiral
from benchmarks.workshop import Workshop

WIDE, MANY = "wide", "many"

CASES = {WIDE: (512, 5_000, 200), MANY: (2, 60_000, 100)}
"""Units of the recorded layer, points, epochs."""

INPUTS, CLASSES, BATCH = 64, 10, 500


def large(shop: Workshop) -> Iterator[Figure]:
    """What large records cost: at the end, in memory, on disk, read, drawn, and at each step."""
    told, files = {}, {}
    for case in CASES:
        shop.say(f"large records: {case}")
        files[case] = shop.scratch / f"{case}.npz"
        last = run(python("-m", "benchmarks.rows.large", case, files[case])).output.splitlines()
        told[case] = json.loads(next(line for line in last if line.startswith("{")))
    for case, number in ((WIDE, "16"), (MANY, "17")):
        units, points, epochs = CASES[case]
        title = f"{epochs:,} epochs of {points:,} points and {units:,} units"
        found = told[case]
        yield Figure(
            number, f"{title}: after the last step", "s CPU", ours=found["end"],
            target=Target(most=15, of="ours", unit="s"), note=found["kept"],
        )  # fmt: skip
        yield Figure(
            f"{number}b", f"{title}: most memory", "GB", ours=found["peak"],
            target=Target(most=1.5, of="ours", unit="GB"),
        )  # fmt: skip
        yield Figure(
            f"{number}c", f"{title}: the file", "MB", ours=files[case].stat().st_size / 1e6,
            target=Target(most=24, of="ours", unit="MB"),
        )  # fmt: skip
        info = run(spiral("info", files[case]))
        yield Figure(
            f"{number}d", f"{title}: `spiral info`", "s CPU", ours=info.cpu,
            target=Target(most=1, of="ours", unit="s") if case == WIDE else None,
        )  # fmt: skip
        film = run(spiral("render", "bending", files[case], "--out", shop.scratch / "large.mp4",
                          "--quality", "480p30"))  # fmt: skip
        yield Figure(
            f"{number}e", f"{title}: its film, 480p30", "s CPU", ours=film.cpu,
            target=Target(most=20, of="ours", unit="s") if case == WIDE else None,
        )  # fmt: skip
        yield Figure(
            f"18{'' if case == WIDE else 'b'}", f"{title}: step() against a forward pass", "s CPU",
            found["step"], found["forward"], found["step"] / found["forward"], Target(most=1.1),
            note="Medians over the epochs, one thread.",
        )  # fmt: skip


def record(case: str, file: Path) -> dict[str, float | str]:
    """Train a network with a recorder; what that cost."""
    import torch
    from torch import nn

    from spiralcore import Recorder, Trajectory
    from spiralcore.trajectory.summary import summary

    units, points, epochs = CASES[case]
    torch.set_num_threads(1)
    torch.manual_seed(0)
    labels = torch.arange(points) % CLASSES
    inputs = torch.randn(points, INPUTS) + 2 * torch.randn(CLASSES, INPUTS)[labels]
    net = nn.Sequential(
        nn.Linear(INPUTS, 512), nn.Tanh(), nn.Linear(512, units), nn.Tanh(),
        nn.Linear(units, CLASSES),
    )  # fmt: skip
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-4)
    forward, steps = [], []
    recorder = Recorder(file, net, "3", inputs, labels, overwrite=True, save_every=1e9)
    recorder.step()
    for epoch in range(epochs):
        for start in range(0, points, BATCH * (1 + points // 10_000)):
            part = slice(start, start + BATCH)
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(net(inputs[part]), labels[part])
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        began = time.process_time()
        with torch.no_grad():
            net(inputs)
        between = time.process_time()
        recorder.step(at=epoch + 1)
        steps.append(time.process_time() - between)
        forward.append(between - began)
    began = time.process_time()
    recorder.close()
    end = time.process_time() - began
    unit = 1 if sys.platform == "darwin" else 1024
    said = summary(Trajectory.load(file))
    return {
        "end": end,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9,
        "step": statistics.median(steps),
        "forward": statistics.median(forward),
        "kept": "; ".join(said[name] for name in ("epochs", "kept", "limited") if name in said),
    }


if __name__ == "__main__":
    print(json.dumps(record(sys.argv[1], Path(sys.argv[2]))))
