from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import reach
from spiralcore.gallery.coding import coded, coded_knots, half_codes, knots
from spiralcore.gallery.parts import archive, as_json, read_archive, write_archive
from spiralcore.gallery.predicted_plane import predicted
from spiralcore.gallery.samples import LEVELS, sampled, times
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.view import TICKED_MARGIN, View


def decoded(planes: np.ndarray, order: int) -> np.ndarray:
    """What `coded` was told, by the definition of it."""
    folded = planes[0].astype(np.int64) + 256 * planes[1].astype(np.int64)
    values = np.where(folded % 2 == 0, folded // 2, -(folded + 1) // 2)
    for _ in range(order):
        values = np.cumsum(values, axis=-1)
    return (values + 2**15) % 2**16 - 2**15


@pytest.mark.parametrize("order", [1, 2])
def test_coding_loses_nothing(order: int) -> None:
    numbers = np.random.default_rng(0)
    values = numbers.integers(-(2**15), 2**15, size=(3, 2, 50))
    assert (decoded(coded(values, order), order) == values).all()


def test_steady_motion_takes_little_room() -> None:
    steady = np.arange(10_000)[None] // 7
    packed = archive({"steady": coded(steady, 2)})
    assert len(packed) < 2_000


def test_a_timeline_takes_little_room_and_loses_less_than_a_millionth() -> None:
    random = np.random.default_rng(3)
    seconds = np.cumsum(np.r_[0.0, random.gamma(0.5, 4e-3, 8000)])
    for epochs in (np.cumsum(np.r_[0.0, random.integers(1, 4, 8000)]), np.geomspace(1, 1e6, 8001)):
        for knots_of in (seconds, epochs, seconds[:2], epochs[:1]):
            found = knots(coded_knots(knots_of))
            np.testing.assert_allclose(found, knots_of, rtol=0, atol=1e-6)
            assert (np.diff(found) >= 0).all()
    assert len(archive({"knots": coded_knots(seconds)})) < len(archive({"knots": seconds})) / 2


def test_half_precision_is_kept_in_the_order_of_size() -> None:
    values = np.array([-2.0, -0.5, -0.0, 0.0, 1e-7, 0.25, 60_000.0], np.float16).astype(np.float32)
    codes = half_codes(values)
    assert codes is not None
    assert (np.diff(codes) >= 0).all()
    assert half_codes(np.array([0.1], np.float32)) is None
    assert half_codes(np.array([1e6], np.float32)) is None


def test_an_archive_survives_as_a_script(tmp_path: Path) -> None:
    arrays = {"a": np.arange(6).reshape(2, 3), "b": np.float32([np.nan, 1.5])}
    path = tmp_path / "part.js"
    write_archive(path, "part", archive(arrays))
    first = path.read_bytes()
    write_archive(path, "part", archive(arrays))
    assert path.read_bytes() == first
    assert path.read_text().startswith('spiral.parts.receive("part", [\n"')
    found = read_archive(path)
    assert set(found) == {"a", "b"}
    for name, values in arrays.items():
        np.testing.assert_array_equal(found[name], values)


def test_json_cannot_end_a_script() -> None:
    text = as_json({"name": "</script><!--", "and": "a & b"})
    assert text == ('{"name":"\\u003c/script\\u003e\\u003c!--","and":"a \\u0026 b"}')
    with pytest.raises(ValueError, match="Out of range float values"):
        as_json(float("nan"))


def test_samples_are_what_films_show(relu_trajectory: Trajectory) -> None:
    clock = timeline([relu_trajectory], 4.0)
    arrays = sampled(relu_trajectory, clock)
    places = decoded(arrays["places"], 2)
    assert places.min() >= 0
    assert places.max() <= LEVELS
    playback = Playback(relu_trajectory, clock)
    view = View(playback, TICKED_MARGIN)
    for i in (0, 17, 50, len(times(4.0)) - 1):
        second = float(times(4.0)[i])
        lower, upper = view.at(second)
        np.testing.assert_allclose(arrays["limits"][i], [lower, upper, 0], rtol=1e-6)
        shown = lower + places[:, :, i] / LEVELS * (upper - lower)
        step = (upper - lower) / LEVELS
        assert np.abs(shown - playback.at(second).hidden).max() <= 0.51 * step
        np.testing.assert_array_equal(
            arrays["readout"][i, :, :2], playback.at(second).readout_weight
        )
    first = places[:, :, 0], relu_trajectory.hidden[0]
    lower, upper = view.at(-0.5)
    assert np.abs(lower + first[0] / LEVELS * (upper - lower) - first[1]).max() < 0.01


def test_predicted_is_what_the_network_says(trajectory: Trajectory) -> None:
    levels = 2**13 - 1
    arrays = predicted(trajectory, 20, levels)
    network = RecordedNetwork(trajectory)
    values = decoded(arrays["grid"], 2).astype(np.int64) % 2**16
    axis = np.linspace(-reach(trajectory), reach(trajectory), 20, dtype=np.float32)
    for index in (0, len(network.epochs) - 1):
        wanted = np.tanh(network.drawn(index, np.array([[axis[3], axis[11]]])))[0]
        least, width = arrays["grid_limits"].T
        found = least + values[index, :, 11, 3] * width
        np.testing.assert_allclose(found, wanted, atol=0.51 * width.max() + 1e-6)


def test_of_projected_layers_there_are_logits(wide_trajectory: Trajectory) -> None:
    from spiralcore.gallery.part_jobs import shown_in_gallery

    shown = shown_in_gallery(wide_trajectory)
    arrays = predicted(shown, 8, 1000)
    networks = len(RecordedNetwork(shown).epochs)
    assert arrays["grid"].shape == (2, networks, shown.classes, 8, 8)
    assert "grid_readout" not in arrays


def test_without_a_network_nothing_is_predicted(trajectory: Trajectory) -> None:
    from dataclasses import replace

    alone = replace(trajectory, parameters=None, parameter_epochs=None)
    assert predicted(alone, 8, 1000) == {}
