"""Keyframes that are not seen as such.

Players can go to keyframes only, so that a film has one each second. It is coded afresh, and its
errors are others than those of the frame before: where something moves, that is seen as a pulse. So

- quantisers depend on nothing but the kind of a frame: what stands still is coded as it was a
  second before, and does not change;
- the frame before a keyframe is drawn with the errors that the keyframe will have, which are known
  as that is encoded alone beforehand, and is quantised finely enough to keep them. The frames
  before it are predicted from both sides, and go over from the old errors to the new ones.

The last frame of a film that loops leads to the first one in the same way.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.encoders import H264_KEYFRAME, quantiser_ratio
from spiralcore.system.files import scratch_file
from spiralcore.video.encode.continuation import Continuation
from spiralcore.video.encode.ffmpeg_pipe import running

Planes = NDArray[np.uint8]
"""Luma and chroma of a frame, one after the other."""

LANDING, END = 17, 16
"""Quantisers of the frames before keyframes, and of these in the fade at the end of a film that
begins again, where all pixels change a little."""


def landings(length: int, spacing: int) -> list[int]:
    """Number the frames of a segment before keyframes, but for those that are keyframes themselves.

    Parameters
    ----------
    length
        Frames of the segment. The first one is a keyframe, as is the one after them.
    spacing
        Frames from a keyframe to the next.
    """
    last_ones = [*range(spacing - 1, length - 1, spacing), length - 1]
    return [frame for frame in last_ones if frame % spacing]


def quantised(encoder: dict[str, Any], continuation: Continuation, spacing: int) -> dict[str, Any]:
    """Options of ffmpeg with which x264 quantises these frames more finely.

    Parameters
    ----------
    encoder
        Options with which it quantises keyframes and others only.
    continuation, spacing
        See `leading`.
    """
    last, begins_again = continuation.length - 1, continuation.ahead == 0
    usual, finest = encoder["qp"], END if begins_again else LANDING
    # It takes keyframes for the finest ones: they are said to be so, and are made coarser one by
    # one: to what a zone says, it adds by how much the kind of a frame differs from the usual one.
    quantisers = dict.fromkeys(
        range(0, continuation.length, spacing), H264_KEYFRAME + usual - finest
    )
    for frame in landings(continuation.length, spacing):
        quantisers[frame] = finest if frame > last - spacing else LANDING
    zones = [f"{frame},{frame},q={q}" for frame, q in quantisers.items()]
    if begins_again:
        # The fade comes to rest as what it will be, and not with a start in its last frame. Of
        # zones that overlap the last one counts.
        zones.insert(0, f"{max(last - spacing // 4, 0)},{last},q={H264_KEYFRAME}")
    return _told(encoder, f"ipratio={quantiser_ratio(usual - finest)}:zones={'/'.join(zones)}")


@contextlib.contextmanager
def leading(
    write: Callable[[Planes], None],
    decoded: Callable[[Planes], Planes],
    continuation: Continuation,
    spacing: int,
) -> Iterator[Callable[[Planes], None]]:
    """Let frames lead to the keyframes after them on their way to an encoder.

    Parameters
    ----------
    write
        Takes the planes of a frame for the encoder.
    decoded
        Tells what players will make of a keyframe, see `decoded_alone`.
    continuation
        How the segment goes over to the next one.
    spacing
        Frames from a keyframe to the next.

    Yields
    ------
    Callable
        Takes the planes of all frames in order, and of the one ahead, if there is one. They may be
        overwritten afterwards.
    """
    last_ones = set(landings(continuation.length, spacing))
    taken = 0
    waiting: Planes | None = None

    def take(planes: Planes) -> None:
        nonlocal taken, waiting
        if waiting is not None:
            write(led(waiting, planes, decoded(planes)))
            waiting = None
        if taken in last_ones:
            waiting = planes.copy()
        elif taken < continuation.length:
            write(planes)
        taken += 1

    yield take
    if waiting is not None:
        write(waiting)


def led(planes: Planes, keyframe: Planes, decoded: Planes) -> Planes:
    """Give a frame the errors of the keyframe that follows.

    Parameters
    ----------
    planes
        The frame.
    keyframe
        The one that follows, as it was drawn.
    decoded
        The same as players will show it.
    """
    errors = decoded.astype(np.int16) - keyframe
    return np.clip(planes + errors, 0, 255).astype(np.uint8)


def decoded_alone(
    planes: Planes, source: dict[str, Any], encoder: dict[str, Any], folder: Path
) -> Planes:
    """What becomes of a frame that x264 encodes as a keyframe.

    Parameters
    ----------
    planes
        The frame.
    source, encoder
        Options of ffmpeg for frames that come in, and for the encoder.
    folder
        Where the picture goes on its way.

    Raises
    ------
    SpiralError
        If ffmpeg fails.
    OSError
        If there is no room for the picture.
    """
    with scratch_file(folder, ".yuv") as picture:
        # By its name alone, which is ours: a path can have in it what divides parameters.
        told = _told(encoder, f"dump-yuv={picture.name}")
        stream = ffmpeg.input("pipe:", **source).output("pipe:", format="null", **told)
        with running(stream, folder) as alone:
            alone.write(planes.data)
        found = np.fromfile(picture, np.uint8)
    if len(found) != len(planes):
        # x264 does not say when it cannot write this.
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    return found


def _told(encoder: dict[str, Any], parameter: str) -> dict[str, Any]:
    return {**encoder, "x264-params": f"{encoder['x264-params']}:{parameter}"}
