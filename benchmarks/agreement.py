"""Compare our networks with what the original experiment reached, over many seeds.

Run by `make agreement`; writes docs/agreement.md.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np

from spiralcore import Trajectory
from spiralcore.activations import ACTIVATIONS
from spiralcore.processes import Crew, Done, Failed
from spiralcore.recipe import NetworkRecipe
from spiralcore.training.jobs import training_job

# Two random draws each of the original after 10,000 epochs: cross-entropy, L2 term, accuracy.
ORIGINAL = {
    (2, "tanh"): ("0.011, 0.019", "0.086, 0.100", "1.000, 1.000"),
    (2, "relu"): ("0.006, 0.005", "0.062, 0.059", "1.000, 1.000"),
    (3, "tanh"): ("0.027, 0.029", "0.125, 0.129", "1.000, 1.000"),
    (3, "relu"): ("0.009, 0.008", "0.081, 0.081", "1.000, 1.000"),
    (4, "tanh"): ("0.047, 0.047", "0.169, 0.165", "1.000, 1.000"),
    (4, "relu"): ("0.011, 0.010", "0.091, 0.089", "1.000, 1.000"),
    (5, "tanh"): ("0.150, 0.156", "0.209, 0.213", "1.000, 0.999"),
    (5, "relu"): ("0.015, 0.014", "0.105, 0.104", "1.000, 1.000"),
    (6, "tanh"): ("0.252, 0.258", "0.256, 0.246", "1.000, 1.000"),
    (6, "relu"): ("0.046, 0.017", "0.154, 0.121", "1.000, 1.000"),
    (7, "tanh"): ("0.355, 0.361", "0.298, 0.292", "1.000, 0.999"),
    (7, "relu"): ("1.946, 0.738", "0.000, 0.144", "0.143, 0.724"),
}

HEAD = """# Agreement with the original experiment

Made by `make agreement`: {networks} networks, the default settings, seeds {first} to {last}.
Columns of ours: median [smallest, largest] over the seeds. Columns of the original: two runs of it
with different random draws, 10,000 epochs, all points.

A run is **dead** when a unit of the drawn layer is 0 for every point at the end, and **stuck** when
it is not dead and ends below an accuracy of 0.99. ReLU networks of the original do both, too:
its two K=7 runs in the table are one of each.

Medians agree. A part of the tanh runs gets stuck, too, in a local minimum in which one arm stays
cut: two draws of the original are too few to show that. The other common form of Adam, with epsilon
added before the correction of the bias, gets stuck from the same draws.

"""


def main() -> None:
    """Train what is missing and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, default=Path("renders/agreement"))
    parser.add_argument("--out", type=Path, default=Path("docs/agreement.md"))
    options = parser.parse_args()
    seeds = range(1, options.seeds + 1)
    recipes = [
        NetworkRecipe(classes=classes, activation=name, seed=seed)
        for seed in seeds
        for classes, name in ORIGINAL
    ]
    with Crew(options.jobs) as crew:
        for recipe in recipes:
            path = options.folder / f"seed{recipe.seed}-{recipe.file_name}"
            if not path.exists():
                crew.submit(training_job(recipe, path))
        for event in crew.events():
            if isinstance(event, Done):
                print(event.job.title, flush=True)
            elif isinstance(event, Failed):
                print(f"{event.job.title}: {event.error}", flush=True)
    options.out.write_text(report(recipes, options.folder), encoding="utf-8")


def report(recipes: list[NetworkRecipe], folder: Path) -> str:
    """The document, from the trajectories in a folder."""
    seeds = sorted({recipe.seed for recipe in recipes})
    lines = [
        "| K | activation | cross-entropy: ours | original | L2 term: ours | original "
        "| accuracy: ours | original | dead | stuck |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    fidelity = [
        "| K | activation | median epoch | 99 % | worst epoch | kept epochs | largest file |",
        "|---|---|---|---|---|---|---|",
    ]
    good_seeds = set(seeds)
    for (classes, name), original in ORIGINAL.items():
        entropy, penalty, accuracy, dead, worst, kept, size = [], [], [], 0, [], [], []
        stuck = 0
        for recipe in recipes:
            if (recipe.classes, recipe.activation) != (classes, name):
                continue
            path = folder / f"seed{recipe.seed}-{recipe.file_name}"
            run = Trajectory.load(path)
            entropy.append(run.cross_entropy[-1])
            penalty.append(run.loss[-1] - run.cross_entropy[-1])
            accuracy.append(run.accuracy[-1])
            worst.append(run.fidelity)
            kept.append(len(run.epochs))
            size.append(path.stat().st_size / 1e6)
            is_dead = bool(run.dead_since)
            is_stuck = not is_dead and run.accuracy[-1] < 0.99
            dead, stuck = dead + is_dead, stuck + is_stuck
            if is_dead or is_stuck:
                good_seeds.discard(recipe.seed)
        label = ACTIVATIONS[name].label
        cells = [
            cell
            for ours, theirs in zip((entropy, penalty, accuracy), original, strict=True)
            for cell in (_spread(ours), theirs)
        ]
        count = len(seeds)
        lines.append(
            f"| {classes} | {label} | {' | '.join(cells)} | {dead}/{count} | {stuck}/{count} |"
        )
        p50, p99, most = np.array(worst).max(axis=0)
        fidelity.append(
            f"| {classes} | {label} | {p50:.4f} | {p99:.4f} | {most:.4f} "
            f"| {min(kept):,} to {max(kept):,} | {max(size):.1f} MB |"
        )
    head = HEAD.format(networks=len(recipes), first=seeds[0], last=seeds[-1])
    return (
        head
        + "\n".join(lines)
        + "\n\nSeeds without any dead or stuck network in all twelve: "
        + (", ".join(map(str, sorted(good_seeds))) or "none")
        + ".\n\n## Faithfulness of the records\n\n"
        + "How far the worst point of an epoch is from the straight line between the kept epochs, "
        "as a\npart of the panel's width at that epoch; the largest value over the seeds.\n\n"
        + "\n".join(fidelity)
        + "\n"
    )


def _spread(values: list[float]) -> str:
    return f"{np.median(values):.3f} [{min(values):.3f}, {max(values):.3f}]"


if __name__ == "__main__":
    main()
