"""Regions that the whole network decides, in the plane of any of its layers."""

from __future__ import annotations

from spiralcore.stage.film import Film
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.predicted_grid import GRID_STEP, PredictedGrid, grid_step
from spiralcore.stage.marks.regions import InputRegions
from spiralcore.stage.panels.panel import Live
from spiralcore.trajectory.play.playback import Playback


def predicted_regions(
    film: Film, playback: Playback, plane: Plane, layer: int = 0, step: float = GRID_STEP
) -> Live:
    """Which class a recorded network predicts at each place of the plane of a layer.

    Parameters
    ----------
    film
        Where to.
    playback
        What is shown: one whose network was recorded.
    plane
        Where the regions are drawn.
    layer
        The hidden layer whose plane it is, counted from 1; 0 for the plane of the data.
    step
        Of the grid on which the network is asked, in design pixels.
    """
    camera = film.stage_camera
    shorter = min(camera.pixel_width, camera.pixel_height)
    step = grid_step(step, shorter, playback.trajectory)
    grid = PredictedGrid(playback, plane, step, layer)
    regions = InputRegions(plane, film.theme, grid.at(0.0))

    def move(second: float) -> None:
        regions.values = grid.at(second)
        regions.covered = grid.covered

    return Live(regions, move, plane.box)
