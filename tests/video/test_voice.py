"""A voice to a film: real recordings, and the finished film reopened by another reader."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.errors import UsageError
from spiralcore.recipe import FilmSettings
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.stage.pixels.changes import Picture, whole_frame
from spiralcore.video.encode.ffmpeg_pipe import ffmpeg_program
from spiralcore.video.encode.film_format import FILM_FORMATS
from spiralcore.video.encode.segments import encode_kept, encode_segment, join_segments
from spiralcore.video.encode.sound import mixed, seconds_of
from spiralcore.video.request import FilmOrder
from spiralcore.video.voice import check_narrations, file_name, numbered_files
from tests.conftest import spiral

RATE = 48_000
SMALL = ("--quality", "120p6", "--seconds", "14", "--no-loop")
HERE = "one audio file for each of the 3 captions of the film 'bending', 01.wav to 03.wav."
SCRIPT = "spiral export FILM --to script, for what to read into which file"


def record(path: Path, seconds: float, pitch: float = 440.0, rate: int = 44_100) -> Path:
    """A tone of a length, in any format that ffmpeg knows by the name of the file."""
    tone = f"sine=frequency={pitch}:sample_rate={rate}:duration={seconds}"
    codec = ["-c:a", "libopus"] if path.suffix in (".ogg", ".opus") else []
    command = [ffmpeg_program(), "-v", "error", "-f", "lavfi", "-i", tone, *codec, str(path)]
    subprocess.run(command, check=True)
    return path


class Heard(NamedTuple):
    """What is heard without a silence: from when to when, in seconds, and its pitch."""

    start: float
    end: float
    pitch: float


def heard(path: Path) -> tuple[str, float, list[Heard]]:
    """Codec, length and tones of the sound of a film."""
    with av.open(str(path)) as film:
        (stream,) = film.streams.audio
        frames = list(film.decode(stream))
        codec = stream.codec_context.name
    first = float(frames[0].pts * frames[0].time_base)
    sound = np.concatenate([frame.to_ndarray().mean(axis=0) for frame in frames])
    assert frames[0].sample_rate == RATE
    window = RATE // 100
    level = np.sqrt((sound[: len(sound) // window * window].reshape(-1, window) ** 2).mean(axis=1))
    loud = np.concatenate([[False], level > 0.01, [False]])
    edges = np.flatnonzero(np.diff(loud.astype(int))).reshape(-1, 2)
    found = []
    for begin, end in edges * window:
        spectrum = np.abs(np.fft.rfft(sound[begin:end]))
        pitch = np.fft.rfftfreq(end - begin, 1 / RATE)[spectrum.argmax()]
        found.append(Heard(first + begin / RATE, first + end / RATE, float(pitch)))
    return codec, first + len(sound) / RATE, found


def read_times(path: Path) -> list[tuple[float, float]]:
    """When captions are read, from their WebVTT."""
    times = re.findall(r"00:(\d\d):([\d.]+) --> 00:(\d\d):([\d.]+)", path.read_text("utf-8"))
    return [(60 * int(a) + float(b), 60 * int(c) + float(d)) for a, b, c, d in times]


def frames_of(path: Path) -> int:
    with av.open(str(path)) as film:
        return sum(1 for _ in film.decode(video=0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, trajectory: Trajectory) -> Path:
    """A film without a voice, and its script."""
    folder = tmp_path_factory.mktemp("voice")
    trajectory.save(folder / "k3.npz")
    for options in (("--to", "script", "--out", "my voice"), ("--out", "silent.mp4")):
        ran = spiral(folder, "export", "bending", "k3.npz", *options, *SMALL)
        assert ran.returncode == 0, ran.stderr
    return folder


def test_the_script_has_a_file_and_a_sentence_for_each_caption(folder: Path) -> None:
    lines = (folder / "my voice" / "bending-k3-script.txt").read_text("utf-8").splitlines()
    vtt = (folder / "silent.vtt").read_text("utf-8").split("\n\n")[1:]
    sentences = [" ".join(block.split("\n")[1].split()) for block in vtt]
    assert len(sentences) >= 3
    assert lines[0] == (
        f"Bending: 3 classes, tanh: {len(sentences)} sentences in English, of the film 'bending'."
    )
    assert lines[3] == ""
    assert lines[4:] == [f"{i:02d}.wav  {said}" for i, said in enumerate(sentences, 1)]


def test_a_script_is_in_the_language_of_the_film(
    trajectory_file: Path, trajectory: Trajectory
) -> None:
    settings = FilmSettings(language="fr", seconds=3)
    order = FilmOrder("bending", "k3", (trajectory_file,), settings, {})
    from spiralcore.talk.script import script_text

    said = [line.split("  ", 1)[1] for line in script_text(order).splitlines()[4:]]
    captions = order.opened(settings).captions.captions
    assert said == [" ".join(caption.text.split()) for caption in captions]
    assert LANGUAGES["fr"].name in script_text(order).splitlines()[0]


def test_a_voice_sets_the_pace_and_is_heard_with_its_captions(folder: Path) -> None:
    voice, before = folder / "my voice", read_times(folder / "silent.vtt")
    kinds = [".wav", ".MP3", ".m4a", ".ogg", ".flac", ".aiff"]
    lengths = [1.0, 4.25, 0.5, 3.0, 2.0, 2.5]
    for i in range(len(before)):
        kind = kinds[i % len(kinds)]
        record(voice / f"{i + 1:02d}{kind.lower()}", lengths[i % len(lengths)], 300 + 100 * i)
        (voice / f"{i + 1:02d}{kind.lower()}").rename(voice / f"{i + 1:02d} said{kind}")
    (voice / ".hidden").touch()
    command = ("export", "bending", "k3.npz", "--narration", "my voice", "--out", "told.mp4")
    ran = spiral(folder, *command, *SMALL)
    assert ran.returncode == 0, ran.stderr
    times = read_times(folder / "told.vtt")
    codec, length, tones = heard(folder / "told.mp4")
    assert codec == "aac"
    assert [tone.pitch for tone in tones] == pytest.approx(
        [300 + 100 * i for i in range(len(before))], abs=5
    )
    for i, (tone, (start, end), (own, over)) in enumerate(zip(tones, times, before, strict=True)):
        spoken = lengths[i % len(lengths)]
        assert tone.start == pytest.approx(start, abs=0.03)
        assert tone.end - tone.start == pytest.approx(spoken, abs=0.12)  # MP3 rings a little
        assert tone.end <= end
        assert end - start == pytest.approx(max(over - own, spoken + 0.4), abs=0.06)
    for one, other in pairwise(tones):
        assert other.start - one.end >= 0.3
    frames = frames_of(folder / "told.mp4")
    assert frames > frames_of(folder / "silent.mp4")
    assert length == pytest.approx(frames / 6, abs=0.1)
    with av.open(str(folder / "told.mp4")) as film:
        chapters = [float(part["start"] * part["time_base"]) for part in film.chapters()]
    assert chapters[-len(times) :] == pytest.approx([start for start, _ in times], abs=0.01)

    # A second time nothing is made, and with another recording of the same length all is.
    assert spiral(folder, *command, *SMALL).stdout == "Everything is up to date: 1 files.\n"
    record(voice / "new.wav", 1.0, 777)
    (voice / "new.wav").replace(voice / "01 said.wav")
    again = spiral(folder, *command, *SMALL, "--max-size", "300kB")
    assert again.returncode == 0, again.stderr
    assert (folder / "told.mp4").stat().st_size <= 300_000
    assert heard(folder / "told.mp4")[2][0].pitch == pytest.approx(777, abs=5)

    # What is wrong with a file is one error, before anything is drawn.
    (voice / "02 said.MP3").write_text("no sound at all")
    lost = spiral(folder, *command, *SMALL)
    assert (lost.returncode, lost.stdout) == (2, "")
    assert lost.stderr == (
        "spiral: my voice/02 said.MP3 has no sound that can be read.\n"
        "expected: an audio file: .wav, .mp3, .m4a, .aac, .ogg, .oga, .opus, .flac, .aif or "
        ".aiff.\n"
        "next: the same sentence recorded or saved again\n"
    )


@pytest.mark.parametrize("kind", ["mp4", "webm", "mov", "av1"])
def test_all_videos_can_have_a_voice(kind: str, tmp_path: Path) -> None:
    form = FILM_FORMATS[kind, False]
    ending = "mp4" if kind == "av1" else kind
    still = Picture(np.full((120, 160, 4), 255, np.uint8), whole_frame(120, 160))
    segments = [tmp_path / f"{name}.{ending}" for name in "ab"]
    for segment in segments:
        encode_segment([still] * 20, segment, 160, 120, 10, form)
    files = [record(tmp_path / "1.wav", 0.7, 500, 8000), record(tmp_path / "2.mp3", 1.0, 900)]
    joined, fitted = tmp_path / f"joined ü#.{ending}", tmp_path / f"fitted.{ending}"
    sound = mixed(files, [0.4, 2.25], 4.0)
    join_segments(segments, joined, title="t", comment="c", sound=sound)
    encode_kept(segments, fitted, kind, form, (160, 120), 10, title="t", comment="c", sound=sound)
    for film in (joined, fitted):
        codec, length, (one, other) = heard(film)
        assert codec == ("opus" if kind == "webm" else "aac")
        assert length == pytest.approx(4.0, abs=0.05)
        assert (one.start, one.end) == pytest.approx((0.4, 1.1), abs=0.03)
        assert (other.start, other.end) == pytest.approx((2.25, 3.25), abs=0.09)
        assert (one.pitch, other.pitch) == pytest.approx((500, 900), abs=5)
        assert frames_of(film) == 40


@pytest.mark.parametrize("kind", ["wav", "mp3", "m4a", "ogg", "opus", "flac", "aac"])
@pytest.mark.parametrize("seconds", [0.35, 2.0])
def test_recordings_are_as_long_as_their_samples(kind: str, seconds: float, tmp_path: Path) -> None:
    # Formats with frames fill the last one, or what an encoder runs ahead.
    most = {"wav": 0.002, "flac": 0.002}.get(kind, 0.09)
    found = seconds_of(record(tmp_path / f"1.{kind}", seconds))
    assert found is not None
    assert seconds - 1e-6 <= found <= seconds + most


def test_what_has_no_sound_has_no_length(tmp_path: Path) -> None:
    (tmp_path / "1.wav").write_bytes(record(tmp_path / "a.wav", 1.0).read_bytes()[:44])
    (tmp_path / "2.wav").touch()
    (tmp_path / "3.mp3").write_bytes(b"hello" * 100)
    found = [seconds_of(tmp_path / name) for name in ("1.wav", "2.wav", "3.mp3", "4.wav")]
    assert found == [None, None, None, None]


NOTHING_ELSE = (
    f"nothing but {HERE[:-1]}; a number, and .wav, .mp3, .m4a, .aac, .ogg, .oga, .opus, .flac, "
    ".aif or .aiff."
)


@pytest.mark.parametrize(
    ("names", "found", "expected", "then"),
    [
        ([], "has no audio files", HERE, SCRIPT),
        (["a-script.txt", ".DS_Store"], "has no audio files", HERE, SCRIPT),
        (["01.wav", "3.mp3"], "lacks 02.wav", HERE, SCRIPT),
        (["2.wav"], "lacks 01.wav and 03.wav", HERE, SCRIPT),
        (["1.wav", "2.wav", "3.wav", "4.wav"], "has 4.wav, too", HERE, SCRIPT),
        (["1.wav", "2.wav", "3.wav", "10.wav", "12.ogg"], "has 10.wav and 12.ogg, too", HERE,
         SCRIPT),
        (["1.wav", "01.mp3", "2.wav", "3.wav"], "has 01.mp3 and 1.wav for the same caption", HERE,
         "one of them alone"),
        (["1.wav", "2.wav", "3.wav", "intro.wav"], "has intro.wav", NOTHING_ELSE,
         "another folder, or other names"),
        (["1.wav", "2.wav", "3.docx"], "has 3.docx", NOTHING_ELSE,
         "another folder, or other names"),
        (["0.wav", "1.wav", "2.wav", "3.m3u8"], "has 0.wav and 3.m3u8", NOTHING_ELSE,
         "another folder, or other names"),
        ([f"x{i}.wav" for i in range(7)],
         "has x0.wav, x1.wav, x2.wav, x3.wav, x4.wav and 2 more", NOTHING_ELSE,
         "another folder, or other names"),
    ],
)  # fmt: skip
def test_one_file_a_caption_is_wanted(
    tmp_path: Path, names: list[str], found: str, expected: str, then: str
) -> None:
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(UsageError) as caught:
        numbered_files(tmp_path, 3, "bending")
    assert str(caught.value) == f"{tmp_path} {found}.\nexpected: {expected}\nnext: {then}"


def test_files_are_taken_by_their_numbers(tmp_path: Path) -> None:
    names = ["2 Green climbs.MP3", "001.wav", "10-last.flac"]
    names += [f"{number}_x.ogg" for number in range(3, 10)]
    for name in names:
        (tmp_path / name).touch()
    found = [path.name for path in numbered_files(tmp_path, 10, "bending")]
    assert found == [names[1], names[0], *names[3:], names[2]]
    assert (file_name(3, 9), file_name(3, 123)) == ("03.wav", "003.wav")


def test_a_voice_has_one_film_and_a_folder(tmp_path: Path) -> None:
    check_narrations({"row": "", "bending": ""})
    (tmp_path / "file").touch()
    for folders, message in (
        ({"row": "v", "classes": "v", "bending": ""},
         "A narration belongs to one film, and here are 2: row and classes.\n"
         "expected: one film.\nnext: the same command for one of them alone"),
        ({"row": f"{tmp_path}/no"}, f"{tmp_path}/no is not there.\n"
         "expected: a folder with one audio file for each caption of the film, from 01.wav on.\n"
         f"next: {SCRIPT}"),
        ({"row": f"{tmp_path}/file"}, f"{tmp_path}/file is no folder.\n"
         "expected: a folder with one audio file for each caption of the film, from 01.wav on.\n"
         f"next: {SCRIPT}"),
    ):  # fmt: skip
        with pytest.raises(UsageError) as caught:
            check_narrations(folders)
        assert str(caught.value) == message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--to", "script", "mp4"], "A script is asked for, and mp4.\n"
         "expected: the script first; then the films, when it has been read.\n"
         "next: --to script alone"),
        (["--to", "script", "--out", "a.mp4"], "a.mp4 cannot be a script.\n"
         "expected: a folder, or a file that ends with .txt.\nnext: --out a.txt"),
        (["--to", "script", "--no-captions"],
         "The film 'bending' has no captions here that could be read.\n"
         "expected: a film with captions, and no --no-captions.\nnext: spiral films"),
        (["--narration", "v", "--to", "pptx"], "A deck (pptx) plays its films without sound.\n"
         "expected: a film with a narration by itself.\nnext: --to mp4, or no --narration"),
        (["--narration", "v", "--to", "gif", "png"],
         "A narration cannot be heard in gif, png.\n"
         "expected: mp4, av1, webm or mov among the formats.\n"
         "next: --formats mp4 or --to mp4, or no --narration"),
        (["--narration", "v", "--no-captions"],
         "A narration is spoken to captions, and there are to be none.\n"
         "expected: captions.\n"
         "next: --captions in place of --no-captions, or no --narration"),
        (["row", "k3.npz", "--narration", "v"],
         "A narration belongs to one film, and here are 2: bending-k3 and row-k3.\n"
         "expected: one film.\nnext: the same command for one of them alone"),
    ],
)  # fmt: skip
def test_a_voice_is_asked_for_where_there_can_be_one(
    trajectory_file: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    from spiralcore.cli.verbs.export import command

    monkeypatch.chdir(trajectory_file.parent)
    Path("v").mkdir()
    with pytest.raises(UsageError) as caught:
        command.main(["bending", "k3.npz", *options], standalone_mode=False)
    assert str(caught.value) == message
