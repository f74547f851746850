from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.network.prepare import check, prepare
from spiralcore.errors import UsageError
from spiralcore.registry.films import FILMS
from tests.conftest import shown_by


def narrow(trajectory: Trajectory, units: int) -> Trajectory:
    return dataclasses.replace(
        trajectory,
        hidden=trajectory.hidden[..., :units],
        hidden_mean=None,
        readout_weight=trajectory.readout_weight[..., :units],
    )


def refusal(trajectory: Trajectory, film: str, layer: int | None = None) -> str:
    with pytest.raises(UsageError) as error:
        prepare(trajectory, FILMS[film], layer)
    return str(error.value)


@pytest.mark.parametrize("film", ["bending", "row", "classes"])
def test_films_of_planes_show_wide_layers_projected(film: str, wide_trajectory: Trajectory) -> None:
    shown = prepare(wide_trajectory, FILMS[film])
    assert shown.units == 2
    assert shown.shown is not None
    assert shown.shown.units == 5
    assert shown.shown.share is not None


@pytest.mark.parametrize("film", list(FILMS))
def test_what_fits_is_not_touched(
    film: str, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    for path in shown_by(film, trajectory, relu_trajectory):
        assert prepare(path, FILMS[film]) is path


def test_an_inner_layer_is_projected_where_it_is_wide(stacked_trajectory: Trajectory) -> None:
    wide = prepare(stacked_trajectory, FILMS["bending"], 3)
    assert wide.shown is not None
    assert (wide.shown.layer, wide.shown.units, wide.units) == (3, 12, 2)
    assert wide.shown.share is not None
    flat = prepare(stacked_trajectory, FILMS["bending"], 2)
    assert flat.shown is not None
    assert flat.shown.share is None


def test_one_unit_is_too_few(trajectory: Trajectory) -> None:
    assert refusal(narrow(trajectory, 1), "bending") == (
        "the given arrays: the drawn layer has 1 unit.\n"
        "expected: a layer of 2 units or more for the film 'bending'.\n"
        "next: spiral train --widths 120 80 40 2 --out FILE.npz"
    )


def test_a_stack_has_several_layers(trajectory: Trajectory, wide_trajectory: Trajectory) -> None:
    wanted = (
        "expected: 2 layers or more of 2 units for the film 'stack'.\n"
        "next: spiral train --widths 120 2 80 2 40 2 --out FILE.npz"
    )
    assert refusal(trajectory, "stack") == (
        f"the given arrays: 1 layer of 2 units was recorded.\n{wanted}"
    )
    assert refusal(wide_trajectory, "stack") == (
        f"the given arrays: the drawn layer has 5 units.\n{wanted}"
    )
    other_width = np.zeros((*trajectory.hidden.shape[:2], 3), np.float32)
    odd = dataclasses.replace(trajectory, layers={2: other_width})
    assert refusal(odd, "stack").startswith("the given arrays: 1 layer of 2 units was recorded.")


def test_a_passage_needs_the_network_and_a_plane(trajectory: Trajectory) -> None:
    bare = dataclasses.replace(trajectory, parameters=None, parameter_epochs=None)
    assert refusal(bare, "layers") == (
        "the given arrays does not hold the network, which the film 'layers' evaluates.\n"
        "expected: 'parameters' and 'parameter_epochs', and the widths in the recipe.\n"
        "next: spiral train makes such files"
    )


def test_films_of_all_layers_do_not_take_one(stacked_trajectory: Trajectory) -> None:
    assert refusal(stacked_trajectory, "stack", 2) == (
        "The film 'stack' does not show one layer, so that none can be chosen.\n"
        "expected: a film without the option --layer, and without 'layer' in the recipe."
    )


def test_a_check_computes_nothing(
    stacked_trajectory: Trajectory, wide_trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def computed(*given: object) -> None:
        raise AssertionError("something was computed")

    monkeypatch.setattr("spiralcore.analysis.network.prepare.projected", computed)
    monkeypatch.setattr(
        "spiralcore.analysis.network.recorded_network.RecordedNetwork.values", computed
    )
    check(wide_trajectory, FILMS["bending"])
    check(stacked_trajectory, FILMS["bending"], 1)
    with pytest.raises(AssertionError, match="something was computed"):
        prepare(stacked_trajectory, FILMS["bending"], 1)
    # What is wrong is said in the same words by both.
    for asked in (check, prepare):
        with pytest.raises(UsageError, match="there is no hidden layer 9"):
            asked(stacked_trajectory, FILMS["bending"], 9)
