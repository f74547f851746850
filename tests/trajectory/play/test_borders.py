"""Whose places are, against the plain way to say it."""

from __future__ import annotations

import numpy as np

from spiralcore import Trajectory
from spiralcore.trajectory.play import borders
from spiralcore.trajectory.play.borders import Borders, owners
from tests.conftest import made_trajectory


def test_owners_have_the_largest_logit_at_every_place_and_epoch() -> None:
    rng = np.random.default_rng(3)
    weight = rng.normal(size=(70, 5, 2)).astype(np.float32)
    bias = rng.normal(size=(70, 5)).astype(np.float32)
    shared = rng.normal(size=(1500, 2)).astype(np.float32)
    moving = rng.normal(size=(70, 1500, 2)).astype(np.float32)
    assert borders.NEAR < 70 * 1500 * 5  # in more than one block
    for places in (shared, moving):
        logits = np.einsum("...pd,tkd->tpk" if places.ndim == 2 else "tpd,tkd->tpk",
                           places, weight) + bias[:, None]  # fmt: skip
        ranked = np.sort(logits, axis=2)
        clear = ranked[..., -1] - ranked[..., -2] > 1e-4
        assert clear.mean() > 0.99
        found = owners(places, weight, bias)
        np.testing.assert_array_equal(found[clear], logits.argmax(axis=2)[clear])


def test_of_equal_logits_the_first_class_owns_the_place() -> None:
    places = np.zeros((3, 2), np.float32)
    bias = np.array([[1, 1, 0], [0, 2, 2]], np.float32)
    found = owners(places, np.zeros((2, 3, 2), np.float32), bias)
    np.testing.assert_array_equal(found, [[0, 0, 0], [1, 1, 1]])


def test_probes_lie_in_the_panel_of_each_epoch() -> None:
    path = made_trajectory(np.ones((2, 4, 2)), np.array([0, 1]), activation="relu")
    weight = np.array([[[0, 0], [1, 0]]] * 2, np.float32)
    bias = np.array([[0.5, 0]] * 2, np.float32)  # the second class beyond x = 1/2
    found = Borders(path).owners(weight, bias, np.array([0.5, 5.0], np.float32))
    assert found.shape == (2, 300)
    assert found[0].sum() == 0
    assert 0.88 < found[1].mean() < 0.92


def test_without_a_read_out_nothing_changes_hands() -> None:
    path = Trajectory.from_arrays(
        {"activation": "tanh"},
        epochs=np.arange(3),
        inputs=np.arange(8.0).reshape(4, 2),
        labels=np.array([0, 1, 0, 1]),
        hidden=np.zeros((3, 4, 2)),
    )
    assert not path.knows_readout
    found = Borders(path).owners(path.readout_weight, path.readout_bias, np.ones(3, np.float32))
    assert found.shape == (3, 1)
    assert not found.any()
