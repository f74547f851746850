"""Reading and marking finished GIFs without decoding them (GIF89a, CompuServe 1990)."""

from __future__ import annotations

from pathlib import Path

HEADER_BYTES = 13
EXTENSION, CONTROL, COMMENT = 0x21, 0xF9, 0xFE
IMAGE, TRAILER = 0x2C, 0x3B


def gif_seconds(path: Path) -> float:
    """Length of an animation: the sum of the delays of its frames.

    Raises
    ------
    ValueError
        If the file is not a GIF from end to end.
    """
    data = path.read_bytes()
    if data[:3] != b"GIF":
        raise ValueError(f"{path} does not begin like a GIF")
    try:
        return _hundredths(data) / 100
    except IndexError:
        raise ValueError(f"{path} does not end like a GIF") from None


def _hundredths(data: bytes) -> int:
    total = 0
    position = HEADER_BYTES + _palette_bytes(data[10])
    while data[position] != TRAILER:
        if data[position] == IMAGE:
            position += 10 + _palette_bytes(data[position + 9]) + 1
        elif data[position] == EXTENSION:
            if data[position + 1] == CONTROL:
                total += int.from_bytes(data[position + 4 : position + 6], "little")
            position += 2
        else:
            raise IndexError
        while data[position]:  # blocks of up to 255 bytes, each behind its length
            position += 1 + data[position]
        position += 1
    return total


def _palette_bytes(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def add_comment(path: Path, text: str) -> None:
    """Add a comment of up to 255 bytes at the end.

    Raises
    ------
    ValueError
        If the file does not end like a GIF.
    """
    block = text.encode()
    with path.open("r+b") as file:
        file.seek(-1, 2)
        if file.read(1) != bytes([TRAILER]):
            raise ValueError(f"{path} does not end like a GIF")
        file.seek(-1, 2)
        file.write(bytes([EXTENSION, COMMENT, len(block)]) + block + bytes([0, TRAILER]))
