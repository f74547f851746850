"""Packing, measured: the class means, the best that there is as a ghost, and how near they come.

Run it by itself with ``manim render scenes/packing.py Packing``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.alignment import align
from spiralcore.analysis.arrangement import Quantity
from spiralcore.analysis.containers import container_of, directions_of
from spiralcore.analysis.layer import Layer
from spiralcore.analysis.measuring import Measurements, measure
from spiralcore.analysis.optima import optimum
from spiralcore.catalogue import Needs
from spiralcore.stage.cloud import PointCloud
from spiralcore.stage.film import Film
from spiralcore.stage.ghosts import Ghosts, Kind, Rays, SampleMark
from spiralcore.stage.layout import UNIT, Box
from spiralcore.stage.numbers import dead_note, epoch_counter, faithfulness_note
from spiralcore.stage.panels import hidden_panel
from spiralcore.stage.plane import Plane
from spiralcore.stage.ratios import every_epoch, ratio_panel
from spiralcore.stage.words import Words, text_width
from spiralcore.trajectory.playback import Playback

Doubles = NDArray[np.float64]

MEAN_RADIUS = 15.0
"""In design pixels."""

TOP, PITCH = 192, 282
"""Of the curves, in design pixels."""

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
        ink, faint = self.theme.ink, self.theme.faint
        title = f"{trajectory.classes} classes"
        self.place(
            Words(title, 70, 88, 50, ink, weight="bold"),
            Words(f"how well a {trajectory.activation_label} network packs them",
                  70 + text_width(title, 50, "bold") + 28, 88, 40, faint),
            Words("epoch", 1620, 88, 32, faint, "right"),
        )  # fmt: skip
        epoch_counter(self, 1850, 88, 60)
        plane = hidden_panel(self, playback, Box(70, 128, 880, 880), radius=4.0, tick_size=30)
        self._ghosts(playback, plane)
        self._means(playback, plane)
        self._numbers(playback, found)
        if trajectory.dead_since:
            dead_note(self, trajectory, 1000, 1048)
        else:
            faithfulness_note(self, playback, 1000, 1048)

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

    def _means(self, playback: Playback, plane: Plane) -> None:
        """Large discs at the class means."""
        cloud = PointCloud(
            plane.to_scene(self._class_means(playback, 0.0)),
            self._colours(playback),
            radius=MEAN_RADIUS * UNIT,
            outline=4.0 * UNIT,
            outline_color=self.theme.ink,
        )

        def move(second: float) -> None:
            cloud.set_positions(plane.to_scene(self._class_means(playback, second)))

        self.animate(cloud, move, plane.box)

    def _ghosts(self, playback: Playback, plane: Plane) -> None:
        """The optima, numbered and turned as they fit the trained network best."""
        final = self._class_means(playback, playback.timeline.duration + 10.0)
        container = container_of(playback.trajectory.space)
        legend: list[tuple[str, Kind | None]] = []
        if container is None:
            self._rays(playback, plane, final)
            legend.append(("dashed: largest angles", None))
        else:
            for index, (quantity, kind, radius, name) in enumerate(GHOSTS):
                best = optimum(quantity, container, 2, len(final)).points
                if best is None:
                    continue
                places = align(best, final, container)
                ghosts = Ghosts(
                    plane, places, self._colours(playback), kind, radius, threads=index == 0
                )
                self._animate_ghosts(playback, ghosts)
                legend.append((name, kind))
        self._legend(legend)

    def _animate_ghosts(self, playback: Playback, ghosts: Ghosts) -> None:
        def follow(second: float) -> None:
            ghosts.points_of = self._class_means(playback, second)

        self.animate(ghosts, follow, ghosts.plane.box)

    def _rays(self, playback: Playback, plane: Plane, final: Doubles) -> None:
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
        self.animate(rays, lambda second: None, plane.box)

    def _legend(self, entries: list[tuple[str, Kind | None]]) -> None:
        x, y = 70.0, 1048.0
        for name, kind in entries:
            if kind is not None:
                self.place(SampleMark(x + 14, y - 9, kind, 11, self.theme.faint))
                x += 40
            self.place(Words(name, x, y, 26, self.theme.faint))
            x += text_width(name, 26) + 36
        self.place(Words("discs: class means", x, y, 26, self.theme.faint))

    def _numbers(self, playback: Playback, found: Measurements) -> None:
        """The curves: bounded spaces have optima of their own, the others angles and evenness."""
        if playback.trajectory.space.bounded:
            rows = [
                ("smallest distance between classes", found.parts.distance, BEST),
                ("distance of a class to the hull of the others", found.parts.one_vs_rest, BEST),
                ("softmax margin of the read-out", found.parts.margin, BEST),
            ]
        else:
            rows = [
                ("smallest angle between classes", found.angles.part, BEST),
                ("smallest distance over the largest", found.evenness, "1: all equally far apart"),
            ]
        last = playback.trajectory.trained_epochs
        for index, (name, values, best) in enumerate(rows):
            numbered = index == len(rows) - 1
            box = Box(1000, TOP + PITCH * index, 850, 252 if numbered else 208)
            curve = every_epoch(found.epochs, np.asarray(values), last)
            ratio_panel(self, playback, box, name, curve, best, numbered=numbered)
        if not playback.trajectory.space.bounded:
            self._parked(found, TOP + PITCH * len(rows) + 60)

    def _parked(self, found: Measurements, y: float) -> None:
        """Say which classes end at the corner, where they have no direction."""
        count = int(found.angles.parked[-1].sum())
        texts = {0: "no class ends at the corner", 1: "one class ends at the corner"}
        text = texts.get(count, f"{count} classes end at the corner")
        self.place(Words(text, 1000, y, 34, self.theme.ink))
        note = "there it is apart from the others without an angle of its own"
        if count:
            self.place(Words(note, 1000, y + 40, 26, self.theme.faint))


def _units(vectors: Doubles) -> Doubles:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12))
