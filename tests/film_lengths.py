"""Lengths of films, as programs that know nothing of spiralcore read them from the files."""

from __future__ import annotations

from pathlib import Path

import av
from PIL import Image


def shown_seconds(path: Path) -> float:
    """How long a film is shown: its frames' times, or the sum of the delays of an animation."""
    if path.suffix in (".gif", ".webp", ".avif"):
        with Image.open(path) as image:
            delays = []
            for frame in range(image.n_frames):
                image.seek(frame)
                image.load()
                delays.append(image.info["duration"])
        return sum(delays) / 1000
    with av.open(str(path)) as video:
        stream = video.streams.video[0]
        frames = sum(1 for _ in video.decode(stream))
        return float(frames / stream.average_rate)
