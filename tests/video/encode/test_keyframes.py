"""Keyframes each second, which nobody sees: real films against the frames that were drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.films import FILMS
from spiralcore.stage.clock.film_time import UNHURRIED_SECONDS, FilmTime
from spiralcore.stage.film import Film
from spiralcore.stage.pixels.changes import Picture
from spiralcore.system.engine import Report
from spiralcore.video import film_jobs
from spiralcore.video.encode.film_format import FILM_FORMATS, lossless
from spiralcore.video.encode.segments import segment_encoder

VISIBLE = 10
"""Levels by which a channel of a pixel has to change."""

SECONDS, HOLD = 4.2, 0.5
"""Longer than a segment of 4 s, and no whole number of seconds."""

IDR = 5
"""A part of an H.264 packet with which everything begins anew: where a player can go."""


def keyframes_of(path: Path) -> list[int]:
    """Their places in the order in which frames are shown, and the number of all frames."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        packets = [packet for packet in film.demux(stream) if packet.size]
        is_h264 = stream.codec_context.name == "h264"
    packets.sort(key=lambda packet: packet.pts)
    places = [place for place, packet in enumerate(packets) if packet.is_keyframe]
    if is_h264:
        assert all(IDR in parts_of(bytes(packets[place])) for place in places)
    return [*places, len(packets)]


def parts_of(packet: bytes) -> set[int]:
    """Kinds of the parts of an H.264 packet, each of which has its length in front."""
    kinds, place = set(), 0
    while place < len(packet):
        kinds.add(packet[place + 4] & 31)
        place += 4 + int.from_bytes(packet[place : place + 4], "big")
    return kinds


def frames_of(path: Path) -> Iterator[np.ndarray]:
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            yield frame.to_ndarray(format="rgb24").astype(np.int16)


class Ends:
    """Frames that go by, of which the first and the last one are kept."""

    def __init__(self, frames: Iterable[np.ndarray]) -> None:
        self._frames = iter(frames)
        self.first = self.last = next(self._frames)

    def __iter__(self) -> Iterator[np.ndarray]:
        yield self.first
        for frame in self._frames:
            self.last = frame
            yield frame


def changing(frames: Iterable[np.ndarray]) -> np.ndarray:
    """The share of pixels that change visibly from each frame to the next one."""
    return np.array([visible(np.abs(b - a)).mean() for a, b in pairwise(frames)])


def visible(change: np.ndarray) -> np.ndarray:
    """Pixels of which a channel changes visibly; ten times as fast as a maximum over channels."""
    red, green, blue = np.moveaxis(change > VISIBLE, 2, 0)
    return np.asarray(red | green | blue)


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """PSNR in decibels."""
    return float(10 * np.log10(255**2 / max(((one.astype(float) - other) ** 2).mean(), 1e-9)))


def filmed(
    trajectory: Trajectory, name: str, path: Path, quality: str, **settings: Any
) -> Iterator[np.ndarray]:
    """Make a film; gives the frames that were drawn for it, without what an encoder loses."""
    height, rate = map(int, quality.split("p"))
    folder, reported = path.with_suffix(""), film_jobs._reported

    def kept(film: Film, frames: Sequence[int], report: Report) -> Iterator[Picture]:
        size = (film.stage_camera.pixel_width, height, rate)
        whole = lossless(FILM_FORMATS["mp4", False])
        with segment_encoder(folder / f"{frames[0]:06}.nut", *size, whole) as take:
            for picture in reported(film, frames, report):
                take(picture)
                yield picture

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(film_jobs, "_reported", kept)
        trajectory.film(name, path, jobs=1, quality=quality, hold=HOLD, **settings)
    return chain.from_iterable(map(frames_of, sorted(folder.iterdir())))


@pytest.mark.parametrize(("rate", "loop"), [(15, True), (25, False), (30, True), (60, False)])
def test_an_mp4_has_a_keyframe_each_second(
    trajectory: Trajectory, tmp_path: Path, rate: int, loop: bool
) -> None:
    """And no more of them."""
    path = tmp_path / "film.mp4"
    sizes = {"quality": f"180p{rate}", "seconds": SECONDS, "hold": HOLD}
    trajectory.film("bending", path, jobs=1, loop=loop, **sizes)
    keys = keyframes_of(path)
    settings, entry = FilmSettings(seconds=SECONDS, hold=HOLD, loop=loop), FILMS["bending"]
    assert keys[-1] == FilmTime.of(settings, entry).frames(rate)
    assert keys[:-1] == list(range(0, keys[-1], rate))


def test_a_webm_has_a_keyframe_every_two_seconds(trajectory: Trajectory, tmp_path: Path) -> None:
    path = tmp_path / "film.webm"
    trajectory.film("bending", path, jobs=1, quality="180p25", seconds=SECONDS, hold=HOLD)
    keys = keyframes_of(path)
    assert keys[:-1] == list(range(0, keys[-1], 50))


@pytest.mark.parametrize(
    ("name", "theme", "quality"),
    [
        ("bending", "dark", "360p60"),
        ("row", "dark", "360p30"),
        ("bending", "light", "360p25"),
        ("row", "light", "360p15"),
    ],
)
def test_nobody_sees_keyframes(
    trajectory: Trajectory, tmp_path: Path, name: str, theme: str, quality: str
) -> None:
    """Where the film begins again neither."""
    path = tmp_path / "film.mp4"
    # Where there is an opening, it has its own pace.
    seconds = UNHURRIED_SECONDS if FILMS[name].opening else SECONDS
    raw = filmed(trajectory, name, path, quality, theme=theme, seconds=seconds)
    drawn = changing(raw)
    frames = Ends(frames_of(path))
    pulse = changing(frames) - drawn
    for key in keyframes_of(path)[1:-1]:
        # In the fade a fifth of all pixels change at each frame: there nobody sees so little more.
        around = drawn[key - 3 : key + 2].max()
        assert pulse[key - 1] <= max(0.002, 0.05 * around), (key, pulse[key - 1], around)
    assert likeness(frames.first, frames.last) >= 48


def test_a_film_that_does_not_loop_ends_well(trajectory: Trajectory, tmp_path: Path) -> None:
    """Its last picture is what stays on the screen."""
    path = tmp_path / "film.mp4"
    *_, raw = filmed(trajectory, "bending", path, "360p25", seconds=SECONDS, loop=False)
    *_, last = frames_of(path)
    assert likeness(last, raw) >= 40, likeness(last, raw)
