"""A coverage-guided fuzzer on the readers.

`python -m tests.torture.attacks.fuzzing TARGET FOLDER SECONDS` begins it.

It runs in a process of its own, as atheris changes the code that it watches while it is imported.
What the fuzzer changes is not the archive, whose checksums it would never guess right, but what
is in it: `packed` puts a right archive around its bytes.
"""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Callable
from pathlib import Path

MEMBERS = ("schema", "recipe", "epochs", "inputs", "labels", "hidden", "readout_weight",
           "readout_bias", "cross_entropy", "loss", "accuracy", "fidelity", "hidden_mean",
           "parameters", "parameter_epochs", "layer_1", "x", "y")  # fmt: skip


def packed(data: bytes) -> bytes:
    """An archive of the members that some bytes stand for: each is a number, a length, a content.

    What begins with another letter than ``P`` is a file as it is.
    """
    if data[:1] != b"P":
        return data
    import zipfile  # here, so that the fuzzer has seen to it first

    out, place, names = io.BytesIO(), 1, set()
    with zipfile.ZipFile(out, "w") as made:
        while place + 3 <= len(data):
            number, length = struct.unpack_from("<BH", data, place)
            name = MEMBERS[number % len(MEMBERS)]
            place += 3
            if name not in names:
                names.add(name)
                made.writestr(zipfile.ZipInfo(f"{name}.npy"), data[place : place + length])
            place += length
    return out.getvalue()


def unpacked(archive: bytes) -> bytes:
    """The bytes that stand for an archive: see `packed`."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(archive)) as made:
        parts = [(info.filename.removesuffix(".npy"), made.read(info)) for info in made.infolist()]
    return b"P" + b"".join(
        struct.pack("<BH", MEMBERS.index(name), len(content)) + content
        for name, content in parts
        if name in MEMBERS and len(content) < 2**16
    )


def seeds(target: str) -> list[bytes]:
    """What the fuzzer begins with."""
    from tests.torture.attacks import bombs, readers

    small = [make() for make in {
        "trajectories": bombs.ARCHIVES, "point tables, npz": bombs.npz_tables(),
        "point tables, CSV": bombs.TABLES,
    }.get(target, bombs.SETTINGS).values()]  # fmt: skip
    reader = next(reader for reader in readers.READERS if reader.name == target)
    good = [data for _, data in reader.make(1, 60)]
    found = [data for data in small + good if len(data) < 8_000]
    if reader.ending != ".npz":
        return found
    best = readers.good_trajectories() if target == "trajectories" else [readers.npz_table()]
    return [unpacked(data) for data in best] + found


def main(target: str, folder: Path, seconds: int) -> None:
    """Fuzz a reader for so many seconds; libFuzzer says on stderr what came of it."""
    import atheris  # type: ignore[import-not-found]

    with atheris.instrument_imports(
        include=["spiralcore", "zipfile", "tomllib", "csv", "numpy.lib"]
    ):
        from tests.torture.attacks import readers
    reader = next(reader for reader in readers.READERS if reader.name == target)
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(target)):
        (corpus / f"seed-{number}").write_bytes(data)
    path = folder / f"fuzzed{reader.ending}"
    change: Callable[[bytes], bytes] = packed if reader.ending == ".npz" else bytes

    def one(data: bytes) -> None:
        path.write_bytes(change(data))
        try:
            reader.read(path)
        except reader.refuses:
            return

    limits = [f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=2048", "-max_len=8000",
              "-print_final_stats=1", f"-artifact_prefix={folder}/crash-"]  # fmt: skip
    atheris.Setup([sys.argv[0], *limits, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
