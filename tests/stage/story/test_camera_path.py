from __future__ import annotations

import numpy as np
import pytest

from spiralcore.registry.aspects import ASPECTS
from spiralcore.stage.layout.box import Box, scene_point, to_design
from spiralcore.stage.painted import StageCamera
from spiralcore.stage.story.camera_path import CameraPath, Shot, aim, between, framed

WIDE = ASPECTS["16:9"]
WHOLE = Box(0, 0, 1920, 1080)
LEFT, RIGHT = Box(100, 100, 400, 400), Box(1200, 300, 320, 180)


@pytest.mark.parametrize("aspect", sorted(ASPECTS))
def test_a_view_has_the_shape_of_the_frame_and_holds_the_box(aspect: str) -> None:
    shape = ASPECTS[aspect]
    for box in (LEFT, Box(10, 50, 900, 100), Box(0, 0, shape.width, shape.height)):
        view = framed(box, shape)
        assert view.holds(box)
        assert view.width / view.height == pytest.approx(shape.width / shape.height)
        assert view.middle == pytest.approx(box.middle)


def test_the_camera_rests_at_its_shots_and_begins_and_ends_with_the_whole() -> None:
    path = CameraPath(WIDE, [Shot(3, 5, LEFT), Shot(6, 8, RIGHT), Shot(20, 22, LEFT)])
    for second in (-5, 0, 1.8, 9.2, 12, 18.8, 23.2, 99):
        assert path.view(second) == WHOLE
        assert path.is_whole(second)
    for second in (3, 4, 5, 20, 21, 22):
        assert path.view(second) == framed(LEFT, WIDE)
    assert path.view(7) == framed(RIGHT, WIDE)
    assert not path.is_whole(5.5)
    assert CameraPath(WIDE, []).view(1.0) == WHOLE


def test_moves_are_steady_and_have_no_leap() -> None:
    path = CameraPath(WIDE, [Shot(3, 5, LEFT), Shot(6, 8, RIGHT)])
    views = np.array([path.view(float(second)) for second in np.linspace(0, 11, 661)])
    zooms = np.abs(np.diff(np.log(views[:, 2])))
    assert zooms.max() < 0.05
    assert np.abs(np.diff(views[:, :2], axis=0)).max() < 40
    assert (np.abs(views[:, 2] / views[:, 3] - 1920 / 1080) < 1e-9).all()


def test_half_way_a_zoom_is_the_mean_in_proportion() -> None:
    one, other = Box(0, 0, 1600, 900), Box(300, 300, 400, 225)
    half = between(one, other, 0.5)
    assert half.width == pytest.approx(800)
    # The place that both show at the same part of the frame stays there.
    x = (one.left * other.width - other.left * one.width) / (other.width - one.width)
    parts = [(x - box.left) / box.width for box in (one, half, other)]
    assert parts == pytest.approx([parts[0]] * 3)
    moved = between(one, Box(100, 40, 1600, 900), 0.25)
    assert moved == pytest.approx((25, 10, 1600, 900))


def test_shots_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="shots have to be in order, and not to overlap"):
        CameraPath(WIDE, [Shot(3, 5, LEFT), Shot(4, 8, RIGHT)])


def test_a_camera_sees_the_view() -> None:
    camera = StageCamera(pixel_width=640, pixel_height=360)
    camera.look_at(WIDE)
    view = framed(RIGHT, WIDE)
    aim(camera, view)
    canvas = camera._canvas(camera.pixel_array)
    corners = canvas.place(
        np.stack([scene_point(view.left, view.top), scene_point(view.right, view.bottom)])
    )
    np.testing.assert_allclose(corners, [[0, 0], [640, 360]], atol=1e-6)
    assert to_design(camera.frame_center) == pytest.approx(
        (view.middle, view.top + view.height / 2)
    )
    aim(camera, WHOLE)
    whole = camera._canvas(camera.pixel_array)
    camera.look_at(WIDE)
    again = camera._canvas(camera.pixel_array)
    assert (whole.scale, whole.left, whole.top) == pytest.approx(
        (again.scale, again.left, again.top)
    )
