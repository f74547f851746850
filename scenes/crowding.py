"""More and more classes in the plane: typical networks of a study, and how all others fared.

Run it by itself with ``manim render scenes/crowding.py Crowding``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from itertools import cycle

import numpy as np

from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.films import Needs
from spiralcore.stage.clock.pauses import Pause, spaced
from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.layout import line_labels as tips
from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.layout.line_labels import in_columns
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.borders import Bar, Outline, SpaceFrame
from spiralcore.stage.marks.regions import HiddenRegions
from spiralcore.stage.marks.words import Words, text_width
from spiralcore.stage.panels.board import SHAPES, headline
from spiralcore.stage.panels.notes import foot, lines_of, repeated, set_up
from spiralcore.stage.panels.spread_chart import DASHES, NAME_SIZE, NAMES, SpreadChart
from spiralcore.stage.story.captioned_film import CaptionedFilm
from spiralcore.story.captions import SHORTEST, Caption, CaptionTrack
from spiralcore.story.sentences import Speaker
from spiralcore.study.crowd import Crowd, Typical
from spiralcore.system.rounding import percent
from spiralcore.trajectory.play.easing import eased
from spiralcore.trajectory.trouble import ENOUGH

MARGIN, HEADS = 64, 236
"""The rows' names are in so many design pixels at the left."""

GAP, LEAST, LARGEST = 12, 100, 124
"""Between small spaces, and the side of one at least and at most, in design pixels."""

CHART, LOWEST = 190.0, 95.0
"""Height of what is below them at least, and of each of two charts: else there is one only."""

AXIS, NAME_ABOVE = 62.0, 60.0
"""Where names lie above: room for the numbers of an axis, and height of a name."""

ARRIVAL = 0.22
"""Part of the film that a column takes to arrive; many of them are on their way at a time."""

REGIONS_FROM = 0.7
"""Part of its arrival at which the regions of a network begin to appear."""

MARKS = "dots: class means of a typical network; lines: medians; bands: quartiles"
"""What is drawn: said in the end."""

CHART_TITLES = {
    "accuracy": ("accuracy", "share of points", "that are right"),
    "packing": ("packing", "smallest distance", "of the largest;", "ReLU: the angle"),
}


class Crowding(CaptionedFilm):
    """A row of small spaces for each activation, a column for each class count, charts below."""

    needs = Needs.STUDY

    def build(self) -> None:
        """Lay out the picture."""
        crowd, shape = self.study, SHAPES[self.aspect.name]
        wide, text, count = self.aspect.name == "16:9", self.text_scale, len(crowd.classes)
        # Names lie beside what they name, or above it where the frame is upright.
        self.above = self.aspect.height > self.aspect.width
        self.margin = MARGIN if wide else shape.margin
        left = self.margin + (AXIS * text if self.above else HEADS + 80 * (text - 1))
        free = self.aspect.width - self.margin - left
        pitch = self._pitch(crowd, free)
        # The first small space may be wider than its column.
        pitch = self._pitch(crowd, free - max(LARGEST - pitch, 0.0) / 2)
        top = self._words(84 if wide else shape.top)
        first = self._notes(1054 if wide else self.aspect.height - shape.bottom)
        high, across = self.captions_height(MARKS), self.aspect.width - 2 * self.margin
        foot = Box(self.margin, first - high, across, high)
        self.show_captions(foot, MARKS)
        bottom = foot.top - 10 * text
        name = NAME_ABOVE * text * self.above
        # As many rows and columns as have room; the curves are those of all.
        free = bottom - top - CHART * text
        rows = min(max(int(free / (LEAST + GAP + name)), 1), len(crowd.activations))
        stride = max(math.ceil((LEAST + GAP) / pitch), 1)
        side = max(min(stride * pitch - GAP, LARGEST, free / rows - GAP - name), LEAST)
        step = side + GAP + name
        left += max(side - pitch, 0.0) / 2
        self.columns = [left + (i + 0.5) * pitch for i in range(count)]
        shown = range(0, count, stride)
        self._counts(crowd, shown, top - 22)
        for row, activation in enumerate(crowd.activations[:rows]):
            y, dashes = top + name + row * step, DASHES[row % len(DASHES)]
            self._head(activation, y - 16 * text if self.above else y + side / 2, dashes)
            for column in shown:
                classes = crowd.classes[column]
                box = Box(self.columns[column] - side / 2, y, side, side)
                self._small_space(activation, crowd.typical.get((activation, classes)), box, column)
        gap = 34 + (52 * text if self.above else 0.0)
        top += rows * step + 10 + gap
        charts, height = ["accuracy", "packing"], (bottom - top - gap) / 2
        if height < LOWEST * text:
            charts, height = ["packing"], bottom - top - 0.5 * gap
        width = self.aspect.width - self.margin - left if wide else count * pitch
        for i, title in enumerate(charts):
            values = crowd.accuracy if title == "accuracy" else crowd.packing
            box = Box(left, top + i * (height + gap), width, height)
            rows_of = [
                (ACTIVATIONS[name].label, [values[name, classes] for classes in crowd.classes])
                for name in crowd.activations
            ]
            known = CHART_TITLES[title], self.margin, self.columns, rows_of, self.revealed
            self.show_panels(SpreadChart(self, box, *known))

    # Time.

    def moments(self) -> list[Pause]:
        """Where each activation begins to fail, for networks of the median accuracy."""
        crowd, hold = self.study, self.time_of.start
        first, last = crowd.classes[0], crowd.classes[-1]
        found = [Pause(hold, f"Two units, and {first} classes at first.")]
        for name in crowd.activations:
            fails = self._fails(name)
            if fails is None:
                continue
            right = crowd.accuracy[name, fails].median
            start = self._start(crowd.classes.index(fails))
            text = (
                f"{fails} classes: with {ACTIVATIONS[name].label} {percent(right)} of "
                f"the points are right, for the first time less than {percent(ENOUGH, 0)}."
            )
            found.append(Pause(hold + (start + ARRIVAL) * self.settings.seconds, text))
        ends = [
            f"{ACTIVATIONS[name].label} {percent(crowd.accuracy[name, last].median, 0)}"
            for name in crowd.activations
            if (name, last) in crowd.accuracy
        ]
        text = f"The accuracy with {last} classes, median over the seeds: {', '.join(ends)}."
        return spaced([*found, Pause(self.time_of.action_over, text)])

    @cached_property
    def told(self) -> CaptionTrack:
        """Two units and few classes at first; then which activation fails at how many."""
        settings, crowd = self.settings, self.study
        if not settings.captions:
            return CaptionTrack(())
        said = settings.words
        speaker = Speaker(said, crowd.classes[0])
        begin = speaker.say("crowding_first", n=said.count(crowd.classes[0]))
        found = [Caption(-settings.hold, SHORTEST - settings.hold, begin)]
        for name in crowd.activations:
            fails = self._fails(name)
            if fails is None:
                continue
            column = crowd.classes.index(fails)
            start = self._start(column) + ARRIVAL if column else 0.0
            line = speaker.say(
                "crowding_fails",
                n=said.number(fails),
                name=ACTIVATIONS[name].label,
                v=said.percentage(crowd.accuracy[name, fails].median),
            )
            second = start * settings.seconds
            found.append(Caption(second, second + SHORTEST, line))
        # What comes at the same time is told one after the other.
        found.sort(key=lambda caption: caption.start)
        for i in range(1, len(found)):
            start = max(found[i].start, found[i - 1].start + SHORTEST)
            found[i] = found[i]._replace(start=start, end=start + SHORTEST)
        return CaptionTrack(found, self.said_until)

    def _fails(self, name: str) -> int | None:
        """The class count at which the median accuracy of an activation is too low at first."""
        accuracy = self.study.accuracy
        return next(
            (classes for classes in self.study.classes
             if (name, classes) in accuracy and accuracy[name, classes].median < ENOUGH),
            None,
        )  # fmt: skip

    def _start(self, column: int) -> float:
        """Part of the film after which a column begins to arrive."""
        return column / max(len(self.study.classes) - 1, 1) * (1 - ARRIVAL)

    def arrival(self, column: int, second: float) -> float:
        """How far a column has arrived, 0 to 1, slow at both ends; the first one is there."""
        if column == 0:
            return 1.0
        return eased((second / self.settings.seconds - self._start(column)) / ARRIVAL)

    def revealed(self, second: float) -> float:
        """Design pixels up to which curves are seen: to the columns that have arrived."""
        arrived = [self.arrival(column, second) for column in range(len(self.columns))]
        first = self.columns[0] if arrived[0] >= 1 else self.columns[0] - 2 * GAP
        steps = zip(self.columns, self.columns[1:], arrived[1:], strict=False)
        return first + sum((b - a) * max(2 * share - 1, 0.0) for a, b, share in steps)

    # Parts.

    def _pitch(self, crowd: Crowd, free: float) -> float:
        """Distance of the columns: beside the last of them there is room for the names of lines."""
        labels = [ACTIVATIONS[name].label for name in crowd.activations]
        widths = [text_width(label, self.text(NAME_SIZE)) for label in labels]
        columns = in_columns(widths, NAMES * self.aspect.width)
        names = sum(max(widths[i] for i in column) + tips.GAP for column in columns)
        count = len(crowd.classes)
        return min(free / count, (free - names) / (count - 0.5))

    def _words(self, y: float) -> float:
        """The title; tells where the small spaces begin."""
        subject = "more and more classes in two units"
        right = self.aspect.width - self.margin
        top = headline(self, "Crowding", subject, self.margin, right, y)
        return top + 72 * self.text_scale + (30 * self.text_scale if self.above else 0.0)

    def _notes(self, last: float) -> float:
        """How classes are told apart; tells where there is room above that."""
        notes = repeated(self, max(self.study.classes))
        lines = lines_of(self, notes, self.aspect.width - 2 * self.margin)
        set_up(self, lines, self.margin, last)
        return last - foot(self, len(lines))

    def _counts(self, crowd: Crowd, shown: Sequence[int], y: float) -> None:
        """The class counts above their columns."""
        size = self.text()
        high = 42.0 if self.above else 36.0
        above = 1.2 * high if self.above else 0.0
        self.place(Words("classes", self.margin, y - above, size, self.theme.faint))
        for column in shown:
            classes, x = crowd.classes[column], self.columns[column]
            words = Words(str(classes), x, y, high, self.theme.ink, "centre", "bold")
            self.place(words)

    def _head(self, name: str, middle: float, dashes: Sequence[float]) -> None:
        entry, text = ACTIVATIONS[name], self.text_scale
        label, space = entry.label, entry.space.name(2)
        left, right = self.margin + 128 * text, self.margin + 196 * text
        x, y = self.margin, middle + 34 * text
        if self.above:
            x, y = right + 24, middle + 2
        self.place(
            Words(label, self.margin, middle + 2, self.text(), self.theme.ink),
            Words(space, x, y, self.text(), self.theme.faint),
        )
        step, x = cycle(dashes or (right - left, 1)), float(left)
        while x < right:
            length, gap = next(step), next(step)
            width = min(length, right - x)
            self.place(Bar(Box(x, middle - 11 * text, width, 3), self.theme.ink))
            x += length + gap

    def _small_space(self, name: str, network: Typical | None, box: Box, column: int) -> None:
        theme = self.theme
        self.place(Bar(box, theme.panel), Outline(box, theme.frame, 1.0))
        if network is None:
            return
        space = ACTIVATIONS[name].space
        plane = Plane(box, _limits(network, space.bounded), space)
        weight, bias = network.readout_weight, network.readout_bias
        regions = HiddenRegions(plane, theme, weight, bias)
        regions.opacity = 0.0
        frame = SpaceFrame(plane, theme, 0, settled=True)
        dots = PointCloud(
            plane.to_scene(network.at(0.0)),
            theme.class_colours(len(bias)),
            radius=max(0.052 * box.width, 5.0) * UNIT,
            outline=1.4 * UNIT,
            outline_color=theme.background,
            marks=theme.class_marks(len(bias)),
        )

        def reveal(second: float) -> None:
            share = self.arrival(column, second)
            regions.opacity = min(max((share - REGIONS_FROM) / (1 - REGIONS_FROM), 0.0), 1.0)

        def move(second: float) -> None:
            share = self.arrival(column, second)
            # In steps: discs of each opacity are computed once.
            dots.opacity = round(12 * min(4 * share, 1.0)) / 12
            dots.set_positions(plane.to_scene(network.at(share)))

        self.place_live(regions, reveal, box)
        self.place_live(frame, lambda second: None, box)
        self.place_live(dots, move, box)


def _limits(network: Typical, bounded: bool) -> tuple[float, float]:
    """What to see of the plane: all of a bounded space, otherwise all that the means reach."""
    if bounded:
        return -1.14, 1.14
    reach = float(np.abs(network.means).max()) or 1.0
    return (-0.1 * reach if network.means.min() >= 0 else -1.14 * reach), 1.14 * reach
