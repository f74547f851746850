"""Arrays of `.npz` files against NumPy's own reader, and headers that nothing wrote."""

from __future__ import annotations

import gc
import io
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from spiralcore.system.archive import Archive, ArchiveError

MOST = 10**8

ARRAYS: dict[str, NDArray[Any]] = {
    "halves": np.linspace(0, 1, 24, dtype=np.float16).reshape(2, 3, 4),
    "by columns": np.asfortranarray(np.arange(12.0).reshape(3, 4)),
    "nothing": np.zeros((0, 7), np.int32),
    "one": np.array(4.5),
    "text": np.array("Übung"),
    "texts": np.array(["a", "bcd"]),
    "bytes": np.array([b"x", b"yz"]),
    "truth": np.array([True, False]),
    "complex": np.array([1 + 2j]),
    "big-endian": np.arange(5, dtype=">i8"),
    "longer than a piece": np.arange(400_000, dtype=np.float64),
}


def opened(arrays: dict[str, NDArray[Any]], compressed: bool = True) -> Archive:
    file = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, **arrays)  # type: ignore[arg-type]
    return Archive(file, MOST)


def member(content: bytes) -> Archive:
    """An archive of one array, byte by byte."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.npy", content)
    return Archive(file, MOST)


def with_header(text: str, numbers: bytes = bytes(64)) -> Archive:
    header = text.encode("latin-1")
    return member(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + numbers)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_those_that_numpy_wrote(name: str, compressed: bool) -> None:
    with opened({"a": ARRAYS[name]}, compressed) as archive:
        header, found = archive.header("a"), archive.array("a")
    assert (header.shape, header.dtype) == (ARRAYS[name].shape, ARRAYS[name].dtype)
    assert found.dtype == ARRAYS[name].dtype
    np.testing.assert_array_equal(found, ARRAYS[name])


@pytest.mark.parametrize(
    "text",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }",
        "{'shape':(2,3),'fortran_order':False,'descr':'<f8'}",
        '{"descr": "<f8", "fortran_order": False, "shape": (2, 3)}   \n',
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 3L), }",
    ],
)
def test_headers_of_other_writers(text: str) -> None:
    with with_header(text) as archive:
        assert archive.array("a").tolist() == [[0.0] * 3] * 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), } or more",
        "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), 'more': True}",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (2, 3)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (6)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-2, 3)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2.0, 3)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 6}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (" + "9" * 5_000 + ",)}",
        "{'descr': '<f3', 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000,)}",
        "{'descr': '<f8, <f8', 'fortran_order': False, 'shape': (3,)}",
        "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (3,)}",
        "{'descr': 'float64', 'fortran_order': False, 'shape': (3,)}",
        "{'descr': True, 'fortran_order': False, 'shape': (3,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (__import__('os'),)}",
    ],
)
def test_headers_that_nothing_wrote(text: str) -> None:
    with with_header(text) as archive, pytest.raises(ArchiveError) as caught:
        archive.array("a")
    assert f"the array 'a' has a header that cannot be read: {text[:80]!r}." == caught.value.found


def test_an_array_that_ends_early() -> None:
    text = "{'descr': '<f8', 'fortran_order': False, 'shape': (16,), }"
    with with_header(text, bytes(120)) as archive, pytest.raises(ArchiveError) as caught:
        archive.array("a")
    assert caught.value.found == "the array 'a' ends after 120 of 128 bytes."


def test_a_flipped_bit_is_found_at_the_end_of_an_array() -> None:
    file = io.BytesIO()
    np.savez(file, a=np.arange(1000))
    data = bytearray(file.getvalue())
    data[data.index(b"\x93NUMPY") + 4_000] ^= 1
    with Archive(io.BytesIO(bytes(data)), MOST) as archive, pytest.raises(zipfile.BadZipFile):
        archive.array("a")


def test_threads_that_read_at_the_same_time() -> None:
    """With a collector of garbage that lets others run, as one in C may."""

    def give_way(phase: str, info: dict[str, int]) -> None:
        time.sleep(0)

    def read(_: int) -> None:
        for _ in range(100):
            with opened({"a": np.arange(3), "b": np.arange(4)}) as archive:
                assert len(archive.array("a")) + len(archive.array("b")) == 7

    often = gc.get_threshold()
    gc.callbacks.append(give_way)
    gc.set_threshold(5)
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(read, range(2)))
    finally:
        gc.callbacks.remove(give_way)
        gc.set_threshold(*often)
