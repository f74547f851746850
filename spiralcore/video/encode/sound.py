"""Sound: how long recordings are, and one track of them to a film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from spiralcore.errors import HelperDiedError, SpiralError
from spiralcore.video.encode.ffmpeg_pipe import decoded, url

RATE = 48_000
"""Samples a second, of everything."""

STEP = 96
"""Samples by which lengths are counted: two thousandths of a second."""


def seconds_of(path: Path) -> float | None:
    """How long a recording is, by its samples and not by what its head says.

    Returns
    -------
    float
        Seconds, rounded up to a `STEP`; None where there is no sound that can be read.
    """
    # Silence fills the last step, if there is a beginning of one.
    sound = (
        ffmpeg.input(url(path))["a:0"].filter("aresample", RATE).filter("apad", pad_len=STEP - 1)
    )
    stream = ffmpeg.output(sound, "pipe:", format="s16le", acodec="pcm_s16le", ac=1)
    try:
        steps = sum(1 for _ in decoded(stream, 2 * STEP))
    except HelperDiedError:
        raise
    except SpiralError:
        return None
    return steps * STEP / RATE or None


def mixed(files: Sequence[Path], starts: Sequence[float], duration: float) -> Any:
    """Recordings one after the other with silence between them, as a stream of ffmpeg.

    None where there are no recordings: then nothing is heard.

    Parameters
    ----------
    files
        What is heard, none of it until the one before is over.
    starts
        Seconds at which they begin.
    duration
        Of all of it, in seconds.
    """
    if not files:
        return None
    edges = [round(RATE * second) for second in (*starts, duration)]
    parts = []
    if edges[0]:
        quiet = ffmpeg.input(f"anullsrc=channel_layout=stereo:sample_rate={RATE}", f="lavfi")
        parts.append(quiet.filter("atrim", end_sample=edges[0]))
    for path, start, end in zip(files, edges, edges[1:], strict=False):
        sound = ffmpeg.input(url(path))["a:0"].filter("aresample", RATE)
        sound = sound.filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
        sound = sound.filter("asetpts", "N/SR/TB").filter("apad", whole_len=end - start)
        parts.append(sound.filter("atrim", end_sample=end - start))
    return ffmpeg.concat(*parts, v=0, a=1)
