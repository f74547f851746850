"""What Manim does to mobjects, done to a cloud: as it looks on a group of dots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from manim import (
    BLUE,
    GREEN,
    ORIGIN,
    PI,
    RED,
    RIGHT,
    UP,
    YELLOW,
    Animation,
    ApplyFunction,
    ApplyWave,
    Blink,
    Broadcast,
    Circumscribe,
    Create,
    Dot,
    DrawBorderThenFill,
    FadeIn,
    FadeOut,
    FadeToColor,
    FadeTransform,
    Group,
    GrowFromCenter,
    Indicate,
    Mobject,
    MoveToTarget,
    ReplacementTransform,
    Restore,
    Rotate,
    ScaleInPlace,
    Scene,
    ShrinkToCenter,
    Square,
    SurroundingRectangle,
    Transform,
    TransformFromCopy,
    Uncreate,
    Unwrite,
    ValueTracker,
    VGroup,
    Wiggle,
    Write,
    always_redraw,
    rate_functions,
    tempconfig,
)

from spiralcore.errors import UsageError
from spiralcore.stage.cameras import StageCamera
from spiralcore.stage.cloud.point_cloud import PointCloud

RADIUS = 0.3
PLACES = np.array([[-4, 2], [-2, -1], [0, 1.5], [2, -2], [4, 1], [5, -2.5]], float)


@pytest.fixture(autouse=True)
def small_frame(tmp_path: object) -> Iterator[None]:
    sizes = {
        "pixel_width": 240,
        "pixel_height": 135,
        "frame_rate": 5,
        "dry_run": True,
        "progress_bar": "none",
    }
    with tempconfig({**sizes, "media_dir": str(tmp_path), "verbosity": "ERROR"}):
        yield


def cloud(places: np.ndarray = PLACES, color: Any = BLUE, **kwargs: Any) -> PointCloud:
    return PointCloud(places, color, **{"radius": RADIUS, "outline": 0, **kwargs})


def dots(places: np.ndarray = PLACES, color: Any = BLUE, **kwargs: Any) -> VGroup:
    style = {"radius": RADIUS, "color": color, "fill_opacity": kwargs.pop("opacity", 1), **kwargs}
    return VGroup(*[Dot([x, y, 0], **style) for x, y in places])


def frames(make: Callable[..., Any], play: Callable[[Scene, Any, Callable[..., Any]], Any]) -> Any:
    """Pictures of a scene: what it shows at the end, and in the middle of the last animation."""

    class Played(Scene):
        def construct(self) -> None:
            self.renderer.camera = StageCamera()
            play(self, make(), make)

    scene = Played()
    shown: list[np.ndarray] = []
    add_frame = scene.renderer.add_frame

    def keep(frame: np.ndarray, *args: Any, **kwargs: Any) -> None:
        shown.append(frame[:, :, :3].astype(float))
        add_frame(frame, *args, **kwargs)

    scene.renderer.add_frame = keep
    scene.render()
    assert len(shown) >= 3
    return shown


def assert_alike(one: np.ndarray, other: np.ndarray) -> None:
    """Edges, and specks, may differ by how they are smoothed; areas may not."""
    assert np.abs(one - other).max() < 90
    assert one.sum() == pytest.approx(other.sum(), rel=0.06, abs=4000)


Change = Callable[[Any], Any]
ANIMATIONS: dict[str, Change] = {
    "shift": lambda m: m.animate.shift(UP),
    "set_color": lambda m: m.animate.set_color(RED),
    "set_opacity": lambda m: m.animate.set_opacity(0.2),
    "set_fill": lambda m: m.animate.set_fill(GREEN, opacity=0.5),
    "fade": lambda m: m.animate.fade(0.7),
    "a chain": lambda m: m.animate.scale(0.5).set_color(RED).shift(UP).set_opacity(0.6),
    "match_color": lambda m: m.animate.match_color(Square(color=RED)),
    "height": lambda m: m.animate.scale(0.8).set_y(1),
    "FadeIn": lambda m: FadeIn(m, shift=UP, scale=0.5),
    "FadeOut": lambda m: FadeOut(m, shift=UP),
    "FadeToColor": lambda m: FadeToColor(m, RED),
    "Indicate": lambda m: Indicate(m, color=YELLOW),
    "Rotate": lambda m: Rotate(m, PI / 3),
    "ScaleInPlace": lambda m: ScaleInPlace(m, 0.5),
    "GrowFromCenter": lambda m: GrowFromCenter(m),
    "ShrinkToCenter": lambda m: ShrinkToCenter(m),
    "ApplyFunction": lambda m: ApplyFunction(lambda t: t.scale(0.5).set_color(RED), m),
    "Circumscribe": lambda m: Circumscribe(m, buff=0.7),
    "gradient": lambda m: m.animate.set_color_by_gradient(RED, GREEN, BLUE),
    "radial": lambda m: m.animate.set_colors_by_radial_gradient(ORIGIN, 5, RED, GREEN),
}


@pytest.mark.parametrize("name", ANIMATIONS)
def test_it_looks_as_on_a_group_of_dots(name: str) -> None:
    def play(scene: Scene, mobject: Any, make: Any) -> None:
        if name not in {"FadeIn", "GrowFromCenter"}:
            scene.add(mobject)
        scene.play(ANIMATIONS[name](mobject), run_time=1)
        scene.wait(0.2)

    skip = {"Circumscribe"}  # its frame lies at the edge of dots, and at the centres of points
    ours, theirs = frames(cloud, play), frames(dots, play)
    assert len(ours) == len(theirs)
    if name not in skip:
        for one, other in zip(ours, theirs, strict=True):
            assert_alike(one, other)


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("grows", [True, False])
@pytest.mark.parametrize("kind", [Transform, ReplacementTransform])
def test_clouds_of_different_numbers_become_each_other(
    kind: type[Transform], grows: bool, count: int
) -> None:
    few, many = PLACES[:count] * 0.5, PLACES

    def play(scene: Scene, mobject: Any, make: Any) -> None:
        start, end = make(few if grows else many, BLUE), make(many if grows else few, RED)
        scene.add(start)
        scene.play(kind(start, end), run_time=1)
        scene.wait(0.2)

    def translucent(*args: Any) -> PointCloud:
        return cloud(*args, opacity=0.5)

    ours, theirs = frames(cloud, play), frames(dots, play)
    assert_alike(ours[0], theirs[0])
    assert_alike(ours[-1], theirs[-1])
    # Points that are repeated do not cover twice as much.
    last = frames(translucent, play)[-1]
    assert_alike(2 * last, ours[-1])


def test_half_way_a_new_point_is_half_as_large() -> None:
    one, five = cloud(PLACES[:1]), cloud(PLACES[:5], radius=0.1)
    between = cloud().interpolate(one, five, 0.5)
    np.testing.assert_allclose(between.points[:, :2], (PLACES[:1] + PLACES[:5]) / 2)
    assert between.radius == pytest.approx(0.2)
    assert (len(one.points), len(five.points)) == (1, 5)  # neither is changed
    x, y = np.round(between.points[-1, :2] * 240 / (128 / 9) * [1, -1] + (120, 67.5)).astype(int)
    camera = StageCamera()
    camera.capture_mobjects([between])
    lit = (camera.pixel_array[..., 2] > 100)[y - 4 : y + 4, x - 4 : x + 4].sum()
    assert lit == pytest.approx(np.pi * (0.1 * 240 / (128 / 9)) ** 2, abs=5)


@pytest.mark.parametrize("way", [(PLACES, []), ([], PLACES), ([], [])])
def test_a_cloud_grows_out_of_nothing_and_vanishes(way: tuple[Any, Any]) -> None:
    start, end = way

    def play(scene: Scene, mobject: Any, make: Any) -> None:
        first = make(start)
        scene.add(first)
        scene.play(Transform(first, make(end)), run_time=1)
        scene.wait(0.2)

    shown = frames(cloud, play)
    assert shown[0].any() == (len(start) > 0)
    assert shown[-1].any() == (len(end) > 0)
    if len(start) + len(end):
        assert shown[2].any()


@pytest.mark.parametrize("count", [0, 1, 40, 3000])
def test_become_takes_everything_of_a_cloud_of_any_size(count: int) -> None:
    places = np.random.default_rng(0).normal(size=(count, 3))
    colors = np.random.default_rng(1).uniform(2, 255, (count, 3))
    other = PointCloud(places, colors, radius=0.1, outline=0.02, outline_color=RED, opacity=0.4)
    one = cloud()
    assert one.become(other) is one
    np.testing.assert_array_equal(one.points, other.points)
    np.testing.assert_array_equal(one.colors, other.colors)
    np.testing.assert_array_equal(one.outline_rgb, other.outline_rgb)
    assert (one.radius, one.outline, one.opacity) == (0.1, 0.02, 0.4)
    one.scale(2).set_color(BLUE)
    assert len(other.points) == count
    np.testing.assert_array_equal(other.points, places.reshape(-1, 3))
    cloud([]).become(other)
    other.become(cloud([]))
    assert other.points.shape == (0, 3)


def test_always_redraw_draws_any_number_of_points() -> None:
    def play(scene: Scene, mobject: Any, make: Any) -> None:
        count = ValueTracker(0)
        scene.add(always_redraw(lambda: make(PLACES[: round(count.get_value())], RED)))
        scene.play(count.animate.set_value(6), run_time=1, rate_func=rate_functions.linear)
        scene.play(count.animate.set_value(2), run_time=1, rate_func=rate_functions.linear)
        scene.wait(0.2)

    ours, theirs = frames(cloud, play), frames(dots, play)
    for one, other in zip(ours, theirs, strict=True):
        assert_alike(one, other)


def test_an_updater_may_change_the_number_of_points_and_the_colours() -> None:
    time = ValueTracker(0)

    def update(mobject: Mobject) -> None:
        count = round(time.get_value())
        mobject.set_positions(PLACES[:count], [RED, BLUE, GREEN][count % 3])

    def play(scene: Scene, mobject: Any, make: Any) -> None:
        mobject.add_updater(update)
        scene.add(mobject)
        scene.play(time.animate.set_value(6), run_time=1, rate_func=rate_functions.linear)

    last = frames(cloud, play)[-1]
    assert_alike(
        last,
        frames(
            lambda: cloud(PLACES[:5], GREEN),
            lambda s, m, _: (s.add(m), s.play(m.animate.shift(ORIGIN))),
        )[-1],
    )


def test_positions_are_animated_to_another_number() -> None:
    def play(scene: Scene, mobject: Any, make: Any) -> None:
        scene.add(mobject)
        scene.play(mobject.animate.set_positions(PLACES[:2] + 1), run_time=1)
        assert len(mobject.points) == 2
        scene.wait(0.2)

    last = frames(cloud, play)[-1]
    assert_alike(
        last,
        frames(
            lambda: dots(PLACES[:2] + 1),
            lambda s, m, _: (s.add(m), s.play(m.animate.shift(ORIGIN))),
        )[-1],
    )


def test_a_state_is_saved_and_restored() -> None:
    one = cloud(color=[RED, BLUE, GREEN, RED, BLUE, GREEN], opacity=0.7)
    before = one.copy()
    one.save_state().scale(3).set_color(YELLOW).set_opacity(0.1).set_positions(PLACES[:2])
    one.restore()
    for name in ("points", "colors", "radius", "outline", "opacity"):
        np.testing.assert_array_equal(getattr(one, name), getattr(before, name))

    def play(scene: Scene, mobject: Any, make: Any) -> None:
        mobject.save_state()
        mobject.scale(0.5).set_color(RED).shift(UP)
        scene.add(mobject)
        scene.play(Restore(mobject), run_time=1)
        scene.wait(0.2)

    for one_frame, other in zip(frames(cloud, play), frames(dots, play), strict=True):
        assert_alike(one_frame, other)


OTHERS: dict[str, Callable[[PointCloud], Animation]] = {
    "Write": Write,
    "Create": Create,
    "Uncreate": Uncreate,
    "Unwrite": Unwrite,
    "DrawBorderThenFill": DrawBorderThenFill,
    "Wiggle": Wiggle,
    "ApplyWave": ApplyWave,
    "Blink": Blink,
    "Broadcast": Broadcast,
    "FadeTransform": lambda m: FadeTransform(m, Square()),
    "FadeTransform back": lambda m: FadeTransform(Square(), m),
    "TransformFromCopy": lambda m: TransformFromCopy(m, cloud(PLACES[:2])),
    "MoveToTarget": lambda m: MoveToTarget(_with_target(m)),
    "overshooting": lambda m: Transform(
        m, cloud(PLACES[:2], radius=0.01, opacity=0.9), rate_func=rate_functions.ease_in_out_back
    ),
    "in a group": lambda m: Transform(Group(m, Square()), Group(cloud(PLACES[:2]), Square())),
    "of a group": lambda m: Group(m, Square()).animate.shift(UP).set_color(RED),
}


def _with_target(mobject: PointCloud) -> PointCloud:
    mobject.generate_target()
    mobject.target.set_positions(PLACES[:3])
    return mobject


@pytest.mark.parametrize("name", OTHERS)
def test_other_animations_run_and_leave_a_cloud_that_can_be_drawn(name: str) -> None:
    def play(scene: Scene, mobject: Any, make: Any) -> None:
        if name not in {"Write", "Create", "DrawBorderThenFill", "FadeTransform back"}:
            scene.add(mobject)
        scene.play(OTHERS[name](mobject), run_time=1)
        assert len(mobject.colors) == len(mobject.points)
        mobject.get_image()
        scene.wait(0.2)

    shown = frames(cloud, play)
    assert any(frame.any() for frame in shown)
    if name in {"Write", "Create", "DrawBorderThenFill", "Wiggle", "Blink", "FadeTransform back"}:
        whole = frames(cloud, lambda s, m, _: (s.add(m), s.play(m.animate.shift(ORIGIN))))[-1]
        np.testing.assert_array_equal(shown[-1], whole)
    if name in {"Uncreate", "Unwrite"}:
        assert not shown[-1].any()


def test_creating_shows_one_point_after_the_other() -> None:
    one = cloud()
    animation = Create(one, rate_func=rate_functions.linear)
    animation.begin()
    camera = StageCamera()
    lit = []
    for share in (0, 0.25, 0.5, 1):
        animation.interpolate(share)
        camera.reset()
        camera.capture_mobjects([one])
        lit.append(camera.pixel_array[..., 2].sum() / 255)
    area = np.pi * (RADIUS * 240 / (128 / 9)) ** 2 * (BLUE.to_rgb()[2])
    # A quarter of six points: one, and another one with half its radius.
    np.testing.assert_allclose(lit, np.array([0, 1.25, 3, 6]) * area, atol=0.05 * area)


def test_a_wiggling_cloud_keeps_its_size() -> None:
    one = cloud()
    animation = Wiggle(one)
    animation.begin()
    sizes = []
    for share in np.linspace(0, 1, 21):
        animation.interpolate(share)
        sizes.append(one.radius / RADIUS)
    assert sizes[0] == sizes[-1] == 1
    assert max(sizes) == pytest.approx(1.1)


def test_an_outline_has_a_colour_and_a_width() -> None:
    one = cloud(PLACES[:1] * 0).set_stroke(RED, 10)
    assert one.outline == pytest.approx(0.1)
    camera = StageCamera()
    camera.capture_mobjects([one])
    assert camera.pixel_array[67, 120, :3].tolist() == [88, 196, 221]
    assert camera.pixel_array[67, 124, 0] > 230
    one.set_stroke(width=0)
    assert one.outline == 0
    with pytest.raises(UsageError) as caught:
        one.set_stroke(opacity=0.5)
    assert str(caught.value) == (
        "The outline of a PointCloud has the opacity of its points and lies on them.\n"
        "expected: a colour and a width.\n"
        "next: cloud.set_stroke(color, width), or cloud.set_opacity(0.5) for points and outline."
    )


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (cloud, Square, "A PointCloud cannot become a Square."),
        (Square, cloud, "A shape cannot become a PointCloud."),
        (cloud, dots, "A PointCloud cannot become a VGroup."),
        (dots, cloud, "A shape cannot become a PointCloud."),
        (cloud, lambda: Group(cloud(), cloud()), "A PointCloud cannot become a Group."),
    ],
)
def test_what_is_no_cloud_is_named(start: Any, end: Any, found: str) -> None:
    def play(scene: Scene, mobject: Any, make: Any) -> None:
        scene.play(Transform(start(), end()))

    with pytest.raises(UsageError) as caught:
        frames(cloud, play)
    assert str(caught.value) == (
        f"{found}\nexpected: two clouds, or an animation that fades.\n"
        "next: self.play(FadeTransform(mobject, target))"
    )


def test_it_has_its_place_among_others() -> None:
    empty, one = cloud([]), cloud()
    group = Group(empty, Square(), cloud([]))
    assert (group.width, group.height) == (2, 2)
    assert group.get_center().tolist() == [0, 0, 0]
    assert one.next_to(group, RIGHT).get_left()[0] == pytest.approx(1.25)
    assert SurroundingRectangle(one, buff=0).width == pytest.approx(9)
    one.reverse_points()
    assert one.repeat(2).points.shape == (12, 3)
    assert one.colors.shape == (12, 3)
    assert one.copy().colors is not one.colors
    assert len(one.get_image().getbbox()) == 4


def test_huge_places_and_sizes_are_drawn_or_out_of_sight() -> None:
    camera = StageCamera()
    for places, radius in (([[1e300, -1e300]], 0.1), ([[1e300, 0]], 5.0), ([[0, 0]], 1e12)):
        one = PointCloud(places, radius=radius, outline=0)
        camera.reset()
        camera.capture_mobjects([one])
        assert (camera.pixel_array[..., 0] > 250).all() == (radius > 1e9)
    assert (
        not PointCloud([[0, 0]], radius=0).get_image().convert("L").point(lambda v: v > 1).getbbox()
    )
