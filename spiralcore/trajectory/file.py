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
from spiralcore.shell import quoted
from spiralcore.system.archive import Archive, ArchiveError
from spiralcore.system.files import whole_file
from spiralcore.system.pointers import refuse_pointer
from spiralcore.trajectory.conversion import as_text, is_text
from spiralcore.trajectory.given import CLASS_NAMES, RUN_NAME, SCHEMA, read_json, with_names
from spiralcore.trajectory.schema import LAYER, check_headers, normalised, rules_of

if TYPE_CHECKING:
    from spiralcore.trajectory.trajectory import Trajectory

MAX_BYTES = 2**31
"""Memory that the arrays of a file may take in all; larger files are refused unread."""

SPACIOUS = 0.9
"""Part of that which the paths of a record may take."""

UNPACKING = 2
"""Threads that unpack arrays: two of them are large."""

MAX_TEXT_BYTES = 4_000_000

COMPRESSION = 1
"""Level of deflate: the highest ones take three times as long for files that are 3 % smaller."""

INCOMPRESSIBLE = ("parameters",)
"""Full precision of trained weights is noise: packing it would gain 7 %, and slow down reading."""

HALF_PRECISION = ("hidden", "hidden_mean")


def most_epochs(values: int, layers: int = 1) -> int:
    """How many epochs of so many values a file can hold, which has the means of one layer, too."""
    return max(int(SPACIOUS * MAX_BYTES / record_bytes(1, values, layers)), 2)


def record_bytes(epochs: int, values: int, layers: int = 1) -> float:
    """What so many epochs of so many values take in memory, with the means of one layer."""
    return 4.0 * epochs * values * (1 + 1 / layers)


def to_bytes(trajectory: Trajectory) -> bytes:
    """The file that `write` would make; the same bytes for the same trajectory.

    Raises
    ------
    TrajectoryError
        If the recipe cannot be written as JSON.
    """
    arrays: dict[str, NDArray[Any]] = {
        "schema": np.array(SCHEMA),
        "recipe": np.array(_json(trajectory)),
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
        refuse_pointer(path, "a trajectory file.")
        with Archive(path, MAX_BYTES) as archive:
            schema = _text(archive, "schema", path)
            if schema != SCHEMA:
                raise TrajectoryError(f"{path}: the schema is {schema[:80]!r}.", f"{SCHEMA!r}.")
            recipe = read_json(_text(archive, "recipe", path))
            titles = _titles(archive, path) if isinstance(recipe, dict) else {}
            there = [name for name in rules_of(archive.members) if name in archive.members]
            headers = {name: archive.header(name) for name in there}
            check_headers(headers, str(path), MAX_BYTES)
            # zlib lets other threads run while it unpacks.
            with ThreadPoolExecutor(UNPACKING) as pool:
                arrays = dict(zip(there, pool.map(archive.array, there), strict=True))
    except TrajectoryError:
        raise
    except ArchiveError as error:
        raise TrajectoryError(f"{path}: {error.found}", error.expected) from None
    except FileNotFoundError:
        raise TrajectoryError(
            f"{path} does not exist.", "a trajectory file.", f"spiral train --out {quoted(path)}"
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
    return with_names(recipe, titles), normalised(arrays, str(path))


def _titles(archive: Archive, path: Path) -> dict[str, Any]:
    """Names that a file has as arrays: of the run, and of classes, shape (K,)."""
    found: dict[str, Any] = {}
    if RUN_NAME in archive.members:
        found[RUN_NAME] = _text(archive, RUN_NAME, path)
    if CLASS_NAMES in archive.members:
        header = archive.header(CLASS_NAMES)
        size = math.prod(header.shape) * header.dtype.itemsize
        if len(header.shape) != 1 or header.dtype.kind not in "US" or size > MAX_TEXT_BYTES:
            raise TrajectoryError(
                f"{path}: the array '{CLASS_NAMES}' has the type {header.dtype} and the shape "
                f"{header.shape}.",
                "a text for each class.",
            )
        found[CLASS_NAMES] = archive.array(CLASS_NAMES)
    return found


def _json(trajectory: Trajectory) -> str:
    try:
        text = json.dumps(dict(trajectory.recipe), sort_keys=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise TrajectoryError(
            f"{trajectory.source}: the recipe cannot be written as JSON: {str(error)[:200]}.",
            "texts, finite numbers, lists and dictionaries with texts as keys.",
        ) from None
    if 4 * len(text) > MAX_TEXT_BYTES:
        raise TrajectoryError(
            f"{trajectory.source}: the recipe has {len(text):,} letters.",
            f"at most {MAX_TEXT_BYTES // 4:,}.",
        )
    return text


def read_recipe(path: Path) -> dict[str, Any]:
    """Read what a file was made from, and nothing else of it; an empty one if that fails."""
    try:
        with Archive(path, MAX_BYTES) as archive:
            recipe = read_json(_text(archive, "recipe", path))
    except Exception:  # what is wrong is said by whoever reads all of it
        return {}
    return recipe if isinstance(recipe, dict) else {}


def class_count(path: Path) -> int:
    """How many classes a trajectory has, of a file that can be read.

    Raises
    ------
    TrajectoryError
        If it cannot.
    """
    try:
        with Archive(path, MAX_BYTES) as archive:
            return archive.header("readout_bias").shape[1]
    except Exception:  # no read-out, or what is wrong is said by whoever reads all of it
        _, arrays = read(path)
        return int(arrays["readout_bias"].shape[1])


def _text(archive: Archive, name: str, path: Path) -> str:
    if name not in archive.members:
        raise TrajectoryError(
            f"{path}: the array '{name}' is missing.", f"a file after the schema {SCHEMA!r}."
        )
    header = archive.header(name)
    size = math.prod(header.shape) * header.dtype.itemsize
    if not is_text(header.shape, header.dtype) or size > MAX_TEXT_BYTES:
        raise TrajectoryError(
            f"{path}: the array '{name}' has the type {header.dtype} and the shape {header.shape}.",
            "a text.",
        )
    return as_text(archive.array(name))


def _halved(array: NDArray[np.float32]) -> NDArray[Any]:
    """In half precision where that loses nothing, as the recorder rounds what it keeps."""
    with np.errstate(over="ignore"):
        half = array.astype(np.float16)
    return half if np.array_equal(half, array) else array
