"""Files that are made to hurt whoever reads them: each with a name, and small to make."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from tests.torture.attacks.mutants import archive, npy
from tests.torture.attacks.zips import Member, central, ended, local, member, written

MEGABYTE = 1_000_000


def honest() -> dict[str, np.ndarray]:
    """The arrays of a small valid trajectory."""
    return {
        "schema": np.array("spiralcore.trajectory/1"),
        "recipe": np.array("{}"),
        "epochs": np.arange(2),
        "inputs": np.zeros((4, 2), np.float32),
        "labels": np.array([0, 1, 0, 1], np.uint8),
        "hidden": np.zeros((2, 4, 2), np.float16),
    }


def with_members(extra: list[Member]) -> bytes:
    """A valid trajectory with more members, or with others in the place of its own."""
    names = {one.name for one in extra}
    plain = [member(name, npy(array)) for name, array in honest().items()]
    return written([one for one in plain if one.name not in names] + extra)


def zeros(name: str, megabytes: int) -> bytes:
    """A valid array of zeros in the place of one of the trajectory's."""
    return with_members([member(name, npy(np.zeros(megabytes * MEGABYTE, np.uint8)))])


def overlapping() -> bytes:
    """Ten thousand members that all are the same bytes of the file."""
    kernel = member("layer_1", npy(np.zeros(20 * MEGABYTE, np.uint8)))
    names = [f"layer_{number}.npy".encode() for number in range(1, 1_000)]
    directory = b"".join(central(kernel._replace(name=name), 0) for name in names)
    return ended(local(kernel), directory, len(names))


def quoted() -> bytes:
    """Members that quote the headers of those behind them, so that every name is right.

    Each begins with a stored block of deflate that holds the next header, and goes on in the
    next member: the last one is shared by all (D. Fifield, A better zip bomb, WOOT 2019).
    """
    kernel = member("layer_1", npy(np.zeros(20 * MEGABYTE, np.uint8)))
    body, members = local(kernel), [kernel]
    for number in range(2, 400):
        behind = members[-1]
        header = local(behind)[: 30 + len(behind.name)]
        quote = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF) + header
        one = Member(
            f"layer_{number}.npy".encode(),
            quote + behind.packed,
            len(header) + behind.size,
            0,
        )
        body = local(one._replace(packed=quote)) + body
        members.append(one)
    offset, directory = 0, b""
    for one in reversed(members):
        directory += central(one, offset)
        offset += 30 + len(one.name) + (35 + len(members[0].name) if one is not kernel else 0)
    return ended(body, directory, len(members))


def nested() -> bytes:
    """An archive in an archive in an archive: nothing in it is an array."""
    inner = zeros("hidden", 30)
    for _ in range(3):
        inner = written([member(f"layer_{number}", inner) for number in range(1, 16)])
    return inner


def many(count: int) -> bytes:
    """So many empty members."""
    empty = Member(b"", b"", 0, 0, zipfile.ZIP_STORED)
    directory = b"".join(
        central(empty._replace(name=b"%d.npy" % number), 0) for number in range(count)
    )
    return ended(local(empty), directory, count)


def claiming(size: int, packed: int | None = None) -> bytes:
    """A member that claims to unpack to so many bytes, or to take them in the file."""
    one = member("hidden", npy(np.zeros((2, 4, 2), np.float16)))
    data = bytearray(with_members([one._replace(size=size)]))
    if packed is not None:
        place = data.rfind(b"PK\x01\x02")
        data[place + 20 : place + 24] = struct.pack("<L", packed)
    return bytes(data)


def header_of(text: bytes, name: str = "hidden", version: int = 2) -> bytes:
    """An array whose header says anything."""
    length = struct.pack("<L" if version == 2 else "<H", len(text))
    return with_members([member(name, b"\x93NUMPY" + bytes([version, 0]) + length + text)])


def shaped(shape: str, descr: str = "'<f2'") -> bytes:
    """An array that says that it has another shape than there is data for."""
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n"
    return header_of(text.encode())


def recipe_of(text: str) -> bytes:
    """A trajectory with such a recipe."""
    return archive({**honest(), "recipe": np.array(text)})


ARCHIVES: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "end of an archive only": lambda: ended(b"", b"", 0),
    "zeros, 60 MB": lambda: zeros("hidden", 60),
    "a valid path of zeros, 60 MB": lambda: archive(
        {
            **honest(),
            "epochs": np.arange(8),
            "labels": (np.arange(1_400_000) % 2).astype(np.uint8),
            "inputs": np.zeros((1_400_000, 2), np.float32),
            "hidden": np.zeros((8, 1_400_000, 2), np.float16),
        }
    ),
    "zeros, 100 MB": lambda: zeros("labels", 100),
    "zeros in an array that nobody asks for, 100 MB": lambda: zeros("spare", 100),
    "overlapping members": overlapping,
    "members that quote each other": quoted,
    "archives in archives": nested,
    "8,000 members": lambda: many(8_000),
    "60,000 members": lambda: many(60_000),
    "claims 4 GB": lambda: claiming(2**32 - 2),
    "claims to be empty": lambda: claiming(0),
    "claims to take 4 GB in the file": lambda: claiming(64, 2**32 - 2),
    "header of 60 MB": lambda: header_of(b" " * 60 * MEGABYTE),
    "header that nests": lambda: header_of(b"(" * 9_000),
    "header of minuses": lambda: header_of(b"-" * 9_000 + b"1"),
    "header of additions": lambda: header_of(b"1" + b"+1j" * 3_000),
    "header of a long number": lambda: header_of(b"9" * 9_000),
    "negative size": lambda: shaped("(-2, 4, 2)"),
    "two negative sizes": lambda: shaped("(-2, -4, 2)"),
    "sizes that overflow": lambda: shaped(f"({2**32}, {2**32}, 2)"),
    "sizes that overflow to 0": lambda: shaped(f"({2**63}, 2, 0)"),
    "true as a size": lambda: shaped("(True, 4, 2)"),
    "type of 2 GB a number": lambda: shaped("(2, 4, 2)", "'<U500000000'"),
    "type of records that nest": lambda: shaped("(2,)", "[('a', " * 300 + "'<f2'" + ")]" * 300),
    "type of a million numbers": lambda: shaped("(2, 4)", "('<f2', (1000, 1000))"),
    "type without size": lambda: shaped("(2, 4, 2)", "'<V0'"),
    "types of objects": lambda: shaped("(2, 4, 2)", "'|O'"),
    "recipe that nests": lambda: recipe_of('{"activation": ' + "[" * 900 + "]" * 900 + "}"),
    "recipe of a long number": lambda: recipe_of('{"seed": ' + "9" * 4_000 + "}"),
    "recipe with 1e999": lambda: recipe_of('{"seed": 1e999}'),
    "recipe of 900,000 letters": lambda: recipe_of('{"activation": "' + "x" * 900_000 + '"}'),
}
"""Archives, by what is bad about them."""


def dotted(parts: int, lines: int = 1) -> bytes:
    """TOML whose keys have so many parts."""
    rest = ".".join(["a"] * (parts - 1))
    return "".join(f"k{number}.{rest} = 1\n" for number in range(lines)).encode()


SETTINGS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "number of 5,000 digits": lambda: b"seed = " + b"9" * 5_000,
    "hexadecimal number of 50,000 digits": lambda: b"seed = 0x" + b"f" * 50_000,
    "list of long numbers": lambda: b"classes = [0x" + b"f" * 20_000 + b"]",
    "key of 30,000 parts": lambda: dotted(30_000),
    "keys of 50 parts": lambda: dotted(50, 500),
    "10,000 unknown keys": lambda: b"".join(b"k%d=1\n" % number for number in range(7_000)),
    "key of 50,000 letters": lambda: b"a" * 50_000 + b" = 1",
    "lists that nest": lambda: b"classes = " + b"[" * 20_000,
    "lists that nest and end": lambda: b"classes = " + b"[" * 300 + b"]" * 300,
    "tables that nest": lambda: b"film = " + b"{a=" * 200 + b"1" + b"}" * 200,
    "15,000 wrong items": lambda: b"classes = [" + b"1, " * 15_000 + b"]",
    "6,000 tables": lambda: b"[[part]]\n" * 6_000,
    "a megabyte": lambda: b"#" * MEGABYTE,
    "date that is none": lambda: b"seed = 2024-99-99",
    "nulls": lambda: b"\0" * 1_000,
    "no UTF-8": lambda: b"\xff\xfe",
    "letters that a terminal obeys": lambda: b'output = 3\n"\\u001b[31m\\u202e" = "\\u009b"',
    "not a number": lambda: b"[film]\nseconds = nan\n[data]\nnoise = inf\nturns = -inf",
}
"""TOML, by what is bad about it."""

TABLES: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "two million short rows": lambda: b"1,2,a\n" * 2_000_000,
    "200,000 short rows": lambda: b"1,2,a\n3,4,b\n" * 100_000,
    "15 MB on one line": lambda: b"1" * 15 * MEGABYTE,
    "15 million commas": lambda: b"," * 15 * MEGABYTE,
    "15 million line ends": lambda: b"\n" * 15 * MEGABYTE,
    "200 rows of 50,000 commas": lambda: (b"1,2,a" + b"," * 50_000 + b"\n") * 200,
    "a quote without end": lambda: b'x,y,label\n"' + b"a\n" * MEGABYTE,
    "9,000 different labels": lambda: b"".join(b"1,2,%d\n" % n for n in range(9_000)),
    "200,000 different labels": lambda: b"".join(b"1,2,%d\n" % n for n in range(200_000)),
    "the largest numbers": lambda: b"1e308,1e308,a\n-1e308,-1e308,b\n",
    "the smallest numbers": lambda: b"5e-324,0,a\n0,5e-324,b\n",
    "one place": lambda: b"1,1,a\n1,1,b\n",
    "one class": lambda: b"1,1,a\n2,2,a\n",
    "not a number": lambda: b"nan,1,a\n1,inf,b\n",
    "nulls": lambda: b"\0,\0,\0\n" * 100,
    "no UTF-8": lambda: b"1,2,\xff\n",
    "letters that a terminal obeys": lambda: b"x,y,\x1b[31m\n\x1b[2J,1,\xe2\x80\xae\n",
    "formulas": lambda: b"1,2,=cmd|' /C calc'!A0\n3,4,@x\n",
}
"""CSV, by what is bad about it."""


def no_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Paths that are no files: a reader must neither wait for them nor read without end."""
    (folder / "folder").mkdir(exist_ok=True)
    yield "a folder", folder / "folder"
    yield "nothing", folder / "nothing"
    yield "a name of 300 letters", folder / ("x" * 300)
    yield "a name with a null", folder / "a\0b"
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe")
        yield "a pipe that nobody writes to", folder / "pipe"
    (folder / "circle").symlink_to(folder / "circle")
    yield "a link to itself", folder / "circle"
    for device in ("/dev/zero", "/dev/random", "/dev/null", "/dev/tty", "/proc/self/mem"):
        if Path(device).exists():
            yield device, Path(device)
    (folder / "link").symlink_to("/dev/zero")
    yield "a link to /dev/zero", folder / "link"
    closed = folder / "closed"
    closed.write_bytes(b"x")
    closed.chmod(0)
    yield "a file without permissions", closed


def npz_tables() -> dict[str, Callable[[], bytes]]:
    """The same archives in the place of tables of points, and some of their own."""
    return {**ARCHIVES, **own_npz_tables()}


def own_npz_tables() -> dict[str, Callable[[], bytes]]:
    """Tables of points that hurt, or that mean nothing."""
    points = np.arange(8.0).reshape(4, 2)
    return {
        "200,000 points of a byte": lambda: archive(
            {"x": np.arange(400_000, dtype=np.int8).reshape(-1, 2),
             "y": np.arange(200_000, dtype=np.uint8) % 2}
        ),
        "200,000 different labels": lambda: archive(
            {"x": np.arange(400_000, dtype=np.int8).reshape(-1, 2),
             "y": np.arange(200_000).astype("U12")}
        ),
        "labels of 10,000 letters": lambda: archive(
            {"x": points, "y": np.array(["a" * 10_000, "b", "c", "d"])}
        ),
        "not a number": lambda: archive({"x": points * np.nan, "y": np.arange(4)}),
        "one place": lambda: archive({"x": points * 0, "y": np.arange(4)}),
    }  # fmt: skip
