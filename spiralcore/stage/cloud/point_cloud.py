"""The fast point cloud."""

from __future__ import annotations

from typing import Any, Self, cast

import numpy as np
from manim import (
    Animation,
    Create,
    DrawBorderThenFill,
    Mobject,
    ParsableManimColor,
    Uncreate,
    Unwrite,
    Wiggle,
    Write,
    override_animation,
)
from manim.typing import PathFuncType, Point3DLike
from manim.utils.paths import straight_path
from numpy.typing import ArrayLike

from spiralcore.errors import UsageError
from spiralcore.stage.cloud.coloured_points import ColouredPoints
from spiralcore.stage.cloud.values import Colours, Doubles, Floats, rgb_of
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels import sprites
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.sized_discs import paint_discs

OUTLINE = 0.01
"""Width of an outline, in scene units; a quarter of the radius where that is less."""


class PointCloud(ColouredPoints):
    """Thousands of anti-aliased, outlined, coloured points at sub-pixel positions.

    What Manim's animations do to a group of dots can be done to it. Points stay round and of one
    size, however the cloud is stretched.

    Parameters
    ----------
    points
        Scene coordinates, shape (N, 3) or (N, 2).
    colors
        One colour for all, or one for each point: a list of colours, or an array of shape
        (N, 3), 0 to 255. ``color`` is another name for it.
    radius
        In scene units, the outline included.
    outline
        Width of the outline in scene units; 0 for none. Where None, 0.01, or a quarter of a
        radius below 0.04.
    outline_color
        Its colour.
    opacity
        0 to 1, of each point; where points overlap they cover each other by so much.
    within
        Scene coordinates of the upper left and the lower right corner of what points have to lie
        in to be drawn, shape (2, 3); None for no such limit.
    marks
        What tells points of one colour apart: 0 nothing, 1 a hole, 2 a bar across, 3 an upright
        one; shape (N,). None for no marks.

    Raises
    ------
    UsageError
        If points, colours or numbers cannot be drawn, see `spiralcore.stage.cloud.values`; also
        when they are set later.
    """

    def __init__(
        self,
        points: ArrayLike,
        colors: Colours = "#FFFFFF",
        radius: float = 0.04,
        outline: float | None = None,
        outline_color: ParsableManimColor = "#000000",
        opacity: float = 1.0,
        within: Doubles | None = None,
        marks: ArrayLike | None = None,
        **kwargs: Any,
    ) -> None:
        colors = kwargs.pop("color", colors)
        super().__init__(**kwargs)
        self.radius = radius
        self.outline = min(OUTLINE, self.radius / 4) if outline is None else outline
        self.outline_rgb = rgb_of(outline_color)
        self.opacity = opacity
        self.within = within
        self.set_positions(points)
        self.set_color(colors)
        if marks is not None:
            self.marks = marks

    # Between two clouds.

    def null_point_align(self, mobject: Mobject) -> Self:
        """Leave it to `align_points` where one cloud has no points."""
        return self if isinstance(mobject, PointCloud) else super().null_point_align(mobject)

    def align_points(self, mobject: Mobject) -> Self:
        """Give both clouds the same number of points."""
        _require_cloud(self, mobject)
        return super().align_points(mobject)

    def align_points_with_larger(self, larger_mobject: Mobject) -> Self:
        """Repeat points, evenly, until there are as many as in another cloud.

        The repeated ones are as small as nothing, and grow on the way to the other cloud. Without
        any points they are where the middle of the other cloud is.
        """
        larger = cast(PointCloud, larger_mobject)
        count, wanted = len(self._points), len(larger.points)
        if count == 0:
            self._points = np.tile(larger.get_center(), (wanted, 1))
            self._colors, self._growth = larger.colors.copy(), np.zeros(wanted, np.float32)
            self._marks = larger.marks.copy()
            return self
        source = np.arange(wanted) * count // wanted
        is_first = np.diff(source, prepend=-1) > 0
        self._growth = np.where(is_first, self._grown()[source], np.float32(0))
        self._colors, self._marks = self.colors[source], self.marks[source]
        self._points = self._points[source]
        return self

    @property
    def fill_rgbas(self) -> None:
        """What a shape asks for that is to be transformed into a cloud."""
        raise _not_alike("A shape", "a PointCloud")

    def get_point_mobject(self, center: Point3DLike | None = None) -> PointCloud:  # type: ignore[override]
        """Return a cloud of one point that is as small as nothing."""
        place = self.get_center() if center is None else center
        return PointCloud(np.array([place]), self.get_color(), radius=0.0)

    def interpolate(
        self,
        mobject1: Mobject,
        mobject2: Mobject,
        alpha: float,
        path_func: PathFuncType = straight_path(),  # noqa: B008 - Manim's own default
    ) -> Self:
        """Become what is between two clouds, of any number of points."""
        _require_cloud(self, mobject1)
        _require_cloud(self, mobject2)
        if len(mobject1.points) != len(mobject2.points):
            mobject1, mobject2 = mobject1.copy(), mobject2.copy()
            mobject1.align_points(mobject2)
        super().interpolate(mobject1, mobject2, alpha, path_func)
        grown = self._grown()
        is_there = grown > 0
        if is_there.any() and not is_there.all():
            self._marks, grown = self.marks[is_there], grown[is_there]
            self._points, self._colors = self._points[is_there], self._colors[is_there]
        self._growth = None if (grown == 1).all() else grown
        return self

    def interpolate_color(self, mobject1: Mobject, mobject2: Mobject, alpha: float) -> Self:
        """Interpolate opacity, colours, radius and outline; some animations go beyond both."""
        one, other = _require_cloud(self, mobject1), _require_cloud(self, mobject2)

        def between(name: str, most: float = np.inf) -> Any:
            start, end = getattr(one, name), getattr(other, name)
            return np.clip((1 - alpha) * start + alpha * end, 0, most)

        self.opacity = float(between("opacity", 1))
        self.radius, self.outline = float(between("radius")), float(between("outline"))
        self.outline_rgb = between("outline_rgb", 255)
        if alpha in (0, 1):
            # One of them may be this cloud, before it had as many points.
            end = other if alpha else one
            self._colors, self._marks = end._colors.copy(), end._marks.copy()
            self._growth = None if end._growth is None else end._growth.copy()
        else:
            self._colors = between("colors", 255).astype(np.float32)
            self._marks = one.marks.copy()
            if one._growth is not None or other._growth is not None:
                grown = (1 - alpha) * one._grown() + alpha * other._grown()
                self._growth = np.clip(grown, 0, 1).astype(np.float32)
            else:
                self._growth = None
        return self

    def pointwise_become_partial(self, mobject: Mobject, a: float, b: float) -> Self:
        """Show a part of another cloud's points, from a share to another; the rest has no size."""
        whole = _require_cloud(self, mobject)
        count = len(whole.points)
        number = np.arange(count)
        shown = np.clip(count * b - number, 0, 1) * np.clip(number + 1 - count * a, 0, 1)
        self._points, self._colors = whole.points.copy(), whole._colors.copy()
        self._marks = whole._marks.copy()
        self._growth = (whole._grown() * shown).astype(np.float32)
        if (self._growth == 1).all():
            self._growth = None
        return self

    def _grown(self) -> Floats:
        if self._growth is None or len(self._growth) != len(self._points):
            return np.ones(len(self._points), np.float32)
        return self._growth

    # Animations that are made for shapes.

    @override_animation(Write)
    def _write(self, **kwargs: Any) -> Animation:
        return _create(self, **kwargs)

    @override_animation(DrawBorderThenFill)
    def _draw(self, **kwargs: Any) -> Animation:
        return _create(self, **kwargs)

    @override_animation(Unwrite)
    def _unwrite(self, **kwargs: Any) -> Animation:
        return Uncreate(self, **kwargs)  # type: ignore[arg-type]

    @override_animation(Wiggle)
    def _wiggle(self, **kwargs: Any) -> Animation:
        return _Wiggle(self, use_override=False, **kwargs)

    # On the pixels.

    def paint(self, canvas: Canvas) -> None:
        """Draw the points, later ones over earlier ones."""
        radius, rim = self.radius * canvas.scale, self.outline * canvas.scale
        if self._growth is not None or canvas.upright != 1.0:
            self._paint_sizes(canvas, self._points, self._grown(), self.colors)
            return
        if radius == 0:
            return
        rim_colour = self.outline_rgb.astype(np.float32)
        points, colors, marks = self._points, self.colors, self.marks
        if self.within is not None:
            there = canvas.discs_within(self.within.tolist(), canvas.place(points), radius)
            if not there.all():
                points, colors, marks = points[there], colors[there], marks[there]
        if radius > sprites.LARGEST:
            with np.errstate(over="ignore"):  # what is infinitely far off is not seen
                places = canvas.place(points).astype(np.float32)
            kernels.discs(
                canvas.pixels, places, colors, radius, rim, rim_colour, self.opacity, marks
            )
            return
        sprites.stamp_discs(
            canvas.pixels,
            points,
            canvas.scale,
            canvas.left,
            canvas.top,
            colors,
            rim_colour,
            marks,
            sprites.marked_sprites(radius, rim, self.opacity, int(marks.max(initial=0)) + 1),
            radius + 0.5,
        )

    def paint_in_space(self, canvas: Canvas, places: Doubles, sizes: Doubles) -> None:
        """Draw the points, near ones larger and over those that are farther."""
        order = np.argsort(places[:, 2], kind="stable")
        sizes = (sizes * self._grown())[order]
        self._paint_sizes(canvas, places[order], sizes, self.colors[order])

    def _paint_sizes(self, canvas: Canvas, places: Doubles, sizes: Any, colours: Floats) -> None:
        """Draw points of different sizes, or ovals where the picture is stretched."""
        if self.radius > 0:
            radii, rim = self.radius * sizes, self.outline / self.radius
            paint_discs(canvas, places, radii, colours, self.outline_rgb, rim, self.opacity)


def _create(cloud: PointCloud, **kwargs: Any) -> Animation:
    return Create(cloud, **kwargs)  # type: ignore[arg-type]


class _Wiggle(Wiggle):
    """Starts each frame from the radius, too: Manim's starts from the points alone."""

    def interpolate_submobject(
        self, submobject: Mobject, starting_submobject: Mobject, alpha: float
    ) -> Self:
        """Set a part to a share of the animation."""
        if isinstance(submobject, PointCloud) and isinstance(starting_submobject, PointCloud):
            submobject.radius = starting_submobject.radius
            submobject.outline = starting_submobject.outline
        return super().interpolate_submobject(submobject, starting_submobject, alpha)


def _require_cloud(cloud: PointCloud, mobject: Mobject) -> PointCloud:
    if not isinstance(mobject, PointCloud):
        raise _not_alike("A PointCloud", f"a {type(mobject).__name__}")
    return mobject


def _not_alike(one: str, other: str) -> UsageError:
    return UsageError(
        f"{one} cannot become {other}.",
        "two clouds, or an animation that fades.",
        "self.play(FadeTransform(mobject, target))",
    )
