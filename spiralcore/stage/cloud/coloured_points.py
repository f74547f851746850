"""The points of a cloud, their colours and their size: what a scene may set."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import ManimColor, ParsableManimColor
from manim.typing import MultiMappingFunction, Point3DLike
from numpy.typing import ArrayLike

from spiralcore.errors import UsageError
from spiralcore.stage.cloud.values import (
    Colours,
    Doubles,
    Floats,
    Marks,
    checked_colours,
    checked_marks,
    checked_number,
    checked_points,
    disagreement,
    rgb_of,
)
from spiralcore.stage.painted import Painted

YELLOW = "#FFFF00"
"""What Manim's `set_color` takes where it is given none."""

STROKE_UNIT = 0.01
"""Scene units of a stroke width of 1, as Manim counts."""


class ColouredPoints(Painted):
    """Points of one size, each with its colour; see `spiralcore.stage.cloud.PointCloud`.

    All that is set is checked at once, so that what is painted can be painted.
    """

    def __init__(self, **kwargs: Any) -> None:
        self._points: Doubles = np.zeros((0, 3))
        # At least one, so that a cloud without points has its colour.
        self._colors: Floats = np.full((1, 3), 255, np.float32)
        self._marks: Marks = np.zeros(1, np.uint8)
        # Radius of each point as a part of the common one, shape (N,); None where all are 1.
        self._growth: Floats | None = None
        self._radius = self._outline = 0.0
        self.outline_rgb = rgb_of("#000000")
        super().__init__(**kwargs)

    @property
    def points(self) -> Doubles:
        """Scene coordinates, shape (N, 3)."""
        return self._points

    @points.setter
    def points(self, points: ArrayLike) -> None:
        self._points = checked_points(points)

    @property
    def colors(self) -> Floats:
        """Colours, 0 to 255, shape (N, 3); one colour is repeated when points are added."""
        count = len(self._points)
        if count == 0:
            return self._colors[:0]
        if len(self._colors) != count:
            if (self._colors != self._colors[0]).any():
                raise disagreement(len(self._colors), count)
            self._colors = np.tile(self._colors[0], (count, 1))
        return self._colors

    @colors.setter
    def colors(self, colors: Colours) -> None:
        rows = checked_colours(colors, len(self._points))
        if len(rows):
            self._colors = rows

    @property
    def marks(self) -> Marks:
        """What tells points of one colour apart, 0 to 3, shape (N,); one is repeated."""
        count = len(self._points)
        if len(self._marks) != count:
            if len(self._marks) == 0 or (self._marks != self._marks[0]).any():
                raise disagreement(len(self._marks), count, "marks")
            self._marks = np.tile(self._marks[:1], count) if count else self._marks
        return self._marks[:count]

    @marks.setter
    def marks(self, marks: ArrayLike) -> None:
        self._marks = checked_marks(marks, len(self._points))

    @property
    def radius(self) -> float:
        """In scene units, the outline included."""
        return self._radius

    @radius.setter
    def radius(self, radius: float) -> None:
        self._radius = checked_number("radius", radius)

    @property
    def outline(self) -> float:
        """Width of the outline in scene units."""
        return self._outline

    @outline.setter
    def outline(self, outline: float) -> None:
        self._outline = checked_number("outline", outline)

    @property
    def opacity(self) -> float:
        """0 to 1, of each point."""
        return self._opacity

    @opacity.setter
    def opacity(self, opacity: float) -> None:
        self._opacity = checked_number("opacity", opacity, most=1.0)

    @property
    def fill_opacity(self) -> float:
        """What Manim calls the opacity of a shape."""
        return self.opacity

    @property
    def stroke_opacity(self) -> float:
        """That of the outline: the same."""
        return self.opacity

    def set_positions(self, points: ArrayLike, colors: Colours | None = None) -> Self:
        """Move all points at once; there may be more or fewer of them than before.

        Parameters
        ----------
        points
            Scene coordinates, shape (N, 3) or (N, 2).
        colors
            As for a new cloud; where None, they stay as they are, or one colour is repeated.

        Raises
        ------
        UsageError
            If there are not as many colours as points.
        """
        places = np.array(checked_points(points))  # a copy: the cloud moves them in place
        before, self._points = self._points, places
        try:
            if colors is None:
                self._colors = self.colors if len(places) else self._colors
            else:
                self.colors = colors
            self._marks = self.marks if len(places) else self._marks
        except UsageError:
            self._points = before
            raise
        self._growth = None
        return self

    def apply_over_attr_arrays(self, func: MultiMappingFunction) -> Self:
        """Change points and colours in the same way."""
        colors = np.asarray(func(self.colors.astype(np.float64)), np.float32)
        self.points, self._colors, self._growth = func(self.points), colors, None
        return self

    def scale(self, scale_factor: float, **kwargs: Any) -> Self:
        """Scale places, radius and outline, as a picture would be."""
        super().scale(scale_factor, **kwargs)
        for part in self.get_family():
            if isinstance(part, ColouredPoints):
                part.radius *= abs(scale_factor)
                part.outline *= abs(scale_factor)
        return self

    # Colours.

    def get_color(self) -> ManimColor:
        """Return the colour of the first point."""
        return ManimColor(tuple((self._colors[0] / 255).tolist()))

    def set_color(
        self, color: Colours = YELLOW, alpha: float | None = None, family: bool = True
    ) -> Self:
        """Colour all points.

        Parameters
        ----------
        color
            One for all, or one for each point, as for a new cloud.
        alpha
            An opacity for all, too.
        family
            Whether submobjects are coloured, too.
        """
        self.colors = color
        if alpha is not None:
            self.set_opacity(alpha, family=False)
        self.color = self.get_color()
        for part in self.submobjects if family else ():
            part.set_color(color)  # type: ignore[arg-type]
        return self

    def set_fill(
        self,
        color: Colours | None = None,
        opacity: float | None = None,
        family: bool = True,
    ) -> Self:
        """Colour all points, or set their opacity."""
        if color is not None:
            self.set_color(color, family=family)
        if opacity is not None:
            self.set_opacity(opacity, family=family)
        return self

    def set_stroke(
        self,
        color: ParsableManimColor | None = None,
        width: float | None = None,
        opacity: float | None = None,
        background: bool = False,
        family: bool = True,
    ) -> Self:
        """Set colour and width of the outline, which lies inside of the radius.

        Parameters
        ----------
        color
            Of the outline.
        width
            As Manim counts, in hundredths of a scene unit.
        opacity, background
            Not for clouds.
        family
            Whether submobjects are changed, too.
        """
        if opacity is not None or background:
            raise UsageError(
                "The outline of a PointCloud has the opacity of its points and lies on them.",
                "a colour and a width.",
                "cloud.set_stroke(color, width), or cloud.set_opacity(0.5) for points and outline.",
            )
        if color is not None:
            self.outline_rgb = rgb_of(color)
        if width is not None:
            self.outline = checked_number("stroke width", width) * STROKE_UNIT
        for part in self.submobjects if family else ():
            part.set_stroke(color, width)
        return self

    def fade_to(self, color: ParsableManimColor, alpha: float, family: bool = True) -> Self:
        """Mix all colours with another one, of which ``alpha`` is taken."""
        colors = self.colors
        if len(colors):
            self._colors = (1 - alpha) * colors + np.float32(alpha) * rgb_of(color)
        for part in self.submobjects if family else ():
            part.fade_to(color, alpha)
        return self

    def set_submobject_colors_by_gradient(self, *colors: ParsableManimColor) -> Self:
        """Colour the points from the first to the last one."""
        if not colors:
            raise UsageError(
                "There are no colours for a gradient.",
                "at least one.",
                "cloud.set_color_by_gradient(BLUE, GREEN)",
            )
        shares = np.linspace(0, len(colors) - 1, len(self.points))
        return self._mix(shares, [rgb_of(color) for color in colors])

    def set_submobject_colors_by_radial_gradient(
        self,
        center: Point3DLike | None = None,
        radius: float = 1,
        inner_color: ParsableManimColor = "#FFFFFF",
        outer_color: ParsableManimColor = "#000000",
    ) -> Self:
        """Colour the points by their distance from a centre, up to a radius."""
        middle = self.get_center() if center is None else np.asarray(center)
        away = np.linalg.norm(self.points - middle, axis=1)
        return self._mix(np.minimum(away / radius, 1), [rgb_of(inner_color), rgb_of(outer_color)])

    def _mix(self, shares: Doubles, stops: list[Floats]) -> Self:
        """Colour each point with what lies at a share between some colours."""
        channels = [np.interp(shares, range(len(stops)), row) for row in np.transpose(stops)]
        if len(shares):
            self._colors = np.stack(channels, axis=1).astype(np.float32)
        return self
