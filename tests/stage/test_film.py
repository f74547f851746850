"""Films as wholes: any frame in any order, the same under the `manim` command."""

from __future__ import annotations

import ast
import dataclasses
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.aspects import AspectName
from spiralcore.registry.films import FILMS
from spiralcore.stage.film import Film
from spiralcore.stage.marks.curve import EpochCurve
from spiralcore.stage.marks.words import Words
from spiralcore.video.encode.yuv import to_yuv420
from spiralcore.video.opening import open_film
from tests import warm
from tests.conftest import NETWORK_FILMS, of_width, shown_by

SETTINGS = FilmSettings(seconds=1.0, hold=1.0)
ROOT = Path(__file__).parents[2]


def opened(
    name: str,
    *trajectories: Trajectory,
    height: int = 240,
    rate: int = 10,
    aspect: AspectName = "16:9",
) -> Film:
    settings = SETTINGS.model_copy(update={"aspect": aspect})
    return open_film(name, trajectories, settings, height, rate)


@pytest.fixture
def row(trajectory: Trajectory, relu_trajectory: Trajectory) -> Film:
    return opened("row", trajectory, relu_trajectory)


@pytest.mark.parametrize("name", NETWORK_FILMS)
def test_a_frame_depends_on_its_time_only(
    name: str, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    check_purity(name, shown_by(name, relu_trajectory, trajectory))


@pytest.mark.parametrize("activation", ["relu", "ball", "sphere", "leaky_relu"])
def test_a_frame_of_a_space_depends_on_its_time_only(activation: str) -> None:
    check_purity("space", [of_width(3, activation)])


def check_purity(name: str, paths: list[Trajectory]) -> None:
    """Frames are the same in whatever order they are drawn."""
    forwards, backwards = opened(name, *paths), opened(name, *paths)
    count = forwards.frame_count
    in_shots = {"explainer": forwards.time_of.frames(10)}
    assert count == {"bending": 56, "classes": 50, **in_shots}.get(name, 40)
    one = [forwards.show(frame).copy() for frame in range(count)]
    other = [backwards.show(frame).copy() for frame in reversed(range(count))][::-1]
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(("height", "aspect"), [(240, "16:9"), (270, "16:9"), (200, "9:16")])
@pytest.mark.parametrize("name", NETWORK_FILMS)
def test_nothing_changes_outside_of_where_a_film_says(
    name: str,
    height: int,
    aspect: AspectName,
    trajectory: Trajectory,
    relu_trajectory: Trajectory,
) -> None:
    check_changes(name, shown_by(name, trajectory, relu_trajectory), height, aspect)


def test_nothing_changes_outside_of_narrow_panels(
    trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    check_changes("row", [trajectory, relu_trajectory, trajectory], 540)


def check_changes(
    name: str, paths: list[Trajectory], height: int, aspect: AspectName = "16:9"
) -> None:
    """A frame differs from the one before it only where the film says so."""
    film, fresh = (opened(name, *paths, height=height, aspect=aspect) for _ in range(2))
    told, planes = film.show(0).copy(), np.empty(3 * film.show(0)[..., 0].size // 2, np.uint8)
    for frame in (0, 12, 29, 14, 33, 39, 20, film.frame_count - 16):
        picture = film.picture(frame)
        for top, bottom, left, right in picture.changed:
            told[top:bottom, left:right] = picture.pixels[top:bottom, left:right]
        np.testing.assert_array_equal(told, picture.pixels)
        to_yuv420(picture.pixels, planes, picture.changed if frame else None)
        fresh.drawer.forget()
        whole = np.empty_like(planes)
        to_yuv420(fresh.show(frame), whole)
        np.testing.assert_array_equal(planes, whole)


def test_the_holds_stand_still_and_the_training_moves(row: Film) -> None:
    frames = [row.show(frame).copy() for frame in range(row.frame_count)]
    np.testing.assert_array_equal(frames[0], frames[1])
    assert (frames[13] != frames[15]).any()
    np.testing.assert_array_equal(frames[28], frames[29])


def test_the_end_leads_back_to_the_start_without_a_seam(row: Film) -> None:
    frames = [row.show(frame).astype(int) for frame in range(row.frame_count)]
    steps = [np.abs(b - a).mean() for a, b in pairwise(frames)]
    seam = np.abs(frames[0] - frames[-1]).mean()
    assert seam < max(steps[30:])
    assert np.abs(frames[0] - frames[29]).mean() > 3 * seam


def test_numbers_on_screen_are_those_of_the_file(trajectory: Trajectory) -> None:
    film = opened("bending", trajectory)
    film.show(still_at_the_end(film))
    texts = {mobject.text for mobject in film.mobjects if isinstance(mobject, Words)}
    assert f"{trajectory.trained_epochs:,}" in texts
    assert f"{100 * trajectory.accuracy[-1]:.1f} %" in texts
    assert f"{trajectory.cross_entropy[-1]:.3f}" in texts
    film.show(0)
    texts = {mobject.text for mobject in film.mobjects if isinstance(mobject, Words)}
    assert {"0", f"{trajectory.cross_entropy[0]:.3f}"} <= texts


def test_all_text_is_inside_the_margins_and_large_enough(
    trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    for name in NETWORK_FILMS:
        paths = shown_by(name, relu_trajectory, trajectory)
        check_texts(opened(name, *paths, height=1080))


@pytest.mark.parametrize("count", [1, 3, 4, 7, 10])
@pytest.mark.parametrize("name", ["row", "classes"])
def test_any_list_of_activations_finds_room(name: str, count: int, trajectory: Trajectory) -> None:
    paths = [
        dataclasses.replace(trajectory, recipe={**trajectory.recipe, "activation": activation})
        for activation in list(ACTIVATIONS)[:count]
    ]
    check_texts(opened(name, *paths, height=1080))


@pytest.mark.parametrize("epoch", [0, 60, 120, 200, 280])
def test_the_loss_curve_goes_past_the_word_for_guessing(epoch: int, trajectory: Trajectory) -> None:
    """Past a spike of the loss, wherever it is, and past one at the right end."""
    loss = np.full_like(trajectory.cross_entropy, 0.5)
    loss[[epoch, -1]] = 9.0
    film = opened("bending", dataclasses.replace(trajectory, cross_entropy=loss))
    film.show(0)
    (curve,) = (m for m in film.mobjects if isinstance(m, EpochCurve))
    (note,) = (m for m in film.mobjects if isinstance(m, Words) and "ln 3 =" in m.text)
    left, right, _, _ = note.extent()
    for spike in (epoch, len(loss) - 1):
        x, _ = curve.place(spike, 9.0)
        assert not left < x < right


def still_at_the_end(film: Film) -> int:
    """A frame of the last hold."""
    return round(film.time_of.action_over * film.stage_camera.frame_rate) - 1


def check_texts(film: Film) -> None:
    """All texts lie within the margins, are large enough and apart from each other."""
    film.seek(still_at_the_end(film))
    wide, high = film.aspect.width, film.aspect.height
    lowest = high if film.aspect.name == "16:9" else 0.97 * high + 2
    shown = [m for m in film.mobjects if isinstance(m, Words) and m.text and m.shown]
    for words in shown:
        assert words.size >= 0.022 * 1080, words.text
        left, right, top, bottom = words.extent()
        assert left >= 0.03 * wide - 2, words.text
        assert right <= wide - 0.03 * wide + 2, words.text
        assert top >= 0.02 * high, words.text
        assert bottom <= lowest, words.text
    for i, one in enumerate(shown):
        for other in shown[:i]:
            a, b = one.extent(), other.extent()
            apart = a[1] < b[0] or b[1] < a[0] or a[3] < b[2] or b[3] < a[2]
            assert apart, (one.text, other.text)


@pytest.mark.parametrize("name", NETWORK_FILMS)
def test_dead_units_are_named_on_screen(
    name: str, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    *others, last = shown_by(name, trajectory, relu_trajectory)
    hidden = last.hidden.copy()
    hidden[-1, :, 1] = 0
    dead = dataclasses.replace(last, hidden=hidden)
    film = opened(name, *others, dead)
    film.show(0)
    texts = [mobject.text for mobject in film.mobjects if isinstance(mobject, Words)]
    assert 1 in dead.dead_since
    expected = "dead" if name == "classes" else f"unit 2 since epoch {dead.dead_since[1]}"
    assert any(text.startswith("dead") and expected in text for text in texts), texts


def manim_render(
    folder: Path,
    trajectory: Path,
    *options: str,
    film: str = "bending",
    resolution: str = "426,240",
) -> Path:
    """Run the `manim` command as a user would; the folder holds a recipe."""
    (folder / "my.toml").write_text("[film]\nseconds = 1.0\nhold = 1.0\n")
    variables = {
        "SPIRAL_TRAJECTORY": str(trajectory),
        "SPIRAL_RECIPE": str(folder / "my.toml"),
    }
    command = [
        "-m", "manim", "render", "--media_dir", str(folder / "media"),
        "--resolution", resolution, "--fps", "10", "-v", "ERROR", "--progress_bar", "none",
        *options, str(ROOT / "scenes" / f"{film}.py"), FILMS[film].class_name,
    ]  # fmt: skip
    ran = warm.run(*command, folder=folder, variables=variables)
    assert ran.returncode == 0, ran.stderr
    return folder / "media"


@pytest.mark.parametrize(
    ("name", "units", "aspect", "resolution"),
    [("bending", 2, "9:16", "240,426"), ("space", 3, "16:9", "426,240")],
)
def test_the_manim_command_shows_the_same_frames(
    name: str,
    units: int,
    aspect: AspectName,
    resolution: str,
    tmp_path: Path,
    trajectory: Trajectory,
) -> None:
    path = tmp_path / "shown.npz"
    (trajectory if units == 2 else of_width(units, "sphere")).save(path)
    media = manim_render(
        tmp_path, path, "--format", "png-sequence", film=name, resolution=resolution
    )
    shown = sorted(media.rglob("*.png"))
    film = opened(name, Trajectory.load(path), aspect=aspect)
    assert len(shown) == film.frame_count
    for frame, path in enumerate(shown):
        np.testing.assert_array_equal(imageio.imread(path)[..., :3], film.show(frame)[..., :3])


def test_manims_cache_notices_another_trajectory(
    tmp_path: Path, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    path = tmp_path / "changing.npz"
    trajectory.save(path)
    manim_render(tmp_path, path)
    relu_trajectory.save(path)
    media = manim_render(tmp_path, path)
    parts = list(media.rglob("partial_movie_files/**/*.mp4"))
    assert len(parts) == 2


def opened_by_itself(folder: Path, name: str, **variables: str) -> str:
    """What a film says that finds nothing to show."""
    code = f"from spiralcore.scenes.{name} import *; {FILMS[name].class_name}()"
    ran = warm.run("-c", code, folder=folder, variables=variables)
    assert ran.returncode != 0
    return ran.stderr


def test_a_missing_trajectory_says_what_to_type(tmp_path: Path) -> None:
    said = opened_by_itself(tmp_path, "bending", SPIRAL_TRAJECTORY="none.npz")
    assert "There is no trajectory none.npz." in said
    assert "next: make render, or SPIRAL_TRAJECTORY=FILE.npz before the command" in said
    said = opened_by_itself(tmp_path, "space")
    assert "There is no trajectory renders/trajectories/4-tanh-" in said
    assert (
        "next: make render FILMS=space, or SPIRAL_TRAJECTORY=FILE.npz before the command"
    ) in said


def test_a_trajectory_of_another_width_is_refused_under_manim_too(
    tmp_path: Path, trajectory_file: Path
) -> None:
    said = opened_by_itself(tmp_path, "space", SPIRAL_TRAJECTORY=str(trajectory_file))
    assert f"{trajectory_file}: the drawn layer has 2 units." in said
    assert "expected: a layer of 3 units for the film 'space'." in said


WITHOUT_ASSERTIONS = """
import sys
from pathlib import Path
import numpy as np
from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.video.opening import open_film
assert False, "assertions are not left out"
film = open_film(
    "bending", [Trajectory.load(Path("k3.npz"))], FilmSettings(seconds=1.0, hold=1.0), 240, 10
)
np.save("frames.npy", [film.show(frame).copy() for frame in range(film.frame_count)])
"""


def test_frames_are_the_same_without_assertions(
    trajectory: Trajectory, trajectory_file: Path
) -> None:
    subprocess.run(
        [sys.executable, "-O", "-c", WITHOUT_ASSERTIONS], cwd=trajectory_file.parent, check=True
    )
    film = opened("bending", trajectory)
    frames = [film.show(frame).copy() for frame in range(film.frame_count)]
    np.testing.assert_array_equal(np.load(trajectory_file.parent / "frames.npy"), frames)


HARMLESS = re.compile(r"(isinstance\(.+\)|[\w.\[\]]+ is not None|False)")
"""Assertions that tell a type checker what it cannot know, and do nothing."""


def test_no_assertion_does_anything() -> None:
    for folder in ("spiralcore", "scenes"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Assert):
                    said = ast.unparse(node.test)
                    assert HARMLESS.fullmatch(said), f"{path}, line {node.lineno}: {said}"
