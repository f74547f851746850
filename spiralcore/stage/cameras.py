"""Cameras that draw `Painted` mobjects, one for each kind of Manim's scenes.

========================================= =====================
scene                                     ``camera_class``
========================================= =====================
`Scene`                                   `StageCamera`
`MovingCameraScene`, `ZoomedScene`        `MovingStageCamera`
`ThreeDScene`, `SpecialThreeDScene`       `ThreeDStageCamera`
========================================= =====================
"""

from __future__ import annotations

import numpy as np
from manim import MovingCamera, MultiCamera, ThreeDCamera
from manim.mobject.types.image_mobject import ImageMobjectFromCamera
from numpy.typing import NDArray

from spiralcore.stage.painted import Painted, PaintingCamera, StageCamera
from spiralcore.stage.pixels.canvas import Canvas

__all__ = ["MovingStageCamera", "StageCamera", "ThreeDStageCamera"]


class MovingStageCamera(PaintingCamera, MultiCamera):
    """Sees what is in its ``frame``, and draws the windows of a `ZoomedScene`."""

    def add_image_mobject_from_camera(
        self, image_mobject_from_camera: ImageMobjectFromCamera
    ) -> None:
        """Show what another camera sees."""
        camera = image_mobject_from_camera.camera
        if type(camera) is MovingCamera:
            # A `ZoomedScene` makes it, and animates its frame: it has to stay the same object.
            camera.__class__ = _WindowCamera
        super().add_image_mobject_from_camera(image_mobject_from_camera)


class _WindowCamera(PaintingCamera, MovingCamera):
    """What a `ZoomedScene` looks through."""


class ThreeDStageCamera(PaintingCamera, ThreeDCamera):
    """Sees points in space: near ones are larger and cover those that are farther."""

    def _canvas(self, pixels: np.ndarray) -> Canvas:
        # That of all other mobjects, which Manim keeps for as long as there are the pixels.
        matrix = self.get_cairo_context(pixels).get_matrix()
        return Canvas(
            pixels,
            matrix.xx,
            left=-matrix.x0 / matrix.xx,
            top=-matrix.y0 / matrix.yy,
            upright=round(-matrix.yy / matrix.xx, 9),
        )

    def _paint(self, mobject: Painted, canvas: Canvas) -> None:
        if mobject in self.fixed_in_frame_mobjects:
            mobject.paint(canvas)
            return
        points, sizes = mobject.points, np.ones(len(mobject.points))
        with np.errstate(all="ignore"):  # what is in the plane of the eye is at infinity
            if mobject in self.fixed_orientation_mobjects:
                centre = self.fixed_orientation_mobjects[mobject]()
                places = points + (self.project_point(centre) - centre)
            else:
                places = self.project_points(points)
                sizes = self._sizes(places[:, 2])
        mobject.paint_in_space(canvas, places, sizes)

    def _sizes(self, depths: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much larger than in the plane things are; as `project_points` has it for places."""
        focal, zoom = self.get_focal_distance(), self.get_zoom()
        nearness = focal / (focal - depths)
        if self.exponential_projection:
            return zoom * np.where(depths < 0, nearness, np.exp(depths / focal))
        return zoom * np.where(depths < focal, nearness, 0.0)
