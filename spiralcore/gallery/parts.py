"""What the page reads: arrays and facts, as scripts.

A page that is opened from disk may not read other files, but it may load scripts. So every part
is one: an `.npz` archive in base64, or JSON, handed to a function of the page.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from spiralcore.system.archive import Archive
from spiralcore.system.files import whole_file
from spiralcore.trajectory.file import MAX_BYTES

LINE = 1 << 20
"""Letters of base64 a string: engines have limits for one string, none for a list of them."""

COMPRESSION = 6


def archive(arrays: Mapping[str, NDArray[Any]], compression: int = COMPRESSION) -> bytes:
    """Pack arrays as an `.npz` archive; the same bytes for the same arrays.

    Without compression where that is 0.
    """
    kind = zipfile.ZIP_DEFLATED if compression else zipfile.ZIP_STORED
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, array in arrays.items():
            plain = io.BytesIO()
            npy_format.write_array(plain, np.ascontiguousarray(array), allow_pickle=False)
            member = zipfile.ZipInfo(f"{name}.npy")
            packed.writestr(member, plain.getbuffer(), kind, compression)
    return buffer.getvalue()


def write_archive(path: Path, name: str, data: bytes) -> None:
    """Write an `.npz` archive as a script that hands it to the page.

    Parameters
    ----------
    path
        The script; it appears whole or not at all.
    name
        What the page knows the part by.
    data
        The archive.
    """
    letters = base64.b64encode(data).decode("ascii")
    lines = (f'"{letters[i : i + LINE]}"' for i in range(0, len(letters), LINE))
    _write(path, f"spiral.parts.receive({as_json(name)}, [\n" + ",\n".join(lines) + "\n]);\n")


def read_archive(path: Path) -> dict[str, NDArray[Any]]:
    """Read the arrays of a script that `write_archive` has made."""
    lines = path.read_text(encoding="ascii").splitlines()[1:-1]
    letters = "".join(line.strip('",') for line in lines)
    with Archive(io.BytesIO(base64.b64decode(letters)), MAX_BYTES) as archive:
        return {array: archive.array(array) for array in archive.members}


def write_facts(path: Path, name: str, facts: Any) -> None:
    """Write plain values as a script that hands them to the page; see `write_archive`."""
    _write(path, f"spiral.parts.receive({as_json(name)}, {as_json(facts)});\n")


def packed_facts(name: str, facts: Any) -> str:
    """Plain values as a script that hands them to the page, deflated, as it begins with them."""
    packed = base64.b64encode(zlib.compress(as_json(facts).encode(), 9)).decode("ascii")
    return f'spiral.parts.receivePacked({as_json(name)}, "{packed}");\n'


def write_packed_facts(path: Path, name: str, facts: Any) -> None:
    """Write plain values as `packed_facts` has them."""
    _write(path, packed_facts(name, facts))


def as_json(value: Any) -> str:
    """JSON that is safe in a script, wherever that stands: nothing in it can end it.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _write(path: Path, text: str) -> None:
    with whole_file(path) as part:
        part.write_text(text, encoding="ascii", newline="\n")
