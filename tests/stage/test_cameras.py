"""Clouds under the cameras of Manim's kinds of scenes, and what other cameras say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from manim import (
    BLUE,
    DEGREES,
    ORIGIN,
    OUT,
    RED,
    RIGHT,
    UP,
    Camera,
    Dot,
    FadeIn,
    Group,
    MovingCamera,
    MovingCameraScene,
    MultiCamera,
    Scene,
    Square,
    ThreeDCamera,
    ThreeDScene,
    VGroup,
    ZoomedScene,
    tempconfig,
)
from PIL import Image

from spiralcore.errors import UsageError
from spiralcore.stage.cameras import MovingStageCamera, StageCamera, ThreeDStageCamera
from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.polylines import Polylines
from tests import warm

WIDTH, HEIGHT = 240, 135
RADIUS = 0.3
PLACES = np.array([[-4, 2], [-2, -1], [0, 0.2], [2, -2], [4, 1], [5, -2.5]], float)

pillow = pytest.mark.filterwarnings("ignore:'mode' parameter:DeprecationWarning")


@pytest.fixture(autouse=True)
def small_frame(tmp_path: object) -> Iterator[None]:
    sizes = {"pixel_width": WIDTH, "pixel_height": HEIGHT, "frame_rate": 5, "dry_run": True}
    others = {"media_dir": str(tmp_path), "verbosity": "ERROR", "progress_bar": "none"}
    with tempconfig({**sizes, **others}):
        yield


def cloud(places: Any = PLACES, color: Any = BLUE, **kwargs: Any) -> PointCloud:
    return PointCloud(places, color, **{"radius": RADIUS, "outline": 0, **kwargs})


def dots() -> VGroup:
    return VGroup(*[Dot([x, y, 0], radius=RADIUS, color=BLUE) for x, y in PLACES])


def last_frame(
    kind: type[Scene], camera: Any, play: Callable[[Any, Any], Any], make: Callable[[], Any] = cloud
) -> np.ndarray:
    class Played(kind):  # type: ignore[misc, valid-type]
        def construct(self) -> None:
            play(self, make())

    scene = Played(camera_class=camera)
    scene.render()
    return np.array(scene.camera.pixel_array[:, :, :3], float)


def assert_alike(one: np.ndarray, other: np.ndarray) -> None:
    assert other.any()
    assert np.abs(one - other).max() < 90
    assert one.sum() == pytest.approx(other.sum(), rel=0.06)


def blue_places(frame: np.ndarray, count: int) -> np.ndarray:
    """Centres and areas of separate discs, from left to right: shape (count, 3)."""
    from scipy.ndimage import center_of_mass, label, sum_labels

    light = frame.max(axis=2)
    numbers, found = label(light > 30)
    assert found == count
    every = range(1, count + 1)
    centres = np.array(center_of_mass(light, numbers, every))[:, ::-1] + 0.5
    areas = sum_labels(light, numbers, every) / light.max()
    return np.column_stack([centres, areas])[np.argsort(centres[:, 0])]


MOVES: dict[str, tuple[type[Scene], Any, Callable[[Any, Any], Any]]] = {
    "a scene": (Scene, StageCamera, lambda s, m: (s.add(m), s.wait(0.2))),
    "a frame that moves and zooms": (
        MovingCameraScene,
        MovingStageCamera,
        lambda s, m: (s.add(m), s.play(s.camera.frame.animate.scale(0.4).shift(RIGHT))),
    ),
    "a frame that follows": (
        MovingCameraScene,
        MovingStageCamera,
        lambda s, m: (
            s.add(m),
            s.camera.frame.add_updater(lambda f: f.move_to(m.get_center())),
            s.play(m.animate.shift(2 * UP)),
        ),
    ),
    "a frame that turns": (
        MovingCameraScene,
        MovingStageCamera,
        lambda s, m: (s.add(m), s.play(s.camera.frame.animate.rotate(0.3))),
    ),
    "a frame that is stretched": (
        MovingCameraScene,
        MovingStageCamera,
        lambda s, m: (s.add(m), s.camera.frame.stretch(0.7, 0), s.wait(0.2)),
    ),
    "automatic zoom": (
        MovingCameraScene,
        MovingStageCamera,
        lambda s, m: (s.add(m), s.play(s.camera.auto_zoom([Square(6)], margin=1))),
    ),
    "space from above": (ThreeDScene, ThreeDStageCamera, lambda s, m: (s.add(m), s.wait(0.2))),
    "space from above, moved": (
        ThreeDScene,
        ThreeDStageCamera,
        lambda s, m: (
            s.add(m),
            s.move_camera(frame_center=[1, 1, 0], zoom=1.3, theta=0.3, gamma=0.2),
        ),
    ),
    "space from above, set": (
        ThreeDScene,
        ThreeDStageCamera,
        lambda s, m: (
            s.set_camera_orientation(frame_center=[1, 0.5, 0], zoom=1.3, focal_distance=5),
            s.add(m),
            s.wait(0.2),
        ),
    ),
    "fixed in the frame": (
        ThreeDScene,
        ThreeDStageCamera,
        lambda s, m: (
            s.set_camera_orientation(phi=1, theta=0.4),
            s.add_fixed_in_frame_mobjects(m),
            s.wait(0.2),
        ),
    ),
    "fixed orientation": (
        ThreeDScene,
        ThreeDStageCamera,
        lambda s, m: (
            s.set_camera_orientation(phi=1, theta=0.4, frame_center=[0, 1, 1]),
            s.add_fixed_orientation_mobjects(m),
            s.wait(0.2),
        ),
    ),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_cloud_is_seen_where_dots_are(name: str) -> None:
    kind, camera, play = MOVES[name]
    assert_alike(last_frame(kind, camera, play), last_frame(kind, camera, play, dots))


@pillow
@pytest.mark.parametrize("animate", [False, True])
def test_the_window_of_a_zoomed_scene_shows_the_cloud(animate: bool) -> None:
    def play(scene: Any, mobject: Any) -> None:
        scene.add(mobject)
        scene.activate_zooming(animate=animate)
        scene.play(scene.zoomed_camera.frame.animate.shift(0.1 * UP))
        scene.play(mobject.animate.set_color(RED))

    ours = last_frame(ZoomedScene, MovingStageCamera, play)
    assert_alike(ours, last_frame(ZoomedScene, MovingStageCamera, play, dots))
    window = ours[12:60, 180:228]
    red = (window[..., 0] > 200) & (window[..., 2] < 120)
    assert red.sum() == pytest.approx(np.pi * (RADIUS / 0.15 * WIDTH / (128 / 9)) ** 2, rel=0.5)


def test_points_in_space_are_where_manim_puts_them_and_nearer_ones_larger() -> None:
    places = np.array([[-2, 0, 1], [0, -1, -2], [2.5, 0.3, 0.4]])

    def play(scene: Any, mobject: Any) -> None:
        scene.set_camera_orientation(
            phi=70 * DEGREES, theta=-60 * DEGREES, zoom=0.9, focal_distance=9
        )
        scene.add(mobject)
        scene.wait(0.2)
        scene.projected = scene.camera.project_points(places)

    class Played(ThreeDScene):
        def construct(self) -> None:
            play(self, cloud(places))

    scene = Played(camera_class=ThreeDStageCamera)
    scene.render()
    unit = WIDTH / (128 / 9)
    seen = scene.projected[np.argsort(scene.projected[:, 0])]
    found = blue_places(scene.camera.pixel_array[:, :, :3].astype(float), 3)
    expected = seen[:, :2] * unit * (1, -1) + (WIDTH / 2, HEIGHT / 2)
    np.testing.assert_allclose(found[:, :2], expected, atol=0.1)
    nearness = 9 / (9 - seen[:, 2])
    np.testing.assert_allclose(
        found[:, 2], np.pi * (0.9 * RADIUS * unit * nearness) ** 2, rtol=0.05
    )
    assert nearness.max() / nearness.min() > 1.1


@pytest.mark.parametrize("radius", [0.1, RADIUS, 0.8])
def test_many_points_look_as_few(radius: float) -> None:
    """Thousands are stamped from sprites, but for the nearest ones that are too large for them."""
    places = np.array([[-2, 0, 1], [0, -1, -2], [2.5, 0.3, 7]])

    def play(scene: Any, mobject: Any) -> None:
        scene.set_camera_orientation(phi=70 * DEGREES, theta=-60 * DEGREES, focal_distance=12)
        scene.add(mobject)
        scene.wait(0.2)

    few, many = (
        last_frame(
            ThreeDScene,
            ThreeDStageCamera,
            play,
            lambda count=count: PointCloud(
                np.repeat(places, count, axis=0),
                np.repeat([[255, 0, 0], [0, 255, 0], [0, 0, 255]], count, axis=0),
                radius=radius,
                outline=0.2 * radius,
                outline_color="#FFFFFF",
            ),
        )
        for count in (1, 3000)
    )
    # Edges that are painted thousands of times have no half-covered pixels left.
    inside = (few > 250).any(axis=2) & (few < 5).any(axis=2)
    assert inside.sum() > (20 if radius > 0.1 else 2)
    assert np.abs(few - many)[inside].max() < 60
    grown = (many.max(axis=2) > 20) & (few.max(axis=2) < 1)
    assert grown.sum() < 0.1 * (few.max(axis=2) > 20).sum() + 12


@pytest.mark.parametrize("theta", [-90, 90])
def test_near_points_cover_far_ones_from_either_side(theta: float) -> None:
    """Red is before blue as seen from the front, whichever comes first in the array."""
    for order in ([0, 1], [1, 0]):
        places = np.array([[0, -1, 0], [0, 1, 0]])[order]
        colors = np.array([[255, 0, 0], [0, 0, 255]])[order]

        def play(scene: Any, mobject: Any) -> None:
            scene.set_camera_orientation(phi=90 * DEGREES, theta=theta * DEGREES)
            scene.add(mobject)
            scene.wait(0.2)

        frame = last_frame(
            ThreeDScene, ThreeDStageCamera, play, lambda p=places, c=colors: cloud(p, c)
        )
        nearer = [255, 0, 0] if theta < 0 else [0, 0, 255]
        assert frame[HEIGHT // 2, WIDTH // 2].tolist() == nearer


def test_ambient_rotation_turns_the_cloud() -> None:
    def play(scene: Any, mobject: Any) -> None:
        scene.set_camera_orientation(phi=90 * DEGREES, theta=-90 * DEGREES)
        scene.add(mobject)
        scene.begin_ambient_camera_rotation(rate=-90 * DEGREES)
        scene.wait(1)
        scene.stop_ambient_camera_rotation()

    frame = last_frame(ThreeDScene, ThreeDStageCamera, play, lambda: cloud([[2, 0, 0], [-2, 0, 0]]))
    # After a quarter, but for the last fifth of a second, one is nearly before the other.
    found = blue_places(frame, 2)
    turned = 4 / 5 * 90 * DEGREES
    shift = 2 * np.cos(turned) * WIDTH / (128 / 9)
    nearness = 20 / (20 - 2 * np.sin(turned) * np.array([-1, 1]))
    assert abs(found[1, 0] - found[0, 0]) == pytest.approx(shift * nearness.sum(), rel=0.25)


@pytest.mark.parametrize("place", [[0, 0, 25], [0, 0, 20], [1, 1, 1e9], [1e300, 0, 0]])
def test_points_behind_the_eye_or_far_off_are_not_seen(place: list[float]) -> None:
    def play(scene: Any, mobject: Any) -> None:
        scene.add(mobject)
        scene.wait(0.2)

    frame = last_frame(ThreeDScene, ThreeDStageCamera, play, lambda: cloud([place, [-3, 0, 0]]))
    assert len(blue_places(frame, 1)) == 1


def test_clouds_are_transformed_in_space() -> None:
    def play(scene: Any, mobject: Any) -> None:
        from manim import Transform

        scene.set_camera_orientation(phi=60 * DEGREES)
        target = cloud(PLACES[:2], RED)
        scene.add(mobject)
        scene.play(Transform(mobject, target))
        scene.wait(0.2)

    def still(scene: Any, mobject: Any) -> None:
        scene.set_camera_orientation(phi=60 * DEGREES)
        scene.add(mobject)
        scene.wait(0.2)

    np.testing.assert_array_equal(
        last_frame(ThreeDScene, ThreeDStageCamera, play),
        last_frame(ThreeDScene, ThreeDStageCamera, still, lambda: cloud(PLACES[:2], RED)),
    )


def test_a_background_image_is_behind_the_cloud(tmp_path: Path) -> None:
    file = tmp_path / "green.png"
    Image.new("RGBA", (WIDTH, HEIGHT), (0, 90, 0, 255)).save(file)
    for kind in (StageCamera, MovingStageCamera, ThreeDStageCamera):
        camera = kind(background_image=str(file))
        camera.capture_mobjects([cloud([[0, 0, 0]], RED)])
        assert camera.pixel_array[5, 5].tolist() == [0, 90, 0, 255]
        assert camera.pixel_array[HEIGHT // 2, WIDTH // 2, 0] > 240


CURE = (
    "expected: a {camera}, from spiralcore.stage.cameras.\n"
    "next: self.renderer.camera = {camera}() as the first line of construct."
)
NESTED: list[Callable[[], Any]] = [cloud, lambda: Group(Square(), Group(Group(cloud())))]


@pytest.mark.parametrize("make", NESTED)
@pytest.mark.parametrize(
    ("kind", "manims", "right"),
    [
        (Scene, Camera, "StageCamera"),
        (MovingCameraScene, MovingCamera, "MovingStageCamera"),
        (ZoomedScene, MultiCamera, "MovingStageCamera"),
        (ThreeDScene, ThreeDCamera, "ThreeDStageCamera"),
    ],
)
@pytest.mark.parametrize("play", ["add", "wait", "play"])
def test_a_camera_of_manims_own_refuses_and_names_the_right_one(
    kind: type[Scene], manims: type[Camera], right: str, make: Callable[[], Any], play: str
) -> None:
    class Blank(kind):  # type: ignore[misc, valid-type]
        def construct(self) -> None:
            mobject = make()
            if play == "play":
                self.play(FadeIn(mobject))
            self.add(mobject)
            if play == "wait":
                self.wait(0.4)

    with pytest.raises(UsageError) as caught:
        Blank().render()
    assert str(caught.value) == (
        f"This scene's camera, a {manims.__name__}, cannot draw a PointCloud.\n"
        + CURE.format(camera=right)
    )

    class Cured(kind):  # type: ignore[misc, valid-type]
        def construct(self) -> None:
            cameras = {c.__name__: c for c in (StageCamera, MovingStageCamera, ThreeDStageCamera)}
            self.renderer.camera = cameras[right]()
            Blank.construct(self)

    scene = Cured()
    scene.render()
    assert scene.camera.pixel_array[:, :, 2].max() > 200


@pytest.mark.parametrize(
    ("kind", "camera", "do", "name", "right"),
    [
        (MovingCameraScene, StageCamera, lambda s: s.camera.frame.shift(UP), "frame",
         "MovingStageCamera"),
        (MovingCameraScene, StageCamera, lambda s: s.wait(0.2),
         "get_mobjects_indicating_movement", "MovingStageCamera"),
        (ZoomedScene, StageCamera, lambda s: s.activate_zooming(),
         "add_image_mobject_from_camera", "MovingStageCamera"),
        (ThreeDScene, StageCamera, lambda s: s.set_camera_orientation(phi=1), "set_phi",
         "ThreeDStageCamera"),
        (ThreeDScene, MovingStageCamera, lambda s: s.wait(0.2), "get_value_trackers",
         "ThreeDStageCamera"),
        (ThreeDScene, StageCamera, lambda s: s.move_camera(phi=1), "phi_tracker",
         "ThreeDStageCamera"),
        (MovingCameraScene, ThreeDStageCamera, lambda s: s.camera.frame, "frame",
         "MovingStageCamera"),
    ],
)  # fmt: skip
def test_a_camera_for_another_kind_of_scene_names_the_right_one(
    kind: type[Scene], camera: type[Camera], do: Callable[[Any], Any], name: str, right: str
) -> None:
    with pytest.raises(UsageError) as caught:
        last_frame(kind, camera, lambda scene, mobject: (scene.add(mobject), do(scene)))
    assert str(caught.value) == (
        f"A {camera.__name__} has no '{name}'; this kind of scene needs it.\n"
        + CURE.format(camera=right)
    )


def test_a_camera_without_something_says_so_to_hasattr() -> None:
    assert not hasattr(StageCamera(), "frame")
    assert not hasattr(StageCamera(), "nonsense")
    assert hasattr(MovingStageCamera(), "frame")
    with pytest.raises(AttributeError, match=r"^'StageCamera' object has no attribute 'nonsense'$"):
        StageCamera().nonsense  # noqa: B018


def test_what_is_flat_is_refused_in_space_unless_it_is_fixed() -> None:
    def grid() -> Polylines:
        lines = np.zeros((3, 2, 3))
        lines[:, 1, 0] = 2
        return Polylines(lines, Box(0, 0, 1920, 1080), "#ffffff", thickness=9)

    frame = last_frame(
        ThreeDScene,
        ThreeDStageCamera,
        lambda scene, mobject: (scene.add_fixed_in_frame_mobjects(mobject), scene.wait(0.2)),
        grid,
    )
    assert frame.any()
    with pytest.raises(UsageError) as caught:
        last_frame(ThreeDScene, ThreeDStageCamera, lambda scene, mobject: scene.add(mobject), grid)
    assert str(caught.value) == (
        "A Polylines is flat, and this scene is looked at from the side.\n"
        "expected: a mobject that is fixed in the frame.\n"
        "next: self.add_fixed_in_frame_mobjects(mobject)"
    )


SCENES = """
import numpy as np
from manim import *
from spiralcore.stage.cameras import StageCamera, ThreeDStageCamera
from spiralcore.stage.cloud.point_cloud import PointCloud

class Blank(Scene):
    def construct(self):
        self.add(Group(PointCloud(np.zeros((5, 2)))))

class Seen(ThreeDScene):
    def construct(self):
        self.renderer.camera = ThreeDStageCamera()
        self.set_camera_orientation(phi=1)
        self.add(PointCloud(np.zeros((5, 2)), radius=1))

class Plain(Scene):
    def construct(self):
        self.add(PointCloud(np.zeros((5, 2))))
"""


def manim(folder: Path, *options: str) -> tuple[int, str]:
    (folder / "scenes.py").write_text(SCENES)
    command = ["-m", "manim", "render", "-ql", "-s", "--media_dir", "media", *options]
    run = warm.run(*command, folder=folder, variables={"COLUMNS": "100", "HOME": str(folder)})
    return run.returncode, run.stdout + run.stderr


def test_the_manim_command_fails_where_nothing_would_be_seen(tmp_path: Path) -> None:
    code, output = manim(tmp_path, "scenes.py", "Blank")
    assert code == 1
    assert "UsageError: This scene's camera, a Camera, cannot draw a PointCloud." in output
    assert "next: self.renderer.camera = StageCamera() as the first line of construct." in output
    assert not list((tmp_path / "media").rglob("*.png"))
    code, output = manim(tmp_path, "scenes.py", "Seen")
    assert code == 0, output
    (picture,) = (tmp_path / "media").rglob("*.png")
    assert np.asarray(Image.open(picture).convert("L")).max() > 250


@pytest.mark.parametrize("name", ["Plain", "Seen"])
def test_the_other_renderer_is_refused(tmp_path: Path, name: str) -> None:
    code, output = manim(tmp_path, "--renderer=opengl", "scenes.py", name)
    if "PointCloud" not in output and "ThreeDStageCamera" not in output:
        pytest.skip("Manim's renderer opengl does not run here")
    assert code == 1
    said = " ".join(output.split())  # which the traceback has broken into lines
    assert "and Manim's renderer is opengl. expected: the renderer cairo. next: " in said
    assert output.rstrip().endswith("next: manim render --renderer=cairo FILE SCENE")


def test_the_other_renderer_is_refused_whole() -> None:
    with tempconfig({"renderer": "opengl"}), pytest.raises(UsageError) as caught:
        cloud()
    assert str(caught.value) == (
        "A PointCloud is drawn with cairo, and Manim's renderer is opengl.\n"
        "expected: the renderer cairo.\n"
        "next: manim render --renderer=cairo FILE SCENE"
    )


def test_it_shows_itself_alone() -> None:
    image = cloud([ORIGIN, OUT]).get_image()
    assert image.getpixel((WIDTH // 2, HEIGHT // 2))[2] > 200
