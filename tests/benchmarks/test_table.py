from __future__ import annotations

import json

import pytest

from benchmarks.bench import MEASUREMENTS, chosen
from benchmarks.figures import Figure, Target
from benchmarks.rows.learning import operations
from benchmarks.table import json_text, markdown_table, quantity, summary, text_table
from spiralcore.errors import SpiralError
from tests.conftest import small_recipe

FASTER = Figure(
    "1", "film, against a peer", "ms", 20.0, 700.0, 35.0, Target(least=30),
    note="how", timings={"ours": [19.0, 20.0, 21.0], "peer": [700.0]},
)  # fmt: skip
LARGER = Figure("6b", "memory", "MB", 812.0, target=Target(most=700, of="ours", unit="MB"))
ABSENT = Figure("12", "a GIF", "s", 3.0, target=Target(least=10), note="peer absent")
PLAIN = Figure("-", "4K", "ms", 61.25)


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [
        (Target(least=30), 30.0, True),
        (Target(least=30), 29.9, False),
        (Target(most=1.05), 1.05, True),
        (Target(most=1.05), 1.06, False),
    ],
)
def test_a_limit_itself_is_good(target: Target, value: float, met: bool) -> None:
    assert Figure("1", "x", ratio=value, target=target).met is met


def test_targets_of_our_own_value_ignore_the_ratio() -> None:
    target = Target(most=1.0, of="ours", unit="s")
    assert Figure("13", "x", ours=0.4, ratio=9.0, target=target).met is True


@pytest.mark.parametrize(
    ("holds", "met", "verdict"), [(True, True, "met"), (False, False, "NOT MET: size")]
)
def test_every_condition_has_to_hold(holds: bool, met: bool, verdict: str) -> None:
    conditions = {"SSIM": True, "size": holds}
    figure = Figure("4", "x", ratio=0.5, target=Target(most=0.6), conditions=conditions)
    assert (figure.met, figure.verdict) == (met, verdict)


def test_verdicts() -> None:
    assert [f.verdict for f in (FASTER, LARGER, ABSENT, PLAIN)] == [
        "met",
        "NOT MET",
        "not measured",
        "",
    ]
    assert summary([FASTER, LARGER, ABSENT, PLAIN]) == "1 of 3 targets met"


def test_text_table() -> None:
    assert text_table([FASTER, LARGER]).splitlines() == [
        "#   figure                ours    peer    ratio  target",
        "--  --------------------  ------  ------  -----  ---------  -------",
        "1   film, against a peer  20 ms   700 ms  35     >= 30      met",
        "6b  memory                812 MB                 <= 700 MB  NOT MET",
        "",
        "1: how",
    ]


def test_markdown_table() -> None:
    assert markdown_table([FASTER, PLAIN]).splitlines() == [
        "| # | figure | ours | peer | ratio | target | met |",
        "|---|---|---|---|---|---|---|",
        "| 1 | film, against a peer | 20 ms | 700 ms | 35 | >= 30 | met |",
        "| - | 4K | 61.2 ms |  |  |  |  |",
        "",
        "- **1** how",
    ]


def test_json_has_every_timing() -> None:
    written = json.loads(json_text([FASTER, ABSENT], {"date": "today"}))
    assert written["date"] == "today"
    first, second = written["figures"]
    assert first["timings"] == {"ours": [19.0, 20.0, 21.0], "peer": [700.0]}
    assert (first["met"], first["target"], first["ratio"]) == (True, ">= 30", 35.0)
    assert (second["met"], second["peer"]) == (None, None)


def test_quantities() -> None:
    assert [quantity(value, "s") for value in (None, 0.06683, 1.0, 61.25, 812.3)] == [
        "",
        "0.0668 s",
        "1 s",
        "61.2 s",
        "812 s",
    ]


def test_figures_are_chosen_by_number() -> None:
    assert chosen([]) == list(MEASUREMENTS)
    assert [m.numbers for m in chosen(["5", "4"])] == [("5",), ("4",)]
    with pytest.raises(SpiralError, match="There is no figure 22"):
        chosen(["22"])


def test_all_figures_are_there() -> None:
    numbers = {number for m in MEASUREMENTS for number in m.numbers}
    assert numbers == {"-", *(str(number) for number in range(1, 22))}


def test_operations_of_a_training() -> None:
    # Two epochs are evaluated, and one step is made between them.
    recipe = small_recipe(network={"widths": (5, 2)}, training={"epochs": 1})
    layers = [2 * 5, 5 * 2, 2 * 3]
    forward = 2 * 120 * sum(layers)
    backward = forward + 2 * 120 * sum(layers[1:])
    assert operations(recipe) == 2 * forward + backward
