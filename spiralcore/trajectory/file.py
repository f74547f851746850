"""Trajectory files: `.npz` after the schema ``spiralcore.trajectory/1``."""

from __future__ import annotations

import io
import json
import math
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from spiralcore.errors import TrajectoryError
from spiralcore.files import whole_file
from spiralcore.trajectory.checking import LAYER, Header, check_headers, normalised, rules_of

if TYPE_CHECKING:
    from spiralcore.trajectory.trajectory import Trajectory

SCHEMA = "spiralcore.trajectory/1"

MAX_BYTES = 2**31
"""Memory that the arrays of a file may take in all; larger files are refused unread."""

UNPACKING = 2
"""Threads that unpack arrays: two of them are large."""

MAX_TEXT_BYTES = 4_000_000

COMPRESSION = 1
"""Level of deflate: the highest ones take three times as long for files that are 3 % smaller."""

INCOMPRESSIBLE = ("parameters",)
"""Full precision of trained weights is noise: packing it would gain 7 %, and slow down reading."""

HALF_PRECISION = ("hidden", "hidden_mean")


def to_bytes(trajectory: Trajectory) -> bytes:
    """The file that `write` would make; the same bytes for the same trajectory."""
    arrays: dict[str, NDArray[Any]] = {
        "schema": np.array(SCHEMA),
        "recipe": np.array(json.dumps(trajectory.recipe, sort_keys=True)),
    }
    found = trajectory.arrays()
    for name, rule in rules_of(found).items():
        if name not in found:
            continue
        array: NDArray[Any] = np.asarray(found[name], dtype=rule.stored)
        if name in HALF_PRECISION or LAYER.fullmatch(name):
            array = _halved(array)
        if name == "labels":
            array = array.astype(np.uint8 if trajectory.classes <= 256 else np.int64)
        arrays[name] = array
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            plain = io.BytesIO()
            npy_format.write_array(plain, array, allow_pickle=False)
            kind = zipfile.ZIP_STORED if name in INCOMPRESSIBLE else zipfile.ZIP_DEFLATED
            member = zipfile.ZipInfo(f"{name}.npy")  # its date is always the same
            archive.writestr(member, plain.getbuffer(), kind, COMPRESSION)
    return buffer.getvalue()


def write(trajectory: Trajectory, path: Path) -> None:
    """Write a trajectory file; it appears whole or not at all.

    Raises
    ------
    TrajectoryError
        If the file cannot be written.
    """
    data = to_bytes(trajectory)
    try:
        with whole_file(path) as part:
            part.write_bytes(data)
    except OSError as error:
        raise TrajectoryError(
            f"{path} cannot be written: {error.strerror}.", "a folder with room that is yours."
        ) from None


def read(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read and check a trajectory file, trusting nothing in it.

    Returns
    -------
    tuple
        The recipe and the keyword arguments of `Trajectory`.

    Raises
    ------
    TrajectoryError
        Naming the file, the array, what was found and what was expected.
    """
    try:
        if path.exists() and not path.is_file():
            raise TrajectoryError(f"{path} is not a file.", "a trajectory file.")
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, path)
            schema = _text(archive, members, "schema", path)
            if schema != SCHEMA:
                raise TrajectoryError(f"{path}: the schema is {schema[:80]!r}.", f"{SCHEMA!r}.")
            recipe = json.loads(
                _text(archive, members, "recipe", path), parse_constant=_refuse_constant
            )
            there = [name for name in rules_of(members) if name in members]
            headers = {name: _header(archive, members[name], path, name) for name in there}
            check_headers(headers, str(path), MAX_BYTES)
            # zlib lets other threads run while it unpacks.
            with ThreadPoolExecutor(UNPACKING) as pool:
                unpacked = pool.map(lambda name: _array(archive, members[name]), there)
                arrays = dict(zip(there, unpacked, strict=True))
    except TrajectoryError:
        raise
    except FileNotFoundError:
        raise TrajectoryError(
            f"{path} does not exist.", "a trajectory file.", f"spiral train --out {path}"
        ) from None
    except OSError as error:
        raise TrajectoryError(
            f"{path} cannot be read: {error.strerror or error}.", "a trajectory file."
        ) from None
    except Exception as error:
        # zipfile, zlib and the .npy reader raise a dozen kinds of errors on damaged input.
        raise TrajectoryError(
            f"{path} is not a readable .npz file: {str(error)[:200] or type(error).__name__}.",
            "a trajectory file.",
            "if it was copied, copy it again; if spiral made it, train it again",
        ) from None
    if not isinstance(recipe, dict):
        raise TrajectoryError(f"{path}: the recipe is not a JSON object.", "a JSON object.")
    return recipe, normalised(arrays, str(path))


def _members(archive: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        if name in members:
            raise TrajectoryError(f"{path}: the array {name[:80]!r} is there twice.", "each once.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # The others unpack without a limit to what comes out at a time.
            raise TrajectoryError(
                f"{path}: the array {name[:80]!r} is compressed in an unusual way.",
                "an archive that numpy.savez or numpy.savez_compressed has written.",
            )
        members[name] = info
        total += info.file_size
    if total > MAX_BYTES:
        raise TrajectoryError(
            f"{path} unpacks to {total:,} bytes.", f"at most {MAX_BYTES:,} bytes."
        )
    return members


def _header(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, name: str) -> Header:
    """Shape and type of an array, without reading it."""
    with archive.open(info) as member:
        version = npy_format.read_magic(member)
        if version == (1, 0):
            shape, _, dtype = npy_format.read_array_header_1_0(member)
        elif version == (2, 0):
            shape, _, dtype = npy_format.read_array_header_2_0(member)
        else:
            raise TrajectoryError(
                f"{path}: the array '{name}' is in .npy version {version}.", "version 1.0 or 2.0."
            )
    if dtype.hasobject:
        raise TrajectoryError(
            f"{path}: the array '{name}' holds Python objects.", "plain numbers or text."
        )
    declared = math.prod(int(size) for size in shape) * dtype.itemsize
    if declared > info.file_size:
        raise TrajectoryError(
            f"{path}: the array '{name}' declares {declared:,} bytes and has {info.file_size:,}.",
            "an array that is all there.",
        )
    return Header(tuple(int(size) for size in shape), dtype)


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[Any]:
    with archive.open(info) as member:
        return np.asarray(npy_format.read_array(member, allow_pickle=False))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"the recipe holds {name}, which is not JSON")


def _text(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], name: str, path: Path
) -> str:
    if name not in members:
        raise TrajectoryError(
            f"{path}: the array '{name}' is missing.", f"a file after the schema {SCHEMA!r}."
        )
    header = _header(archive, members[name], path, name)
    if header.shape != () or header.dtype.kind != "U" or header.dtype.itemsize > MAX_TEXT_BYTES:
        raise TrajectoryError(
            f"{path}: the array '{name}' has the type {header.dtype} and the shape {header.shape}.",
            "a text.",
        )
    text = str(_array(archive, members[name]))
    return text.encode("utf-8", "replace").decode("utf-8")


def _halved(array: NDArray[np.float32]) -> NDArray[Any]:
    """In half precision where that loses nothing, as the recorder rounds what it keeps."""
    with np.errstate(over="ignore"):
        half = array.astype(np.float16)
    return half if np.array_equal(half, array) else array
