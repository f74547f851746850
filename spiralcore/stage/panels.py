"""Panels: a network's points in their plane, as films put them together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network import RecordedNetwork
from spiralcore.stage.cloud import PointCloud
from spiralcore.stage.curve import EpochCurve
from spiralcore.stage.film import Film
from spiralcore.stage.fringe import Fringe
from spiralcore.stage.layout import HEIGHT, UNIT, Box
from spiralcore.stage.marks import Bar, Outline, SpaceFrame
from spiralcore.stage.plane import Plane
from spiralcore.stage.regions import HiddenRegions, InputRegions
from spiralcore.stage.words import Words, text_width, wrapped
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.playback import Playback, View

POINT_OPACITY = 0.85
GRID_STEP = 3.0
"""Pixels, real ones or design pixels if those are larger, between the nodes at which a network is
evaluated in the input plane."""


FINER = 3
"""How many times finer the grid is on which an activation with kinks is applied."""


def hidden_panel(
    film: Film,
    playback: Playback,
    box: Box,
    *,
    radius: float,
    tick_size: float = 0,
    frozen: bool = False,
    fringe: bool = False,
) -> Plane:
    """Show the drawn layer: regions, border of the space, points.

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
    tick_size
        Font size of the ticks of unbounded spaces; 0 for none.
    frozen
        Show the end of the training at all times.
    fringe
        Show beside the border of a square how many points lie on it.

    Returns
    -------
    Plane
        The plane of the layer, with the limits that it has in the present frame.
    """
    trajectory = playback.trajectory
    view = View(playback, 0.07 if box.width > 500 else 0.125 if tick_size else 0.09)
    end = playback.timeline.duration + 10.0
    start = playback.at(end if frozen else -10.0)
    plane = Plane(box, view.at(end if frozen else 0.0), trajectory.space)
    regions = HiddenRegions(plane, film.theme, start.readout_weight, start.readout_bias)
    frame = SpaceFrame(plane, film.theme, tick_size, settled=frozen)
    cloud = _cloud(film, trajectory, plane.to_scene(start.hidden), radius)
    cloud.playback = None if frozen else playback
    film.place(Bar(box, film.theme.panel), Outline(box, film.theme.frame, 1.0))
    if not trajectory.knows_readout:
        regions.opacity = 0.0
        if box.width > 500:
            _note(film, box, "no read-out was recorded: no regions")
    if frozen:
        film.place(regions, frame, cloud)
        return plane

    def move_regions(second: float) -> None:
        moment = playback.at(second)
        plane.limits = view.at(second)
        regions.weight, regions.bias = moment.readout_weight, moment.readout_bias

    def move_points(second: float) -> None:
        cloud.set_positions(plane.to_scene(playback.at(second).hidden))

    film.animate(regions, move_regions, box)
    film.animate(frame, lambda second: None, box)
    if fringe and trajectory.space.bounded and not trajectory.space.is_round:
        edge = Fringe(plane, film.theme, trajectory.labels, trajectory.classes)
        film.animate(edge, lambda second: edge.set_values(playback.at(second).hidden), box)
    film.animate(cloud, move_points, box)
    return plane


def input_plane(trajectory: Trajectory, box: Box) -> Plane:
    """The plane of the data, all of it in a square box of design pixels."""
    reach = float(np.abs(trajectory.inputs).max()) * 1.09
    return Plane(box, (-reach, reach))


def input_panel(film: Film, playback: Playback, box: Box, *, radius: float) -> None:
    """Show the data, over the classes that the network predicts, if that was recorded."""
    trajectory = playback.trajectory
    film.place(Bar(box, film.theme.panel), Outline(box, film.theme.frame, 1.0))
    if trajectory.inputs.shape[1] != 2:
        _note(film, box, f"{trajectory.inputs.shape[1]} inputs a point: no plane")
        return
    plane = input_plane(trajectory, box)
    cloud = _cloud(film, trajectory, plane.to_scene(trajectory.inputs), radius)
    if not RecordedNetwork.is_in(trajectory):
        film.place(cloud)
        return
    predicted_regions(film, playback, plane)
    film.animate(cloud, lambda second: None, box)


def predicted_regions(
    film: Film, playback: Playback, plane: Plane, step: float = GRID_STEP
) -> None:
    """Show which class a recorded network predicts at each place of the input plane."""
    pixel = max(HEIGHT / film.stage_camera.pixel_height, 1.0)
    grid = PredictedGrid(playback, plane, step * pixel)
    regions = InputRegions(plane, film.theme, grid.at(0.0))

    def move(second: float) -> None:
        regions.values = grid.at(second)

    film.animate(regions, move, plane.box)


class PredictedGrid:
    """Logits of a recorded network on a grid over the input plane, at any film time.

    Between the epochs at which the whole network is known its drawn layer is interpolated; the
    read-out is that of the moment, as in the plane of the layer. An activation with kinks is
    applied on a grid that is `FINER` times as fine, so that its edges are no staircases.

    Parameters
    ----------
    playback
        Of the network.
    plane
        The input plane, in its box.
    step
        Design pixels between nodes.

    Attributes
    ----------
    nodes
        The places where the network is evaluated, shape (rows, columns, 2), rows downwards.
    """

    def __init__(self, playback: Playback, plane: Plane, step: float) -> None:
        self._playback = playback
        self._network = RecordedNetwork(playback.trajectory)
        self._times = playback.timeline.seconds_at(self._network.epochs)
        nodes = max(int(plane.box.width / step) + 1, 2)
        lower, upper = plane.limits
        x = np.linspace(lower, upper, nodes, dtype=np.float32)
        self.nodes = np.stack(np.meshgrid(x, x[::-1]), axis=-1)
        self._inputs = self.nodes.reshape(-1, 2)
        self._known: dict[int, NDArray[np.float32]] = {}

    def at(self, second: float) -> NDArray[np.float32]:
        """Logits, shape (rows, columns, K), rows downwards."""
        moment, activation = self._playback.at(second), self._network.activations[-1]
        hidden = self._interpolated(second)
        if activation.kinked:
            hidden = activation.apply(_refined(_refined(hidden, 1), 2))
        units, rows, columns = hidden.shape
        logits = hidden.reshape(units, -1).T @ moment.readout_weight.T + moment.readout_bias
        return logits.reshape(rows, columns, -1)

    def hidden(self, second: float) -> NDArray[np.float32]:
        """The drawn layer at the nodes, shape (D, rows, columns), rows downwards."""
        values, activation = self._interpolated(second), self._network.activations[-1]
        return activation.apply(values) if activation.kinked else values

    def _interpolated(self, second: float) -> NDArray[np.float32]:
        after = int(np.searchsorted(self._times, second))
        if after == 0 or after == len(self._times):
            return self._drawn(min(after, len(self._times) - 1))
        start, end = self._times[after - 1], self._times[after]
        share = np.float32((second - start) / (end - start))
        return self._drawn(after - 1) * (1 - share) + self._drawn(after) * share

    def _drawn(self, index: int) -> NDArray[np.float32]:
        """The drawn layer, before its activation if that has kinks, shape (D, rows, columns)."""
        if index not in self._known:
            drawn, activation = (
                self._network.drawn(index, self._inputs),
                self._network.activations[-1],
            )
            if not activation.kinked:
                drawn = activation.apply(drawn)
            self._known[index] = drawn.T.reshape(-1, *self.nodes.shape[:2])
        return self._known[index]


def _refined(values: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Values on a grid that is `FINER` times as fine along an axis, interpolated linearly."""
    along = np.moveaxis(values, axis, -1)
    shares = np.arange(FINER, dtype=np.float32) / FINER
    between = along[..., :-1, None] * (1 - shares) + along[..., 1:, None] * shares
    inner = between.reshape(*along.shape[:-1], -1)
    finer = np.concatenate([inner, along[..., -1:]], axis=-1)
    return np.ascontiguousarray(np.moveaxis(finer, -1, axis))


def loss_panel(film: Film, playback: Playback, box: Box, *, size: float = 28) -> None:
    """Show the cross-entropy over the epochs, the value of pure guessing, and where we are."""
    trajectory, theme = playback.trajectory, film.theme
    if not trajectory.knows_loss:
        film.place(Bar(box, theme.panel), Outline(box, theme.frame, 1.0))
        _note(film, box, "no loss was recorded")
        return
    guessing = float(np.log(trajectory.classes))
    top = float(np.clip(trajectory.cross_entropy.max(), 1.15 * guessing, 1.9 * guessing))
    axes = Box(box.left + 14, box.top + 16, box.width - 28, box.height - 28 - 1.5 * size)
    curve = EpochCurve(axes, trajectory.cross_entropy, top, theme)
    film.place(Bar(box, theme.panel), Outline(box, theme.frame, 1.0))
    _, guess_y = curve.place(0, guessing)
    film.place(Bar(Box(axes.left, guess_y - 1, axes.width, 2), theme.frame))
    value = f"ln {trajectory.classes} = {guessing:.2f}"
    note = next(
        text
        for text in (f"guessing: {value}", value, "")
        if text_width(text, size) <= axes.width - 8
    )
    film.place(Words(note, axes.right - 4, guess_y - 8, size, theme.faint, "right"))
    film.place(Words("0", axes.left, axes.bottom - 6, size, theme.faint))
    film.place(Bar(Box(axes.left, axes.bottom, axes.width, 2), theme.frame))
    epoch_ticks(film, curve, trajectory.trained_epochs, size)

    def move(second: float) -> None:
        curve.epoch = min(playback.timeline.epoch_at(second), trajectory.trained_epochs)

    film.animate(curve, move, box)


def _note(film: Film, box: Box, text: str, size: float = 26) -> None:
    """Say in a panel what it cannot show."""
    lines = wrapped(text, box.width - 24, size)
    for i, line in enumerate(lines):
        y = box.bottom - 16 - 1.25 * size * (len(lines) - 1 - i)
        film.place(Words(line, box.left + 14, y, size, film.theme.faint))


def epoch_ticks(film: Film, curve: EpochCurve, last: int, size: float) -> None:
    """Mark powers of ten below a curve, with numbers where there is room for them."""
    axes, theme = curve.box, film.theme
    free = axes.left
    for epoch in [10**power for power in range(8) if 10**power <= last]:
        x, _ = curve.place(epoch, 0.0)
        film.place(Bar(Box(x - 1, axes.bottom, 2, 8), theme.frame))
        name = f"{epoch:,}"
        half = text_width(name, size) / 2
        middle = min(x, axes.right - half)
        if middle - half >= free:
            base = axes.bottom + 1.25 * size
            film.place(Words(name, middle, base, size, theme.faint, "centre"))
            free = middle + half + 0.5 * size


def _cloud(
    film: Film, trajectory: Trajectory, places: NDArray[np.float64], radius: float
) -> OrderedCloud:
    # Drawn in a fixed, mixed order, so that no class hides the others.
    order = np.random.default_rng(0).permutation(trajectory.points)
    colours = film.theme.class_colours(trajectory.classes)[trajectory.labels]
    return OrderedCloud(
        places,
        order,
        colours,
        radius=radius * UNIT,
        outline=min(1.4, 0.28 * radius) * UNIT,
        outline_color=film.theme.background,
        opacity=POINT_OPACITY,
    )


class OrderedCloud(PointCloud):
    """A cloud that draws its points in a given order.

    Parameters
    ----------
    points, colors, kwargs
        See `PointCloud`.
    order
        A permutation, shape (N,).

    Attributes
    ----------
    playback
        What moves the points; None if nothing does.
    """

    playback: Playback | None = None

    def __init__(
        self,
        points: NDArray[np.float64],
        order: NDArray[np.int64],
        colors: NDArray[np.float32],
        **kwargs: float | str,
    ) -> None:
        self.order = order
        super().__init__(points, colors[order], **kwargs)  # type: ignore[arg-type]

    def set_positions(self, points: NDArray[np.float64]) -> OrderedCloud:  # type: ignore[override]
        """Move all points at once; they come in their own order."""
        super().set_positions(np.asarray(points)[self.order])
        return self
