"""One real export in all formats: drawn once, and reopened by other decoders than made it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import av
import imageio.v3 as imageio
import numpy as np
import pytest
from PIL import Image

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.films import FILMS
from spiralcore.registry.formats import OUTPUT_FORMATS
from spiralcore.stage.clock.film_time import UNHURRIED_SECONDS, FilmTime
from spiralcore.stage.film import Film
from spiralcore.stage.poster import poster
from spiralcore.video.cache_key import is_up_to_date
from spiralcore.video.encode.poster import write_poster
from spiralcore.video.opening import open_film
from spiralcore.video.request import small_step
from tests.conftest import spiral
from tests.film_lengths import shown_seconds
from tests.video.encode.test_film_format import decoded, straight

QUALITY, RATE, STEP = "180p40", 40, 2
SECONDS, HOLD = 3.0, 0.6
WAY_IN, WAY_BACK = (
    SECONDS / UNHURRIED_SECONDS * way
    for way in (FILMS["bending"].opening, FILMS["bending"].closing)
)
FRAMES = round((WAY_IN + SECONDS + 2 * HOLD + WAY_BACK) * RATE)
JOINT = 4 * RATE
"""First frame of the second segment."""

RECIPE = f"[film]\nseconds = {SECONDS}\nhold = {HOLD}\nquality = '{QUALITY}'\n"
ALL = ("mp4", "av1", "webm", "mov", "gif", "webp", "avif", "png")
COMMAND = ("export", "bending", "k3.npz", "--recipe", "my.toml")


@dataclass
class Export:
    folder: Path
    theme: str
    loop: bool
    said: str

    def file(self, kind: str) -> Path:
        return OUTPUT_FORMATS[kind].file(self.folder, "bending-k3")

    @cached_property
    def film(self) -> Film:
        settings = FilmSettings.model_validate(
            {"seconds": SECONDS, "hold": HOLD, "loop": self.loop, "theme": self.theme}
        )
        return open_film("bending", [Trajectory.load(self.folder / "k3.npz")], settings, 180, RATE)

    def drawn(self) -> int:
        return int(re.search(r"(\d+) frames drawn", self.said)[1])  # type: ignore[index]


def exported(folder: Path, trajectory: Trajectory, *options: str) -> str:
    trajectory.save(folder / "k3.npz")
    (folder / "my.toml").write_text(RECIPE)
    ran = spiral(folder, *COMMAND, *options)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def opaque(tmp_path_factory: pytest.TempPathFactory, trajectory: Trajectory) -> Export:
    folder = tmp_path_factory.mktemp("opaque")
    said = exported(folder, trajectory, "--to", *ALL)
    return Export(folder, "dark", True, said)


@pytest.fixture(scope="module")
def transparent(tmp_path_factory: pytest.TempPathFactory, trajectory: Trajectory) -> Export:
    folder = tmp_path_factory.mktemp("transparent")
    options = ("--theme", "transparent", "--no-loop", "--to", "webm", "mov", "webp", "avif", "png")
    return Export(folder, "transparent", False, exported(folder, trajectory, *options))


def test_every_frame_is_drawn_once_for_all_files(opaque: Export) -> None:
    assert opaque.drawn() == FRAMES == opaque.film.frame_count
    endings = (".mp4", "-av1.mp4", ".webm", ".mov", ".gif", ".webp", ".avif", ".png")
    # What there is to tell of so short a training is not the same on all processors.
    told = opaque.film.captions.captions
    subtitles = (".vtt", ".srt", "-av1.vtt", "-av1.srt") if told else ()
    files = (f"bending-k3{ending}" for ending in (*endings, *subtitles))
    names = ["my.toml", *files, "k3.npz"]
    assert sorted(path.name for path in opaque.folder.iterdir()) == sorted(names)


@pytest.mark.parametrize("kind", ["mp4", "av1", "webm", "mov"])
def test_videos_have_all_frames(opaque: Export, kind: str) -> None:
    frames = list(decoded(opaque.file(kind)))
    assert len(frames) == FRAMES
    for index in (0, 60, JOINT - 1, JOINT, FRAMES - 1):
        drawn = opaque.film.show(index)[..., :3]
        # Most of it is chroma, which has a quarter of the pixels.
        assert np.abs(straight(frames[index])[..., :3] - drawn).mean() < 3.0, index


def test_two_formats_share_an_ending(opaque: Export) -> None:
    codecs = []
    for kind in ("mp4", "av1"):
        with av.open(str(opaque.file(kind))) as video:
            context = video.streams.video[0].codec_context
            told = (context.color_primaries, context.color_trc, context.colorspace)
            assert (context.pix_fmt, context.color_range, told) == ("yuv420p", 1, (1, 1, 1))
            codecs.append(context.codec.canonical_name)
    assert codecs == ["h264", "av1"]
    named = spiral(opaque.folder, *COMMAND, "--to", "av1", "--out", "mine.mp4")
    assert named.returncode == 0, named.stderr
    assert (opaque.folder / "mine.mp4").read_bytes()[4:8] == b"ftyp"
    with av.open(str(opaque.folder / "mine.mp4")) as video:
        assert video.streams.video[0].codec_context.codec.canonical_name == "av1"
    (opaque.folder / "mine.mp4").unlink()


def animation(path: Path) -> tuple[list[np.ndarray], list[int], dict[str, object]]:
    """Frames as RGBA, the milliseconds of each, and what PIL says of the whole."""
    pictures, delays = [], []
    with Image.open(path) as image:
        about = dict(image.info)
        for number in range(image.n_frames):
            image.seek(number)
            pictures.append(np.asarray(image.convert("RGBA"), np.int16))
            image.load()  # only then Pillow knows it of an AVIF
            delays.append(int(image.info["duration"]))
    return pictures, delays, about


def shown_at(delays: list[int], millisecond: float) -> int:
    return int(np.searchsorted(np.cumsum(delays), millisecond, side="right"))


@pytest.mark.parametrize("kind", ["gif", "webp", "avif"])
def test_small_pictures_loop_and_keep_time(opaque: Export, kind: str) -> None:
    pictures, delays, about = animation(opaque.file(kind))
    assert about["loop"] == 0 if kind != "avif" else plays_again(opaque.file(kind))
    assert all(delay % 50 == 0 for delay in delays)  # 20 frames a second, and pauses
    assert sum(delays) == 1000 * FRAMES / RATE
    for index in (0, 40, 60, 80, 100, FRAMES - STEP):
        shown = pictures[shown_at(delays, 1000 * index / RATE)]
        drawn = opaque.film.show(index)[..., :3]
        assert np.abs(shown[..., :3] - drawn).mean() < 3, index
        assert shown[..., 3].min() == 255


def plays_again(path: Path) -> bool:
    """Whether the edit lists of an AVIF say so, which Pillow does not tell."""
    flags = {found[1] for found in re.finditer(rb"elst.{3}(.)", path.read_bytes(), re.S)}
    assert flags in ({b"\x00"}, {b"\x01"})
    return flags == {b"\x01"}


def test_lengths_are_those_of_another_reader(opaque: Export) -> None:
    seconds = FRAMES / RATE
    for kind in ("mp4", "webm", "mov", "gif", "webp", "avif"):
        assert shown_seconds(opaque.file(kind)) == pytest.approx(seconds), kind
    assert opaque.said.count(f"{seconds:.1f} s") == 7


def test_the_poster_is_the_diptych_of_the_film(opaque: Export) -> None:
    picture = imageio.imread(opaque.file("png"))
    drawn = poster(opaque.film, opaque.film.time_of.poster_frame(RATE))
    np.testing.assert_array_equal(picture, drawn[..., :3])


@pytest.mark.parametrize("kind", ["webp", "avif"])
def test_files_say_what_they_were_made_from(opaque: Export, kind: str) -> None:
    with Image.open(opaque.file(kind)) as image:
        packet = image.info["xmp"]
    assert isinstance(packet, bytes)
    assert re.search(rb"<rdf:li[^>]*>spiralcore-key:[0-9a-f]{16}</rdf:li>", packet)


def test_what_is_there_is_kept_and_what_is_lost_is_made_alone(opaque: Export) -> None:
    to = ("--to", *ALL)
    again = spiral(opaque.folder, *COMMAND, *to)
    assert again.stdout == "Everything is up to date: 8 files.\n"
    before = {kind: opaque.file(kind).read_bytes() for kind in to[1:]}
    opaque.file("gif").unlink()
    one = spiral(opaque.folder, *COMMAND, *to, "--jobs", "1")
    assert one.returncode == 0, one.stderr
    assert f"{FRAMES // STEP} frames drawn" in one.stdout  # each second one
    assert {kind: opaque.file(kind).read_bytes() for kind in to[1:]} == before


@pytest.mark.parametrize("kind", ["webm", "mov", "webp", "avif", "png"])
def test_transparent_films_have_the_alpha_that_was_drawn(transparent: Export, kind: str) -> None:
    film = transparent.film
    index = 80
    if kind == "png":
        got = imageio.imread(transparent.file(kind)).astype(float)
        index = film.time_of.poster_frame(RATE)
    elif kind in ("webp", "avif"):
        pictures, delays, _ = animation(transparent.file(kind))
        got = pictures[shown_at(delays, 1000 * index / RATE)]
    else:
        got = straight(list(decoded(transparent.file(kind)))[index])
    drawn = (poster(film, index) if kind == "png" else film.show(index)).astype(float)
    apart = np.abs(got[..., 3] - drawn[..., 3])
    assert 0 == drawn[..., 3].min() < got[..., 3].max() == 255
    assert (
        apart.mean()
        < {"webm": 0.5, "mov": 0.01, "webp": 0.01, "avif": 0.5, "png": 0}.get(kind, 0) + 1e-9
    )
    for slide in (np.zeros(3), np.full(3, 255.0)):
        share = got[..., 3:] / 255
        on_slide = got[..., :3] * share + slide * (1 - share)
        wanted = drawn[..., :3] + slide * (1 - drawn[..., 3:] / 255)
        assert np.abs(on_slide - wanted).mean() < 2.5, slide


def test_without_a_loop_films_stop_on_the_trained_network(transparent: Export) -> None:
    count = round((WAY_IN + SECONDS + 2 * HOLD) * RATE)
    assert transparent.drawn() == count == FRAMES - WAY_BACK * RATE
    pictures, delays, about = animation(transparent.file("webp"))
    assert about["loop"] == 1
    assert sum(delays) == 1000 * count / RATE
    assert not plays_again(transparent.file("avif"))
    drawn = transparent.film.show(count - 1)
    assert np.abs(pictures[-1][..., 3] - drawn[..., 3]).mean() < 0.01


def test_a_gif_without_a_loop_is_shown_once(tmp_path: Path, trajectory: Trajectory) -> None:
    exported(tmp_path, trajectory, "--to", "gif", "--no-loop", "--seconds", "1")
    _, _, about = animation(tmp_path / "bending-k3.gif")
    assert "loop" not in about


@pytest.mark.parametrize(
    ("rate", "small"),
    [(60, 20), (50, 25), (30, 30), (25, 25), (24, 24), (120, 20), (10, 10), (1, 1)],
)
def test_small_pictures_get_every_nth_frame(rate: int, small: float) -> None:
    assert rate / small_step(rate) == small


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, trajectory: Trajectory) -> Path:
    """Runs of a film that has to be made smaller, with a limit each."""
    folder = tmp_path_factory.mktemp("large")
    options = ("--quality", "270p10", "--gif-height", "270", "--seconds", "1.5", "--no-loop")
    limits = {
        "25kB": ["av1"], "48kB": ["mp4"], "75kB": ["webm", "webp", "avif"], "130 kB": ["gif"],
        "880 kB": ["mov"],
    }  # fmt: skip
    for limit, kinds in limits.items():
        exported(folder, trajectory, *options, "--max-size", limit, "--to", *kinds)
    return folder


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        ("av1", 25_000),
        ("mp4", 48_000),
        ("webm", 75_000),
        ("webp", 75_000),
        ("avif", 75_000),
        ("gif", 130_000),
        ("mov", 880_000),
    ],
)
def test_files_are_as_large_as_they_may_be(large: Path, kind: str, most: int) -> None:
    path = OUTPUT_FORMATS[kind].file(large, "bending-k3")
    size = path.stat().st_size
    assert 0.8 * most <= size <= most
    if kind in ("gif", "webp", "avif"):
        pictures, delays, _ = animation(path)
        height, seconds = pictures[0].shape[0], sum(delays) / 1000
    else:
        with av.open(str(path)) as video:
            stream = video.streams.video[0]
            frames = sum(1 for _ in video.decode(stream))
            height, seconds = stream.codec_context.height, frames / 10
    settings = FilmSettings(seconds=1.5, hold=HOLD, loop=False)
    length = FilmTime.of(settings, FILMS["bending"]).frames(10) / 10
    assert seconds == pytest.approx(length)
    assert 180 <= height <= 270


def test_a_poster_that_would_be_too_large_is_made_smaller(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (360, 640, 4), np.uint8)
    noise[..., 3] = 255
    path = tmp_path / "poster.png"
    write_poster(noise, path, "k", transparent=False, most_bytes=400_000)
    assert 0.8 * 400_000 <= path.stat().st_size <= 400_000
    height, width, channels = imageio.imread(path).shape
    assert channels == 3
    assert 180 < height < 360
    assert abs(width - height * 16 / 9) <= 2
    assert is_up_to_date(path, "k")
