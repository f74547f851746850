"""What the comparison of directions computes, on directions with known answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.facts.parity import report
from benchmarks.facts.pointing import Measured, Sorted, gaps_around
from spiralcore import Trajectory
from spiralcore.analysis.network.class_directions import class_directions
from spiralcore.recipe import NetworkRecipe


def test_gaps_go_all_around_and_do_not_see_turns_and_mirrors() -> None:
    means = np.array([10.0, 100.0, 200.0])
    gaps = [90, 100, 170]
    assert gaps_around(means).tolist() == gaps
    assert gaps_around((means + 270) % 360).tolist() == gaps
    assert gaps_around(-means).tolist() == gaps
    assert gaps_around(means).sum() == 360
    assert gaps_around([45.0]).tolist() == [360]


def test_of_two_mirror_images_the_closer_one_is_taken() -> None:
    found = Sorted(np.array([5.0, 60.0]), np.array([1.0, 2.0]), 0.0)
    mirrored = found.beside(np.array([31.0, 84.0]))
    assert mirrored.means.tolist() == [30, 85]
    assert mirrored.deviations.tolist() == [2, 1]
    assert found.beside(np.array([5.0, 60.0])).means.tolist() == [5, 60]
    assert mirrored.beside(None).means.tolist() == [5, 60]


def test_classes_at_zero_are_left_out_and_counted() -> None:
    hidden = np.array([[1.0, 1.0], [0.0, 0.0], [0.0, 2.0], [0.0, 0.0]])
    found = Sorted.of(class_directions(hidden, np.array([1, 0, 2, 2]), 3))
    assert found.means == pytest.approx([45, 90])
    assert found.undirected == 0.5


def test_the_page_has_our_numbers_beside_the_published(
    tmp_path: Path, trajectory: Trajectory
) -> None:
    from benchmarks.facts.agreement import ORIGINAL
    from benchmarks.facts.published import PUBLISHED_ANGLES

    paths = {}
    for classes, name in ORIGINAL:
        recipe = NetworkRecipe(classes=classes, activation=name, seed=1)
        paths[recipe] = tmp_path / f"{classes}-{name}.npz"
        trajectory.save(paths[recipe])
    page = report(paths)
    measured = Measured.of(trajectory)
    row = ", ".join(
        f"{gap:.1f} [{gap:.1f}, {gap:.1f}]" for gap in gaps_around(measured.plane.means)
    )
    theirs = ", ".join(f"{gap:.1f}" for gap in gaps_around([41.4, 221.7]))
    assert f"| 2 | {row} | {theirs} |" in page
    assert "not published" not in page
    theirs = ", ".join(f"{mean:.1f}" for mean, _ in PUBLISHED_ANGLES[4, "relu"])
    assert f"| {theirs} |" in page
    entropy = float(trajectory.cross_entropy[-1])
    assert f"| {entropy:.3f} [{entropy:.3f}, {entropy:.3f}] | 0.047, 0.047 | 0.05 |" in page
    assert page.count("\n| ") == 6 + 6 + 12 + 12 + 4
    assert len(PUBLISHED_ANGLES) == page.count("° on average") + page.count("no network of ours")
