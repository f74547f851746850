"""Panels: a network's points in their plane, as films put them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.data_plane import data_plane
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import MARGIN as ROOM_AROUND
from spiralcore.analysis.network.vector_field import reach
from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.border_histogram import BorderHistogram
from spiralcore.stage.marks.borders import Bar, Outline, SpaceFrame
from spiralcore.stage.marks.curve import EpochCurve
from spiralcore.stage.marks.predicted_grid import GRID_STEP, PredictedGrid, grid_step
from spiralcore.stage.marks.regions import HiddenRegions, InputRegions
from spiralcore.stage.marks.words import CAPITAL_HEIGHT, Side, Words, text_width, wrapped
from spiralcore.stage.painted import Painted
from spiralcore.stage.panels.caption import LEAST_WIDTH, captioned
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.common_view import CommonView
from spiralcore.trajectory.play.playback import MARGIN, SMALL_MARGIN, TICKED_MARGIN, Playback, View

POINT_OPACITY = 0.85

Update = Callable[[float], None]


def hidden_panel(
    film: Film,
    playback: Playback,
    box: Box,
    *,
    radius: float,
    tick_size: float = 0,
    frozen: bool = False,
    histogram: bool = False,
    network: Playback | None = None,
    caption: bool = True,
    view: View | CommonView | None = None,
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
    histogram
        Show beside the border of a square how many points lie on it.
    network
        The network that an inner layer belongs to, where ``playback`` does not play it itself.
    caption
        Say below the plane which layer it is, where that is not simply the last one.
    view
        How much of the plane is seen; left out, as much as this layer needs.

    Returns
    -------
    Plane
        The plane of the layer, with the limits that it has in the present frame.
    """
    trajectory = playback.trajectory
    view = view or View(playback, _margin(trajectory, box, tick_size))
    end = playback.timeline.duration + 10.0
    start = playback.at(end if frozen else -10.0)
    film.place(Bar(box, film.theme.panel), Outline(box, film.theme.frame, 1.0))
    if caption:
        box = captioned(film, playback, box, frozen=frozen)
    shown = view.frame(end if frozen else 0.0)
    plane = Plane(box, shown.limits, trajectory.space, shown.rise)
    frame = SpaceFrame(plane, film.theme, tick_size, settled=frozen)
    cloud = ordered_cloud(film, trajectory, plane.to_scene(start.hidden), radius)
    # Points outside of the space may be anywhere, but not over other panels.
    cloud.within = box.corners()
    cloud.playback = None if frozen else playback
    regions = _regions(film, playback, plane, network or playback)
    if not regions and box.width >= LEAST_WIDTH:
        large = box.width > 500
        text = f"no read-out{' was recorded' if large else ''}: no regions"
        # Below an unbounded space there are numbers.
        _note(film, box, text, 26 if large else 24, above=not trajectory.space.bounded)
    if frozen:
        for painted, update in regions:
            update(end)
            film.place(painted)
        film.place(frame, cloud)
        return plane

    def zoomed(update: Update) -> Update:
        def run(second: float) -> None:
            plane.show(view.frame(second))
            update(second)

        return run

    def move_points(second: float) -> None:
        cloud.set_positions(plane.to_scene(playback.at(second).hidden))

    for painted, update in regions:
        film.place_live(painted, zoomed(update), box)
    film.place_live(frame, zoomed(lambda second: None), box)
    if histogram and trajectory.space.bounded and not trajectory.space.is_round:
        edge = BorderHistogram(plane, film.theme, trajectory.labels, trajectory.classes)
        film.place_live(edge, lambda second: edge.set_values(playback.at(second).hidden), box)
    film.place_live(cloud, move_points, box)
    return plane


def _margin(trajectory: Trajectory, box: Box, tick_size: float) -> float:
    """Room around a space on each side, as a part of its width: for the numbers below an axis."""
    usual = MARGIN if box.width > 500 else TICKED_MARGIN if tick_size else SMALL_MARGIN
    if trajectory.space.bounded or not tick_size:
        return usual
    share = SpaceFrame.reserved(tick_size) / box.width
    return max(usual, share / (1 - 2 * share))


def _regions(
    film: Film, playback: Playback, plane: Plane, network: Playback
) -> list[tuple[Painted, Update]]:
    """Decision regions in the plane of a layer, and what sets them to a film time.

    Those of the last layer are those of its linear read-out. Those of an inner layer are what the
    rest of the network makes of it. There are none where that was not recorded.
    """
    shown = playback.trajectory.shown
    if shown is not None and shown.layer:
        if not RecordedNetwork.is_in(network.trajectory):
            return []
        return [grid_regions(film, network, plane, shown.layer)]
    if not playback.trajectory.knows_readout:
        return []
    moment = playback.at(0.0)
    linear = HiddenRegions(plane, film.theme, moment.readout_weight, moment.readout_bias)

    def move(second: float) -> None:
        moment = playback.at(second)
        linear.weight, linear.bias = moment.readout_weight, moment.readout_bias

    return [(linear, move)]


def input_plane(trajectory: Trajectory, box: Box) -> Plane:
    """The plane of the data, all of it in a square box of design pixels."""
    side = reach(trajectory)
    return Plane(box, (-side, side))


def input_panel(
    film: Film,
    playback: Playback,
    box: Box,
    *,
    radius: float,
    still: float | None = None,
    between: Sequence[Painted] = (),
) -> None:
    """Show the data, over the classes that the network predicts, if that was recorded.

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
    still
        A film time at which the picture stands still; None if it evolves.
    between
        What never changes and lies over the regions and below the points.
    """
    trajectory = playback.trajectory
    film.place(Bar(box, film.theme.panel), Outline(box, film.theme.frame, 1.0))
    if trajectory.inputs.shape[1] != 2:
        principal_panel(film, trajectory, box, radius)
        return
    plane = input_plane(trajectory, box)
    cloud = ordered_cloud(film, trajectory, plane.to_scene(trajectory.inputs), radius)
    if not RecordedNetwork.is_in(trajectory):
        film.place(*between, cloud)
        return
    if still is not None:
        regions, move = grid_regions(film, playback, plane)
        move(still)
        film.place(regions, *between, cloud)
        return
    predicted_regions(film, playback, plane)
    for painted in (*between, cloud):
        film.place_live(painted, lambda second: None, box)


def principal_panel(film: Film, trajectory: Trajectory, box: Box, radius: float) -> None:
    """Show data of another dimension in their principal plane, and how much of them that is."""
    points, share = data_plane(trajectory)
    words = (
        f"{trajectory.inputs.shape[1]} inputs a point: principal plane, "
        f"{100 * (share or 0):.0f} % of the variance"
    )
    lines = len(wrapped(words, box.width - 24, film.text(26)))
    below = 20 + 1.25 * film.text(26) * lines
    square = Box(box.left + below / 2, box.top, box.width - below, box.height - below)
    side = float(np.abs(points).max()) * ROOM_AROUND or 1.0
    plane = Plane(square, (-side, side))
    film.place(ordered_cloud(film, trajectory, plane.to_scene(points), radius))
    _note(film, box, words)


def predicted_regions(
    film: Film, playback: Playback, plane: Plane, step: float = GRID_STEP
) -> None:
    """Show which class a recorded network predicts at each place of the input plane."""
    regions, move = grid_regions(film, playback, plane, step=step)
    film.place_live(regions, move, plane.box)


def grid_regions(
    film: Film, playback: Playback, plane: Plane, layer: int = 0, step: float = GRID_STEP
) -> tuple[InputRegions, Update]:
    """Regions of a recorded network in the plane of a layer, and what sets them to a film time."""
    camera = film.stage_camera
    shorter = min(camera.pixel_width, camera.pixel_height)
    step = grid_step(step, shorter, playback.trajectory)
    grid = PredictedGrid(playback, plane, step, layer)
    regions = InputRegions(plane, film.theme, grid.at(0.0))

    def move(second: float) -> None:
        regions.values = grid.at(second)
        regions.covered = grid.covered

    return regions, move


def loss_panel(film: Film, playback: Playback, box: Box, *, size: float = 28) -> None:
    """Show the cross-entropy over the epochs, the value of pure guessing, and where we are."""
    trajectory, theme = playback.trajectory, film.theme
    if not trajectory.knows_loss:
        _other_loss_panel(film, playback, box, size)
        return
    guessing = trajectory.guess.cross_entropy
    top = float(np.clip(np.nanmax(trajectory.cross_entropy), 1.15 * guessing, 1.9 * guessing))
    axes = Box(box.left + 14, box.top + 16, box.width - 28, box.height - 28 - 1.5 * size)
    if film.aspect.name != "16:9":
        # Lower panels: room for the name of the line of pure guessing above that line.
        above = min((CAPITAL_HEIGHT * size + 2) / axes.height, 0.5)
        top = max(top, guessing / (1 - above))
    curve = EpochCurve(axes, trajectory.cross_entropy, top, theme)
    film.place(Bar(box, theme.panel), Outline(box, theme.frame, 1.0))
    _, guess_y = curve.place(0, guessing)
    film.place(Bar(Box(axes.left, guess_y - 1, axes.width, 2), theme.frame))
    value = trajectory.guess.text
    note = next(
        text
        for text in (f"guessing: {value}", value, "")
        if text_width(text, size) <= axes.width - 8
    )
    # Above the line and as far to the right as the curve lets it.
    width = text_width(note, size) + 8
    ends = [axes.right, *np.arange(axes.right - 8, axes.left + width, -8)]
    free = (end for end in ends if curve.highest(end - width, end) > guess_y - 8)
    film.place(Words(note, next(free, axes.right) - 4, guess_y - 8, size, theme.faint, "right"))
    _run_along(film, playback, curve, box, size)


def _other_loss_panel(film: Film, playback: Playback, box: Box, size: float) -> None:
    """Show a loss that is no cross-entropy, as far as it was recorded, and say so."""
    trajectory, theme = playback.trajectory, film.theme
    film.place(Bar(box, theme.panel), Outline(box, theme.frame, 1.0))
    known = trajectory.loss[~np.isnan(trajectory.loss)]
    if not len(known):
        _note(film, box, "no loss was recorded")
        return
    if known.min() < 0 or known.max() <= 0:
        _note(film, box, "no cross-entropy was recorded, and the loss is not positive")
        return
    axes = Box(box.left + 14, box.top + 16, box.width - 28, box.height - 28 - 1.5 * size)
    curve = EpochCurve(axes, trajectory.loss, 1.15 * float(known.max()), theme)
    _note(film, box, f"the loss of the training, up to {known.max():.3g}", above=True)
    _run_along(film, playback, curve, box, size)


def _run_along(film: Film, playback: Playback, curve: EpochCurve, box: Box, size: float) -> None:
    """Draw the axis of a curve and let its mark follow the film."""
    axes, theme, last = curve.box, film.theme, playback.trajectory.trained_epochs
    film.place(Words("0", axes.left, axes.bottom - 6, size, theme.faint))
    film.place(Bar(Box(axes.left, axes.bottom, axes.width, 2), theme.frame))
    epoch_ticks(film, curve, last, size)

    def move(second: float) -> None:
        curve.epoch = min(playback.timeline.epoch_at(second), last)

    film.place_live(curve, move, box)


def _note(film: Film, box: Box, text: str, size: float = 26, *, above: bool = False) -> None:
    """Say in a panel what it cannot show: below to the left, or above to the right."""
    size = film.text(size)
    lines = wrapped(text, box.width - 24, size)
    side: Side = "right" if above else "left"
    x = box.right - 14 if above else box.left + 14
    first = box.top + 10 + 0.8 * size if above else box.bottom - 16 - 1.25 * size * (len(lines) - 1)
    for i, line in enumerate(lines):
        y = first + 1.25 * size * i
        film.place(Words(line, x, y, size, film.theme.faint, side))


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


def ordered_cloud(
    film: Film, trajectory: Trajectory, places: NDArray[np.float64], radius: float
) -> OrderedCloud:
    """The points of a trajectory at some places in the scene, shape (N, 3), in their colours."""
    # Drawn in a fixed, mixed order, so that no class hides the others.
    order = np.random.default_rng(0).permutation(trajectory.points)
    colours = film.theme.class_colours(trajectory.classes)[trajectory.labels]
    return OrderedCloud(
        places,
        order,
        colours,
        marks=film.theme.class_marks(trajectory.classes)[trajectory.labels][order],
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
        **kwargs: Any,
    ) -> None:
        self.order = order
        super().__init__(points, colors[order], **kwargs)

    def set_positions(self, points: NDArray[np.float64]) -> OrderedCloud:  # type: ignore[override]
        """Move all points at once; they come in their own order."""
        super().set_positions(np.asarray(points)[self.order])
        return self
