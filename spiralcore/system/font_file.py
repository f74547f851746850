"""A file of letters: what is in it, as a text that goes wherever settings go."""

from __future__ import annotations

import base64
import struct
from pathlib import Path

from spiralcore.errors import PointerError, UsageError
from spiralcore.shell import quoted
from spiralcore.system.whole_read import read_whole

LARGEST = 8_000_000
"""Bytes of a font file at most: it goes with every piece of work to the process that does it."""

KINDS = {b"OTTO": "otf", b"\x00\x01\x00\x00": "ttf", b"true": "ttf"}
"""How a font file begins (OpenType 1.9, "table directory")."""

NEEDED = {b"cmap", b"head", b"hhea", b"hmtx", b"maxp"}
"""Tables without which no text can be set."""

OTHER = {b"wOFF": "WOFF", b"wOF2": "WOFF2", b"ttcf": "a collection of fonts"}

EXPECTED = "a font file, .otf or .ttf"


def font_url(text: str) -> str:
    """The data URL (RFC 2397) of a font file, by its path; such a URL stays as it is.

    Raises
    ------
    ValueError
        If the file cannot be read, is too large, or is no font that text can be set in.
    PointerError
        If its content is elsewhere.
    """
    if not text or text.startswith("data:font/"):
        font_bytes(text)
        return text
    smaller = (
        f"{EXPECTED}, of at most {LARGEST / 1e6:.0f} MB; "
        f"a part of it: pyftsubset {quoted(text)} --unicodes=U+0000-04FF"
    )
    try:
        data = read_whole(Path(text).expanduser(), LARGEST, EXPECTED, smaller=smaller)
    except PointerError:
        raise  # it says how to get what is in it
    except UsageError as error:
        raise ValueError(f"{error.expected}; {error.found.rstrip('.')}") from None
    kind = _kind(data)
    return f"data:font/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def font_bytes(url: str) -> bytes:
    """What is in the file of a data URL; nothing of an empty text.

    Raises
    ------
    ValueError
        If it is none of a font.
    """
    if not url:
        return b""
    try:
        data = base64.b64decode(url.partition(";base64,")[2], validate=True)
    except ValueError:
        raise ValueError(EXPECTED) from None
    _kind(data)
    return data


def _kind(data: bytes) -> str:
    """``otf`` or ``ttf``."""
    start = data[:4]
    if start in OTHER:
        raise ValueError(f"{EXPECTED}; it is {OTHER[start]}")
    if start not in KINDS or len(data) < 12:
        raise ValueError(f"{EXPECTED}; it is something else")
    (tables,) = struct.unpack_from(">H", data, 4)
    names = {data[12 + 16 * n : 16 + 16 * n] for n in range(tables)}
    if lacking := NEEDED - names:
        lacks = ", ".join(sorted(name.decode("ascii") for name in lacking))
        raise ValueError(f"{EXPECTED}; it is damaged, or made without: {lacks}")
    return KINDS[start]
