"""Packing, measured: the class means, the best that there is as a ghost, and how near they come.

Run it by itself with ``manim render scenes/packing.py Packing``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.arrangement import Quantity
from spiralcore.analysis.optima.closest_fit import align
from spiralcore.analysis.optima.containers import container_of, directions_of
from spiralcore.analysis.optima.table import optimum
from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.metric import Metric, among
from spiralcore.analysis.packing.metrics import METRICS
from spiralcore.analysis.packing.over_epochs import Measurements, measure
from spiralcore.registry.films import Needs
from spiralcore.registry.spaces import Space
from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.ghosts import Ghosts, Kind, Rays
from spiralcore.stage.marks.words import LEADING, Words, wrapped
from spiralcore.stage.panels.board import Board
from spiralcore.stage.panels.hidden_panel import HiddenPanel
from spiralcore.stage.panels.notes import Note, faults, fidelity_notes, lines_of, set_down
from spiralcore.stage.panels.numbers import epoch_counter
from spiralcore.stage.panels.ratio_panel import RatioPanel, every_epoch, head_height, short_name
from spiralcore.trajectory.play.playback import Playback

Doubles = NDArray[np.float64]

MEAN_RADIUS = 15.0
"""In design pixels."""

PANELS = 3
"""Panels of curves that the side is divided for at least."""

BEST = "1: the best possible"

SAMPLED = 2
"""Epochs at which all points are measured; the film shows the class means only."""

GHOSTS: tuple[tuple[Quantity, Kind, float, str], ...] = (
    (Quantity.DISTANCE, "ring", 27.0, "farthest apart"),
    (Quantity.MARGIN, "diamond", 17.0, "largest softmax margin"),
)
"""Optima that are shown as ghosts, their marks with the radius in design pixels, and names."""


class Packing(Film):
    """The hidden layer with its class means large, three numbers beside it."""

    needs = Needs.ONE

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        playback = self.playback(trajectory)
        found = measure(trajectory, SAMPLED)
        places, legend = self._ghosts(playback)
        board = Board(
            self,
            f"{trajectory.classes} classes",
            f"how well a {trajectory.activation_label} network packs them",
            notes=[*legend, Note("discs: class means", joins=bool(legend))],
            side_notes=faults(trajectory) or [fidelity_notes(self, playback)],
            corner=340,
            least=700,
        )
        large = board.large
        size, right, y = board.shape.title, self.aspect.width - board.shape.margin, board.shape.top
        self.place(Words("epoch", right - 230 * size, y, 32 * size, self.theme.faint, "right"))
        self.place_live(*epoch_counter(self, right, y, 60 * size))
        radius = 4.0 * large.width / 880
        panel = HiddenPanel(self, playback, large, radius=radius, tick_size=self.text(30))
        self.show_panels(panel)
        for place in places:
            place(panel.plane)
        self._means(playback, panel.plane)
        self._numbers(playback, found, board.side)

    def _class_means(self, playback: Playback, second: float) -> Doubles:
        """Means of the classes that have points at a film time, shape (K, 2)."""
        moment, labels = playback.at(second), playback.trajectory.labels
        layer = Layer.of_arrays(
            moment.hidden[None], labels, moment.readout_weight[None], moment.readout_bias[None]
        )
        return np.asarray(layer.means[0])

    def _colours(self, playback: Playback) -> NDArray[np.float32]:
        """Colours of the classes that have points."""
        trajectory = playback.trajectory
        present = np.unique(trajectory.labels)
        return self.theme.class_colours(trajectory.classes)[present]

    def _marks_of(self, playback: Playback) -> NDArray[np.uint8]:
        """Marks of these classes."""
        trajectory = playback.trajectory
        return self.theme.class_marks(trajectory.classes)[np.unique(trajectory.labels)]

    def _means(self, playback: Playback, plane: Plane) -> None:
        """Large discs at the class means."""
        scale = plane.box.width / 880
        cloud = PointCloud(
            plane.to_scene(self._class_means(playback, 0.0)),
            self._colours(playback),
            radius=MEAN_RADIUS * scale * UNIT,
            outline=4.0 * scale * UNIT,
            outline_color=self.theme.ink,
            marks=self._marks_of(playback),
            within=plane.box.corners(),
        )

        def move(second: float) -> None:
            cloud.set_positions(plane.to_scene(self._class_means(playback, second)))

        self.place_live(cloud, move, plane.box)

    def _ghosts(self, playback: Playback) -> tuple[list[Callable[[Plane], None]], list[Note]]:
        """The optima, turned as they fit the trained network best: what places them, and names."""
        final = self._class_means(playback, playback.timeline.duration + 10.0)
        container = container_of(playback.trajectory.space)
        if container is None:
            return [partial(self._rays, playback, final)], [Note("dashed: largest angles")]
        places: list[Callable[[Plane], None]] = []
        legend: list[Note] = []
        for index, (quantity, kind, radius, name) in enumerate(GHOSTS):
            best = optimum(quantity, container, 2, len(final)).points
            if best is None:
                continue
            points = align(best, final, container)
            places.append(partial(self._marks, playback, points, kind, radius, index == 0))
            legend.append(Note(name, mark=kind, joins=bool(legend)))
        return places, legend

    def _marks(
        self,
        playback: Playback,
        points: Doubles,
        kind: Kind,
        radius: float,
        threads: bool,
        plane: Plane,
    ) -> None:
        """Marks at the places of an optimum."""
        radius *= plane.box.width / 880
        ghosts = Ghosts(plane, points, self._colours(playback), kind, radius, threads=threads)

        def follow(second: float) -> None:
            ghosts.points_of = self._class_means(playback, second)

        self.place_live(ghosts, follow, ghosts.plane.box)

    def _rays(self, playback: Playback, final: Doubles, plane: Plane) -> None:
        """The directions with the largest angles, for the classes that are not parked."""
        space = playback.trajectory.space
        parked = measure(playback.trajectory, SAMPLED, slice(-1, None)).angles.parked[0]
        container = directions_of(space)
        pointing = final[~parked]
        best = optimum(Quantity.DISTANCE, container, 2, len(pointing)).points
        if best is None:
            return
        directions = align(best, _units(pointing), container)
        rays = Rays(plane, directions, self._colours(playback)[~parked])
        self.place_live(rays, lambda second: None, plane.box)

    def _numbers(self, playback: Playback, found: Measurements, side: Box) -> None:
        """The curves: bounded spaces have optima of their own, the others angles and evenness."""
        space = playback.trajectory.space
        shown = [
            (metric, metric.film)
            for metric in METRICS.values()
            if metric.film is not None and among(space, metric.film.spaces)
        ]
        count = max(PANELS, len(shown) + (not space.bounded))
        last, gap, ticks = playback.trajectory.trained_epochs, 10.0, self.text(44)
        named = [(short_name(self, side.width, panel.names), metric) for metric, panel in shown]
        heads = [head_height(self, side.width, name) for name, _ in named]
        heads += [self.text(64)] * (count - len(shown))
        height = (side.height - sum(heads) - ticks - gap * (count - 1)) / count
        top = side.top
        for index, ((name, metric), head) in enumerate(zip(named, heads, strict=False)):
            numbered = index == len(shown) - 1
            box = Box(side.left, top, side.width, head + height + (ticks if numbered else 0.0))
            values, mark = _curve(metric, found, space)
            curve = every_epoch(found.epochs, values, last)
            self.show_panels(
                RatioPanel(
                    self, playback, box, name, curve, mark, numbered=numbered, size=self.text(26)
                )
            )
            top += head + height + gap
        if not space.bounded:
            self._parked(found, Box(side.left, top, side.width, side.bottom - top))

    def _parked(self, found: Measurements, box: Box) -> None:
        """Say which classes end at the corner, where they have no direction."""
        count = int(found.angles.parked[-1].sum())
        texts = {0: "no class ends at the corner", 1: "one class ends at the corner"}
        text = texts.get(count, f"{count} classes end at the corner")
        note = Note("there it is apart from the others without an angle of its own")
        notes = lines_of(self, [note] if count else [], box.width)
        lines = wrapped(text, box.width, self.text(34))
        height = self.text(40) * len(lines) + self.text(LEADING * 26) * (len(notes) - 1)
        y = box.top + min(124.0, box.height - height)
        for line in lines:
            self.place(Words(line, box.left, y, self.text(34), self.theme.ink))
            y += self.text(40)
        set_down(self, notes, box.left, y)


def _curve(
    metric: Metric, found: Measurements, space: Space
) -> tuple[Doubles, tuple[float, str] | None]:
    """What is shown of a metric, shape (T,): a part of the best where that is known.

    And a value to mark, with what it means; None if there is none.
    """
    if metric.has_best_in(space):
        return found.part(metric), (1.0, BEST)
    values, most = np.asarray(found.own[metric.name]), metric.range[1]
    if metric.larger_is_better and np.isfinite(most):
        return values, (most, f"{most:g}: {metric.at_best}")
    return values, None


def _units(vectors: Doubles) -> Doubles:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12))
