"""The spiral bends: points on straight paths from their place in the data to that in the layer.

Share 0 is the picture of the data, share 1 that of the layer. Regions go with them: between the
ends a place of the panel belongs to the class with the largest read-out of (1 - s) h(x) + s y,
where x is the place as one of the data, h(x) what the network makes of it, and y the place as one
of the layer. So at 0 they are exactly those behind the data, at 1 exactly the straight cuts of the
read-out, and in between their borders bend from the one to the other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.data_plane import data_plane
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import MARGIN as ROOM_AROUND
from spiralcore.analysis.network.vector_field import reach
from spiralcore.registry.themes import Theme
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.predicted_grid import GRID_STEP, PredictedGrid
from spiralcore.stage.marks.regions import InputRegions
from spiralcore.stage.pixels import grid_kernels
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.common_view import CommonView
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.view import View

Doubles = NDArray[np.float64]
Corners = tuple[tuple[float, float], tuple[float, float]]


class Morph:
    """Where points of a panel are, at any second of the training and any share of the way.

    Parameters
    ----------
    playback
        Of the trajectory; its layer has two units.
    box
        Of the panel, in design pixels; a square.
    view
        How much of the layer's plane is seen; left out, as much as its panel shows.

    Attributes
    ----------
    data, layer
        The planes at both ends. That of the layer zooms with `show`.
    """

    def __init__(self, playback: Playback, box: Box, view: View | CommonView | None = None) -> None:
        trajectory = playback.trajectory
        self.playback = playback
        self._points = data_plane(trajectory).points
        self._view = view or View(playback)
        self.data = Plane(box, data_limits(trajectory))
        frame = self._view.frame(0.0)
        self.layer = Plane(box, frame.limits, trajectory.space, frame.rise)

    def show(self, second: float) -> None:
        """Zoom the plane of the layer to a second of the training."""
        self.layer.show(self._view.frame(second))

    def places(self, second: float, share: float) -> Doubles:
        """Where the points are in the scene, shape (N, 3).

        Parameters
        ----------
        second
            Of the training.
        share
            0 for the data, 1 for the layer, as it is: easing is up to the clock.
        """
        start = self.data.to_scene(self._points)
        self.show(second)
        end = self.layer.to_scene(self.playback.at(second).hidden)
        return np.asarray((1 - share) * start + share * end)

    def corners(self, share: float) -> Corners:
        """Scene coordinates of the upper left and lower right corner of what regions fill."""
        start, end = np.array(self.data.corners()), np.array(self.layer.corners())
        (left, top), (right, bottom) = ((1 - share) * start + share * end).tolist()
        return (left, top), (right, bottom)


class MorphRegions(InputRegions):
    """The regions of a `Morph`, which bend with it.

    Parameters
    ----------
    morph
        Whose; the whole network has to be recorded, see `has_regions`.
    theme
        Colours.
    step
        Design pixels between the nodes of the grid.
    """

    def __init__(self, morph: Morph, theme: Theme, step: float = GRID_STEP, **kwargs: Any) -> None:
        self._morph = morph
        self._grid = PredictedGrid(morph.playback, morph.data, step)
        self._corners = morph.corners(0.0)
        super().__init__(morph.data, theme, self._grid.at(0.0), **kwargs)

    @staticmethod
    def has_regions(trajectory: Trajectory) -> bool:
        """Whether regions can be drawn all the way: inputs of the plane, a recorded network."""
        return (
            trajectory.inputs.shape[1] == 2
            and trajectory.units == 2
            and trajectory.shown is None
            and trajectory.knows_readout
            and RecordedNetwork.is_in(trajectory)
        )

    def move(self, second: float, share: float) -> None:
        """Set them to a second of the training and a share of the way, see `Morph.places`."""
        morph = self._morph
        morph.show(second)
        moment = morph.playback.at(second)
        image = self._grid.refined(second)
        units, rows, columns = image.shape
        self.covered = self._grid.covered
        places = self._as_layer(rows, columns).reshape(units, -1)
        mixed = (1 - share) * image.reshape(units, -1) + share * places
        # The read-out, too, is at both ends that of the panel there.
        weight, bias = self._grid.readout(second)
        weight = (1 - share) * weight + share * moment.readout_weight
        bias = (1 - share) * bias + share * moment.readout_bias
        logits = mixed.T.astype(np.float32) @ weight.T + bias
        self.values = logits.reshape(rows, columns, -1)
        self._corners = morph.corners(share)

    def _as_layer(self, rows: int, columns: int) -> Doubles:
        """Coordinates of the nodes in the plane of the layer, shape (2, rows, columns)."""
        data, layer = self._morph.data, self._morph.layer
        (left, right), (below, above) = self._grid.covered
        across = np.array([data.x(left), data.x(right)])
        upright = np.array([data.y(above), data.y(below)])
        lower, upper = layer.limits
        (edge, top), (end, bottom) = layer.box.corners()[:, :2].tolist()
        x = lower + (across - edge) / (end - edge) * (upper - lower)
        y = lower + layer.rise + (upright - bottom) / (top - bottom) * (upper - lower)
        grid = np.meshgrid(np.linspace(x[0], x[1], columns), np.linspace(y[0], y[1], rows))
        return np.stack(grid)

    def room(self) -> Box | None:
        """The panel."""
        return self._morph.data.box

    def paint(self, canvas: Canvas) -> None:
        """Fill what is reached at this share of the way."""
        (left, right), (lower, upper) = self.covered or self._grid.covered
        data = self._morph.data
        nodes = canvas.edges(((data.x(left), data.y(upper)), (data.x(right), data.y(lower))))
        rows, columns, _ = self.values.shape
        step_x = (nodes.right - nodes.left) / (columns - 1)
        step_y = (nodes.bottom - nodes.top) / (rows - 1)
        grid_kernels.grid_regions(
            canvas.pixels,
            canvas.pixel_box(canvas.edges(self._corners)),
            np.array([nodes.left, nodes.top, step_x, step_y], dtype=np.float32),
            self.values,
            self.fills,
            self._line(canvas),
            self.line_ink,
            self.opacity,
        )


def data_limits(trajectory: Trajectory) -> tuple[float, float]:
    """Those of the panel of the data."""
    if trajectory.inputs.shape[1] == 2:
        side = reach(trajectory)
    else:
        side = float(np.abs(data_plane(trajectory).points).max()) * ROOM_AROUND or 1.0
    return -side, side
