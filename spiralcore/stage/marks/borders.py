"""Lines and numbers around the points: borders, axes with ticks, bars."""

from __future__ import annotations

import math
from typing import Any

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.words import rasterised
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas

FADING = 1.15
"""Zoom over which a step of the axis fades in or out."""


class Bar(Painted):
    """A filled rectangle.

    Attributes
    ----------
    box
        Its place in design pixels; set it to move or grow it.
    """

    def __init__(self, box: Box, colour: str, opacity: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.colour = rgb(colour)
        self.opacity = opacity
        self.set_box(box)

    def set_box(self, box: Box) -> None:
        """Move it to another place."""
        self.box = box
        self.points = box.corners()

    def paint(self, canvas: Canvas) -> None:
        """Fill it."""
        left, top, right, bottom = canvas.edges(self.points.tolist())
        kernels.bar(canvas.pixels, left, top, right, bottom, self.colour, self.opacity)


class Outline(Painted):
    """The border of a box: a line of constant width just outside of it."""

    def __init__(self, box: Box, colour: str, thickness: float = 2.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.colour = rgb(colour)
        self.thickness = thickness
        self.points = box.corners()

    def paint(self, canvas: Canvas) -> None:
        """Draw four bars at whole pixels."""
        left, top, right, bottom = canvas.edges(self.points.tolist()).rounded()
        w = max(round(self.thickness * canvas.scale * UNIT), 1)
        for bar in (
            (left - w, top - w, right + w, top),
            (left - w, bottom, right + w, bottom + w),
            (left - w, top, left, bottom),
            (right, top, right + w, bottom),
        ):
            kernels.bar(canvas.pixels, *bar, self.colour, self.opacity)


class SpaceFrame(Painted):
    """The border of the space of an activation, with ticks where the scale needs them.

    A bounded space gets its border. An unbounded one gets its axes and round numbers on the
    lower one; the numbers fade in and out as the plane zooms. A round space also hides what was
    painted outside of it.
    """

    TICK_SPACING = 3.3
    """Distance between two numbers, about, in font sizes."""

    BASELINE = 0.95
    """How far below the axis numbers stand, in font sizes; some pixels come on top."""

    @classmethod
    def reserved(cls, size: float) -> float:
        """What the numbers below an axis need, in design pixels."""
        return 12 + cls.BASELINE * size

    def __init__(
        self,
        plane: Plane,
        theme: Theme,
        size: float = 36,
        *,
        settled: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.plane = plane
        self.settled = settled
        self.size = size
        self.colour = rgb(theme.ink)
        self.faint = rgb(theme.faint)
        self.panel = rgb(theme.panel)
        self.points = plane.box.corners()

    def room(self) -> Box | None:
        """The plane, and the numbers below it."""
        return self.plane.box.padded(6 + (2.2 * self.size if self.size > 0 else 0))

    def paint(self, canvas: Canvas) -> None:
        """Draw the border or the axes."""
        space = self.plane.space
        assert space is not None
        w = max(round(2 * canvas.scale * UNIT), 1)
        if space.is_round:
            self._circle(canvas, w)
            return
        left, top, right, bottom = canvas.edges(self.plane.corners()).rounded()
        x, y = left, bottom
        if space.lower is None:
            # Axes through the origin, where the kinks are.
            x = float(round(canvas.column(self.plane.x(0.0))))
            y = float(round(canvas.row(self.plane.y(0.0))))
        lines = [(x - w, top, x, bottom + w), (left - w, y, right, y + w)]
        if space.bounded:
            lines += [(left - w, top - w, right + w, top), (right, top, right + w, bottom + w)]
        for line in lines:
            kernels.bar(canvas.pixels, *line, self.colour, 0.75 * self.opacity)
        if not space.bounded and self.size > 0:
            self._ticks(canvas, y + w)

    def _circle(self, canvas: Canvas, line: float) -> None:
        (x, y), radius = self.plane.circle()
        kernels.ring(
            canvas.pixels,
            canvas.pixel_box(canvas.edges(self.points.tolist())),
            (canvas.column(x), canvas.row(y)),
            radius * canvas.scale,
            float(line),
            self.colour,
            0.75 * self.opacity,
            self.panel,
            self.opacity,
        )

    def _ticks(self, canvas: Canvas, axis: float) -> None:
        lower, upper = self.plane.limits
        span = upper - lower
        wanted = span * self.TICK_SPACING * self.size / self.plane.box.width
        pixel = canvas.scale * UNIT
        half = max(round(pixel), 1)
        right_end = canvas.column(float(self.points[1, 0]))
        for value, alpha in axis_numbers(wanted, upper, settled=self.settled).items():
            shown = self.opacity * alpha
            x = float(round(canvas.column(self.plane.x(value))))
            mask, ascent = rasterised(f"{value:g}", "regular", round(self.size * pixel, 2))
            left = round(x - mask.shape[1] / 2)
            if left + mask.shape[1] <= right_end - 4 * pixel:
                baseline = round(axis + 6 * pixel + self.BASELINE * self.size * pixel)
                tick = (x - half, axis, x + half, axis + 7 * pixel)
                kernels.bar(canvas.pixels, *tick, self.colour, shown)
                kernels.stamp(canvas.pixels, mask, left, baseline - ascent, self.faint, shown)


def axis_numbers(wanted: float, upper: float, *, settled: bool = False) -> dict[float, float]:
    """Round numbers up to ``upper``, about ``wanted`` apart, with their opacities.

    The step is 1, 2 or 5 times a power of ten. Where an axis zooms out of one step into the
    next, the old numbers fade out before the new ones fade in; those of both stay.

    Parameters
    ----------
    wanted
        Least distance, in the units of the axis.
    upper
        End of the axis.
    settled
        The axis does not zoom: one step, in full.
    """
    exponent = math.floor(math.log10(wanted))
    steps = [d * 10.0**power for power in (exponent - 1, exponent, exponent + 1) for d in (1, 2, 5)]
    after = next(i for i, step in enumerate(steps) if step >= wanted and i > 0)
    old, new = (_multiples(steps[i], upper) for i in (after - 1, after))
    passed = 1.0 if settled else math.log(wanted / steps[after - 1]) / math.log(FADING)
    shown = dict.fromkeys(sorted(old | new), 1.0)
    shown.update(dict.fromkeys(old - new, 1 - 2 * passed))
    shown.update(dict.fromkeys(new - old, min(2 * passed - 1, 1.0)))
    return {value: alpha for value, alpha in shown.items() if alpha > 0.02}


def _multiples(step: float, upper: float) -> set[float]:
    return {round(k * step, 12) for k in range(1, int(upper / step) + 1)}
