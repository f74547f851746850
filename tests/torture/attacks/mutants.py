"""Files that nobody should have made: mutations of good ones, and bad ones from the ground up."""

from __future__ import annotations

import io
import json
import pickle
import re
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.lib import format as npy_format

from tests.torture.attacks.zips import Member, member, written

Arrays = dict[str, np.ndarray]
Rng = np.random.Generator

ODD_NUMBERS = (
    0,
    -1,
    1,
    2**31,
    -(2**31),
    2**63 - 1,
    1e9,
    -1e9,
    1e38,
    1e-45,
    np.nan,
    np.inf,
    -np.inf,
)
DTYPES = ("f2", "f4", "f8", ">f4", "i1", "u1", "i8", "u8", "c8", "?", "U3", "S2", "M8[s]", "V5",
          "i4,f4")  # fmt: skip
NAMES = ("../../evil", "/etc/passwd", "C:\\evil", "hidden", "layer_1", "layer_0", "layer_99999",
         "a" * 5000, "", ".npy", "hidden.npy", "schema", "recipe", "\x00", "\u202e",
         "é" * 300)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 10**400, 1e308, "", "x" * 10_000, [], [[]], {}, {"a": {"b": []}}, "tanh",
    "sphere", "<script>alert(1)</script>", "\x1b[31m", ["tanh"], {"layer": -1},
)  # fmt: skip


def archive(arrays: Arrays) -> bytes:
    """An .npz of these arrays."""
    return written(members(arrays))


def members(arrays: Arrays) -> list[Member]:
    """The members of an archive; those of arrays that are packed already as they are."""
    return [
        known._replace(name=f"{name}.npy".encode(errors="replace"))
        if (known := _packed.get(id(array)))
        else member(name, npy(array))
        for name, array in arrays.items()
    ]


_packed: dict[int, Member] = {}
"""Of arrays that many files have in common, by their identity."""


def npy(array: np.ndarray) -> bytes:
    """An .npy of an array; objects are pickled."""
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of versions that old NumPys cannot read
        npy_format.write_array(out, np.asanyarray(array), allow_pickle=True)
    return out.getvalue()


# Bytes.


def flipped(rng: Rng, data: bytes) -> bytes:
    """Some bits the other way round."""
    changed = bytearray(data)
    for _ in range(int(rng.integers(1, 12))):
        changed[int(rng.integers(len(changed)))] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def cut(rng: Rng, data: bytes) -> bytes:
    """The beginning, or the end, of a file."""
    place = int(rng.integers(len(data)))
    return data[:place] if rng.random() < 0.7 else data[place:]


def spliced(rng: Rng, data: bytes) -> bytes:
    """A piece taken out, doubled, or replaced by noise or zeros."""
    first, last = sorted(int(n) for n in rng.integers(len(data), size=2))
    piece = data[first:last]
    choice = int(rng.integers(4))
    middle = (b"", piece * 2, rng.bytes(len(piece)), b"\0" * len(piece))[choice]
    return data[:first] + middle + data[last:]


def noise(rng: Rng, data: bytes) -> bytes:
    """Nothing of the file."""
    return rng.bytes(int(rng.integers(0, 400)))


# Arrays.


def _one(rng: Rng, arrays: Arrays) -> str:
    return str(rng.choice(sorted(arrays)))


def reshaped(rng: Rng, arrays: Arrays) -> bytes:
    """An array of another shape."""
    name = _one(rng, arrays)
    shape = tuple(int(n) for n in rng.integers(0, 5, size=int(rng.integers(0, 5))))
    return archive({**arrays, name: np.zeros(shape, arrays[name].dtype)})


def retyped(rng: Rng, arrays: Arrays) -> bytes:
    """An array of another type."""
    name = _one(rng, arrays)
    return archive({**arrays, name: np.zeros(arrays[name].shape, rng.choice(DTYPES))})


def odd_numbers(rng: Rng, arrays: Arrays) -> bytes:
    """Numbers that are not finite, negative or huge, here and there."""
    name = _one(rng, {n: a for n, a in arrays.items() if a.dtype.kind in "fiu"})
    changed = arrays[name].astype(np.float64 if rng.random() < 0.5 else arrays[name].dtype).ravel()
    places = rng.integers(changed.size, size=int(rng.integers(1, 4)))
    with np.errstate(all="ignore"):
        changed[places] = np.array(rng.choice(np.array(ODD_NUMBERS, float))).astype(changed.dtype)
    return archive({**arrays, name: changed.reshape(arrays[name].shape)})


def odd_recipe(rng: Rng, arrays: Arrays) -> bytes:
    """A recipe that says anything."""
    recipe = json.loads(str(arrays["recipe"]))
    keys = [
        "activation",
        "seed",
        "data",
        "network",
        "made",
        "shown",
        "layer",
        "classes",
        "training",
    ]
    for _ in range(int(rng.integers(1, 4))):
        recipe[str(rng.choice(keys))] = ODD_VALUES[int(rng.integers(len(ODD_VALUES)))]
    text = json.dumps(recipe)
    if rng.random() < 0.2:
        text = str(rng.choice(["[" * 100_000, "{}", "NaN", '{"a": NaN}', "9" * 5000, "", '"x"']))
    return archive({**arrays, "recipe": np.array(text)})


def renamed(rng: Rng, arrays: Arrays) -> bytes:
    """An array under a name that plays a trick."""
    name = _one(rng, arrays)
    left = {n: a for n, a in arrays.items() if n != name or rng.random() < 0.5}
    return archive({**left, str(NAMES[int(rng.integers(len(NAMES)))]): arrays[name]})


def left_out(rng: Rng, arrays: Arrays) -> bytes:
    """Arrays are missing."""
    kept = [name for name in arrays if rng.random() < 0.8]
    return archive({name: arrays[name] for name in kept})


def doubled(rng: Rng, arrays: Arrays) -> bytes:
    """A member is there twice."""
    return written([*members(arrays), member(_one(rng, arrays), npy(np.zeros(3)))])


class Trap:
    """Leaves a mark if it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return (exec, ("import spiralcore; spiralcore.trapped = True",))


def pickled(rng: Rng, arrays: Arrays) -> bytes:
    """An array of Python objects, or a pickle instead of a file."""
    if rng.random() < 0.2:
        return pickle.dumps(Trap())
    return archive({**arrays, _one(rng, arrays): np.array([Trap()], dtype=object)})


def boastful(rng: Rng, arrays: Arrays) -> bytes:
    """A header that declares much more than there is, or nonsense."""
    name = _one(rng, arrays)
    plain = npy(arrays[name])
    size = str(rng.choice(["99999999999", "-1", "1e9", "2**40", "4000000000", "(1,)", "None"]))
    text = re.sub(
        rb"'shape': \([^)]*\)", b"'shape': (" + size.encode() + b",)", plain[10:], count=1
    )
    head, _, rest = text.partition(b"\n")
    head += b"\n"
    bad = plain[:8] + len(head).to_bytes(2, "little") + head + rest
    return _with_member(arrays, name, bad)


def bomb(rng: Rng, arrays: Arrays) -> bytes:
    """A small member that unpacks to a lot, or a directory that lies about it."""
    name = _one(rng, arrays)
    if rng.random() < 0.5:
        blown = np.zeros(int(rng.integers(1, 30)) * 300_000, np.int8)
        return _with_member(arrays, name, npy(blown))
    data = bytearray(archive(arrays))
    place = data.rfind(b"PK\x01\x02")
    new = int(rng.choice([0, 1, 2**31, 2**32 - 1])).to_bytes(4, "little")
    field = 24 if rng.random() < 0.5 else 20
    data[place + field : place + field + 4] = new
    return bytes(data)


def odd_header(rng: Rng, arrays: Arrays) -> bytes:
    """The text of a header, changed letter by letter, with a right checksum around it."""
    name = _one(rng, arrays)
    return _with_member(
        arrays, name, flipped(rng, npy(arrays[name])[:128]) + npy(arrays[name])[128:]
    )


def _with_member(arrays: Arrays, name: str, content: bytes) -> bytes:
    return written(
        [*members({n: a for n, a in arrays.items() if n != name}), member(name, content)]
    )


BYTES: Sequence[Callable[[Rng, bytes], bytes]] = (flipped, cut, spliced, noise)
ARRAYS: Sequence[Callable[[Rng, Arrays], bytes]] = (
    reshaped, retyped, odd_numbers, odd_recipe, renamed, left_out, doubled, pickled, boastful,
    bomb, odd_header,
)  # fmt: skip


def npz_mutants(good: Sequence[bytes], seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Bad archives, the same ones for the same seed: the name of what was done, and the file."""
    rng = np.random.default_rng(seed)
    unpacked = [dict(np.load(io.BytesIO(data))) for data in good]
    for arrays in unpacked:
        _packed.update({id(array): member(name, npy(array)) for name, array in arrays.items()})
    made = [*BYTES, *ARRAYS]
    for number in range(count):
        which = int(rng.integers(len(good)))
        make = made[number % len(made)]
        if make in BYTES:
            yield make.__name__, make(rng, good[which])  # type: ignore[arg-type]
        else:
            yield make.__name__, make(rng, unpacked[which])  # type: ignore[arg-type]
    _packed.clear()


# Texts.

ODD_TEXTS = (
    "-1", "0", "1e999", "nan", "inf", "1000000000", "99999999999999999999", '""', "[]", "{}",
    "true", '"x"', '["tanh", 3]', "1979-05-27", '"' + "x" * 3000 + '"', "[" * 3000, "2.5", "[0]",
    "[-3, 5]", "[1000000000]", '"../../x"', '"\\u0000"',
)  # fmt: skip


def text_mutants(good: Sequence[bytes], seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Bad texts: values replaced, lines dropped and doubled, bytes changed."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        data = good[int(rng.integers(len(good)))]
        choice = number % 4
        if choice == 3:
            make = BYTES[int(rng.integers(len(BYTES)))]
            yield make.__name__, make(rng, data)
            continue
        lines = data.decode().splitlines()
        for _ in range(int(rng.integers(1, 4))):
            place = int(rng.integers(len(lines)))
            if choice == 0:
                head, mark, _ = re.split(r"([=,])", lines[place] + " = ", maxsplit=1)
                lines[place] = f"{head}{mark} {ODD_TEXTS[int(rng.integers(len(ODD_TEXTS)))]}"
            elif choice == 1:
                lines[place] = lines[int(rng.integers(len(lines)))]
            else:
                lines[place] = lines[place][: int(rng.integers(len(lines[place]) + 1))]
        yield ("values", "lines", "cut lines")[choice], "\n".join(lines).encode()


def byte_mutants(good: bytes, seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """A file with its bytes changed."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        change = BYTES[number % len(BYTES)]
        yield change.__name__, change(rng, good)


def digest(data: bytes) -> str:
    """A short name for a file."""
    return f"{zlib.crc32(data):08x}"
