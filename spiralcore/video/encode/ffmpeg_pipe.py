"""Running ffmpeg: frames go in or come out through pipes, and its failures become our own."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg

from spiralcore.errors import HelperDiedError, SpiralError
from spiralcore.system.files import scratch_file
from spiralcore.system.pipes import is_broken_pipe, without_reader

if sys.platform != "win32":
    import fcntl

SIGNS_OF_BYTES = {0xDC00 + byte: 0x10FC00 + byte for byte in range(0x80, 0x100)}
"""Bytes of a path that are no text, as Python has them in texts, and the signs for private use
that stand for them while ffmpeg-python has the path, which takes real texts only."""

BYTES_OF_SIGNS = {sign: byte for byte, sign in SIGNS_OF_BYTES.items()}

PIPE_BYTES = 1 << 20
"""Room between the process that draws and its encoder."""

LAST_LINES = 200
"""Of what a process says, that are kept."""


def ffmpeg_program() -> str:
    """Path of the ffmpeg that comes with imageio-ffmpeg.

    Raises
    ------
    HelperDiedError
        If there is none.
    """
    # Asked itself, imageio-ffmpeg tries its program out, and if the trial is killed it takes
    # another one of the system for good, or none.
    brought = sorted((Path(imageio_ffmpeg.__file__).parent / "binaries").glob("ffmpeg-*"))
    if brought and "IMAGEIO_FFMPEG_EXE" not in os.environ:
        return str(brought[0])
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise HelperDiedError(
            f"ffmpeg does not start: {error}.", "the ffmpeg of imageio-ffmpeg.", "spiral doctor"
        ) from None


class Encoder:
    """A running ffmpeg that waits for frames."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        self._pipe = process.stdin

    def write(self, data: bytes | memoryview) -> None:
        """Hand over the bytes of a frame."""
        try:
            self._pipe.write(data)
        except OSError as error:
            if not is_broken_pipe(error):
                raise
            raise _GaveUpError(self) from None


class _GaveUpError(Exception):
    """An encoder does not listen any more; its own words say why."""


class _Heard:
    """What a process says, heard as it comes: unheard it would wait, and we for what it makes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None
        self._pipe, self._lines = process.stderr, deque[bytes](maxlen=LAST_LINES)
        self._thread = threading.Thread(target=self._lines.extend, args=[self._pipe], daemon=True)
        self._thread.start()

    def last(self) -> bytes:
        """The last lines, when it has ended."""
        self._thread.join()
        return b"".join(self._lines)

    def close(self) -> None:
        """Hear no more of a process that has ended."""
        self._thread.join()
        self._pipe.close()


@contextlib.contextmanager
def running(stream: Any, inside: Path | None = None) -> Iterator[Encoder]:
    """Run ffmpeg while the block lasts, and turn its failure into our own.

    Parameters
    ----------
    stream
        What it is to do.
    inside
        Its working directory, that of the segments which it reads `one_after_the_other`.

    Raises
    ------
    SpiralError
        If ffmpeg fails.
    OSError
        If it cannot write.
    """
    process = subprocess.Popen(
        _arguments(stream), stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=inside
    )
    assert process.stdin is not None
    heard = _Heard(process)
    if sys.platform != "win32" and hasattr(fcntl, "F_SETPIPE_SZ"):
        # A frame goes through in three parts and not in fifty. Some systems allow less.
        with contextlib.suppress(OSError):
            fcntl.fcntl(process.stdin, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    encoder = Encoder(process)
    try:
        try:
            yield encoder
        except _GaveUpError as error:
            if error.args[0] is not encoder:
                raise
        with without_reader():
            process.stdin.close()
        _check(process, heard.last())
    finally:
        _end(process, heard)
        with without_reader():
            process.stdin.close()


def decoded(stream: Any, frame_bytes: int, inside: Path | None = None) -> Iterator[bytes]:
    """Run ffmpeg, and give what it writes to its output, frame by frame; see `running`.

    Raises
    ------
    SpiralError
        If ffmpeg fails.
    OSError
        If it cannot write.
    """
    process = subprocess.Popen(
        _arguments(stream),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=inside,
    )
    assert process.stdout is not None
    heard = _Heard(process)
    try:
        while len(data := process.stdout.read(frame_bytes)) == frame_bytes:
            yield data
        _check(process, heard.last())
    finally:
        _end(process, heard)
        process.stdout.close()


def _arguments(stream: Any) -> list[str]:
    stream = stream.global_args("-hide_banner", "-loglevel", "error", "-nostdin")
    arguments: list[str] = ffmpeg.compile(stream.overwrite_output(), cmd=ffmpeg_program())
    return [argument.translate(BYTES_OF_SIGNS) for argument in arguments]


def _check(process: subprocess.Popen[bytes], said: bytes) -> None:
    """Wait for the end of a process, and raise if it was not a good one."""
    if process.wait() != 0:
        raise _failure(said.decode(errors="replace").strip(), process.returncode)


def _failure(message: str, code: int) -> Exception:
    """What the end of an ffmpeg means."""
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG, errno.EIO):
        if os.strerror(number) in message:
            return OSError(number, os.strerror(number))
    if code < 0 or "received signal" in message:
        return HelperDiedError(
            f"ffmpeg was ended by a signal (exit code {code}).",
            "an encoder that finishes; memory may have run out.",
            "fewer workers: --jobs 1",
        )
    last = message.splitlines()[-1] if message else f"exit code {code}"
    return SpiralError(f"ffmpeg failed: {last}.", "a working ffmpeg.", "spiral doctor")


def _end(process: subprocess.Popen[bytes], heard: _Heard) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    heard.close()


@contextlib.contextmanager
def one_after_the_other(segments: Sequence[Path]) -> Iterator[Any]:
    """An input of ffmpeg: segments of one folder as one film.

    Parameters
    ----------
    segments
        In order. A list of them lies beside them while the block lasts; ffmpeg has to run in
        their folder.
    """
    with scratch_file(segments[0].parent, ".txt") as listing:
        # By their names alone, which are ours: a path can have anything in it, line breaks, too.
        # Without `file:` they would be looked for beside the list, whose path is read as an
        # address that ends at the first question mark or number sign.
        lines = [f"file 'file:{segment.name}'\n" for segment in segments]
        listing.write_text("".join(lines), encoding="utf-8", newline="\n")
        yield ffmpeg.input(url(listing), format="concat", safe=0)


def url(path: Path) -> str:
    """A path as ffmpeg takes it literally, whatever is in it."""
    return f"file:{path.absolute()}".translate(SIGNS_OF_BYTES)
