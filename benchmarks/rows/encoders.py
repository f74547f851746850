"""Our encoder settings against Manim's, on finished frames (4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Figure, Target
from benchmarks.footage import footage
from benchmarks.measuring import interleaved, run
from benchmarks.workshop import Workshop
from spiralcore.errors import SpiralError
from spiralcore.recipe import Quality

# What Manim 0.22 hands to libx264, and its defaults.
MANIM = {"vcodec": "libx264", "preset": "medium", "crf": 23, "threads": 1}

FRAMES = 120

CPU_SHARE, SSIM_LOSS, SIZE_SHARE = 0.6, 0.002, 1.15

NOTE = (
    "Processor time of ffmpeg with one thread, on the same {frames} finished frames in a file "
    "(planar YUV). Peer: x264, preset medium, crf 23. SSIM {ours:.4f} against {peer:.4f} (at "
    "least {least:.4f}), size {size:.2f} of the peer's (at most {most:g})."
)


@dataclass(frozen=True)
class _Encoded:
    ssim: float
    size: int


def settings_against_manim(shop: Workshop) -> Iterator[Figure]:
    """Processor time a frame, at a quality and a size that are about the same."""
    from spiralcore.registry.encoders import H264

    for letter, film in zip("abc", ("classes", "row", "bending"), strict=True):
        frames = footage(shop, film, shop.midst(film), FRAMES)
        shop.say(f"{film}: encoding with our settings and with Manim's, in turn")
        encoded: dict[str, _Encoded] = {}
        mine, theirs = interleaved(
            shop.repeats,
            partial(_encode, shop, frames, "ours", H264, encoded),
            partial(_encode, shop, frames, "manim", MANIM, encoded),
        )
        ours, peer = encoded["ours"], encoded["manim"]
        yield Figure(
            f"4{letter}",
            f"encoder settings, processor time a frame of {film}, against Manim's",
            "ms",
            median(mine),
            median(theirs),
            median(mine) / median(theirs),
            Target(most=CPU_SHARE),
            conditions={
                "SSIM": ours.ssim >= peer.ssim - SSIM_LOSS,
                "size": ours.size <= SIZE_SHARE * peer.size,
            },
            note=NOTE.format(
                frames=FRAMES, ours=ours.ssim, peer=peer.ssim, least=peer.ssim - SSIM_LOSS,
                size=ours.size / peer.size, most=SIZE_SHARE,
            ),
            timings={
                "ours": mine, "peer": theirs, "SSIM": [ours.ssim, peer.ssim],
                "bytes": [ours.size, peer.size],
            },
        )  # fmt: skip


def _encode(
    shop: Workshop, frames: Path, name: str, settings: dict[str, Any], seen: dict[str, _Encoded]
) -> float:
    """Encode, and compare with the source the first time; milliseconds a frame."""
    out = frames.with_suffix(f".{name}.mp4")
    spent = run(encoding_command(frames, out, settings, shop.quality))
    if name not in seen:
        quality = _ssim(out, frames, shop.quality)
        seen[name] = _Encoded(quality, out.stat().st_size)
    return 1000 * spent.cpu / FRAMES


def encoding_command(
    frames: Path, out: Path, settings: dict[str, Any], quality: Quality
) -> list[str]:
    """The command that encodes a file of finished frames."""
    import ffmpeg

    from spiralcore.video.encode.ffmpeg_pipe import ffmpeg_program
    from spiralcore.video.encode.film_format import BT709

    stream = ffmpeg.input(str(frames), **_raw(quality), **BT709)
    stream = stream.output(str(out), pix_fmt="yuv420p", **settings, **BT709)
    stream = stream.global_args("-loglevel", "error", "-nostdin").overwrite_output()
    command: list[str] = ffmpeg.compile(stream, cmd=ffmpeg_program())
    return command


def _ssim(encoded: Path, frames: Path, quality: Quality) -> float:
    """Structural similarity with the source frames, over all planes."""
    import ffmpeg

    from spiralcore.video.encode.ffmpeg_pipe import ffmpeg_program

    inputs = [ffmpeg.input(str(encoded)), ffmpeg.input(str(frames), **_raw(quality))]
    stream = ffmpeg.filter(inputs, "ssim").output("-", format="null").global_args("-nostdin")
    said = run(ffmpeg.compile(stream, cmd=ffmpeg_program())).output
    found = re.search(r"SSIM .*All:([0-9.]+)", said)
    if found is None:
        raise SpiralError("ffmpeg said nothing about SSIM.")
    return float(found[1])


def _raw(quality: Quality) -> dict[str, Any]:
    size = f"{quality.width}x{quality.height}"
    return {"format": "rawvideo", "pix_fmt": "yuv420p", "s": size, "r": quality.frame_rate}
