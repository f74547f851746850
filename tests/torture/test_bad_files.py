"""A short form of the attack on everything that reads files; `make torture` has the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.readers import MEMORY, READERS, SECONDS, Reader, attack, study_reader

SHIPPED = Path(__file__).parents[2] / "docs" / "packing-study.parquet"
SEED, COUNT = 7, 450


@pytest.mark.parametrize(
    "reader", [*READERS, study_reader(SHIPPED.read_bytes())], ids=lambda reader: reader.name
)
def test_bad_files_are_refused_or_valid(reader: Reader, tmp_path: Path) -> None:
    tally = attack(reader, reader.make(SEED, COUNT), tmp_path)
    assert tally.crashes == []
    assert tally.loaded + tally.refused == COUNT
    # Some of the changes do no harm; most do.
    assert tally.refused > COUNT / 3
    assert tally.slowest < SECONDS
    assert tally.largest < MEMORY


def test_the_attack_notices_a_reader_that_breaks_down(tmp_path: Path) -> None:
    def breaks(path: Path) -> None:
        if len(path.read_bytes()) % 2:
            raise KeyError("odd")

    weak = READERS[0]._replace(read=breaks)
    tally = attack(weak, weak.make(SEED, 60), tmp_path, tmp_path / "kept")
    assert tally.crashes
    assert all("KeyError: 'odd'" in crash for crash in tally.crashes)
    kept = {path.stem for path in (tmp_path / "kept").iterdir()}
    assert kept == {crash.split(", ")[2].split(":")[0] for crash in tally.crashes}
