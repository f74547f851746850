from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.conftest import spiral

TINY = """
[data]
points_per_class = 20
[network]
inner_widths = [8]
[training]
epochs = 20
[[part]]
classes = [2, 3]
units = [1, 2]
activations = ["tanh", "relu"]
seeds = 2
"""


def test_the_printed_grid_is_a_grid(tmp_path: Path) -> None:
    text = spiral(tmp_path, "study", "--print-grid").stdout
    small = text.replace("epochs = 4000", "epochs = 5").replace("seeds = 4", "seeds = 1")
    (tmp_path / "my.toml").write_text(small)
    ran = spiral(tmp_path, "study", "my.toml")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith("\n24 done\nmy/study.parquet: 24 networks\n")


def test_a_study_says_what_came_out(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(TINY)
    ran = spiral(tmp_path, "study", "tiny.toml", "--out", "results", "--jobs", "1")
    assert ran.returncode == 0, ran.stderr
    table = pq.read_table(tmp_path / "results" / "study.parquet")
    rows = [row for row in table.to_pylist()
            if (row["activation"], row["units"], row["classes"]) == ("relu", 2, 3)]  # fmt: skip
    median = sum(row["accuracy"] for row in rows) / 2
    lines = ran.stdout.splitlines()
    assert lines[0] == "Median accuracy over the seeds, K classes, D units:"
    assert lines[6] == "relu               D=1     D=2"
    assert lines[8].split() == ["K=3", lines[8].split()[1], f"{median:.3f}"]
    assert "100 %, 4 of 4 jobs" not in ran.stderr
    assert "100 %, 8 of 8 jobs" in ran.stderr
    again = spiral(tmp_path, "study", "tiny.toml", "--out", "results")
    assert (again.stdout, again.stderr) == (ran.stdout, "")


def test_figures_come_beside_the_table(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(TINY)
    ran = spiral(tmp_path, "study", "tiny.toml", "--figures", "--theme", "light")
    assert ran.returncode == 0, ran.stderr
    made = [tmp_path / line for line in ran.stdout.splitlines()[-8:]]
    names = ("accuracy", "packing", "one-vs-rest", "dead")
    assert made == [
        tmp_path / f"tiny/study-{name}.{kind}" for name in names for kind in ("png", "svg")
    ]
    assert all(path.stat().st_size > 1000 for path in made)
    ran = spiral(tmp_path, "study", "tiny.toml", "--figures", "--theme", "drak")
    assert ran.returncode == 2
    assert "drak" in ran.stderr
    assert "dark" in ran.stderr


def test_diverging_networks_are_rows_and_not_a_failure(tmp_path: Path) -> None:
    text = TINY.replace("epochs = 20", "epochs = 20\nlearning_rate = 1e6")
    (tmp_path / "wild.toml").write_text(text.replace('["tanh", "relu"]', '["relu"]'))
    ran = spiral(tmp_path, "study", "wild.toml")
    assert ran.returncode == 0, ran.stderr
    assert "8 diverged" in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["study"],
            "spiral: There is no grid.\n"
            "expected: a file in TOML.\n"
            "next: spiral study --print-grid > my.toml\n",
        ),
        (
            ["study", "none.toml"],
            "spiral: none.toml cannot be read: No such file or directory.\n"
            "expected: a grid in TOML.\n"
            "next: spiral study --print-grid > my.toml, then change what you like\n",
        ),
    ],
)
def test_mistakes_end_with_a_message_and_exit_code_2(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    ran = spiral(tmp_path, *arguments)
    assert (ran.returncode, ran.stderr) == (2, message)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("package", "more", "purpose"),
    [
        ("pyarrow", (), "A study"),
        ("torch", (), "A study"),
        ("distributed", ("--scheduler", "tcp://127.0.0.1:8786"), "Work on a cluster"),
    ],
)
def test_the_extra_is_named_where_a_package_is_missing(
    tmp_path: Path, package: str, more: tuple[str, ...], purpose: str
) -> None:
    (tmp_path / "tiny.toml").write_text(TINY)
    # As if the package were not installed.
    code = (
        "import sys\n"
        "class Without:\n"
        "    def __init__(self, finder): self.finder = finder\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.partition('.')[0] != {package!r}:\n"
        "            return self.finder.find_spec(name, path, target)\n"
        "sys.meta_path[:] = map(Without, sys.meta_path)\n"
        "from spiralcore.cli import main\n"
        f"main(['study', 'tiny.toml', *{more!r}])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr == (
        f"spiral: {purpose} needs the package '{package}', which is not installed.\n"
        "expected: an installation with the extra 'study'.\n"
        'next: pip install "spiralcore[study]"\n'
    )
