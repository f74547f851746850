"""A short form of the attack on everything that reads files; `make torture` has the long one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.data import read_table
from spiralcore.errors import SpiralError, TrajectoryError, UsageError
from spiralcore.recipe.reading import MAX_PROBLEMS, load_recipe
from spiralcore.study import row_checks as checking
from spiralcore.study.crowd import Crowd
from spiralcore.study.table import read_study
from tests.conftest import spiral
from tests.torture.attacks import bombs, studies
from tests.torture.attacks.bad_files import FUZZED, fuzzed_row
from tests.torture.attacks.fuzzing import packed, unpacked
from tests.torture.attacks.generated import each_of, near_files
from tests.torture.attacks.mutants import archive
from tests.torture.attacks.readers import (
    MEMORY,
    READERS,
    SECONDS,
    Reader,
    attack,
    attack_with,
    good_trajectories,
    study_reader,
)

SHIPPED = Path(__file__).parents[3] / "docs" / "packing-study.parquet"
SEED = 7
COUNTS = {"trajectories": 300, "studies, Parquet": 64}

BY_NAME = {reader.name: reader for reader in READERS}


@pytest.mark.parametrize(
    "reader", [*READERS, study_reader(SHIPPED.read_bytes())], ids=lambda reader: reader.name
)
def test_bad_files_are_refused_or_valid(reader: Reader, tmp_path: Path) -> None:
    count = COUNTS.get(reader.name, 120)
    tally = attack(reader, reader.make(SEED, count), tmp_path)
    assert tally.crashes == []
    assert tally.loaded + tally.refused == count
    # Some of the changes do no harm; most do.
    least = {"marks of films": -1, "digests of trajectories": 10}.get(reader.name, count / 3)
    assert tally.refused > least
    assert tally.largest < MEMORY


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("trajectories", bombs.ARCHIVES),
        ("point tables, npz", bombs.own_npz_tables()),
        ("point tables, CSV", bombs.TABLES),
        ("recipes", bombs.SETTINGS),
    ],
)
def test_bombs_do_no_harm(name: str, made: dict[str, Callable[[], bytes]], tmp_path: Path) -> None:
    files = [(what, make()) for what, make in made.items()]
    tally = attack(BY_NAME[name], files, tmp_path, counted=False)
    assert tally.crashes == []
    assert tally.loaded + tally.refused == len(made)
    assert 0 < tally.slowest < SECONDS


def test_bombs_of_studies_do_no_harm(tmp_path: Path) -> None:
    good = SHIPPED.read_bytes()
    made = [(what, data) for what, data in studies.bombs(good) if "100,000" not in what]
    tally = attack(study_reader(good), made, tmp_path, counted=False)
    assert tally.crashes == []
    assert tally.refused == len(made)


def test_generated_files_are_refused_or_valid(tmp_path: Path) -> None:
    made: list[tuple[str, bytes]] = []
    each_of(near_files(), 50, SEED, lambda data: made.append(("generated", data)))
    tally = attack(READERS[0], made, tmp_path)
    assert tally.crashes == []
    assert tally.loaded > 0
    assert tally.refused > 0


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_what_is_no_file_is_not_waited_for(reader: Reader, tmp_path: Path) -> None:
    if reader.name.startswith("lengths"):
        pytest.skip("reads what it has written itself")
    tally = attack_with(reader, bombs.no_files(tmp_path), counted=False)
    assert tally.crashes == []
    assert tally.loaded <= (20 if reader.name == "marks of films" else 0)


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


def test_the_attack_notices_memory(tmp_path: Path) -> None:
    def greedy(path: Path) -> None:
        # So much that it shows where the same process lets go of what other tests have left.
        np.ones(400_000_000, np.uint8)

    weak = READERS[0]._replace(read=greedy)
    for counted in (True, False):
        tally = attack(weak, [("small", b"x")], tmp_path, counted=counted)
        assert "bytes of memory" in tally.crashes[0]
        assert tally.resident > 50_000_000 or not sys.platform.startswith("linux")


def test_the_fuzzer_puts_right_archives_around_its_bytes() -> None:
    (good, _) = good_trajectories()
    with np.load(BytesIO(packed(unpacked(good)))) as found:
        assert str(found["schema"]) == "spiralcore.trajectory/1"
        assert found["hidden"].shape == (5, 12, 2)
    assert packed(b"not P") == b"not P"


def test_what_the_fuzzer_reports_is_read() -> None:
    report = (
        "#2\tINITED cov: 12 ft: 13 corp: 1/1b\n#90\tNEW    cov: 240 ft: 300\n"
        "stat::number_of_executed_units: 12345\nstat::slowest_unit_time_sec: 1\n"
        "stat::peak_rss_mb: 433\n"
    )
    found = fuzzed_row(FUZZED[0], report, [], 60)
    assert found.what == "fuzzed for 60 s by coverage, trajectories"
    assert found.found == (
        "12,345 executions; 240 branches reached, 12 by the first file; 0 crashes; "
        "slowest 1 s, the process 433 MB"
    )
    assert found.held
    assert not fuzzed_row(FUZZED[0], report, [Path("crash-1")], 60).held
    assert not fuzzed_row(FUZZED[0], "", [], 60).held


# What was found, each with the bytes that did it.


def refused(path: Path, data: bytes, read: Callable[[Path], object] = load_recipe) -> str:
    path.write_bytes(data)
    with pytest.raises(SpiralError) as error:
        read(path)
    return str(error.value)


def test_numbers_of_thousands_of_digits(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    assert refused(path, b"seed = " + b"9" * 5_000) == (
        f"{path} is not valid TOML: Exceeds the limit (4300 digits) for integer string "
        "conversion: value has 5000 digits.\nexpected: a recipe in TOML."
    )
    assert refused(path, b"seed = 0x" + b"f" * 9_000) == (
        f"{path} has a setting that cannot be used:\n"
        "  seed: found what is too long to show, expected less than 9223372036854775808"
    )


def test_keys_that_take_the_square_of_their_length(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    assert refused(path, b"\n" + bombs.dotted(20_000)) == (
        f"{path}, line 2: there are more than 50 dots.\nexpected: a recipe in TOML."
    )


def test_thousands_of_problems_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    message = refused(path, bombs.SETTINGS["10,000 unknown keys"]()).splitlines()
    assert message[0] == f"{path} has 7,000 settings that cannot be used:"
    assert len(message) == MAX_PROBLEMS + 2
    assert message[-1] == "  and 6,980 more"


def test_a_wrong_value_of_thousands_of_letters_is_cut(tmp_path: Path) -> None:
    message = refused(tmp_path / "a.toml", b'classes = "' + b"x" * 9_000 + b'"')
    assert message.endswith(f"classes: found '{'x' * 199}..., expected a list")


def test_a_table_whose_name_has_a_null(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    assert refused(path, b'[data]\ntable = "a\\u0000b"') == (
        f"{path} has a setting that cannot be used:\n"
        "  data: a?b cannot be read: embedded null byte."
    )


def test_a_pipe_is_no_recipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match=r"pipe is not a file.\nexpected: a recipe in TOML."):
        load_recipe(tmp_path / "pipe")


def test_tables_with_too_much_in_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert "has more than 400,000 lines." in refused(path, b"\n" * 500_000, read_table)
    assert "line 1: it has more than 100,000 letters." in refused(path, b"," * 200_000, read_table)
    labels = b"".join(b"1,2,%d\n" % number for number in range(11_000))
    assert "has more than 10,000 different labels." in refused(path, labels, read_table)


def test_an_archive_that_unpacks_to_much(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    data = bombs.zeros("spare", 100)
    assert refused(path, data, Trajectory.load) == (
        f"{path}: the arrays unpack to 100,001,080 bytes, {100_001_080 // len(data):,} times the "
        "size of the file.\nexpected: at most 64,000,000 bytes or 20 times its size."
    )
    assert "its list of members takes" in refused(path, bombs.many(9_000), Trajectory.load)
    assert "has a header of 60,000,000 bytes." in refused(
        path, bombs.ARCHIVES["header of 60 MB"](), Trajectory.load
    )


def test_a_recipe_in_a_file_that_no_file_could_hold(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    assert "the recipe holds 1e999, which is not JSON" in refused(
        path, bombs.recipe_of('{"seed": 1e999}'), Trajectory.load
    )
    for recipe, what in (
        ({"seed": float("nan")}, "Out of range float values are not JSON compliant"),
        ({"seed": np.float32(1)}, "Object of type float32 is not JSON serializable"),
        ({(1, 2): 3}, "keys must be str, int, float, bool or None, not tuple"),
    ):
        arrays = {k: v for k, v in bombs.honest().items() if k not in ("schema", "recipe")}
        made = Trajectory.from_arrays(recipe, **arrays)  # type: ignore[arg-type]
        with pytest.raises(TrajectoryError) as error:
            made.save(path)
        assert f"the given arrays: the recipe cannot be written as JSON: {what}" in str(error.value)


def test_a_recipe_that_nests_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(bombs.ARCHIVES["recipe that nests"]())
    ran = spiral(tmp_path, "info", str(path))
    assert ran.returncode == 0, ran.stderr
    assert f"activation     {'[' * 80}\n" in ran.stdout or "too long to show" in ran.stdout


def test_studies_whose_rows_do_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    table = studies.small(SHIPPED.read_bytes())

    def changed(name: str, value: object) -> bytes:
        rows = table.to_pylist()
        rows[0][name] = value
        return studies.parquet(type(table).from_pylist(rows, schema=table.schema))

    for name, value, message in (
        ("path_means", [0.0] * 5, r"has 5 values in the column 'path_means' of row 0, not \d+"),
        ("readout_bias", [float("nan")] * 2, "holds no number somewhere"),
        ("activation", "tahn", "has the activation 'tahn', which is unknown"),
        ("classes", 2**40, "has 2 to 1,099,511,627,776 in the column 'classes'"),
        ("units", None, "has a row without 'units'"),
        ("error", "x" * 20_000, "has a text of 20,000 bytes in the column 'error'"),
        ("readout_weight", None, "has a path without 'readout_weight' in row 0"),
    ):
        path.write_bytes(changed(name, value))
        with pytest.raises(SpiralError, match=message):
            Crowd.load(path)
    path.write_bytes(studies.parquet(table))
    assert Crowd.load(path).typical
    monkeypatch.setattr(checking, "MAX_BYTES", 10_000)
    with pytest.raises(SpiralError, match=r"needs [\d,]+ bytes, and 10,000 are the most"):
        read_study(path)


def test_studies_that_bring_pyarrow_down(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    said = f"{path} is not a Parquet file.\nexpected: the study.parquet of a study."
    good = studies.parquet(studies.small(SHIPPED.read_bytes()))
    # Asked for such a column, pyarrow ends the process.
    assert refused(path, studies.without_levels(good, "key"), Crowd.load) == said
    assert refused(path, good.replace(b"accuracy", b"accur\xf2cy"), Crowd.load) == said


def test_names_of_members_are_no_paths(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "a.npz"
    names = ("../evil", "/tmp/spiralcore-evil", "..\\evil", "C:\\evil", "in/../../evil")
    path.write_bytes(archive({**bombs.honest(), **dict.fromkeys(names, np.zeros(3))}))
    assert Trajectory.load(path).points == 4
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.npz", "in"]
    assert not Path("/tmp/spiralcore-evil.npy").exists()
