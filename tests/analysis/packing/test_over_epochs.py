from __future__ import annotations

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.packing.configuration import measure_packing
from spiralcore.analysis.packing.over_epochs import measure
from tests.analysis.configurations import SQUARE_CORNERS, polygon
from tests.conftest import made_trajectory


def growing(activation: str = "tanh", count: int = 5) -> Trajectory:
    """Four classes of two points each that grow from the middle into the corners."""
    size = np.linspace(0.2, 1, count)[:, None, None]
    apart = np.tile([[0.02, 0.0], [-0.02, 0.0]], (4, 1))
    hidden = size * (np.repeat(SQUARE_CORNERS, 2, axis=0) - 2 * apart * (size < 1))
    if activation == "relu":
        hidden = hidden + 1
    return Trajectory.from_arrays(
        {"activation": activation},
        epochs=np.arange(count) * 10,
        inputs=np.zeros((8, 2)),
        labels=np.repeat(np.arange(4), 2),
        hidden=hidden,
        readout_weight=np.tile(3 * SQUARE_CORNERS, (count, 1, 1)),
        readout_bias=np.zeros((count, 4)),
        cross_entropy=np.zeros(10 * count),
        loss=np.zeros(10 * count),
        accuracy=np.ones(10 * count),
    )


def test_classes_grow_into_the_optimum() -> None:
    measured = measure(growing())
    size = np.linspace(0.2, 1, 5)
    assert measured.epochs.tolist() == [0, 10, 20, 30, 40]
    for parts in measured.parts:
        assert parts == pytest.approx(size, rel=1e-5)
    assert measured.best.distance == pytest.approx(2)
    assert measured.sampled.tolist() == [0, 1, 2, 3, 4]
    for parts in measured.point_parts:
        assert parts[-1] == pytest.approx(1)
        assert (parts[:-1] < size[:-1]).all()
    assert measured.evenness == pytest.approx(np.full(5, np.sqrt(0.5)))
    assert measured.collapse.nc1[-1] == pytest.approx(0, abs=1e-12)
    assert (measured.collapse.nc1[:-1] > 0).all()
    assert measured.collapse.nc3 == pytest.approx(np.zeros(5), abs=1e-9)
    assert np.isnan(measured.angles.smallest).all()


def test_the_quadrant_has_angles_and_a_parked_class() -> None:
    measured = measure(growing("relu"))
    assert np.isnan(measured.parts.distance).all()
    assert measured.angles.parked[-1].tolist() == [True, False, False, False]
    assert measured.angles.smallest[-1] == pytest.approx(45)
    assert measured.angles.part[-1] == pytest.approx(1)
    assert not measured.angles.parked[0].any()


def test_every_epoch_is_what_the_configuration_alone_is(trajectory: Trajectory) -> None:
    measured = measure(trajectory)
    for index in (0, len(trajectory.epochs) // 2, -1):
        alone = measure_packing(
            trajectory.hidden[index],
            trajectory.labels,
            trajectory.readout_weight[index],
            trajectory.readout_bias[index],
            trajectory.space,
        )
        for name, values in measured.means._asdict().items():
            assert values[index] == pytest.approx(getattr(alone.means, name))
    last = measured.packing()
    assert last.row() == {
        key: pytest.approx(value, nan_ok=True) for key, value in alone.row().items()
    }


def test_a_part_of_the_epochs(trajectory: Trajectory) -> None:
    everything = measure(trajectory, sampled=7)
    assert len(everything.sampled) == 7
    assert everything.sampled[[0, -1]].tolist() == [0, len(trajectory.epochs) - 1]
    assert (np.diff(everything.sampled) > 0).all()
    last = measure(trajectory, kept=slice(-1, None))
    assert last.epochs.tolist() == [trajectory.epochs[-1]]
    assert last.packing().row() == {
        key: pytest.approx(value, nan_ok=True) for key, value in everything.packing().row().items()
    }
    assert last.collapse.nc1[0] == pytest.approx(everything.collapse.nc1[-1])


def test_the_table_has_a_row_for_each_epoch(relu_trajectory: Trajectory) -> None:
    measured = measure(relu_trajectory, sampled=5)
    table = measured.columns()
    assert {len(column) for column in table.values()} == {len(relu_trajectory.epochs)}
    assert table["epoch"].tolist() == relu_trajectory.epochs.tolist()
    known = np.flatnonzero(~np.isnan(table["points_distance"]))
    assert known.tolist() == measured.sampled.tolist()
    assert table["angle"][-1] == measured.angles.smallest[-1]
    assert table["angle_part"].tolist() == measured.angles.part.tolist()
    assert table["parked"].tolist() == measured.angles.parked.sum(axis=1).tolist()
    assert table["nc4"][-1] == measured.collapse.nc4[-1]


def test_order_of_the_points_does_not_matter(trajectory: Trajectory) -> None:
    order = np.random.default_rng(0).permutation(trajectory.points)
    arrays = trajectory.arrays() | {
        "hidden": trajectory.hidden[:, order],
        "inputs": trajectory.inputs[order],
        "labels": trajectory.labels[order],
        "hidden_mean": None,
    }
    arrays.pop("fidelity", None)
    mixed = Trajectory.from_arrays(
        trajectory.recipe, **{k: v for k, v in arrays.items() if v is not None}
    )
    one, other = measure(trajectory).columns(), measure(mixed).columns()
    for key, values in one.items():
        assert other[key] == pytest.approx(values, nan_ok=True, abs=1e-9)


def test_layers_of_other_widths() -> None:
    rng = np.random.default_rng(0)
    for width in (1, 3, 8):
        hidden = np.tanh(rng.normal(size=(2, 30, width)))
        wide = Trajectory.from_arrays(
            {"activation": "tanh"},
            epochs=[0, 1],
            inputs=np.zeros((30, 2)),
            labels=np.arange(30) % 3,
            hidden=hidden,
            readout_weight=rng.normal(size=(2, 3, width)),
            readout_bias=rng.normal(size=(2, 3)),
            cross_entropy=[1.0, 0.0],
            loss=[1.0, 0.0],
            accuracy=[0.0, 1.0],
        )
        measured = measure(wide)
        assert 0 < measured.parts.distance[-1] < 1
        assert measured.collapse.nc1[-1] > 0


def test_a_layer_without_a_recorded_head() -> None:
    arrays = growing().arrays()
    bare = {key: arrays[key] for key in ("epochs", "inputs", "labels", "hidden")}
    measured = measure(Trajectory.from_arrays({"activation": "tanh"}, **bare))
    assert measured.parts.distance == pytest.approx(np.linspace(0.2, 1, 5), rel=1e-5)
    assert measured.collapse.nc1[-1] == pytest.approx(0, abs=1e-12)
    unknown = (*measured.parts[2:], *measured.point_parts[2:], *measured.collapse[-2:])
    assert np.isnan(np.stack(unknown)).all()


def test_two_classes() -> None:
    still = made_trajectory(np.tile(np.repeat(polygon(2), 3, axis=0)[[0, 3, 1, 4]], (3, 1, 1)))
    measured = measure(still)
    assert measured.means.distance == pytest.approx(np.full(3, 2))
    assert measured.parts.distance == pytest.approx(np.full(3, np.sqrt(0.5)))
