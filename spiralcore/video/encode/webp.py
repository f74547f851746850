"""Putting animated WebPs together from single pictures, and marking finished ones (RFC 9649).

A WebP is a RIFF file: chunks of a name, a length and data, padded to an even number of bytes.
The comment is an XMP packet, which viewers show and editors keep.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

HEADER_BYTES = 12
EXTENDED = b"VP8X"
HAS_ANIMATION, HAS_XMP, HAS_ALPHA = 0x02, 0x04, 0x10
DO_NOT_BLEND = 0x02

PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    'syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:description>'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def write_transparent(
    frames: Iterable[NDArray[np.uint8]],
    path: Path,
    size: tuple[int, int],
    rate: Fraction,
    quality: float,
    *,
    loop: bool,
) -> None:
    """Write an animation in which each frame replaces what it covers of the one before.

    libwebp's own encoder of animations lays frames over each other. Where a half transparent pixel
    stays as it is, it lies over itself then, and gets less transparent from frame to frame.

    Parameters
    ----------
    frames
        Straight RGBA, shape (height, width, 4); may be overwritten after each.
    path
        Where the WebP goes.
    size
        Width and height.
    rate
        Frames a second; durations are whole thousandths of a second.
    quality
        Of colours, 0 to 100. The alpha is kept as it is.
    loop
        Whether it repeats for ever, or is shown once.
    """
    width, height = size
    with path.open("wb") as file:
        file.write(b"RIFF" + bytes(4) + b"WEBP")
        canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        file.write(_chunk(EXTENDED, bytes([HAS_ANIMATION | HAS_ALPHA, 0, 0, 0]) + canvas))
        file.write(_chunk(b"ANIM", bytes(4) + (0 if loop else 1).to_bytes(2, "little")))
        shown: NDArray[np.uint8] | None = None
        waiting, since, count = (b"", b""), 0, 0
        for count, frame in enumerate(frames, 1):
            box = _changed(shown, frame)
            if box is not None:
                now = round(1000 * (count - 1) / rate)
                if shown is not None:
                    file.write(_frame(waiting, now - since))
                waiting, since, shown = _picture(frame, box, quality), now, frame.copy()
        file.write(_frame(waiting, round(1000 * count / rate) - since))
        length = file.tell()
        file.seek(4)
        file.write((length - 8).to_bytes(4, "little"))


def _changed(
    before: NDArray[np.uint8] | None, frame: NDArray[np.uint8]
) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of what differs; the first two even, as the format wants."""
    if before is None:
        return 0, 0, frame.shape[1], frame.shape[0]
    differs = (before.view(np.uint32) != frame.view(np.uint32))[..., 0]
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return None
    left, top = int(columns[0]) // 2 * 2, int(rows[0]) // 2 * 2
    return left, top, int(columns[-1]) + 1, int(rows[-1]) + 1


def _picture(
    frame: NDArray[np.uint8], box: tuple[int, int, int, int], quality: float
) -> tuple[bytes, bytes]:
    """Encode a part of a frame: where it lies, and its chunks."""
    left, top, right, bottom = box
    single = BytesIO()
    part = Image.fromarray(np.ascontiguousarray(frame[top:bottom, left:right]))
    part.save(single, "WEBP", quality=round(quality), method=4)
    data, position, chunks = single.getvalue(), HEADER_BYTES, b""
    while position < len(data):
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        end = position + 8 + length + length % 2
        if data[position : position + 4] in (b"ALPH", b"VP8 ", b"VP8L"):
            chunks += data[position:end]
        position = end
    numbers = (left // 2, top // 2, right - left - 1, bottom - top - 1)
    return b"".join(number.to_bytes(3, "little") for number in numbers), chunks


def _frame(picture: tuple[bytes, bytes], milliseconds: int) -> bytes:
    place, chunks = picture
    return _chunk(
        b"ANMF", place + milliseconds.to_bytes(3, "little") + bytes([DO_NOT_BLEND]) + chunks
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)


def add_comment(path: Path, text: str) -> None:
    """Add a comment at the end.

    Parameters
    ----------
    path
        An animated WebP.
    text
        Without letters that XML would read as its own.

    Raises
    ------
    ValueError
        If the file does not begin like an animated WebP.
    """
    packet = PACKET.format(text).encode()
    chunk = _chunk(b"XMP ", packet)
    with path.open("r+b") as file:
        head = file.read(HEADER_BYTES + 9)
        if head[:4] != b"RIFF" or head[8:16] != b"WEBP" + EXTENDED:
            raise ValueError(f"{path} does not begin like an animated WebP")
        size = file.seek(0, 2)
        file.write(chunk)
        file.seek(4)
        file.write((size + len(chunk) - 8).to_bytes(4, "little"))
        file.seek(HEADER_BYTES + 8)
        file.write(bytes([head[HEADER_BYTES + 8] | HAS_XMP]))
