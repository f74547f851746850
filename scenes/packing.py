"""Packing, measured: the class means, the best that there is as a ghost, and how near they come.

A line leads from one to the other of the closest two, and one number says how far that is of the
best possible. With ``layout = "curves"`` three numbers are shown over the epochs.

Run it by itself with ``manim render scenes/packing.py Packing``.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.arrangement import Quantity
from spiralcore.analysis.optima.closest_fit import align
from spiralcore.analysis.optima.containers import directions_of
from spiralcore.analysis.optima.table import optimum
from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.metric import Metric
from spiralcore.analysis.packing.metrics import METRICS
from spiralcore.analysis.packing.over_epochs import Measurements, measure
from spiralcore.registry.films import STORY, Needs
from spiralcore.stage.alternatives.packing_curves import curve_of, say_parked, show_curves
from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.ghosts import Ghosts, Rays, Target, contradict, targets_of
from spiralcore.stage.marks.pointers import ClosestPairs
from spiralcore.stage.marks.words import Words, text_width
from spiralcore.stage.panels.board import LEAST_BELOW, Board
from spiralcore.stage.panels.data_panel import DataPanel
from spiralcore.stage.panels.hidden_panel import HiddenPanel
from spiralcore.stage.panels.notes import Note, faults, fidelity_notes
from spiralcore.stage.panels.numbers import UNKNOWN, counting_of, epoch_counter
from spiralcore.stage.panels.ratio_panel import every_epoch
from spiralcore.stage.panels.readings import Readings
from spiralcore.stage.panels.side import divide
from spiralcore.stage.story.caption_line import training_captions
from spiralcore.stage.story.captioned_film import CaptionedFilm
from spiralcore.stage.story.focus import Focus
from spiralcore.story.captions import FADE, SHORTEST, Caption, CaptionTrack
from spiralcore.story.sentences import Line, Speaker
from spiralcore.subjects.sentences import background, data_captions
from spiralcore.system.rounding import fixed
from spiralcore.trajectory.play.easing import eased
from spiralcore.trajectory.play.playback import Playback

Doubles = NDArray[np.float64]

MEAN_RADIUS = 15.0
"""In design pixels."""

NUMBER, LEAST_SAID = 150.0, 260.0
"""Font size of the one number, and width that is needed to say more beside it."""

SAMPLED = 2
"""Epochs at which all points are measured; the film shows the class means only."""


class Packing(CaptionedFilm):
    """The hidden layer with its class means large, and how near the closest two of them are."""

    needs = Needs.ONE

    @cached_property
    def found(self) -> Measurements:
        """How well the classes are packed at every kept epoch."""
        return measure(self.trajectories[0], SAMPLED)

    @cached_property
    def targets(self) -> list[Target]:
        """The optima; none in a space without a border."""
        playback = self.playback(self.trajectories[0])
        final = self._class_means(playback, playback.timeline.duration + 10.0)
        return targets_of(playback.trajectory.space, final)

    @cached_property
    def nearness(self) -> tuple[Metric, NDArray[np.float32]]:
        """What is measured of the closest two, with its values at every epoch."""
        trajectory = self.trajectories[0]
        space = trajectory.space
        metric = METRICS["distance" if space.bounded else "angle"]
        values, _ = curve_of(metric, self.found, space)
        return metric, every_epoch(self.found.epochs, values, trajectory.trained_epochs)

    @property
    def _is_part(self) -> bool:
        """Whether these are parts of the best possible."""
        return bool(self.nearness[0].has_best_in(self.trajectories[0].space))

    @cached_property
    def closing_lines(self) -> list[Line]:
        """What is said in the end: how near they come, and that there is another goal."""
        trajectory, said = self.trajectories[0], self.settings.words
        speaker, last = Speaker.of(trajectory, said), float(self.nearness[1][-1])
        lines = []
        if self._is_part and np.isfinite(last):
            key = f"packing_{'distance' if trajectory.space.bounded else 'angle'}"
            lines.append(speaker.say(key, v=said.percentage(last)))
        if contradict(self.targets):
            lines.append(speaker.say("packing_goals"))
        return lines

    @property
    def _closing_from(self) -> float:
        """Second of the action at which the last of them is said."""
        return self.said_until - SHORTEST

    @cached_property
    def told(self) -> CaptionTrack:
        """What happens, then how near the closest two come, and where goals contradict."""
        if self.settings.layout != STORY or not self.settings.captions:
            return CaptionTrack(())
        over, lines = self.said_until, self.closing_lines
        starts = [self._closing_from - SHORTEST * i for i in reversed(range(len(lines)))]
        last = [Caption(start, start + SHORTEST, line)
                for start, line in zip(starts, lines, strict=True)]  # fmt: skip
        before = CaptionTrack(training_captions(self).captions, min([*starts, over]))
        return CaptionTrack([*before.captions, *last], over)

    def build(self) -> None:
        """Lay out the picture."""
        trajectory, curves = self.trajectories[0], self.settings.layout != STORY
        playback = self.playback(trajectory)
        named = self.targets if curves or contradict(self.targets) else self.targets[:1]
        legend = [Note(target.name, mark=target.kind, joins=bool(i))
                  for i, target in enumerate(named)]  # fmt: skip
        if not trajectory.space.bounded:
            legend = [Note("dashed: largest angles")]
        method = fidelity_notes(self, playback, "discs: class means", background(trajectory))
        board = Board(
            self,
            f"{trajectory.classes} classes",
            f"how well {trajectory.activation_label} packs them",
            notes=legend,
            side_notes=faults(trajectory) or ([method] if curves else []),
            corner=340 if curves else 0,
            least=700 if curves else LEAST_BELOW,
            reserve=0.0 if curves else self.captions_height(method.text),
        )
        large = board.large
        radius = 4.0 * large.width / 880
        focus = None if curves else Focus.of(self.told, trajectory.classes)
        panel = HiddenPanel(
            self, playback, large, radius=radius, tick_size=self.text(), focus=focus
        )
        self.show_panels(panel)
        for i, target in enumerate(named):
            self._marks(playback, target, i == 0, panel.plane)
        if not self.targets and not trajectory.space.bounded:
            final = self._class_means(playback, playback.timeline.duration + 10.0)
            self._rays(playback, final, panel.plane)
        if not curves:
            self._closest(playback, panel.plane)
        self._means(playback, panel.plane)
        if curves:
            size, right, y = (
                board.shape.title,
                self.aspect.width - board.shape.margin,
                board.shape.top,
            )
            at = right - 230 * size, y, self.text()
            self.place(Words(counting_of(self).unit, *at, self.theme.faint, "right"))
            self.place_live(*epoch_counter(self, right, y, 60 * size))
            show_curves(self, playback, self.found, board.side)
            return
        self._number(playback, board.side)
        self.show_captions(board.captions._replace(left=large.left), method.text)

    def _number(self, playback: Playback, side: Box) -> None:
        """The data, and one number: how near the closest two are, of the best possible."""
        metric, values = self.nearness
        assert metric.film is not None
        name = metric.film.names[-1]
        heads = [f"{name}, of the best possible", f"{name}, of the best", name]
        small, numbers, (lower,) = divide(
            self, side, data_captions(playback.trajectory), heads if self._is_part else [name],
        )  # fmt: skip
        self.show_panels(
            DataPanel(self, playback, small, radius=3.6 * small.width / 450),
            Readings(self, playback, numbers),
        )
        size = min(self.text(NUMBER), 0.9 * lower.height)
        size *= min(1.0, lower.width / text_width("100 %", size, "bold"))
        words = Words("100 %", lower.left, lower.top + 0.8 * size, size, self.theme.ink,
                      weight="bold")  # fmt: skip
        said = self.settings.words

        def count(second: float) -> None:
            value = playback.curve_value(values, self.slowly(second))
            if np.isnan(value):
                words.text = UNKNOWN
            elif self._is_part:
                words.text = said.percentage(value)
            else:
                words.text = fixed(value, 2)

        self.place_live(words, count, words.reserved())
        if not playback.trajectory.space.bounded:
            x = lower.left + text_width("100 %", size, "bold") + 40
            free = Box(x, lower.top, lower.right - x, lower.height)
            if self.found.angles.parked[-1].any() and free.width > LEAST_SAID * self.text_scale:
                say_parked(self, self.found, free)

    def _closest(self, playback: Playback, plane: Plane) -> None:
        """A line between the closest two, or the smallest angle."""
        bounded = playback.trajectory.space.bounded
        parked = np.zeros(0, bool) if bounded else self.found.angles.parked[-1]
        pairs = ClosestPairs(plane, self.theme, angles=not bounded)

        def follow(second: float) -> None:
            places = self._class_means(playback, second).copy()
            if len(parked) == len(places):
                places[parked] = np.nan
            pairs.places = places

        self.place_live(pairs, follow, plane.box)

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

    def _marks(self, playback: Playback, target: Target, first: bool, plane: Plane) -> None:
        """Marks at the places of an optimum; those of a second goal as it is spoken of."""
        radius = target.radius * plane.box.width / 880
        ghosts = Ghosts(
            plane, target.points, self._colours(playback), target.kind, radius, threads=first
        )
        late = not first and self.settings.layout == STORY

        def follow(second: float) -> None:
            ghosts.points_of = self._class_means(playback, second)
            if late:
                ghosts.opacity = eased((second - self._closing_from) / FADE)

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


def _units(vectors: Doubles) -> Doubles:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12))
