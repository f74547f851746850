"""Marking finished GIFs without decoding them (GIF89a, CompuServe 1990)."""

from __future__ import annotations

from pathlib import Path

EXTENSION, COMMENT, TRAILER = 0x21, 0xFE, 0x3B


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
