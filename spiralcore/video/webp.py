"""Marking finished WebPs without decoding them (RFC 9649).

A WebP is a RIFF file: chunks of a name, a length and data, padded to an even number of bytes.
The comment is an XMP packet, which viewers show and editors keep.
"""

from __future__ import annotations

from pathlib import Path

HEADER_BYTES = 12
EXTENDED = b"VP8X"
HAS_XMP = 0x04

PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    'syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:description>'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)


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
    chunk = b"XMP " + len(packet).to_bytes(4, "little") + packet + bytes(len(packet) % 2)
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


def webp_seconds(path: Path) -> float:
    """Length of an animation: the sum of the durations of its frames.

    Raises
    ------
    ValueError
        If the file is not an animated WebP from end to end.
    """
    data = path.read_bytes()
    if data[:4] != b"RIFF" or data[8:16] != b"WEBP" + EXTENDED:
        raise ValueError(f"{path} does not begin like an animated WebP")
    total, position = 0, HEADER_BYTES
    while position + 8 <= len(data):
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        if data[position : position + 4] == b"ANMF":
            total += int.from_bytes(data[position + 20 : position + 23], "little")
        position += 8 + length + length % 2
    if position != len(data):
        raise ValueError(f"{path} does not end like a WebP")
    return total / 1000
