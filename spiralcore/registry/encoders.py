"""Settings of the encoders of videos, in the words of ffmpeg."""

from __future__ import annotations

from typing import Any

H264_QUANTISER, H264_KEYFRAME = 34, 28
"""Of frames that are predicted from earlier ones, and of keyframes."""


def quantiser_ratio(steps: int) -> float:
    """By what factor quantisers of H.264 differ that are so many steps apart (ITU-T H.264, 8.5)."""
    return round(2 ** (steps / 6), 4)


H264: dict[str, Any] = {
    "vcodec": "libx264",
    "preset": "veryfast",
    # One quantiser for each kind of frame, see `spiralcore.video.encode.keyframes`: this one, a
    # finer one for keyframes, a coarser one for the five frames in a row that are predicted from
    # both sides. As films move steadily, nothing has to be found out beforehand; the time that this
    # saves goes into finer decisions. Colours carry meaning here, and have a quarter of the
    # samples.
    "qp": H264_QUANTISER,
    "x264-params": f"ipratio={quantiser_ratio(H264_QUANTISER - H264_KEYFRAME)}:"
    f"pbratio={quantiser_ratio(2)}:chroma-qp-offset=-3:bframes=5:b-adapt=0:scenecut=0:"
    "rc-lookahead=0:subme=7:trellis=1:me=umh:merange=8:no-psy=1",
    "threads": 1,
}

VP9: dict[str, Any] = {
    "vcodec": "libvpx-vp9",
    # Six times as fast as "good" and hardly larger.
    "deadline": "realtime",
    "cpu-used": 5,
    "crf": 30,
    "b:v": 0,
    # Frames that are never shown have no alpha to go with them.
    "auto-alt-ref": 0,
    # No use in looking ahead then, and 4K would take 600 MB more for it.
    "lag-in-frames": 0,
    "threads": 1,
}

AV1: dict[str, Any] = {
    "vcodec": "libsvtav1",
    # From 9 on it does without the tools for pictures like these: flat, with sharp edges.
    "preset": 8,
    "crf": 44,
    "svtav1-params": "lp=1:scd=0",
}

PRORES: dict[str, Any] = {
    "vcodec": "prores_ks",
    "profile:v": "4444",
    "vendor": "apl0",
    # Left to itself the encoder takes five times as long to make files twice as large.
    "qscale:v": 12,
    "alpha_bits": 8,
    "threads": 1,
}
