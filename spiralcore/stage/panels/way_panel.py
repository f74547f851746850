"""The panel of a way through a network: points and grid on it, and the regions at its end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.passage import OWN
from spiralcore.registry.spaces import PLANE
from spiralcore.stage.clock.journey import Journey
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.borders import Bar, Outline, SpaceFrame
from spiralcore.stage.marks.polylines import Polylines
from spiralcore.stage.marks.regions import HiddenRegions
from spiralcore.stage.panels.data_panel import input_plane
from spiralcore.stage.panels.panel import Panel
from spiralcore.stage.panels.trajectory_cloud import trajectory_cloud
from spiralcore.trajectory import Trajectory

GRID_LINES = 11
"""Lines of the grid in each direction, about."""

SAMPLES = 1201
"""Points of each line: enough for kinks and for the steepest places of a trained network."""


def coordinate_grid(trajectory: Trajectory) -> NDArray[np.float32]:
    """The coordinate grid of the input plane, shape (lines, `SAMPLES`, 2)."""
    lower, upper = input_plane(trajectory, Box(0, 0, 1, 1)).limits
    rough = (upper - lower) / GRID_LINES
    step = next(d * p for p in 10.0 ** np.arange(-9, 16) for d in (1, 2, 4, 5) if d * p > rough)
    levels = step * np.arange(np.ceil(lower / step), upper / step)
    upright = np.stack(
        np.broadcast_arrays(levels[:, None], np.linspace(lower, upper, SAMPLES)), axis=-1
    )
    return np.concatenate([upright, upright[..., ::-1]]).astype(np.float32)


class WayPanel(Panel):
    """Points and grid on their way, with axes that zoom, and the regions at the end.

    Parameters
    ----------
    film
        Where to.
    journey
        Which way, and when.
    trajectory
        Whose points, and in which colours.
    box
        Where, in design pixels; a square.
    """

    def __init__(self, film: Film, journey: Journey, trajectory: Trajectory, box: Box) -> None:
        super().__init__(film, box)
        self.journey = journey
        grid = coordinate_grid(trajectory)
        passage, network = journey.passage, journey.passage.network
        self.place(
            Bar(self.box, self.film.theme.panel), Outline(self.box, self.film.theme.frame, 1.0)
        )
        self._regions()
        plane = Plane(self.box, journey.frame(0.0).limits, PLANE)
        axes = SpaceFrame(plane, self.film.theme, self.film.text())
        layers = range(1, network.depth + 1)

        def show_axes(second: float) -> None:
            plane.show(journey.frame(second))
            axes.opacity = 1 - max(journey.at_home(second, layer) for layer in layers)

        self.place_live(axes, show_axes, self.box)
        for layer in layers:
            if network.widths[layer - 1] == OWN:
                self._border(layer)
        points = passage.pictures(trajectory.inputs)
        lines = passage.pictures(grid.reshape(-1, 2))
        shape = (*grid.shape[:2], 3)
        bent = Polylines(
            plane.to_scene(lines[0]).reshape(shape), self.box, self.film.theme.ink, 0.3
        )
        cloud = trajectory_cloud(
            film, trajectory, plane.to_scene(points[0]), 6.0 * self.box.width / 880
        )

        def bend(second: float) -> None:
            places = passage.at(journey.position(second), lines)
            bent.set_lines(plane.to_scene(places).reshape(shape))

        def carry(second: float) -> None:
            cloud.set_positions(plane.to_scene(passage.at(journey.position(second), points)))

        self.place_live(bent, bend, self.box)
        self.place_live(cloud, carry, self.box)

    def _regions(self) -> None:
        """The decision regions of the last layer, which appear with the read-out."""
        journey, network = self.journey, self.journey.passage.network
        space = network.activations[-1].space if network.widths[-1] == OWN else PLANE
        plane = Plane(self.box, journey.frame(0.0).limits, space)
        weight, bias = journey.passage.readout()
        regions = HiddenRegions(
            plane, self.film.theme, weight.astype(np.float32), bias.astype(np.float32)
        )

        def show(second: float) -> None:
            plane.show(journey.frame(second))
            regions.opacity = journey.done(second, journey.passage.steps)

        self.place_live(regions, show, self.box)

    def _border(self, layer: int) -> None:
        """The border of the space of a layer of two units, while the picture is in it."""
        journey = self.journey
        space = journey.passage.network.activations[layer - 1].space
        plane = Plane(self.box, journey.frame(0.0).limits, space)
        frame = SpaceFrame(plane, self.film.theme, self.film.text())

        def show(second: float) -> None:
            plane.show(journey.frame(second))
            frame.opacity = journey.at_home(second, layer)

        self.place_live(frame, show, self.box)
