"""The panel of the data: the points where they come from, and what is predicted there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spiralcore.analysis.network.data_plane import data_plane
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import MARGIN, reach
from spiralcore.stage.cloud.thumbnail_grid import ThumbnailGrid
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.borders import Bar, Outline
from spiralcore.stage.marks.predicted_grid import GRID_STEP, PredictedGrid, grid_step
from spiralcore.stage.marks.regions import InputRegions
from spiralcore.stage.marks.words import wrapped
from spiralcore.stage.painted import Painted
from spiralcore.stage.panels.panel import NOTE, Live, Panel, focused, unmoved
from spiralcore.stage.panels.trajectory_cloud import trajectory_cloud
from spiralcore.stage.story.focus import Focus
from spiralcore.system.rounding import percent
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.playback import Playback


def input_plane(trajectory: Trajectory, box: Box) -> Plane:
    """The plane of the data, all of it in a square box of design pixels."""
    side = reach(trajectory)
    return Plane(box, (-side, side))


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


class DataPanel(Panel):
    """The data, over the classes that the network predicts, if that was recorded.

    Data of another dimension than two are shown in their principal plane, and images as small
    pictures of some of them.

    Parameters
    ----------
    film
        Where to.
    playback
        What to show.
    box
        Where, in design pixels; a square.
    radius
        Of the points, in design pixels.
    stopped
        A film time at which the picture stands still; None if it evolves.
    between
        What never changes and lies over the regions and below the points.
    focus
        Who acts when: others step back, and so do the regions.
    """

    def __init__(
        self,
        film: Film,
        playback: Playback,
        box: Box,
        *,
        radius: float,
        stopped: float | None = None,
        between: Sequence[Painted] = (),
        focus: Focus | None = None,
    ) -> None:
        super().__init__(film, box)
        trajectory = playback.trajectory
        self.place(Bar(box, film.theme.panel), Outline(box, film.theme.frame, 1.0))
        if trajectory.thumbnails is not None:
            self._pictures(trajectory)
            return
        if trajectory.inputs.shape[1] != 2:
            self._principal_plane(trajectory, radius)
            return
        plane = input_plane(trajectory, box)
        cloud = trajectory_cloud(film, trajectory, plane.to_scene(trajectory.inputs), radius)
        if self.lack(trajectory):
            self.place(*between, cloud)
            return
        regions = predicted_regions(film, playback, plane)
        if stopped is not None:
            regions.update(stopped)
            self.place(regions.mobject, *between, cloud)
            return
        update = focused(regions, focus) if focus else regions.update
        self.place_live(regions.mobject, update, regions.within)
        for painted in between:
            self.place_live(painted, unmoved, box)

        def step_back(second: float) -> None:
            if focus:
                cloud.emphasise(focus.strengths(second)[trajectory.labels])

        self.place_live(cloud, step_back, box)

    @staticmethod
    def lack(trajectory: Trajectory) -> str:
        """Without the whole network there are points, and no predicted classes."""
        return "" if RecordedNetwork.is_in(trajectory) else "its network was not recorded"

    def _pictures(self, trajectory: Trajectory) -> None:
        """Show pictures of some points in frames of their colours, and say how many these are."""
        film, box = self.film, self.box
        assert trajectory.thumbnails is not None
        assert trajectory.thumbnail_points is not None
        below = 20 + 1.25 * film.text(NOTE)
        inner = Box(box.left + 8, box.top + 8, box.width - 16, box.height - 8 - below)
        colours = film.theme.point_colours(
            trajectory.classes, trajectory.labels, trajectory.targets
        )
        grid = ThumbnailGrid(inner, trajectory.thumbnails, colours[trajectory.thumbnail_points])
        self.place(grid)
        self.note(f"{len(grid.chosen)} of {trajectory.points:,} images")

    def _principal_plane(self, trajectory: Trajectory, radius: float) -> None:
        """Show data in their principal plane, and say how much of them that is."""
        film, box = self.film, self.box
        points, share = data_plane(trajectory)
        words = (
            f"{trajectory.inputs.shape[1]} inputs a point: principal plane, "
            f"{percent(share or 0, 0)} of the variance"
        )
        lines = len(wrapped(words, box.width - 24, film.text(NOTE)))
        below = 20 + 1.25 * film.text(NOTE) * lines
        square = Box(box.left + below / 2, box.top, box.width - below, box.height - below)
        side = float(np.abs(points).max()) * MARGIN or 1.0
        plane = Plane(square, (-side, side))
        self.place(trajectory_cloud(film, trajectory, plane.to_scene(points), radius))
        self.note(words)
