from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.analysis.optima.containers import (
    CONTAINERS,
    Container,
    container,
    container_of,
    directions_of,
)
from spiralcore.errors import UsageError
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.spaces import PLANE, QUADRANT, Space


def is_inside(box: Container, points: np.ndarray) -> bool:
    norms = np.linalg.norm(points, axis=-1)
    within = (points >= box.lower - 1e-12).all() and (points <= box.upper + 1e-12).all()
    if box.shape == "box":
        return bool(within)
    if box.shape == "ball":
        return bool((norms <= 1 + 1e-12).all())
    on_sphere = bool(np.allclose(norms, 1))
    return on_sphere and (box.shape == "sphere" or within)


@given(name=st.sampled_from(list(CONTAINERS)), dimension=st.integers(1, 5),
       seed=st.integers(0, 1000))  # fmt: skip
def test_points_end_inside_and_stay_there(name: str, dimension: int, seed: int) -> None:
    box, rng = CONTAINERS[name], np.random.default_rng(seed)
    points = box.scatter(rng, (4, 6, dimension))
    assert points.shape == (4, 6, dimension)
    assert is_inside(box, points)
    away = np.abs(rng.normal(size=(30, dimension))) * 2
    projected = box.project(away)
    assert is_inside(box, projected)
    assert box.project(projected) == pytest.approx(projected)
    # No point inside is closer than the projection.
    nearest = np.linalg.norm(projected - away, axis=1)
    for inner in points.reshape(-1, dimension):
        assert (np.linalg.norm(inner - away, axis=1) >= nearest - 1e-9).all()
    assert (np.linalg.norm(points - points.mean(axis=(0, 1)), axis=-1) <= 2 * box.radius(
        dimension)).all()  # fmt: skip


def test_every_bounded_activation_has_its_container() -> None:
    named = {
        name: found.name
        if (found := container_of(entry.space))
        else directions_of(entry.space).name
        for name, entry in ACTIVATIONS.items()
    }
    assert (
        named.items()
        >= {
            "tanh": "cube",
            "relu": "orthant",
            "sigmoid": "unit_cube",
            "hardtanh": "cube",
            "leaky_relu": "sphere",
            "gelu": "orthant",
            "softplus": "orthant",
            "disk": "ball",
            "ball": "ball",
            "sphere": "sphere",
        }.items()
    )
    assert container_of(PLANE) is None
    assert container_of(QUADRANT) is None
    other = container_of(Space(("a", "b", "c"), -2.0, 4.0))
    assert other is not None
    assert (other.lower, other.upper, other.radius(4)) == (-2, 4, 6)


def test_an_unknown_container_is_named() -> None:
    with pytest.raises(UsageError) as error:
        container("cubus")
    assert str(error.value) == (
        "There is no container 'cubus'. Did you mean 'cube'?\n"
        "expected: one of cube, unit_cube, ball, sphere, orthant."
    )
