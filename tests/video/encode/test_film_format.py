"""WebM, MOV and 4K, with a background and without: written, and opened by another reader."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import imageio.v3 as imageio
import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.films import FILMS
from spiralcore.registry.themes import rgb, theme
from spiralcore.stage.clock.film_time import UNHURRIED_SECONDS
from spiralcore.stage.film import Film
from spiralcore.stage.pixels.changes import Picture, whole_frame
from spiralcore.stage.poster import poster
from spiralcore.video.encode.film_format import FILM_FORMATS
from spiralcore.video.encode.segments import encode_segment, join_segments
from spiralcore.video.opening import open_film
from tests.conftest import spiral

SETTINGS = FilmSettings(theme="transparent", quality="360p20", seconds=3.75, hold=0.6, loop=False)
FRAMES = round((FILMS["bending"].opening * 3.75 / UNHURRIED_SECONDS + 3.75 + 2 * 0.6) * 20)
JOINT = 4 * 20
"""First frame of the second segment."""

CUES, CLUSTER = bytes.fromhex("1c53bb6b"), bytes.fromhex("1f43b675")
"""Where Matroska says at which byte a time begins, and what it calls a run of frames."""


def decoded(path: Path) -> Iterator[av.VideoFrame]:
    """Frames with their alpha; the decoder that ffmpeg prefers for VP9 does not see it."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        if stream.codec_context.name != "vp9":
            yield from film.decode(stream)
            return
        decoder = av.CodecContext.create("libvpx-vp9", "r")
        for packet in film.demux(stream):
            yield from decoder.decode(packet if packet.size else None)


def straight(frame: av.VideoFrame) -> np.ndarray:
    """Straight RGBA, 0 to 255, shape (height, width, 4), from the planes by BT.709's formula."""
    name = frame.format.name
    depth = next((bits for bits in (10, 12) if f"p{bits}" in name), 8)
    planes = []
    for plane in frame.planes:
        values = np.frombuffer(bytes(plane), np.uint8 if depth == 8 else np.uint16)
        planes.append(values.reshape(plane.height, -1)[:, : plane.width].astype(float))
    steps = 2.0 ** (depth - 8)
    luma = (planes[0] / steps - 16) / 219
    u, v = ((plane / steps - 128) / 224 for plane in planes[1:3])
    if "420" in name:
        u, v = (np.kron(plane, np.ones((2, 2))) for plane in (u, v))
    red, blue = luma + 1.5748 * v, luma + 1.8556 * u
    green = (luma - 0.2126 * red - 0.0722 * blue) / 0.7152
    alpha = planes[3] / (2**depth - 1) if len(planes) > 3 else np.ones_like(luma)
    return 255 * np.stack([red.clip(0, 1), green.clip(0, 1), blue.clip(0, 1), alpha], axis=-1)


def on(slide: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """Lay a straight RGBA picture over a slide."""
    share = picture[..., 3:] / 255
    return picture[..., :3] * share + slide * (1 - share)


def shown_on(slide: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Lay what `Film.show` gave over a slide."""
    return pixels[..., :3] + slide * (1 - pixels[..., 3:] / 255)


SLIDES = [np.array(colour) for colour in ((255, 255, 255), (0, 0, 0), (40, 160, 230))]


RECIPE = """
formats = ["webm", "mov", "png"]
[film]
theme = "transparent"
quality = "360p20"
seconds = 3.75
hold = 0.6
loop = false
"""

COMMAND = ("render", "bending", "k3.npz", "--recipe", "my.toml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, trajectory: Trajectory) -> Path:
    """A transparent film in all formats that can be, made by the command."""
    folder = tmp_path_factory.mktemp("transparent")
    trajectory.save(folder / "k3.npz")
    (folder / "my.toml").write_text(RECIPE)
    ran = spiral(folder, *COMMAND)
    assert ran.returncode == 0, ran.stderr
    return folder


@pytest.fixture(scope="module")
def film(folder: Path) -> Film:
    return open_film("bending", [Trajectory.load(folder / "k3.npz")], SETTINGS, 360, 20)


@pytest.mark.parametrize("kind", ["webm", "mov"])
def test_every_frame_has_the_alpha_that_was_drawn(folder: Path, film: Film, kind: str) -> None:
    """Over the joint of the segments, too."""
    frames = list(decoded(folder / f"bending-k3.{kind}"))
    assert len(frames) == film.frame_count == FRAMES
    assert all("yuva" in frame.format.name for frame in frames)
    for index in (0, 40, JOINT - 1, JOINT, JOINT + 1, FRAMES - 1):
        drawn, got = film.show(index), straight(frames[index])
        apart = np.abs(got[..., 3] - drawn[..., 3])
        flat = (drawn[..., 3] == 0) | (drawn[..., 3] == 255) | (drawn[..., 3] == 204)
        assert apart.max() < (0.51 if kind == "mov" else 80)
        assert apart.mean() < (0.01 if kind == "mov" else 0.5)
        assert np.percentile(apart[flat], 99) <= 3
        for slide in SLIDES:
            error = np.abs(on(slide, got) - shown_on(slide, drawn))
            assert error.mean() < (0.7 if kind == "mov" else 2.5), (index, slide)


@pytest.mark.parametrize("kind", [("webm", True), ("mov", True), ("mov", False)])
def test_what_has_not_changed_need_not_be_converted(film: Film, kind: tuple[str, bool]) -> None:
    film_format = FILM_FORMATS[kind]
    planes, whole = (film_format.planes(640, 360) for _ in range(2))
    film_format.convert(film.show(10), planes, None)
    for frame in (30, 31, 60, 12):
        picture = film.picture(frame)
        film_format.convert(picture.pixels, planes, picture.changed)
        film_format.convert(picture.pixels, whole, None)
        np.testing.assert_array_equal(planes, whole)


@pytest.mark.parametrize("kind", ["webm", "mov"])
def test_films_move_and_keep_time(folder: Path, kind: str) -> None:
    path = folder / f"bending-k3.{kind}"
    with av.open(str(path)) as opened:
        stream = opened.streams.video[0]
        context = stream.codec_context
        assert context.name == {"webm": "vp9", "mov": "prores"}[kind]
        assert (context.width, context.height) == (640, 360)
        assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)
        assert context.color_range == 1
        assert stream.average_rate == 20
        if kind == "webm":
            assert {key.lower(): value for key, value in stream.metadata.items()}[
                "alpha_mode"
            ] == "1"
        else:
            assert context.codec_tag == "ap4h"
        times = [float(p.pts * p.time_base) for p in opened.demux(stream) if p.size]
    np.testing.assert_allclose([b - a for a, b in pairwise(times)], 1 / 20, atol=1e-4)
    assert times[0] == 0
    data = path.read_bytes()
    index, frames = {"webm": (CUES, CLUSTER), "mov": (b"moov", b"mdat")}[kind]
    assert 0 < data.index(index) < data.index(frames)


def test_the_poster_has_straight_alpha(folder: Path, film: Film) -> None:
    picture = imageio.imread(folder / "bending-k3.png")
    assert picture.shape == (360, 640, 4)
    drawn = poster(film, film.time_of.poster_frame(20))
    np.testing.assert_array_equal(picture[..., 3], drawn[..., 3])
    for slide in SLIDES:
        assert np.abs(on(slide, picture.astype(float)) - shown_on(slide, drawn)).max() <= 1.01


def test_files_that_are_up_to_date_are_kept(folder: Path) -> None:
    again = spiral(folder, *COMMAND)
    assert again.returncode == 0
    assert again.stdout == "Everything is up to date: 3 files.\n"
    (folder / "bending-k3.mov").unlink()
    before = (folder / "bending-k3.webm").stat().st_mtime_ns
    assert spiral(folder, *COMMAND).returncode == 0
    assert (folder / "bending-k3.mov").exists()
    assert (folder / "bending-k3.webm").stat().st_mtime_ns == before


def test_the_same_files_whatever_the_number_of_processes(folder: Path, tmp_path: Path) -> None:
    for name in ("k3.npz", "my.toml"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    assert spiral(tmp_path, *COMMAND, "--jobs", "1").returncode == 0
    for kind in ("webm", "mov", "png"):
        name = f"bending-k3.{kind}"
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), kind


@pytest.mark.parametrize("kind", ["mp4", "webm", "mov"])
def test_films_with_a_background_have_no_alpha(tmp_path: Path, kind: str) -> None:
    look = theme("dark")
    picture = np.full((120, 20 * len(look.classes), 4), 255, np.uint8)
    for label, text in enumerate(look.classes):
        picture[:, label * 20 : (label + 1) * 20, :3] = rgb(text)
    still = Picture(picture, whole_frame(*picture.shape[:2]))
    film_format = FILM_FORMATS[kind, False]
    segments = [tmp_path / f"{name}.{'mov' if kind == 'mov' else 'mkv'}" for name in "ab"]
    for segment in segments:
        encode_segment([still] * 5, segment, picture.shape[1], 120, 25, film_format)
    film = tmp_path / f"film with 'quotes' & spaces.{kind}"
    join_segments(segments, film, title="t", comment="c")
    frames = list(decoded(film))
    assert len(frames) == 10
    assert not any("yuva" in frame.format.name for frame in frames)
    for label, text in enumerate(look.classes):
        middle = straight(frames[7])[30:90, label * 20 + 6 : label * 20 + 14, :3].mean((0, 1))
        np.testing.assert_allclose(middle, rgb(text), atol=4)


def test_4k_is_3840_by_2160(tmp_path: Path, trajectory: Trajectory) -> None:
    film = open_film("bending", [trajectory], FilmSettings(seconds=1.0), 2160, 60)
    path = tmp_path / "4k.mkv"
    encode_segment((film.picture(frame) for frame in (0, 100)), path, 3840, 2160, 60)
    frames = list(decoded(path))
    assert [(frame.width, frame.height) for frame in frames] == [(3840, 2160)] * 2
    drawn = film.show(100)
    assert np.abs(straight(frames[1])[..., :3] - drawn[..., :3]).mean() < 2
