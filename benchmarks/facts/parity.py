"""Compare the directions of our classes with those that the original experiment published.

Run by `make parity`; writes docs/seed-parity.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.facts.agreement import ORIGINAL, train
from benchmarks.facts.pointing import Doubles, Measured, Sorted, gaps_around
from benchmarks.facts.published import PARTLY_AT_ZERO, PUBLISHED_ANGLES, PUBLISHED_LOSSES
from spiralcore import Trajectory
from spiralcore.analysis.network.vector_field import FIELD_NODES, MARGIN
from spiralcore.recipe import NetworkRecipe
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.system.cores import cores

HEAD = """# Directions of the classes, beside those of the original experiment

Made by `make parity`: {networks} networks of the default settings, seeds {seeds}.

The network up to its last hidden layer, which has two units, is a function from the plane to the
plane: a vector field. The original shows histograms of the directions of this field, with the
circular mean and the circular standard deviation of each class above them, for one network of each
class count from 2 to 7 and each activation. These numbers are copied here. Ours are computed at the
end of the training (Mardia and Jupp 2000, Directional Statistics, 2.2.2 and 2.3.11) in two ways:

- **over the input plane**: on a grid of {nodes} x {nodes} nodes over the square that holds the
  data, by the class that the network predicts there. This is what the numbers of the original agree
  with, and what stands beside them below.
- **over the points**, by their own class: the layer as the training sees it. Points are drawn much
  closer together than the rest of the plane; compare the last table.

What can be compared, and what cannot:

- **Not the class that points somewhere.** First weights decide, by chance, which class gets which
  direction. All lists are sorted.
- **tanh: gaps and spreads.** The square stays the same in quarter turns and mirrors, so a set of
  directions stands for eight. Gaps between neighbouring means, all around, are the same for all
  eight but for their order: they are sorted by size. So are the spreads.
- **ReLU: means, up to one mirror.** Only the two axes of the quadrant can change places. Of the two
  pictures of each of our networks the one is taken that is closer to the original's means; where
  there are none, the one that begins closer to its axis.
- **The dead corner.** Where a ReLU layer is at (0, 0) it has no direction. We leave such vectors
  out and count them. The original counts them as pointing to 0°: in its pictures a class with zero
  vectors has a bar there, apart from its others. That touches one class of its networks of 3
  (41.7 ± 44.1), 4 (77.4 ± 26.5), 5 (30.3 ± 43.9) and 7 classes (33.1 ± 45.4).
- **The part of the plane.** Ours is the square that reaches {margin} times the data's largest
  coordinate; that of the original is a rectangle of about that size. Far from the data a direction
  depends on little but the last weights, so spreads depend on it to some degree.
- **One draw beside {count} of ours.** A number outside of our range says little.

Networks that died or got stuck were trained again, up to eight times in all; the attempt that
counts is in the last table, and [agreement](agreement.md) has first attempts.

"""


def main() -> None:
    """Train what is missing and write the document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=cores())
    parser.add_argument("--folder", type=Path, default=Path("renders/agreement"))
    parser.add_argument("--out", type=Path, default=Path("docs/seed-parity.md"))
    options = parser.parse_args()
    paths = train(range(1, options.seeds + 1), options.jobs, options.folder)
    options.out.write_text(report(paths), encoding="utf-8")


def report(paths: dict[NetworkRecipe, Path]) -> str:
    """The document, from the trajectories of some recipes."""
    seeds = sorted({recipe.seed for recipe in paths})
    runs: Runs = {}
    for recipe, path in paths.items():
        measured = Measured.of(Trajectory.load(path))
        runs.setdefault((recipe.classes, recipe.activation), []).append(measured)
    head = HEAD.format(
        networks=len(paths),
        seeds=", ".join(map(str, seeds)),
        count=len(seeds),
        nodes=FIELD_NODES,
        margin=MARGIN,
    )
    parts = [
        head + "## In short",
        "\n".join(_summary(runs)),
        "## tanh\n\nIn degrees. Ours: median [smallest, largest] over the seeds, at each place of "
        "the sorted list.",
        "\n".join(_tanh_table(runs)),
        "## ReLU\n\nIn degrees: mean of the class, then its deviation, in the order of the means. "
        "Ours as above.",
        "\n".join(_relu_table(runs)),
        "## Losses and accuracies\n\nOurs: median [smallest, largest] over the seeds. Of the "
        "original: two own runs of it, 10,000\nepochs, all points; and the end of the curve in its "
        "picture, read by eye, of yet another draw.",
        "\n".join(_loss_table(runs)),
        "## Each network of ours\n\nMeans ± deviations in degrees.",
        "\n".join(_every_run(runs, seeds)),
    ]
    return "\n\n".join(parts) + "\n"


Runs = dict[tuple[int, str], list[Measured]]


def _published(classes: int, name: str) -> tuple[Doubles, Doubles] | None:
    """Means and deviations of the original, ordered by mean."""
    pairs = PUBLISHED_ANGLES.get((classes, name))
    return None if pairs is None else (np.array(pairs)[:, 0], np.array(pairs)[:, 1])


def _tanh_table(runs: Runs) -> Iterable[str]:
    yield "| K | gaps: ours | original | spreads: ours | original |"
    yield "|---|---|---|---|---|"
    for (classes, name), measured in sorted(runs.items()):
        if name != "tanh":
            continue
        published = _published(classes, name)
        gaps = _places([gaps_around(run.plane.means) for run in measured])
        spreads = _places([np.sort(run.plane.deviations) for run in measured])
        theirs = ("not published", "not published")
        if published:
            theirs = _row(gaps_around(published[0])), _row(np.sort(published[1]))
        yield f"| {classes} | {gaps} | {theirs[0]} | {spreads} | {theirs[1]} |"


def _relu_table(runs: Runs) -> Iterable[str]:
    yield "| K | means: ours | original | deviations: ours | original | zero vectors: ours |"
    yield "|---|---|---|---|---|---|"
    for (classes, name), measured in sorted(runs.items()):
        if name != "relu":
            continue
        published = _published(classes, name)
        images = _images(measured, published)
        means = _places([image.means for image in images])
        spreads = _places([image.deviations for image in images])
        theirs = (_row(published[0]), _row(published[1])) if published else ("not published",) * 2
        lost = ", ".join(f"{run.plane.undirected:.1%}" for run in measured)
        yield f"| {classes} | {means} | {theirs[0]} | {spreads} | {theirs[1]} | {lost} |"


def _images(
    measured: Sequence[Measured], published: tuple[Doubles, Doubles] | None
) -> list[Sorted]:
    means = published[0] if published else None
    return [run.plane.beside(means) for run in measured]


def _loss_table(runs: Runs) -> Iterable[str]:
    yield (
        "| K | activation | cross-entropy: ours | original, own runs | its picture "
        "| accuracy: ours | original, own runs |"
    )
    yield "|---|---|---|---|---|---|---|"
    for (classes, name), (entropy, _, accuracy) in ORIGINAL.items():
        measured = runs[classes, name]
        ours = _spread([run.cross_entropy for run in measured])
        right = _spread([run.accuracy for run in measured])
        picture = PUBLISHED_LOSSES.get((classes, name), "not published")
        label = ACTIVATIONS[name].label
        yield f"| {classes} | {label} | {ours} | {entropy} | {picture} | {right} | {accuracy} |"


def _every_run(runs: Runs, seeds: Sequence[int]) -> Iterable[str]:
    yield "| K | activation | seed | over the plane | over the points | loss | accuracy | attempt |"
    yield "|---|---|---|---|---|---|---|---|"
    for classes, name in ORIGINAL:
        for seed, run in zip(seeds, runs[classes, name], strict=True):
            plane, points = _directions(run.plane), _directions(run.points)
            trouble_note = f"; {run.trouble}" if run.trouble else ""
            yield (
                f"| {classes} | {ACTIVATIONS[name].label} | {seed} | {plane} "
                f"| {points}{trouble_note} | {run.cross_entropy:.3f} | {run.accuracy:.3f} "
                f"| {run.attempts} |"
            )


def _directions(found: Sorted) -> str:
    pairs = zip(found.means, found.deviations, strict=True)
    text = ", ".join(f"{mean:.1f} ± {spread:.1f}" for mean, spread in pairs)
    return f"{text}; {found.undirected:.1%} zero" if found.undirected else text


def _summary(runs: Runs) -> Iterable[str]:
    """How far ours are from the published numbers, computed."""
    for classes, name in PUBLISHED_ANGLES:
        published = _published(classes, name)
        assert published is not None
        means, deviations = published
        measured = runs[classes, name]
        label = f"- {classes} classes, {ACTIVATIONS[name].label}:"
        if name == "tanh":
            lists, theirs, what = (
                [gaps_around(run.plane.means) for run in measured], gaps_around(means), "gaps",
            )  # fmt: skip
        else:
            lists, theirs, what = (
                [image.means for image in _images(measured, published)], means, "means",
            )  # fmt: skip
        whole = [values for values in lists if len(values) == classes]
        if not whole:
            yield f"{label} no network of ours in which all classes have a direction."
            continue
        off = np.abs(np.median(whole, axis=0) - theirs)
        ours = np.median(np.concatenate([run.plane.deviations for run in measured]))
        closer = np.median(np.concatenate([run.points.deviations for run in measured]))
        caveat = " (one class partly at zero there)" if (classes, name) in PARTLY_AT_ZERO else ""
        yield (
            f"{label} {what} differ by {off.mean():.1f}° on average and {off.max():.1f}° at most"
            f"{caveat}; median spread of a class {ours:.1f}° beside {np.median(deviations):.1f}°, "
            f"over the points {closer:.1f}°."
        )


def _places(lists: Sequence[Doubles]) -> str:
    """Median and range at each place of lists of equal length."""
    if not lists or len({len(values) for values in lists}) > 1:
        return "see below"
    columns = np.array(lists).T
    return ", ".join(
        f"{np.median(column):.1f} [{column.min():.1f}, {column.max():.1f}]" for column in columns
    )


def _row(values: Sequence[float] | Doubles) -> str:
    return ", ".join(f"{value:.1f}" for value in values)


def _spread(values: Sequence[float]) -> str:
    return f"{np.median(values):.3f} [{min(values):.3f}, {max(values):.3f}]"


if __name__ == "__main__":
    main()
