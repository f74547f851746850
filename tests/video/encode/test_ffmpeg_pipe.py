"""Whatever ffmpeg says and however much, nobody waits for ever."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from spiralcore.errors import SpiralError
from spiralcore.video.encode import ffmpeg_pipe
from spiralcore.video.encode.ffmpeg_pipe import decoded, running

SAYS_MUCH = "import sys; print('a line that is wrong\\n' * 50_000, file=sys.stderr)"


def program(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let a program of Python stand for ffmpeg."""
    command = [sys.executable, "-S", "-c", f"{SAYS_MUCH}; {text}"]

    def arguments(stream: Any) -> list[str]:
        return command

    monkeypatch.setattr(ffmpeg_pipe, "_arguments", arguments)


def test_frames_come_from_one_that_complains_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    program(monkeypatch, "sys.stdout.write('abcdef')")
    assert list(decoded(None, 3)) == [b"abc", b"def"]
    program(monkeypatch, "sys.stdout.write('abc'); print('broken', file=sys.stderr); sys.exit(1)")
    with pytest.raises(SpiralError, match=r"ffmpeg failed: broken\."):
        list(decoded(None, 3))


def write(frames: int) -> None:
    with running(None) as encoder:
        for _ in range(frames):
            encoder.write(bytes(100_000))


def test_frames_go_to_one_that_complains_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    program(monkeypatch, "sys.stdin.read()")
    write(100)
    program(monkeypatch, "sys.exit('no room')")
    with pytest.raises(SpiralError, match=r"ffmpeg failed: no room\."):
        write(100)
