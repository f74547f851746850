"""One real run: train, film, and reopen everything with another reader."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import warnings
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import imageio.v3 as imageio
import numpy as np
import pytest
from PIL import Image

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import colour

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.films import FILMS
from spiralcore.registry.themes import rgb, theme
from spiralcore.stage.clock.film_time import FilmTime
from spiralcore.stage.pixels.changes import Picture, whole_frame
from spiralcore.stage.poster import poster
from spiralcore.video.encode.film_format import FILM_FORMATS
from spiralcore.video.encode.segments import encode_segment, join_segments
from spiralcore.video.opening import open_film
from tests.conftest import spiral
from tests.film_lengths import shown_seconds

RECIPE = """
classes = [2, 3]
close_ups = [3]
seed = 1
[data]
points_per_class = 30
[training]
attempts = 1
epochs = 120
learning_rate = 0.002
[film]
quality = "240p25"
gif_height = 120
seconds = 3.6
hold = 0.6
"""

FILM = FilmSettings(quality="240p25", gif_height=120, seconds=3.6, hold=0.6)
"""What the recipe says of films; those of a row have two segments."""


@dataclass
class Run:
    folder: Path
    recipe: Path
    first: subprocess.CompletedProcess[str]

    def again(self, *options: str) -> subprocess.CompletedProcess[str]:
        return spiral(self.folder, "render", "--recipe", str(self.recipe), *options)

    def times(self) -> dict[str, int]:
        files = [path for path in (self.folder / "renders").rglob("*") if path.is_file()]
        return {str(path.relative_to(self.folder)): path.stat().st_mtime_ns for path in files}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("run")
    recipe = folder / "my.toml"
    recipe.write_text(RECIPE)
    return Run(folder, recipe, spiral(folder, "render", "--recipe", str(recipe), "--jobs", "2"))


def test_everything_is_made_and_listed(run: Run) -> None:
    assert run.first.returncode == 0, run.first.stderr
    renders = run.folder / "renders"
    stems = ["classes", "row-2-classes", "row-3-classes", "bending-3-tanh", "bending-3-relu"]
    expected = {f"{stem}.{kind}" for stem in stems for kind in ("mp4", "gif", "png")}
    # Beside films in which something happens lie their captions, in both formats.
    made = {path.name for path in renders.iterdir() if path.is_file()}
    captions = {name for name in made if name.endswith((".vtt", ".srt"))}
    told = {name.removesuffix(".vtt") for name in captions if name.endswith(".vtt")}
    assert told
    assert told <= set(stems)
    expected |= {f"{stem}.{kind}" for stem in told for kind in ("vtt", "srt")}
    assert made == expected
    assert len(list((renders / "trajectories").iterdir())) == 4
    for name in expected:
        is_text = name.endswith((".vtt", ".srt"))
        assert is_text or f"renders/{name}" in run.first.stdout
    assert "training: " in run.first.stdout
    assert "films: " in run.first.stdout


def test_films_appear_one_after_the_other(run: Run) -> None:
    """The first ones before the networks are trained that they do not show."""
    made = run.times()
    films = [f"renders/{stem}.mp4" for stem in ("bending-3-tanh", "bending-3-relu")]
    early = [max(made[name] for name in films)]
    early += [time for name, time in made.items() if "trajectories/3-" in name]
    late = [time for name, time in made.items() if "trajectories/2-" in name or "row-" in name]
    assert len(early) == 3
    assert len(late) >= 2 + 2 * 3
    assert max(early) < min(late)


def test_what_failed_is_in_the_table(run: Run, tmp_path: Path) -> None:
    """And what could not be made for want of it; the rest is made."""
    (tmp_path / "renders" / "bending-3-relu.mp4").mkdir(parents=True)
    recipe = run.recipe.read_text().replace("[2, 3]", "[3]").replace("seconds = 3.6", "seconds = 1")
    (tmp_path / "my.toml").write_text('films = ["bending"]\nformats = ["mp4", "png"]\n' + recipe)
    ran = spiral(tmp_path, "render", "--recipe", "my.toml")
    assert ran.returncode == 1
    assert f"\n{'renders/bending-3-relu.mp4':52}{'failed':>10}\n" in ran.stdout
    for name in ("bending-3-tanh.mp4", "bending-3-relu.png"):
        assert (tmp_path / "renders" / name).is_file()
        assert re.search(rf"^renders/{name} +[0-9.]+ [kM]B", ran.stdout, re.MULTILINE)
    assert ran.stderr.endswith("spiral: 1 job failed; see above.\n")


def test_films_of_networks_that_failed_are_left_out_and_listed(tmp_path: Path) -> None:
    """A run in which nothing is made is not up to date."""
    (tmp_path / "my.toml").write_text(RECIPE.replace("0.002", "1e6"))
    ran = spiral(tmp_path, "render", "--recipe", "my.toml", "--activations", "relu",
                 "--films", "bending", "--formats", "mp4", "png")  # fmt: skip
    assert ran.returncode == 1
    rows = [line.split(maxsplit=1) for line in ran.stdout.splitlines()[2:]]
    fates = [fate for _, fate in rows[:3]]
    assert fates == ["failed", "left out", "left out"]
    assert [name for name, _ in rows[1:3]] == [
        "renders/bending-3-relu.mp4", "renders/bending-3-relu.png",
    ]  # fmt: skip
    assert "up to date" not in ran.stdout


def test_the_mp4_is_what_players_want(run: Run) -> None:
    path = run.folder / "renders" / "row-3-classes.mp4"
    with av.open(str(path)) as video:
        stream = video.streams.video[0]
        frames = [frame.pts * stream.time_base for frame in video.decode(stream)]
        context = stream.codec_context
        assert context.name == "h264"
        assert context.pix_fmt == "yuv420p"
        assert (context.width, context.height) == (426, 240)
        assert stream.average_rate == 25
        assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)
        assert context.color_range == 1
    assert len(frames) == FilmTime.of(FILM, FILMS["row"]).frames(25)
    np.testing.assert_allclose(np.diff(np.array(frames, dtype=float)), 1 / 25, atol=1e-4)
    assert float(frames[0]) == 0
    head = path.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")


def frames_of(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as video:
        return [frame.to_ndarray(format="rgb24") for frame in video.decode(video=0)]


def apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """By how many levels two pictures of bytes differ."""
    return np.maximum(one, other) - np.minimum(one, other)


def test_the_film_shows_the_frames_that_were_drawn(run: Run) -> None:
    """Over the joints of the segments, too, which lie 4 s apart."""
    renders = run.folder / "renders"
    trajectories = [
        Trajectory.load(next((renders / "trajectories").glob(f"3-{name}-*")))
        for name in ("tanh", "relu")
    ]
    film = open_film("row", trajectories, FILM, 240, 25)
    decoded = frames_of(renders / "row-3-classes.mp4")
    assert len(decoded) == film.frame_count
    for frame in (40, 98, 99, 100, 101, 110):
        drawn = film.show(frame)[..., :3]
        errors = [apart(shown, drawn).mean() for shown in decoded]
        assert errors[frame] < 3
        assert abs(int(np.argmin(errors)) - frame) <= 1


@pytest.mark.parametrize(
    ("theme_name", "quality", "seconds"), [("dark", "360p25", 5.0), ("light", "240p30", 1.0)]
)
def test_a_film_begins_again_without_a_snap(
    trajectory: Trajectory, tmp_path: Path, theme_name: str, quality: str, seconds: float
) -> None:
    look = {"quality": quality, "seconds": seconds, "hold": 0.5, "theme": theme_name}
    trajectory.film("bending", tmp_path / "loop.mp4", jobs=1, **look)
    with av.open(tmp_path / "loop.mp4") as film:
        first, *_, last = film.decode(video=0)
    ends = [frame.to_ndarray(format="rgb24").astype(float) for frame in (first, last)]
    snap = 10 * np.log10(255**2 / ((ends[0] - ends[1]) ** 2).mean())
    assert snap >= 48


def test_the_gif_loops_at_25_frames_a_second(run: Run) -> None:
    path = run.folder / "renders" / "bending-3-tanh.gif"
    with Image.open(path) as image:
        assert image.info["loop"] == 0
        assert image.size == (214, 120)
        assert image.n_frames > 100
        delays = []
        for frame in range(image.n_frames):
            image.seek(frame)
            delays.append(image.info["duration"])
    assert sum(delays) == pytest.approx(40 * FilmTime.of(FILM, FILMS["bending"]).frames(25), abs=80)
    assert set(delays) <= set(range(40, 2000, 40))
    assert path.stat().st_size < 4e6


def test_the_poster_is_the_diptych_of_the_trained_network(run: Run) -> None:
    renders = run.folder / "renders"
    picture = imageio.imread(renders / "bending-3-tanh.png")
    assert picture.shape == (240, 426, 3)
    trajectory = Trajectory.load(next((renders / "trajectories").glob("3-tanh-*")))
    drawn = poster(open_film("bending", [trajectory], FILM, 240, 25), 0)
    np.testing.assert_array_equal(picture, drawn[..., :3])


def test_a_second_run_does_nothing(run: Run) -> None:
    before = run.times()
    again = run.again()
    assert again.returncode == 0
    assert again.stdout == "Everything is up to date: 19 files.\n"
    assert run.times() == before


def test_a_changed_setting_remakes_what_depends_on_it(run: Run, tmp_path: Path) -> None:
    before = run.times()
    kept = shutil.copytree(run.folder / "renders", tmp_path / "renders")
    assert run.again("--formats", "gif", "--seconds", "3").returncode == 0
    after = run.times()
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {name for name in before if name.endswith(".gif")}
    shutil.rmtree(run.folder / "renders")
    kept.rename(run.folder / "renders")


def test_a_lost_file_is_made_again_alone(run: Run) -> None:
    (run.folder / "renders" / "row-2-classes.png").unlink()
    before = run.times()
    assert run.again().returncode == 0
    after = run.times()
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"renders/row-2-classes.png"}


def test_the_same_files_whatever_the_number_of_processes(run: Run, tmp_path: Path) -> None:
    options = ["--films", "bending", "--activations", "relu", "--out", str(tmp_path), "--jobs", "1"]
    assert run.again(*options).returncode == 0
    for kind in ("mp4", "gif", "png"):
        one = (run.folder / "renders" / f"bending-3-relu.{kind}").read_bytes()
        assert (tmp_path / f"bending-3-relu.{kind}").read_bytes() == one


@pytest.mark.parametrize("name", ["dark", "light"])
def test_class_colours_survive_the_encoding(tmp_path: Path, name: str) -> None:
    look = theme(name)
    column, height, rate = 54, 360, 25
    width = column * len(look.classes)
    picture = np.zeros((height, width, 4), np.uint8)
    picture[..., 3] = 255
    for label, text in enumerate(look.classes):
        picture[:, label * column : (label + 1) * column, :3] = rgb(text)
    still = Picture(picture, whole_frame(height, width))
    segments = [tmp_path / "a.mkv", tmp_path / "b.mkv"]
    for segment in segments:
        encode_segment([still] * 10, segment, width, height, rate)
    film = tmp_path / "film with 'quotes' & spaces.mp4"
    join_segments(segments, film, title="t", comment="c")
    shown = frames_of(film)[15].astype(float)
    for label, text in enumerate(look.classes):
        middle = shown[100:200, label * column + 15 : (label + 1) * column - 15].mean((0, 1))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            places = [
                colour.XYZ_to_Lab(colour.sRGB_to_XYZ(value / 255)) for value in (middle, rgb(text))
            ]
        assert colour.delta_E(*places, method="CIE 2000") < 2, text


@pytest.mark.parametrize("kind", ["mp4", "webm", "mov"])
@pytest.mark.parametrize(
    ("title", "told"),
    [
        ('bending: R&D "<1>" it\'s = #;\\ %20 é \U0001f600', None),
        ("two\nlines", None),
        ("-x", None),
        (os.fsdecode(b"not \xff text"), "not ? text"),
        ("\x01\x0b\x1b[31m", "???[31m"),
    ],
)
def test_films_tell_what_they_are_called(
    kind: str, title: str, told: str | None, tmp_path: Path
) -> None:
    still = Picture(np.full((120, 160, 4), 255, np.uint8), whole_frame(120, 160))
    segment, film = tmp_path / f"a.{kind}", tmp_path / f"film.{kind}"
    encode_segment([still] * 3, segment, 160, 120, 25, FILM_FORMATS[kind, False])
    join_segments([segment], film, title=title, comment="c")
    with av.open(str(film)) as video:
        said = {name.lower(): text for name, text in video.metadata.items()}
    assert said["title"] == (told or title)
    assert said["comment"] == "c"


@pytest.mark.parametrize("rate", [24, 30, 50, 60])
def test_frames_come_at_equal_times_whatever_the_rate(tmp_path: Path, rate: int) -> None:
    still = Picture(np.full((120, 160, 4), 255, np.uint8), whole_frame(120, 160))
    segments = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for segment in segments:
        encode_segment([still] * 7, segment, 160, 120, rate)
    film = tmp_path / "film.mp4"
    join_segments(segments, film, title="t", comment="c")
    with av.open(str(film)) as video:
        times = [frame.pts * video.streams.video[0].time_base for frame in video.decode(video=0)]
        assert video.streams.video[0].average_rate == rate
    assert times == [Fraction(frame, rate) for frame in range(14)]


def test_the_lengths_that_are_said_are_those_of_the_files(run: Run) -> None:
    told = dict(re.findall(r"(?m)^renders/(\S+)\s+\S+ [Mk]B\s+([\d.]+) s$", run.first.stdout))
    films = [path for path in (run.folder / "renders").iterdir() if path.suffix in (".mp4", ".gif")]
    assert set(told) == {path.name for path in films}
    for path in films:
        assert f"{shown_seconds(path):.1f}" == told[path.name], path


def test_upright_files_lie_beside_the_others_and_have_their_size(run: Run) -> None:
    options = ("--films", "bending", "--activations", "tanh", "--aspect", "9:16",
               "--quality", "240p10", "--seconds", "1")  # fmt: skip
    before = run.times()
    ran = run.again(*options)
    assert ran.returncode == 0, ran.stderr
    stem = run.folder / "renders" / "bending-3-tanh-9x16"
    assert set(run.times()) - set(before) == {
        f"renders/{stem.name}.{kind}" for kind in ("mp4", "gif", "png")
    }
    assert {name: run.times()[name] for name in before} == before
    with av.open(f"{stem}.mp4") as video:
        context = video.streams.video[0].codec_context
        assert (context.width, context.height) == (240, 426)
    for kind, size in (("png", (240, 426)), ("gif", (120, 214))):
        with Image.open(f"{stem}.{kind}") as picture:
            assert picture.size == size
    there = run.times()
    assert run.again(*options).returncode == 0
    assert run.times() == there
