from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from spiralcore import Trajectory
from tests.analysis.configurations import SQUARE_CORNERS, polygon
from tests.conftest import spiral

TABLE = """
4 classes in the square, epoch 1
                           means     best     part    points     part
distance                   1.800    2.000   90.0 %     1.600   80.0 %
one versus rest            1.273    1.414   90.0 %     1.131   80.0 %
margin                     0.636    0.707   90.0 %     0.566   80.0 %
margin without bias        0.636    0.707   90.0 %     0.566   80.0 %
margin, bias free          0.636    0.707   90.0 %     0.566   80.0 %
evenness                   0.707

NC1, scatter within classes over between      0.006
NC2, spread of the lengths of class means     0.000
NC2, spread of the cosines between them       0.471
NC2, cosines off those of a simplex           0.444
NC2, distance from a simplex                  0.606 (at least 0.606 with 2 units)
NC3, head off the class means                 0.000
NC4, head and nearest mean disagree           0.000
"""

QUADRANT = """
4 classes in the quadrant, epoch 1
                           means     best     part    points     part
distance                   3.000        -        -     3.000        -
one versus rest            2.121        -        -     2.121        -
margin                     0.588        -        -     0.588        -
margin without bias        0.000        -        -     0.000        -
margin, bias free          1.061        -        -     1.061        -
smallest angle            45.0 °   45.0 °  100.0 %
evenness                   0.707
parked at the corner      class 2
"""


def final(
    points: np.ndarray, activation: str, weight: np.ndarray, bias: np.ndarray | float = 0.0
) -> Trajectory:
    """A trajectory of two epochs, the same both."""
    classes = len(weight)
    return Trajectory.from_arrays(
        {"activation": activation},
        epochs=[0, 1],
        inputs=np.zeros((len(points), 2)),
        labels=np.arange(len(points)) % classes,
        hidden=np.stack([points, points]),
        readout_weight=np.stack([weight, weight]),
        readout_bias=np.zeros((2, classes)) + bias,
        cross_entropy=[1.0, 0.5],
        loss=[1.0, 0.5],
        accuracy=[0.5, 1.0],
    )


@pytest.fixture
def square(tmp_path: Path) -> Path:
    """Two points a class, along the diagonals, and the class means at 0.9 of the corners."""
    points = np.vstack([0.8 * SQUARE_CORNERS, SQUARE_CORNERS])
    final(points, "tanh", 3 * SQUARE_CORNERS).save(tmp_path / "k4.npz")
    return tmp_path


def test_the_table_for_people(square: Path) -> None:
    ran = spiral(square, "info", "k4.npz", "--packing")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith(TABLE)
    assert ran.stdout.startswith(spiral(square, "info", "k4.npz").stdout)
    assert ran.stderr == ""


def test_json_for_programs(square: Path) -> None:
    facts = json.loads(spiral(square, "info", "k4.npz", "--json", "--packing").stdout)
    packing = facts.pop("packing")
    assert facts == json.loads(spiral(square, "info", "k4.npz", "--json").stdout)
    assert packing["space"] == "square"
    assert packing["epoch"] == 1
    assert packing["distance"] == pytest.approx(1.8, abs=1e-3)
    assert packing["points_distance_part"] == pytest.approx(0.8, abs=1e-3)
    assert packing["nc4"] == 0
    assert packing["angle"] is None
    assert packing["parked"] == []


def test_a_parked_class_is_named(tmp_path: Path) -> None:
    means = np.array([[3.0, 0.0], [0.0, 3.0], [0.0, 0.0], [3.0, 3.0]])
    weight, middle = means - means.mean(axis=0), means.mean(axis=0)
    final(means, "relu", weight, -weight @ middle).save(tmp_path / "relu.npz")
    text = spiral(tmp_path, "info", "relu.npz", "--packing").stdout
    assert QUADRANT in text
    facts = json.loads(spiral(tmp_path, "info", "relu.npz", "--packing", "--json").stdout)
    assert facts["packing"]["parked"] == [2]
    assert facts["packing"]["angle_part"] == pytest.approx(1)
    assert facts["packing"]["best_distance"] is None


def test_beyond_the_table_one_is_told_to_wait(tmp_path: Path) -> None:
    corners = polygon(13)
    final(corners, "sphere", corners).save(tmp_path / "k13.npz")
    ran = spiral(tmp_path, "info", "k13.npz", "--packing")
    assert ran.returncode == 0
    assert ran.stderr == (
        "spiral: searching for the best packing of 13 classes with 2 units, which is not in the "
        "table; this can take a minute\n"
    )
    assert "100.0 %" in ran.stdout


def test_one_class_alone_cannot_be_packed(square: Path) -> None:
    path = Trajectory.load(square / "k4.npz")
    dataclasses.replace(path, labels=np.zeros(8, dtype=np.int64)).save(square / "one.npz")
    ran = spiral(square, "info", "one.npz", "--packing")
    assert ran.returncode == 2
    assert ran.stderr == (
        "spiral: All points are of one class.\nexpected: points of two classes or more.\n"
    )
    assert spiral(square, "info", "one.npz").returncode == 0
